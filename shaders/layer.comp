#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// One layer on the ground, under those that `covers` has: one thread a pixel of the list. Where
// several samples of a pixel met the same plane they see the same of the layer, and it is found
// once.

layout(local_size_x = 8, local_size_y = 8) in;

layout(constant_id = 25) const bool TOPMOST = true; // there is nothing in `covers` yet
layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel
layout(constant_id = 1) const bool FAR_CELLS = true;
layout(constant_id = 18) const bool PATCHES = true; // whether any can be seen

#define TILES_ACCESS readonly
#define LAYERED_ACCESS readonly
#include "view.glsl"
#include "terrain.glsl"
#include "texels.glsl"
#include "tiles.glsl"
#include "listed_tiles.glsl"
TEXELS(hits);
TEXELS(covers);
#include "layered.glsl"

layout(scalar) readonly buffer Hits { uvec4 hits[]; };
layout(scalar) buffer Covers { uvec2 covers[]; };
layout(scalar, push_constant) uniform Band {
    uint first_row;
    int first_level;        // of those in `layer_lists`, which may be too long for one buffer
    int end_level;
} band;

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
#include "pixel.glsl"
#include "differentials.glsl"
#include "stored_hits.glsl"
#include "ground_pixel.glsl"
#include "once.glsl"
#include "layer_part.glsl"
#define LISTED_HERE(level) ((level) >= band.first_level && (level) < band.end_level)
#include "layers.glsl"

const uint COUNT = uint(SAMPLES > 1 ? SAMPLES : 1);
// Samples see the same pixel of the ground within so many pixels, and so much of its size.
const float SAME_PLACE = 0.0625;
const float SAME_SIZE = 0.25;

vec2 place_of_sample(uint index) {
    return SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
}

// What the sample of a pixel sees of the ground, as the pixel's middle; `found` if it is ground.
// What a ray that does not wait has met may never have been stored.
GroundPixel seen_by(uint at, uint index, uvec2 pixel, bool waits, out bool found) {
    vec2 within = place_of_sample(index);
    Ray ray = view_ray(vec2(pixel) + within, 0.0);
    Hit hit;
    uvec4 words = waits ? FOUR(hits, at * COUNT + index) : NO_HIT;
    found = stored_hit(words, ray, hit);
    found = found && hit.face == TOP;
    return ground_pixel(hit, ray, 0.5 - within, vec2(pixel) + 0.5, layer.bits);
}

// Of this thread, or of those that stay together to read lists together.
bool none_waits(uint waiting) {
    return LANES < 2 ? waiting == 0u : subgroupBallot(waiting != 0u) == uvec4(0u);
}

void main() {
    uint entry = place_of(gl_WorkGroupID.y, gl_LocalInvocationID.xy);
    if (entry >= layered.count) return;
    uint at = layered.listed[entry];
    uvec2 pixel = corner_of(listed_tile(at / (TILE * TILE))) + uvec2(at % TILE, at / TILE % TILE)
        + uvec2(0, band.first_row);
    RowList list = row_list(pixel, band.first_row);
    uint waiting = waiting_samples(at);
    for (;;) {
        if (none_waits(waiting)) break;
        bool any = waiting != 0u;
        uint index = any ? uint(findLSB(waiting)) : 0u;
        bool found;
        GroundPixel ground = seen_by(at, index, pixel, any, found);
        bool here;
        vec4 seen = layer_at(ground, found, list, here);
        for (;;) {
            if (waiting == 0u) break;
            uint sample_at = at * COUNT + index;
            vec4 above = vec4(0.0);
            if (!TOPMOST) above = unpack_linear(PAIR(covers, sample_at));
            if (here || (TOPMOST && band.first_level == 0))
                covers[sample_at] = pack_linear(above + (1.0 - above.a) * seen);
            waiting &= waiting - 1u;
            bool same = true;
            if (COUNT > 1u && waiting != 0u) {
                index = uint(findLSB(waiting));
                bool also;
                GroundPixel next = seen_by(at, index, pixel, true, also);
                vec2 off = in_pixels(ground, off_from(ground, next.middle));
                vec2 turned = abs(next.right - ground.right) + abs(next.down - ground.down);
                vec2 size = abs(ground.right) + abs(ground.down);
                same = found == also && (!found
                    || (max(abs(off.x), abs(off.y)) < SAME_PLACE
                        && turned.x + turned.y < SAME_SIZE * (size.x + size.y)));
            }
            if (!same || waiting == 0u) break;
        }
        if (none_waits(waiting)) break;
    }
}
