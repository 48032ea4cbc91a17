#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// View depth of the ground that is seen at places between pixel centres; NaN where none is.

layout(local_size_x = 64) in;
layout(constant_id = 0) const bool HAS_HOLES = true;
layout(constant_id = 1) const bool BASE = true;
layout(constant_id = 2) const bool LOADS = true;     // reads four texels by loads: Limits in src/gpu/device.rs
layout(constant_id = 3) const bool ALONG_BORDERS = true; // rays may run exactly along a border between patches
// Exact, however small the cells.
const bool FAR_CELLS = false;
const bool PATCHES = true;

#include "view.glsl"

layout(set = 0, binding = 1) uniform sampler2D heights;
layout(set = 0, binding = 2) uniform sampler2D maxima;
layout(scalar, set = 0, binding = 3) readonly buffer Places { vec2 places[]; };
layout(scalar, set = 0, binding = 4) writeonly buffer Depths { float depths[]; };
layout(set = 0, binding = 5, r32f) uniform readonly image2D height_texels;
layout(set = 0, binding = 6, r32f) uniform readonly image2D maxima_texels;

layout(scalar, push_constant) uniform Block {
    uint count;
} block;

#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "patches.glsl"
#include "roots.glsl"
#include "base.glsl"
#include "walk.glsl"
#include "trace.glsl"

void main() {
    uint at = gl_GlobalInvocationID.x;
    if (at >= block.count) return;
    Ray ray = view_ray(places[at], view.near);
    Hit hit;
    int side = UNKNOWN;
    bool found = trace(ray, side, hit);
    depths[at] = found ? hit.t : uintBitsToFloat(0x7fc00000u);
}
