#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// How far a cell's observer looks down on the ring around: RVT's local dominance (Hesse 2016).

layout(local_size_x = 64) in;

layout(constant_id = 0) const int ROWS = 8;         // cells of one invocation, one below the other

struct Look {
    int at;                 // from a cell to the one looked at, in heights
    float weight;
};

layout(scalar) readonly buffer Heights { float heights[]; };
layout(scalar) readonly buffer Looks { Look looks[]; };
layout(scalar) writeonly buffer Values { float values[]; };

layout(scalar, push_constant) uniform Block {
    int columns;
    int rows;
    int pitch;              // floats in a row of heights
    int origin;             // of the first cell in heights
    int count;              // of looks
    float eye;              // above the ground, divided by the exaggeration
} block;

#include "ground.glsl"

void main() {
    int x = int(gl_GlobalInvocationID.x), y = int(gl_GlobalInvocationID.y) * ROWS;
    if (x >= block.columns) return;
    int first = block.origin + y * block.pitch + x;
    float own[ROWS], sum[ROWS];
    for (int j = 0; j < ROWS; ++j) {
        own[j] = heights[first + j * block.pitch];
        sum[j] = 0.0;
    }
    for (int k = 0; k < block.count; ++k) {
        int at = first + looks[k].at;
        float weight = looks[k].weight;
        for (int j = 0; j < ROWS; ++j) {
            float other = heights[at + j * block.pitch];
            // Unknown ground counts as level.
            float down = block.eye + (other <= NO_GROUND ? 0.0 : own[j] - other);
            sum[j] += weight * max(down, 0.0);
        }
    }
    for (int j = 0; j < ROWS; ++j) {
        if (y + j >= block.rows) return;
        values[(y + j) * block.columns + x] = own[j] <= NO_GROUND ? uintBitsToFloat(0x7fc00000u)
            : sum[j];
    }
}
