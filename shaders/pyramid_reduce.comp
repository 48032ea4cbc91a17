#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the pyramid from the next finer one: the maximum of 2 x 2 cells. The second layer of
// threads does the mirror image, the third the mean heights, in an image of their own, and how far
// they are below the maxima.

layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f) uniform image2D maxima;
layout(r32f) uniform image2D means;

layout(scalar, push_constant) uniform Levels {
    // Of the coarser level, which starts at row size.y; the finer one at row 2 size.y.
    ivec2 size;
    int mirror;             // columns to the right where the mirror image lies
    int reliefs;            // and where what is below the maxima lies
} levels;

const float NOTHING = -3.4e38;

// The mean of a cell's height, and what it is below the maxima of the cells two levels finer, on
// the average.
void reduce_means(ivec2 cell) {
    vec2 sum = vec2(0.0);
    for (int index = 0; index < 4; ++index) {
        float mean = imageLoad(means, 2 * cell + ivec2(index & 1, index >> 1)
                               + ivec2(0, 2 * levels.size.y)).r;
        sum += mean > NOTHING ? vec2(mean, 1.0) : vec2(0.0);
    }
    vec2 tops = vec2(0.0);
    for (int index = 0; index < 16; ++index) {
        float top = imageLoad(maxima, 4 * cell + ivec2(index & 3, index >> 2)
                              + ivec2(0, 4 * levels.size.y)).r;
        tops += top > NOTHING ? vec2(top, 1.0) : vec2(0.0);
    }
    bool ground = sum.y > 0.0 && tops.y > 0.0;
    float mean = ground ? sum.x / sum.y : NOTHING;
    ivec2 place = cell + ivec2(0, levels.size.y);
    imageStore(means, place, vec4(mean));
    imageStore(maxima, place + ivec2(levels.reliefs, 0),
               vec4(ground ? max(tops.x / tops.y - mean, 0.0) : 0.0));
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, levels.size))) return;
    if (gl_GlobalInvocationID.z == 2) {
        reduce_means(cell);
        return;
    }
    int right = int(gl_GlobalInvocationID.z) * levels.mirror;
    ivec2 finer = 2 * cell + ivec2(right, 2 * levels.size.y);
    float top = max(imageLoad(maxima, finer).r, imageLoad(maxima, finer + ivec2(1, 0)).r);
    float bottom = max(imageLoad(maxima, finer + ivec2(0, 1)).r,
                       imageLoad(maxima, finer + ivec2(1, 1)).r);
    imageStore(maxima, ivec2(cell.x + right, cell.y + levels.size.y), vec4(max(top, bottom)));
}
