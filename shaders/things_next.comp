#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// The next thing behind the last one that a ray has seen something through: one thread a ray of a
// list. A ray that comes to one goes into the next list; one that has all but lost its light, or
// meets no more, ends.
//
// A thing is seen once, where a ray first comes to it. A ray knows the last eight that it has met;
// of any other one it looks whether it has met it before.

layout(local_size_x = 8, local_size_y = 8) in;

layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel
layout(constant_id = 6) const bool TOGETHER = true;

#define TILES_ACCESS readonly
#include "view.glsl"
#include "terrain.glsl"
#include "texels.glsl"
#include "tiles.glsl"
#include "listed_tiles.glsl"
#include "lanes.glsl"
#include "queue.glsl"
#define REMAINDER_ACCESS
#include "remainder.glsl"
#include "leave.glsl"

layout(scalar) readonly buffer Hits { uvec4 hits[]; };
TEXELS(hits);
layout(scalar) readonly buffer SpaceColours { uint space_colours[]; };
// Two for each ray: rows as space.glsl counts them, the last that was met first.
layout(scalar) buffer Known { uvec4 known[]; };
layout(scalar) buffer ThroughHits { uvec4 through_hits[]; };
layout(scalar) readonly buffer Covers { uvec2 covers[]; };

#include "band.glsl"

#include "pixel.glsl"
#include "ray.glsl"
#include "view_ray.glsl"
#include "block.glsl"
#include "space.glsl"
#include "thing_normal.glsl"
#include "thing_hits.glsl"
#include "thing_words.glsl"

// Of what is behind, less than that is seen: half a byte of a picture.
const float LEAST_LEFT = 0.002;

void main() {
    Queued of = queued_ray();
    if (!of.there) return;
    uint which = of.which;
    if (unpack_linear(covers[which]).a > 1.0 - LEAST_LEFT) return;
    uint start = listed_tile(of.at / (TILE * TILE)).y;
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[of.index];
    vec2 pixel = vec2(of.place + uvec2(0, band.first_row));
    Ray own = view_ray(pixel + within, TOGETHER ? uintBitsToFloat(start) : view.near);
    uvec4 words = FOUR(hits, which);
    Thing met = stored_thing(words);
    float to = met.seen ? met.t : own.to;
    if (is_ground(words)) to = before_ground(own, uintBitsToFloat(words.x));
    Ray ray = in_grid(own.origin, ivec2(0), own.direction, own.from, to);
    known_first = known[2u * which];
    known_last = known[2u * which + 1u];
    after_t = stored_thing(through_hits[which]).t;
    after_row = known_first.x - 1u;
    looked_for = NEXT;
    Seen beyond;
    Seen seen = seek(ray, false, beyond);
    if (seen.entry == NO_ENTRY) return;
    float alpha = alpha_of(seen);
    if (is_known_full()) {
        looked_for = ONE;
        one_row = seen.row;
        Ray before = ray;
        before.to = seen.t;
        // What was seen before is passed by.
        if (seek(before, true, beyond).entry != NO_ENTRY) alpha = 0.0;
    }
    add_known(seen.row);
    known[2u * which] = known_first;
    known[2u * which + 1u] = known_last;
    through_hits[which] = words_of(ray, seen, alpha);
    leave_to_next(which, RAYS_OF_PIXEL);
}
