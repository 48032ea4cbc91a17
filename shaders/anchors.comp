#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// Parameter of the rays through places between pixel centres where they meet the ground; NaN where
// they do not.

layout(local_size_x = 64) in;

// Exact, however small the cells.
const bool FAR_CELLS = false;
const bool PATCHES = true;

#include "view.glsl"
#include "terrain.glsl"

layout(scalar) readonly buffer Places { vec2 places[]; };
layout(scalar) writeonly buffer Depths { float depths[]; };

layout(scalar, push_constant) uniform Asked {
    uint count;
} asked;

#include "sheets.glsl"
#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "base.glsl"
#include "hit.glsl"
#include "roots.glsl"
#include "patches.glsl"
#include "walk.glsl"
#include "trace.glsl"

void main() {
    uint at = gl_GlobalInvocationID.x;
    if (at >= asked.count) return;
    Ray ray = view_ray(places[at], view.near);
    Hit hit;
    int side = UNKNOWN;
    bool found = trace(ray, side, hit);
    depths[at] = found ? hit.t : uintBitsToFloat(0x7fc00000u);
}
