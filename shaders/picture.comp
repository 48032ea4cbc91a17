#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// One thread a ray. With one sample a pixel that is a pixel: its encoded colour and the depth at its centre. With more, each
// draws one into `samples`, for average.comp; and a dispatch with SAMPLES = 0 finds the depths at the centres, if wanted.
// A thread never walks for one sample after the other: software Vulkan may end all loops of a thread after some 65,000 turns in all.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 20) const bool REMAINDER = false;  // pixels that fan.comp left, rather than tiles

#define REMAINDER_ACCESS readonly
#include "picture.glsl"

layout(scalar, set = 0, binding = 18) writeonly buffer Samples { uvec2 samples[]; };

void main() {
    // Samples of one pixel side by side: their rays take the same steps.
    const uint across = uint(min(max(SAMPLES, 1), 4));
    uvec2 lane = gl_LocalInvocationID.xy;
    uint part = gl_WorkGroupID.x;
    uvec2 within_tile = uvec2((part % across) * (TILE / across) + lane.x / across, lane.y);
    uint index = part / across * across + lane.x % across;
    uint entry = uint(band.first_tile + int(gl_WorkGroupID.y) * band.tile_step);
    if (REMAINDER) {
        uint left = place_of(gl_WorkGroupID.y, within_tile);
        if (left >= remainder.count) return;
        uint at = remainder.listed[left];
        entry = at / (TILE * TILE);
        within_tile = uvec2(at % TILE, at / TILE % TILE);
    }
    uvec2 tile = tiles.listed[entry];
    uvec2 place = corner_of(tile) + within_tile;
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || place.y >= band.rows) return;
    uint at = place_of(entry, within_tile);
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Hit hit;
    Ray ray = view_ray(vec2(pixel) + within, uintBitsToFloat(tile.y));
    bool found = trace(ray, hit);
    if (DEPTHS && SAMPLES < 2) depths[at] = found ? hit.t : uintBitsToFloat(0x7fc00000u);
    if (SAMPLES < 1) return;
    vec4 colour = shade(ray, found, hit, pixel, int(index));
    if (SAMPLES > 1) samples[at * uint(SAMPLES) + index] = pack_linear(colour);
    // The same bytes as in tiles that are not drawn.
    else pixels[at] = colour == view.background ? view.background_bytes : pack_pixel(colour);
}
