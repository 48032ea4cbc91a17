#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// What is seen at each pixel's centre: depth, height, normal and ground place; NaN where no ground is seen.

layout(local_size_x = 8, local_size_y = 8) in;

// Numbers are exact, however small the cells.
const bool FAR_CELLS = false;
layout(constant_id = 0) const bool HAS_HOLES = true;

#include "view.glsl"

layout(set = 0, binding = 1) uniform sampler2D heights;
layout(set = 0, binding = 2) uniform sampler2D maxima;
layout(scalar, set = 0, binding = 3) writeonly buffer Values { float values[]; };

layout(scalar, push_constant) uniform Band {
    uint first_row;
    uint rows;
    uint channels;          // floats a pixel
    int depth_at;           // first channel of each value, -1 if it is not asked for
    int elevation_at;
    int normal_at;
    int ground_at;
    vec2 spacing;           // metres
} band;

#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "roots.glsl"
#include "walk.glsl"
#include "trace.glsl"

void main() {
    uvec2 pixel = gl_GlobalInvocationID.xy + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || gl_GlobalInvocationID.y >= band.rows) return;
    uint at = (gl_GlobalInvocationID.y * view.size.x + pixel.x) * band.channels;
    Hit hit;
    if (!trace(view_ray(vec2(pixel) + 0.5, view.near), hit)) {
        for (uint channel = 0; channel < band.channels; ++channel) values[at + channel] = uintBitsToFloat(0x7fc00000u);
        return;
    }
    if (band.depth_at >= 0) values[at + band.depth_at] = hit.t;
    if (band.elevation_at >= 0) values[at + band.elevation_at] = patch_height(hit.corners, hit.at);
    if (band.normal_at >= 0) {
        vec3 normal = patch_normal(hit.corners, hit.at, 1.0);
        values[at + band.normal_at] = normal.x;
        values[at + band.normal_at + 1] = normal.y;
        values[at + band.normal_at + 2] = normal.z;
    }
    if (band.ground_at >= 0) {
        // World metres from the DEM's centre. Halves of whole numbers are exact, so nothing is lost far from it.
        vec2 centred = (vec2(2 * hit.cell - view.cells) * 0.5 + hit.at) * vec2(1.0, -1.0);
        values[at + band.ground_at] = centred.x * band.spacing.x;
        values[at + band.ground_at + 1] = centred.y * band.spacing.y;
    }
}
