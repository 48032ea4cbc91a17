#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// Lays what rays have met of things that one sees through over what lies behind them: one thread a
// ray of a list.

layout(local_size_x = 8, local_size_y = 8) in;

layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel

#define TILES_ACCESS readonly
#include "view.glsl"
#include "loads.glsl"
#include "texels.glsl"
#include "tiles.glsl"
#include "listed_tiles.glsl"
#include "lanes.glsl"
#include "queue.glsl"

layout(scalar) readonly buffer Covers { uvec2 covers[]; };
layout(scalar) buffer Samples { uvec2 samples[]; };     // several of a pixel
layout(scalar) buffer Pixels { uint pixels[]; };        // else
TEXELS(covers);
TEXELS(samples);
TEXELS(pixels);

#include "pixel.glsl"
#include "blend.glsl"

// From four sRGB bytes with straight alpha to linear, premultiplied colour.
vec4 unpack_pixel(uint word) {
    vec4 bytes = vec4(word & 255u, (word >> 8) & 255u, (word >> 16) & 255u, word >> 24) / 255.0;
    return vec4(srgb_decode(bytes).rgb * bytes.a, bytes.a);
}

void main() {
    Queued of = queued_ray();
    if (!of.there) return;
    uint which = of.which;
    vec4 cover = unpack_linear(PAIR(covers, which));
    float left = 1.0 - cover.a;
    if (SAMPLES > 1)
        samples[which] = pack_linear(cover + left * unpack_linear(PAIR(samples, which)));
    else pixels[of.at] = pack_pixel(cover + left * unpack_pixel(WORD(pixels, of.at)));
}
