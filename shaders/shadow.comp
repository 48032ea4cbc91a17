#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// Cast shadows in one sweep: the sun stands beyond row 0, and a ray from it moves `drift` columns
// left on each row.
//
// One invocation follows LINES neighbouring rays, and the next one to the right for what lies
// between. On each row a ray crosses between two samples; the greatest height behind it, less what
// it loses on the way, is where the shadow ends. A cell between two rays takes the straight line
// between theirs.

layout(local_size_x = 16) in;

layout(scalar) readonly buffer Heights { float heights[]; };
layout(scalar) buffer State { float state[]; };
layout(scalar) writeonly buffer Shade { uint shade[]; };

layout(scalar, push_constant) uniform Block {
    int columns;
    int rows;               // of this dispatch
    int pitch;              // floats in a row, BESIDE of them before the first column
    int first_row;          // of this dispatch, in the raster
    int lines;              // rays
    int odd;                // which half of state to read; the other one is written
    int words;              // of four cells, in a row of shade
    uint drift;             // columns a row, in units of 2^-32
    int diagonal;           // whether it is a whole column instead
    float drop;             // height lost on each row
} block;

#include "ground.glsl"

const int LINES = 8;
const int BESIDE = LINES + 2;   // columns without ground on either side of a row

void main() {
    int ray = int(gl_GlobalInvocationID.x) * LINES;
    if (ray >= block.lines) return;
    float end[LINES + 1];   // height of the shadow's end along each ray
    for (int k = 0; k <= LINES; ++k) {
        end[k] = block.first_row == 0 ? NO_GROUND
            : state[block.odd * block.lines + min(ray + k, block.lines - 1)];
    }
    // Before and after these rows all of the rays run beside the raster.
    float drift = block.diagonal != 0 ? 1.0 : float(block.drift) * (1.0 / 4294967296.0);
    float enters = drift > 0.0 ? float(ray - block.columns) / drift : -1.0;
    float leaves = drift > 0.0 ? float(ray + LINES + 1) / drift : 1.0e9;
    int start = max(int(clamp(enters, -2.0, 1.0e9)) - 2 - block.first_row, 0);
    int stop = min(int(min(leaves, 1.0e9)) + 2 - block.first_row, block.rows);
    for (int row = start; row < stop; ++row) {
        uint drifted, part;
        umulExtended(uint(block.first_row + row), block.drift, drifted, part);
        if (block.diagonal != 0) { drifted = uint(block.first_row + row); part = 0; }
        // A ray runs between a cell and the one before it, so far from the cell.
        float beside = float(part >> 8) * (1.0 / 16777216.0);
        int first = ray - int(drifted);
        int from = row * block.pitch + BESIDE + clamp(first - 1, -BESIDE, block.columns);
        float height[LINES + 2];
        for (int k = 0; k < LINES + 2; ++k) height[k] = heights[from + k];
        uint packed[LINES / 4];
        for (int k = 0; k < LINES; ++k) {
            float own = height[k + 1];
            float reach = min(end[k], end[k + 1]) <= -1.0e37 && beside > 0.0
                ? max(end[k], end[k + 1])
                : end[k] + (end[k + 1] - end[k]) * beside;
            uint value = own <= NO_GROUND ? 2u : reach > own ? 1u : 0u;
            packed[k / 4] = (k % 4 == 0 ? 0u : packed[k / 4]) | value << (8 * (k % 4));
        }
        for (int k = 0; k < LINES / 4; ++k) shade[row * block.words + ray / 4 + k] = packed[k];
        for (int k = 0; k <= LINES; ++k) {
            float left = height[k], right = height[k + 1];
            bool solid = right > NO_GROUND && (left > NO_GROUND || beside == 0.0);
            float crossed = solid ? right + (left - right) * beside : NO_GROUND;
            end[k] = max(max(end[k], crossed) - block.drop, NO_GROUND);
        }
    }
    for (int k = 0; k < LINES; ++k) state[(1 - block.odd) * block.lines + ray + k] = end[k];
}
