#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// One level of the pyramid from the next finer one: the maximum of 2 x 2 cells, of which the second
// layer of threads does the mirror image. In a dispatch of their own, since both sides of a branch
// would run: the mean heights, in an image of their own, and slopes; how far the ground lies below
// the maxima, and how far its slopes deviate from theirs.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool MEANS = false;

uniform sampler2D maxima;
uniform sampler2D means;
layout(r32f) uniform writeonly image2D maxima_texels;       // the same to write to
layout(r32f) uniform writeonly image2D means_texels;

layout(scalar, push_constant) uniform Levels {
    // Of the coarser level, which starts at row size.y; the finer one at row 2 size.y.
    ivec2 size;
    int mirror;             // columns to the right where the mirror image lies
    int reliefs;            // and where what is below the maxima lies
    vec2 texel;             // 1 / size of the image of maxima
    vec2 texel_of_means;
    int slopes;             // columns to the right where slopes lie
    int known;              // whether they are there already
    float per_cell;         // 1 / square of the patches along a side of cells two levels finer
} levels;

#include "roughness.glsl"

const float NOTHING = -3.4e38;

// 2 x 2 cells, row by row.
vec4 maxima_at(ivec2 first) {
    return textureGather(maxima, vec2(first + 1) * levels.texel).wzxy;
}

// A sum and of how many it is, with one more where there is ground.
vec2 plus(vec2 sum, float height) {
    return sum + (height > NOTHING ? vec2(height, 1.0) : vec2(0.0));
}

vec2 plus_row(vec2 sum, vec2 west, vec2 east) {
    return plus(plus(plus(plus(sum, west.x), west.y), east.x), east.y);
}

// The sum of squares of what three heights are above those beside them, and how many of those are
// known.
vec2 steps(vec3 from, vec3 to) {
    bvec3 known = greaterThan(min(from, to), vec3(NOTHING));
    vec3 rise = mix(vec3(0.0), to - from, known);
    vec3 one = mix(vec3(0.0), vec3(1.0), known);
    return vec2((rise.x * rise.x + rise.y * rise.y) + rise.z * rise.z, (one.x + one.y) + one.z);
}

float mean_of(vec2 sum) {
    return sum.x / max(sum.y, 1.0);
}

// The mean square of the slope from maximum to maximum of 4 x 4 cells, given by rows: of every
// other row and column.
float slope_of_surface(vec4 rows[4]) {
    vec2 east = steps(rows[0].xyz, rows[0].yzw) + steps(rows[2].xyz, rows[2].yzw);
    vec2 south = steps(vec3(rows[0].x, rows[1].x, rows[2].x), vec3(rows[1].x, rows[2].x, rows[3].x))
        + steps(vec3(rows[0].z, rows[1].z, rows[2].z), vec3(rows[1].z, rows[2].z, rows[3].z));
    return (mean_of(east) + mean_of(south)) * levels.per_cell;
}

// The mean of a cell's height, and what it is below the maxima of the cells two levels finer, on
// the average; and the mean slope, and how far it deviates.
void reduce_means(ivec2 cell) {
    vec2 corner = vec2(2 * cell + ivec2(0, 2 * levels.size.y) + 1);
    vec4 finer = textureGather(means, corner * levels.texel_of_means).wzxy;
    vec2 sum = plus_row(vec2(0.0), finer.xy, finer.zw);
    ivec2 first = 4 * cell + ivec2(0, 4 * levels.size.y);
    vec4 a = maxima_at(first);
    vec4 b = maxima_at(first + ivec2(2, 0));
    vec4 c = maxima_at(first + ivec2(0, 2));
    vec4 d = maxima_at(first + ivec2(2, 2));
    vec2 tops = plus_row(plus_row(vec2(0.0), a.xy, b.xy), a.zw, b.zw);
    tops = plus_row(plus_row(tops, c.xy, d.xy), c.zw, d.zw);
    bool ground = sum.y > 0.0 && tops.y > 0.0;
    float mean = ground ? sum.x / sum.y : NOTHING;
    ivec2 place = cell + ivec2(0, levels.size.y);
    imageStore(means_texels, place, vec4(mean));
    // Those of the finer level, or this one's own if it has them.
    bool known = levels.known != 0;
    ivec2 beside = ivec2(levels.slopes, 0);
    vec2 at_slopes = vec2((known ? place : 2 * cell + ivec2(0, 2 * levels.size.y)) + beside + 1);
    vec4 words = textureGather(means, at_slopes * levels.texel_of_means).wzxy;
    vec2 slopes = (slopes_in(words.x) + slopes_in(words.y))
        + (slopes_in(words.z) + slopes_in(words.w));
    float word = ground ? slopes_word(slopes / max(sum.y, 1.0)) : 0.0;
    word = known ? words.x : word;
    imageStore(means_texels, place + beside, vec4(word));
    vec4 rows[4] = vec4[4](vec4(a.xy, b.xy), vec4(a.zw, b.zw), vec4(c.xy, d.xy),
                           vec4(c.zw, d.zw));
    float deviation = deviation_from(slope_of_surface(rows), slopes_in(word));
    float relief = ground ? max(tops.x / tops.y - mean, 0.0) : 0.0;
    imageStore(maxima_texels, place + ivec2(levels.reliefs, 0),
               vec4(relief_word(relief, deviation)));
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, levels.size))) return;
    if (MEANS) {
        reduce_means(cell);
        return;
    }
    int right = int(gl_GlobalInvocationID.z) * levels.mirror;
    vec4 finer = maxima_at(2 * cell + ivec2(right, 2 * levels.size.y));
    imageStore(maxima_texels, ivec2(cell.x + right, cell.y + levels.size.y),
               vec4(max(max(finer.x, finer.y), max(finer.z, finer.w))));
}
