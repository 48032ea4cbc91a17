#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// The mean of a pixel's samples, in linear light, encoded once.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const uint SAMPLES = 4;     // of a pixel
layout(constant_id = 1) const bool REMAINDER = false;   // pixels that fans left, rather than tiles
layout(constant_id = 2) const bool LAYERED = false;     // and of these those that wait for layers

#define TILES_ACCESS readonly
#include "view.glsl"
#include "backdrop.glsl"
#include "loads.glsl"
#include "texels.glsl"
#include "tiles.glsl"
#include "listed_tiles.glsl"
#define REMAINDER_ACCESS readonly
#include "remainder.glsl"
#define LAYERED_ACCESS readonly
#include "layered.glsl"

layout(scalar) readonly buffer Samples { uvec2 samples[]; };
TEXELS(samples);
layout(scalar) writeonly buffer Pixels { uint pixels[]; };

layout(scalar, push_constant) uniform Band {
    uint rows;
    int first_tile;         // entry of the list, and from one to the next
    int tile_step;
} band;

#include "pixel.glsl"

void main() {
    uint at;
    if (REMAINDER) {
        uint left = place_of(gl_WorkGroupID.y, gl_LocalInvocationID.xy);
        if (left >= remainder.count) return;
        at = remainder.listed[left];
        if (LAYERED && waiting_samples(at) == 0u) return;
    } else {
        uint entry = uint(band.first_tile + int(gl_WorkGroupID.y) * band.tile_step);
        uvec2 place = corner_of(listed_tile(entry)) + gl_LocalInvocationID.xy;
        if (place.x >= view.size.x || place.y >= band.rows) return;
        at = place_of(entry, gl_LocalInvocationID.xy);
    }
    uvec2 nothing = pack_linear(backdrop.colour);
    bool blank = true;
    vec4 sum = vec4(0.0);
    for (uint index = 0; index < SAMPLES; ++index) {
        uvec2 found = PAIR(samples, at * SAMPLES + index);
        blank = blank && found == nothing;
        sum += unpack_linear(found);
    }
    pixels[at] = blank ? backdrop.bytes : pack_pixel(sum / float(SAMPLES));
}
