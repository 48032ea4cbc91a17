#version 460
#extension GL_EXT_scalar_block_layout : require

// The pyramid's finest level: the highest sample of the solid ones of 2 x 2 patches, minus the reference height.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool HAS_HOLES = true;

layout(set = 0, binding = 0) uniform sampler2D heights;
layout(set = 0, binding = 1, r32f) uniform writeonly image2D maxima;

layout(scalar, push_constant) uniform Level {
    ivec2 cells;            // patches of the DEM
    ivec2 size;             // of this level, padding included
    float reference_height;
} level;

const float NOTHING = -3.4e38;

float highest_of(vec4 corners) {
    float highest = max(max(corners.x, corners.y), max(corners.z, corners.w));
    if (HAS_HOLES) {
        bvec4 hole = greaterThan(floatBitsToUint(corners) << 1, uvec4(0xff000000u));
        highest = any(hole) ? NOTHING : highest;
    }
    return highest;
}

// Corners of the patch whose first sample is `place`; past the last patch, that one again.
vec4 corners_at(ivec2 place, vec2 texel) {
    return textureGather(heights, vec2(min(place, level.cells - 1) + 1) * texel);
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    vec2 texel = 1.0 / vec2(level.cells + 1);
    ivec2 first = 2 * cell;
    float highest = NOTHING;
    for (int patch_index = 0; patch_index < 4; ++patch_index) {
        highest = max(highest, highest_of(corners_at(first + ivec2(patch_index & 1, patch_index >> 1), texel)));
    }
    bool outside = any(greaterThanEqual(first, level.cells));
    highest = outside || highest <= NOTHING ? NOTHING : highest - level.reference_height;
    imageStore(maxima, ivec2(cell.x, cell.y + level.size.y), vec4(highest));
}
