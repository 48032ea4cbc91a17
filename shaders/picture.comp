#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// One thread a pixel: its samples' rays, their light, one encoded colour, and the depth at the pixel's centre.

layout(local_size_x = 8, local_size_y = 8) in;

// A constant rather than a parameter: software Vulkan runs both sides of every branch.
layout(constant_id = 0) const bool SHADOWS = true;
layout(constant_id = 1) const bool FAR_CELLS = true;
layout(constant_id = 2) const bool HAS_HOLES = true;
layout(constant_id = 3) const bool ONE_SAMPLE = false;
layout(constant_id = 4) const bool TRANSLUCENT = true;
layout(constant_id = 5) const bool TILED = true;

#include "view.glsl"

layout(set = 0, binding = 1) uniform sampler2D heights;
layout(set = 0, binding = 2) uniform sampler2D maxima;
layout(scalar, set = 0, binding = 3) readonly buffer Colormap { uint colormap[]; };
layout(scalar, set = 0, binding = 4) writeonly buffer Pixels { uint pixels[]; };
layout(scalar, set = 0, binding = 5) writeonly buffer Depths { float depths[]; };

layout(scalar, set = 0, binding = 6) readonly buffer Starts { float starts[]; };

layout(scalar, push_constant) uniform Band {
    uint first_row;
    uint rows;
} band;

#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "roots.glsl"
#include "walk.glsl"
#include "trace.glsl"
#include "colour.glsl"

vec4 shade(Hit hit) {
    vec4 colour = colormap_at(patch_height(hit.corners, hit.at));
    if (view.lit != 0) {
        float sun = max(dot(patch_normal(hit.corners, hit.at, float(1 << hit.level)), view.to_sun_world), 0.0);
        if (SHADOWS) sun = in_shadow(hit) ? 0.0 : sun;
        colour.rgb *= view.exposure * (view.ambient + (1.0 - view.ambient) * sun);
    }
    colour.rgb = min(colour.rgb, 1.0);
    return TRANSLUCENT ? vec4(colour.rgb * colour.a, colour.a) : colour;
}

vec4 over_background(vec4 surface) {
    return surface + view.background * (1.0 - surface.a);
}

void main() {
    uvec2 pixel = gl_GlobalInvocationID.xy + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || gl_GlobalInvocationID.y >= band.rows) return;
    // The depth is the centre's, where the only sample lies; of several none does, and it costs one more ray.
    // All of the tile's rays may skip what the tile as a whole has skipped.
    float start = TILED ? starts[(gl_GlobalInvocationID.y >> 3) * view.tiles_across + (pixel.x >> 3)] : view.near;
    Hit hit;
    bool found = trace(view_ray(vec2(pixel) + 0.5, start), hit);
    float depth = found ? hit.t : uintBitsToFloat(0x7fc00000u);
    vec4 colour;
    if (ONE_SAMPLE) {
        colour = over_background(found ? shade(hit) : vec4(0.0));
    } else {
        vec4 sum = vec4(0.0);
        for (int index = 0; index < view.samples; ++index) {
            found = trace(view_ray(vec2(pixel) + view.sample_places[index], start), hit);
            sum += over_background(found ? shade(hit) : vec4(0.0));
        }
        colour = sum / float(view.samples);
    }
    uint at = gl_GlobalInvocationID.y * view.size.x + pixel.x;
    pixels[at] = pack_pixel(colour);
    depths[at] = depth;
}
