#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the pyramid from the next finer one: the maximum of 2 x 2 cells. The second layer of threads does the mirror
// image, which lies to the right.

layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f) uniform image2D maxima;

layout(scalar, push_constant) uniform Levels {
    ivec2 size;             // of the coarser level, which starts at row size.y; the finer one at row 2 size.y
    int mirror;             // columns to the right
} levels;

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, levels.size))) return;
    int right = int(gl_GlobalInvocationID.z) * levels.mirror;
    ivec2 finer = 2 * cell + ivec2(right, 2 * levels.size.y);
    float top = max(imageLoad(maxima, finer).r, imageLoad(maxima, finer + ivec2(1, 0)).r);
    float bottom = max(imageLoad(maxima, finer + ivec2(0, 1)).r, imageLoad(maxima, finer + ivec2(1, 1)).r);
    imageStore(maxima, ivec2(cell.x + right, cell.y + levels.size.y), vec4(max(top, bottom)));
}
