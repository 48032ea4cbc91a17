#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// How steep the ground is in each cell of the pyramid's level 3, as eight of its 64 patches have
// it: every other one of two rows, so that half of the heights are not read again.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool HAS_HOLES = true;

uniform sampler2D heights;
layout(r32f) uniform writeonly image2D slopes;

layout(scalar, push_constant) uniform Level {
    ivec2 cells;            // patches of the DEM
    ivec2 size;             // of level 3, padding included
    int right;              // columns to the right of its means where its slopes lie
} level;

#include "nan.glsl"
#include "roughness.glsl"

// Of the slope in the middle of a patch, along its two diagonals: the sum of its squares, which is
// twice that of rise for a column and for a row, the sum of its sizes, and 1; nothing where there
// is no ground.
vec3 slope_of(ivec2 patch_place, vec2 texel) {
    vec4 corners = textureGather(heights, vec2(patch_place + 1) * texel).wzxy;
    vec2 rise = vec2(corners.w - corners.x, corners.y - corners.z);
    bool ground = all(lessThan(patch_place, level.cells));
    if (HAS_HOLES) {
        ground = ground && !(is_nan(corners.x) || is_nan(corners.y) || is_nan(corners.z)
                             || is_nan(corners.w));
    }
    vec3 sums = vec3(rise.x * rise.x + rise.y * rise.y, abs(rise.x) + abs(rise.y), 1.0);
    return ground ? sums : vec3(0.0);
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    vec2 texel = 1.0 / vec2(level.cells + 1);
    vec3 sum = vec3(0.0);
    for (int column = 0; column < 8; column += 2) {
        sum += slope_of(8 * cell + ivec2(column, 1), texel);
        sum += slope_of(8 * cell + ivec2(column + 1, 5), texel);
    }
    vec2 mean = sum.xy * (0.5 / max(sum.z, 1.0));
    imageStore(slopes, cell + ivec2(level.right, level.size.y), vec4(slopes_word(mean)));
}
