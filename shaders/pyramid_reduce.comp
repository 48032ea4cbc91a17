#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the pyramid from the next finer one: the maximum of 2 x 2 cells.

layout(local_size_x = 8, local_size_y = 8) in;

layout(scalar, set = 0, binding = 0) buffer Maxima { float maxima[]; };

layout(scalar, push_constant) uniform Levels {
    uvec2 size;             // of the coarser level
    uint finer;             // first cell of each level in `maxima`
    uint coarser;
} levels;

void main() {
    uvec2 cell = gl_GlobalInvocationID.xy;
    if (any(greaterThanEqual(cell, levels.size))) return;
    uint at = levels.finer + cell.y * 4 * levels.size.x + cell.x * 2;
    uint below = at + 2 * levels.size.x;
    maxima[levels.coarser + cell.y * levels.size.x + cell.x] =
        max(max(maxima[at], maxima[at + 1]), max(maxima[below], maxima[below + 1]));
}
