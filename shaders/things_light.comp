#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// How much of the sun things in space leave to what rays of the picture have met, ground or things:
// one thread a ray of a list. A sun that is a disc is asked for at several places of it. Ground
// that is coloured already is listed for the next pass where they leave less than all.

layout(local_size_x = 8, local_size_y = 8) in;

layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel
layout(constant_id = 10) const int SUN_PLACES = 0;  // of the disc; 0 for a sun that is a point
layout(constant_id = 7) const bool GROUND = false;  // that is what all rays of the list have met
layout(constant_id = 8) const bool LISTS = false;   // what is to be coloured again

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
layout(scalar) readonly buffer SpaceColours { uint space_colours[]; };  // two for each row
layout(scalar) writeonly buffer SunLeft { uint sun_left[]; };    // in 65535ths

#include "light_block.glsl"
#include "disc_block.glsl"

#include "band.glsl"

#include "ray.glsl"
#include "view_ray.glsl"
#include "block.glsl"
#include "space.glsl"
#include "thing_normal.glsl"
#include "clear.glsl"
#include "thing_hits.glsl"
#include "water_block.glsl"
#include "lit_place.glsl"

// From one place of the disc to the next, of a turn: the golden section's, so that they never meet
// (Vogel, Mathematical Biosciences 1979).
const vec2 GOLDEN_TURN = vec2(-0.73736888, 0.67549029);

// Rows that a ray to the sun has come through: the last ones, counted from 1.
const int PASSED_WORDS = 8;
uvec4 passed[PASSED_WORDS];

bool is_passed(uint row) {
    bool found = false;
    for (int word = 0; word < PASSED_WORDS; ++word)
        found = found || any(equal(uvec4(row + 1u), passed[word]));
    return found;
}

void add_passed(uint row) {
    for (int word = PASSED_WORDS - 1; word > 0; --word)
        passed[word] = uvec4(passed[word - 1].w, passed[word].xyz);
    passed[0] = uvec4(row + 1u, passed[0].xyz);
}

// What things of a cell's list leave of the light that comes along a ray; each counts once, unless
// the ray comes through more than 32 others before it leaves it.
float left_by_list(Ray ray, ivec2 cell, float t, float from, float left) {
    Visit visit = visit_to(ray, cell, t, from);
    uint place = uint(cell.y * terrain.base_cells.x + cell.x);
    uint end = WORD(space_cells, place + 1u);
    uint entry = WORD(space_cells, place);
    for (;;) {
        // Tested again in the last line: once.glsl.
        if (entry >= end) break;
        Seen met = nothing_to(NEVER);
        meet(ray, entry, true, visit, met);
        bool hides = (visit.mark & THROUGH) == 0u;
        if (met.entry != NO_ENTRY && (hides || !is_passed(met.row))) {
            left *= hides ? 0.0 : 1.0 - uintBitsToFloat(space_colours[2u * met.row + 1u]);
            add_passed(met.row);
        }
        entry += 1u;
        if (entry >= end) break;
    }
    return left;
}

// What is left of light from there. As seek of space.glsl, but it goes on until the light is gone.
float left_on_way(Ray origin, vec3 direction) {
    Ray ray = in_grid(origin.origin, origin.base, direction, 0.0, NEVER);
    if (!SEEN_THROUGH) {
        Seen beyond;
        return seek(ray, true, beyond).entry != NO_ENTRY ? 0.0 : 1.0;
    }
    for (int word = 0; word < PASSED_WORDS; ++word) passed[word] = uvec4(0u);
    float left = 1.0;
    float from = ray.from;
    if (!clip_to_bounds(ray)) return left;
    Path path = path_of(ray, bvec2(false));
    Walk at = walk_from(ray, path, NEAR_LEVEL);
    while (true) {
        Look look;
        bool over = false;
        while (true) {
            look = look_at_block(terrain.base_cells.y, 0, path, at);
            at.t = look.t;
            if (look.found && at.level == 0) break;
            over = !look.found && look.leave >= ray.to;
            if (over) break;
            go_on(at, path, look);
        }
        if (over) break;
        left = left_by_list(ray, look.child, at.t, from, left);
        at.t = look.seen_to;
        // Half of the least that is told.
        if (left < 7e-6 || at.t >= ray.to) break;
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    return left;
}

void main() {
    Queued of = queued_ray();
    if (!of.there) return;
    uint which = of.which;
    uint index = of.index;
    vec2 pixel = vec2(of.place + uvec2(0, band.first_row));
    uvec4 words = FOUR(hits, which);
    Thing thing = stored_thing(words);
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Ray ray = view_ray(pixel + within, view.near);
    bool on_ground = GROUND || is_ground(words);
    float met = on_ground ? uintBitsToFloat(words.x) : thing.t;
    float t = lit_place(ray, met);
    // Level water lies over what is beneath it.
    bool ground = on_ground || t < met;
    bool faces = ground || dot(thing.normal, lighting.to_sun_world) > 0.0 || SUN_PLACES > 0;
    if (!(ground || thing.seen) || !faces) {
        sun_left[which] = 65535u;
        return;
    }
    vec3 at = ray.origin + t * ray.direction;
    // So far off a thing that rounding does not put it inside.
    float off = (1e-3 + 4e-7 * max(max(abs(ray.origin.x), abs(ray.origin.y)),
                                   max(abs(at.x), abs(at.y))) * space.scale) / space.scale;
    if (!ground) at += off * terrain.cell_metres * thing.normal / terrain.world_scale;
    ray.base = ivec2(floor(at.xy));
    ray.origin = vec3(at.xy - vec2(ray.base), at.z);
    // Ground is listed where it is not.
    if (CLEAR && !GROUND && is_clear(at.xy, at.z)) {
        sun_left[which] = 65535u;
        return;
    }
    float left = 1.0;
    if (SUN_PLACES == 0) {
        left = left_on_way(ray, lighting.to_sun);
    } else {
        // Each sample of a pixel has its places a little farther out.
        vec2 turned = vec2(1.0, 0.0);
        left = 0.0;
        float step = 1.0 / float(SUN_PLACES);
        float share = (float(index) + 0.5) / float(RAYS_OF_PIXEL);
        for (int number = 0; number < SUN_PLACES; ++number) {
            float radius = sqrt((float(number) + share) * step);
            vec3 world = lighting.to_sun_world
                + radius * (turned.x * disc.across + turned.y * disc.up);
            vec3 direction = world / terrain.world_scale;
            left += step * left_on_way(ray, direction);
            turned = vec2(turned.x * GOLDEN_TURN.x - turned.y * GOLDEN_TURN.y,
                          turned.x * GOLDEN_TURN.y + turned.y * GOLDEN_TURN.x);
        }
        left = min(left, 1.0);
    }
    uint part = uint(left * 65535.0 + 0.5);
    sun_left[which] = part;
    if (LISTS && part < 65535u) leave_to_next(which, RAYS_OF_PIXEL);
}
