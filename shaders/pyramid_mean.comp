#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the pyramid of means from the next finer one: the mean of those of 2 x 2 cells that have ground.

layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f) uniform image2D pyramid;

layout(scalar, push_constant) uniform Means {
    ivec2 size;             // of the coarser level, which starts at row size.y; the finer one at row 2 size.y
    int right;              // columns to the right where means lie
} level;

const float NOTHING = -3.4e38;

// A cell's mean, and its share.
vec2 mean_at(ivec2 cell) {
    float mean = imageLoad(pyramid, cell).r;
    return mean > NOTHING ? vec2(mean, 1.0) : vec2(0.0);
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    ivec2 finer = 2 * cell + ivec2(level.right, 2 * level.size.y);
    vec2 sum = mean_at(finer) + mean_at(finer + ivec2(1, 0)) + mean_at(finer + ivec2(0, 1)) + mean_at(finer + 1);
    imageStore(pyramid, cell + ivec2(level.right, level.size.y), vec4(sum.y > 0.0 ? sum.x / sum.y : NOTHING));
}
