#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// Lays what rays have met of things that one sees through over what lies behind them: one thread a
// ray of the tiles.

layout(local_size_x = 8, local_size_y = 8) in;

layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel

#define TILES_ACCESS readonly
#include "view.glsl"
#include "tiles.glsl"
#include "lanes.glsl"

layout(scalar) readonly buffer Covers { uvec2 covers[]; };
layout(scalar) buffer Samples { uvec2 samples[]; };     // several of a pixel
layout(scalar) buffer Pixels { uint pixels[]; };        // else

#include "band.glsl"
#include "pixel.glsl"
#include "blend.glsl"

// From four sRGB bytes with straight alpha to linear, premultiplied colour.
vec4 unpack_pixel(uint word) {
    vec4 bytes = vec4(word & 255u, (word >> 8) & 255u, (word >> 16) & 255u, word >> 24) / 255.0;
    return vec4(srgb_decode(bytes).rgb * bytes.a, bytes.a);
}

void main() {
    uvec2 within_tile = pixel_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint index = sample_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint entry = entry_of_group();
    uvec2 place = corner_of(tiles.listed[entry]) + within_tile;
    if (place.x >= view.size.x || place.y >= band.rows) return;
    uint at = place_of(entry, within_tile);
    uint which = at * RAYS_OF_PIXEL + index;
    vec4 cover = unpack_linear(covers[which]);
    if (cover.a == 0.0) return;
    float left = 1.0 - cover.a;
    if (SAMPLES > 1) samples[which] = pack_linear(cover + left * unpack_linear(samples[which]));
    else pixels[at] = pack_pixel(cover + left * unpack_pixel(pixels[at]));
}
