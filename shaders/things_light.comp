#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// How much of the sun things in space leave to what rays of the picture have met, ground or things:
// one thread a ray of the tiles. A sun that is a disc is asked for at several places of it.

layout(local_size_x = 8, local_size_y = 8) in;

layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel
layout(constant_id = 10) const int SUN_PLACES = 0;  // of the disc; 0 for a sun that is a point
layout(constant_id = 11) const bool CLEAR = true;   // it is known where the sun is free of things

#define TILES_ACCESS readonly
#include "view.glsl"
#include "terrain.glsl"
#include "tiles.glsl"
#include "lanes.glsl"

layout(scalar) readonly buffer Hits { uvec4 hits[]; };
layout(scalar) readonly buffer SpaceColours { uint space_colours[]; };  // two for each row
// Of each cell the height above which no thing stands before the sun.
layout(scalar) readonly buffer Clear { float clear[]; };
layout(scalar) writeonly buffer SunLeft { uint sun_left[]; };    // in 65535ths

#include "light_block.glsl"
#include "disc_block.glsl"

#include "band.glsl"

#include "ray.glsl"
#include "view_ray.glsl"
#include "block.glsl"
#include "space.glsl"
#include "thing_hits.glsl"

// From one place of the disc to the next, of a turn: the golden section's, so that they never meet
// (Vogel, Mathematical Biosciences 1979).
const vec2 GOLDEN_TURN = vec2(-0.73736888, 0.67549029);

// Whether it is known that no thing stands before the sun.
bool is_clear(Ray origin) {
    vec2 cell = (origin.origin.xy + (vec2(origin.base) - space.corner)) * space.scale;
    bool inside = min(cell.x, cell.y) >= 0.0 && all(lessThan(cell, vec2(terrain.base_cells)));
    ivec2 coarse = ivec2(inside ? cell : vec2(0.0)) >> space.clear_level;
    return inside && origin.origin.z > clear[coarse.y * space.clear_width + coarse.x];
}

bool is_hidden(Ray origin, vec3 direction) {
    Ray ray = in_grid(origin.origin, origin.base, direction, 0.0, NEVER);
    // What hides the sun is mostly near.
    return seek(ray, true, min(2, terrain.top_level)).entry != NO_ENTRY;
}

// What of the light comes through things that one sees through.
float let_through(Ray origin, vec3 direction) {
    Ray ray = in_grid(origin.origin, origin.base, direction, 0.0, NEVER);
    known_first = uvec4(0);
    known_last = uvec4(0);
    through = true;
    float left = 1.0;
    bool on = true;
    for (uint number = 0u; number < MOST_THROUGH; ++number) {
        if (on) {
            Seen seen = seek(ray, true, min(2, terrain.top_level));
            on = seen.entry != NO_ENTRY;
            uint row = row_of(seen);
            left *= on ? 1.0 - uintBitsToFloat(space_colours[2u * row + 1u]) : 1.0;
            add_known(row + 1u);
        }
    }
    through = false;
    known_first = uvec4(0);
    known_last = uvec4(0);
    return left;
}

void main() {
    uvec2 within_tile = pixel_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint index = sample_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint entry = entry_of_group();
    uvec2 place = corner_of(tiles.listed[entry]) + within_tile;
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || place.y >= band.rows) return;
    uint which = place_of(entry, within_tile) * RAYS_OF_PIXEL + index;
    uvec4 words = hits[which];
    Thing thing = stored_thing(words);
    bool ground = is_ground(words);
    bool faces = ground || dot(thing.normal, lighting.to_sun_world) > 0.0 || SUN_PLACES > 0;
    if (!(ground || thing.seen) || !faces) {
        sun_left[which] = 65535u;
        return;
    }
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Ray ray = view_ray(vec2(pixel) + within, view.near);
    float t = ground ? uintBitsToFloat(words.x) : thing.t;
    vec3 at = ray.origin + t * ray.direction;
    // So far off a thing that rounding does not put it inside.
    float off = (1e-3 + 4e-7 * max(max(abs(ray.origin.x), abs(ray.origin.y)),
                                   max(abs(at.x), abs(at.y))) * space.scale) / space.scale;
    if (!ground) at += off * terrain.cell_metres * thing.normal / terrain.world_scale;
    ray.base = ivec2(floor(at.xy));
    ray.origin = vec3(at.xy - vec2(ray.base), at.z);
    if (CLEAR && is_clear(ray)) {
        sun_left[which] = 65535u;
        return;
    }
    float left = 1.0;
    if (SUN_PLACES == 0) left = is_hidden(ray, lighting.to_sun) ? 0.0 : 1.0;
    else {
        // Each sample of a pixel turns the places a little.
        vec2 turned = vec2(1.0, 0.0);
        float hidden = 0.0;
        float step = 1.0 / float(SUN_PLACES);
        float share = (float(index) + 0.5) / float(RAYS_OF_PIXEL);
        for (int number = 0; number < SUN_PLACES; ++number) {
            float radius = sqrt((float(number) + share) * step);
            vec3 world = lighting.to_sun_world
                + radius * (turned.x * disc.across + turned.y * disc.up);
            if (is_hidden(ray, world / terrain.world_scale)) hidden += step;
            turned = vec2(turned.x * GOLDEN_TURN.x - turned.y * GOLDEN_TURN.y,
                          turned.x * GOLDEN_TURN.y + turned.y * GOLDEN_TURN.x);
        }
        left = max(1.0 - hidden, 0.0);
    }
    if (SEEN_THROUGH) left *= let_through(ray, lighting.to_sun);
    sun_left[which] = uint(left * 65535.0 + 0.5);
}
