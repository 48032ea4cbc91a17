#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// What rays of the picture see of things in space before the ground that they have met: one thread
// a ray of the tiles. Where they see one, their hit is that; with no samples it is the depths at
// the pixels' centres. Three lists go to the next passes: rays that see things, rays that see
// ground from which things may hide the sun, and those that see something through a thing.

layout(local_size_x = 8, local_size_y = 8) in;

// Rays of a pixel; 0 for the depth at its centre alone.
layout(constant_id = 3) const int SAMPLES = 4;
layout(constant_id = 5) const bool DEPTHS = true;   // wanted
// Rays of a tile have come so far together as the list says.
layout(constant_id = 6) const bool TOGETHER = true;
layout(constant_id = 7) const bool CAST_SHADOWS = true;
// What rays have met is coloured already, and `sun_left` is 0 where no sun falls on it.
layout(constant_id = 8) const bool COLOURED = true;

#define TILES_ACCESS readonly
#include "view.glsl"
#include "terrain.glsl"
#include "texels.glsl"
#include "tiles.glsl"
#include "listed_tiles.glsl"
#include "lanes.glsl"
#define REMAINDER_ACCESS
#include "remainder.glsl"
#include "leave.glsl"

// As remainder.glsl's.
layout(scalar) buffer Shaded {
    uint pixel_groups[3];
    uint ray_groups[3];
    uint count;
    uint listed[];
} shaded;
layout(scalar) buffer Through {
    uint pixel_groups[3];
    uint ray_groups[3];
    uint count;
    uint listed[];
} through;

layout(scalar) buffer Hits { uvec4 hits[]; };
layout(scalar) buffer Depths { float depths[]; };
// Two for each row: colour, alpha.
layout(scalar) readonly buffer SpaceColours { uint space_colours[]; };
layout(scalar) buffer SunLeft { uint sun_left[]; };    // in 65535ths
// Of what one sees through: as things_next.comp goes on with them.
layout(scalar) writeonly buffer Known { uvec4 known[]; };
layout(scalar) writeonly buffer ThroughHits { uvec4 through_hits[]; };
layout(scalar) writeonly buffer Covers { uvec2 covers[]; };

#include "band.glsl"

#include "ray.glsl"
#include "view_ray.glsl"
#include "block.glsl"
#include "space.glsl"
#include "thing_normal.glsl"
#include "clear.glsl"
#include "thing_hits.glsl"
#include "thing_words.glsl"
#include "water_block.glsl"
#include "lit_place.glsl"

void main() {
    uvec2 within_tile = pixel_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint index = sample_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint entry = entry_of_group();
    uvec2 tile = listed_tile(entry);
    uvec2 place = corner_of(tile) + within_tile;
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || place.y >= band.rows) return;
    uint at = place_of(entry, within_tile);
    uint which = at * RAYS_OF_PIXEL + index;
    uint ground = SAMPLES < 1 ? floatBitsToUint(depths[at]) : hits[which].x;
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Ray own = view_ray(vec2(pixel) + within, TOGETHER ? uintBitsToFloat(tile.y) : view.near);
    bool on_ground = ground != NO_GROUND_HIT;
    float to = on_ground ? uintBitsToFloat(ground) : own.to;
    float before = on_ground ? before_ground(own, to) : to;
    Ray ray = in_grid(own.origin, ivec2(0), own.direction, own.from, before);
    Seen beyond;
    Seen seen = seek(ray, false, beyond);
    bool found = seen.entry != NO_ENTRY;
    if (SAMPLES < 2 && DEPTHS && found) depths[at] = seen.t;
    if (SAMPLES < 1) return;
    if (CAST_SHADOWS) {
        bool dark = COLOURED && sun_left[which] == 0u;
        if (!COLOURED) sun_left[which] = 65535u;
        vec3 lit = own.origin + lit_place(own, to) * own.direction;
        if (!found && on_ground && !dark && !(CLEAR && is_clear(lit.xy, lit.z)))
            LEAVE_TO(shaded, which, RAYS_OF_PIXEL)
    }
    if (found) {
        hits[which] = words_of(ray, seen, 1.0);
        leave_to_next(which, RAYS_OF_PIXEL);
    }
    if (SEEN_THROUGH && beyond.t < seen.t) {
        through_hits[which] = words_of(ray, beyond, alpha_of(beyond));
        add_known(beyond.row);
        known[2u * which] = known_first;
        known[2u * which + 1u] = known_last;
        covers[which] = uvec2(0u);
        LEAVE_TO(through, which, RAYS_OF_PIXEL)
    }
}
