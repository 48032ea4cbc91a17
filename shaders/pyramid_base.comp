#version 460
#extension GL_EXT_scalar_block_layout : require

// The pyramid's finest level: the highest sample of the solid patches under each cell, minus the reference height.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool HAS_HOLES = true;

layout(set = 0, binding = 0) uniform sampler2D heights;
layout(scalar, set = 0, binding = 1) writeonly buffer Maxima { float maxima[]; };

layout(scalar, push_constant) uniform Level {
    ivec2 cells;            // patches of the DEM
    ivec2 size;             // of this level, padding included
    int patches;            // along a side of one of its cells
    float reference_height;
} level;

const float NOTHING = -3.4e38;

float sample_at(ivec2 place) {
    return texelFetch(heights, min(place, level.cells), 0).r;
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    ivec2 first = cell * level.patches;
    float highest = NOTHING;
    if (all(lessThan(first, level.cells))) {
        for (int y = 0; y < level.patches; ++y) {
            // Left edge of the patch at hand; each next patch shares the right edge of the one before.
            float top = sample_at(first + ivec2(0, y));
            float bottom = sample_at(first + ivec2(0, y + 1));
            for (int x = 1; x <= level.patches; ++x) {
                float next_top = sample_at(first + ivec2(x, y));
                float next_bottom = sample_at(first + ivec2(x, y + 1));
                float corner = max(max(top, bottom), max(next_top, next_bottom));
                if (HAS_HOLES) {
                    uvec4 bits = floatBitsToUint(vec4(top, bottom, next_top, next_bottom)) << 1;
                    if (any(greaterThan(bits, uvec4(0xff000000u)))) corner = NOTHING;
                }
                highest = max(highest, corner);
                top = next_top;
                bottom = next_bottom;
            }
        }
        if (highest > NOTHING) highest -= level.reference_height;
    }
    maxima[cell.y * level.size.x + cell.x] = highest;
}
