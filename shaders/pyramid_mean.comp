#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the pyramid of means from the next finer one: the mean of those of 2 x 2 cells that have ground; and, beside it, how far on the
// average those cells' means are below their maxima.

layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f) uniform image2D pyramid;

layout(scalar, push_constant) uniform Means {
    ivec2 size;             // of the coarser level, which starts at row size.y; the finer one at row 2 size.y
    int means;              // columns to the right where means lie
    int reliefs;            // and what is below the maxima
} level;

const float NOTHING = -3.4e38;

// A cell's mean, what it is below the maximum, and 1; nothing if it has no ground.
vec3 mean_at(ivec2 cell) {
    float mean = imageLoad(pyramid, cell + ivec2(level.means, 0)).r;
    return mean > NOTHING ? vec3(mean, imageLoad(pyramid, cell).r - mean, 1.0) : vec3(0.0);
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    ivec2 finer = 2 * cell + ivec2(0, 2 * level.size.y);
    vec3 sum = mean_at(finer) + mean_at(finer + ivec2(1, 0)) + mean_at(finer + ivec2(0, 1)) + mean_at(finer + 1);
    ivec2 place = cell + ivec2(0, level.size.y);
    imageStore(pyramid, place + ivec2(level.means, 0), vec4(sum.z > 0.0 ? sum.x / sum.z : NOTHING));
    imageStore(pyramid, place + ivec2(level.reliefs, 0), vec4(sum.z > 0.0 ? max(sum.y / sum.z, 0.0) : 0.0));
}
