#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// One thread a ray. With one sample a pixel that is a pixel: its encoded colour and the depth at its centre. With more, each
// draws one into `samples`, for average.comp; and a dispatch with SAMPLES = 0 finds the depths at the centres, if wanted.
// A thread never loops over samples: software Vulkan may end all loops of a thread after some 65,000 turns in all.

layout(local_size_x = 8, local_size_y = 8) in;

// Constants rather than parameters: software Vulkan runs both sides of every branch, and makes the shader anew for each
// dispatch in which a branch depends on parameters alone.
layout(constant_id = 0) const bool SHADOWS = true;
layout(constant_id = 1) const bool FAR_CELLS = true;
layout(constant_id = 2) const bool HAS_HOLES = true;
layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel; 0 for the depth at its centre alone
layout(constant_id = 4) const bool TRANSLUCENT = true;
layout(constant_id = 5) const bool TILED = true;
layout(constant_id = 6) const bool LIT = true;

#include "view.glsl"

layout(set = 0, binding = 1) uniform sampler2D heights;
layout(set = 0, binding = 2) uniform sampler2D maxima;
layout(scalar, set = 0, binding = 3) readonly buffer Colormap { uint colormap[]; };
layout(scalar, set = 0, binding = 4) writeonly buffer Pixels { uint pixels[]; };
layout(scalar, set = 0, binding = 5) writeonly buffer Depths { float depths[]; };

layout(scalar, set = 0, binding = 6) readonly buffer Starts { float starts[]; };
layout(scalar, set = 0, binding = 7) writeonly buffer Samples { uvec2 samples[]; };

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
#include "surface.glsl"
#include "light.glsl"
#include "air.glsl"
#include "pixel.glsl"

// Linear, premultiplied colour of what a ray meets.
vec4 shade(Hit hit) {
    vec4 colour = surface_colour(hit);
    if (LIT) colour.rgb *= light_on(hit, patch_normal(hit.corners, hit.at, float(1 << hit.level)));
    colour.rgb = min(colour.rgb, 1.0);
    return TRANSLUCENT ? vec4(colour.rgb * colour.a, colour.a) : colour;
}

void main() {
    uvec2 thread = gl_GlobalInvocationID.xy;
    // Samples of one pixel side by side: their rays take the same steps.
    uint across = uint(min(max(SAMPLES, 1), 4));
    uvec2 place = uvec2(thread.x / across, thread.y);
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || thread.y >= band.rows) return;
    uint at = place.y * view.size.x + pixel.x;
    uint index = gl_GlobalInvocationID.z * across + thread.x % across;
    // All of the tile's rays may skip what the tile as a whole has skipped.
    float start = TILED ? starts[(place.y >> 3) * view.tiles_across + (pixel.x >> 3)] : view.near;
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Hit hit;
    bool found = trace(view_ray(vec2(pixel) + within, start), hit);
    if (SAMPLES < 2) depths[at] = found ? hit.t : uintBitsToFloat(0x7fc00000u);
    if (SAMPLES < 1) return;
    vec4 colour = through_air(found ? shade(hit) : vec4(0.0));
    if (SAMPLES < 2) pixels[at] = pack_pixel(colour);
    else samples[at * uint(SAMPLES) + index] = pack_linear(colour);
}
