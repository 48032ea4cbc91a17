#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the dilated pyramid: the maximum of a cell and its eight neighbours, for bundles of
// rays. One thread does 2 x 2 cells; the second layer of threads the mirror image, which lies to
// the right.

layout(local_size_x = 8, local_size_y = 8) in;

uniform sampler2D maxima;
layout(r32f) uniform writeonly image2D dilated;

layout(scalar, push_constant) uniform Level {
    ivec2 size;             // of this level, which starts at row size.y in both images
    vec2 texel;             // 1 / size of the image that is read
    ivec2 mirror;           // columns to the right: in the image that is read, and in this one
} level;

const float NOTHING = -3.4e38;

// 2 x 2 cells, row by row; nothing beyond the level.
vec4 cells_at(ivec2 first, int right) {
    vec2 corner = vec2(first + ivec2(right, level.size.y) + 1);
    vec4 cells = textureGather(maxima, corner * level.texel).wzxy;
    ivec4 columns = first.x + ivec4(0, 1, 0, 1);
    ivec4 rows = first.y + ivec4(0, 0, 1, 1);
    cells = mix(vec4(NOTHING), cells, lessThan(uvec4(columns), uvec4(level.size.x)));
    return mix(vec4(NOTHING), cells, lessThan(uvec4(rows), uvec4(level.size.y)));
}

// Of four in a row the greatest of the first three, and of the last three.
vec2 greatest(vec2 west, vec2 east) {
    float middle = max(west.y, east.x);
    return vec2(max(west.x, middle), max(middle, east.y));
}

void main() {
    ivec2 cell = 2 * ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    // These cells are the middle of 4 x 4.
    ivec2 right = int(gl_GlobalInvocationID.z) * level.mirror;
    vec4 a = cells_at(cell - 1, right.x);
    vec4 b = cells_at(cell + ivec2(1, -1), right.x);
    vec4 c = cells_at(cell + ivec2(-1, 1), right.x);
    vec4 d = cells_at(cell + 1, right.x);
    vec2 west = max(a.zw, c.xy);
    vec2 east = max(b.zw, d.xy);
    vec2 north_row = greatest(max(a.xy, west), max(b.xy, east));
    vec2 south_row = greatest(max(c.zw, west), max(d.zw, east));
    ivec2 place = cell + ivec2(right.y, level.size.y);
    // Only the coarsest level may be odd.
    bvec2 both = lessThan(cell + 1, level.size);
    imageStore(dilated, place, vec4(north_row.x));
    if (both.x) imageStore(dilated, place + ivec2(1, 0), vec4(north_row.y));
    if (both.y) imageStore(dilated, place + ivec2(0, 1), vec4(south_row.x));
    if (both.x && both.y) imageStore(dilated, place + 1, vec4(south_row.y));
}
