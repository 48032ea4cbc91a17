#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// What rays of the picture see of things in space before the ground that they have met: one thread
// a ray of the tiles. Where they see one, their hit is that, and they are listed for what colours
// things; with no samples it is the depths at the pixels' centres.

layout(local_size_x = 8, local_size_y = 8) in;

// Rays of a pixel; 0 for the depth at its centre alone.
layout(constant_id = 3) const int SAMPLES = 4;
layout(constant_id = 5) const bool DEPTHS = true;   // wanted
// Of what one sees through, the nearest of which a ray does not know.
layout(constant_id = 7) const bool PEEL = false;
// Rays of a tile have come so far together as the list says.
layout(constant_id = 6) const bool TOGETHER = true;

#define TILES_ACCESS readonly
#include "view.glsl"
#include "terrain.glsl"
#include "tiles.glsl"
#include "lanes.glsl"
#define REMAINDER_ACCESS
#include "remainder.glsl"
#include "leave.glsl"

layout(scalar) buffer Hits { uvec4 hits[]; };
layout(scalar) buffer Depths { float depths[]; };
// Two for each row: colour, alpha.
layout(scalar) readonly buffer SpaceColours { uint space_colours[]; };
// Two for each ray: rows as space.glsl counts them, the last that was found first.
layout(scalar) buffer Known { uvec4 known[]; };
layout(scalar) writeonly buffer ThroughHits { uvec4 through_hits[]; };

#include "band.glsl"

#include "ray.glsl"
#include "view_ray.glsl"
#include "block.glsl"
#include "space.glsl"
#include "thing_hits.glsl"

const uint ALL_KNOWN = 0xffffffffu;

void main() {
    uvec2 within_tile = pixel_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint index = sample_of_lane(gl_WorkGroupID.x, gl_LocalInvocationID.xy);
    uint entry = entry_of_group();
    uvec2 tile = tiles.listed[entry];
    uvec2 place = corner_of(tile) + within_tile;
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || place.y >= band.rows) return;
    uint at = place_of(entry, within_tile);
    uint which = at * RAYS_OF_PIXEL + index;
    uint ground;
    if (PEEL) {
        known_first = known[2u * which];
        known_last = known[2u * which + 1u];
        if (known_first.x == ALL_KNOWN) return;
        through = true;
        uvec4 words = hits[which];
        ground = stored_thing(words).seen ? words.y : words.x;
    } else {
        ground = SAMPLES < 1 ? floatBitsToUint(depths[at]) : hits[which].x;
    }
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Ray ray = view_ray(vec2(pixel) + within, TOGETHER ? uintBitsToFloat(tile.y) : view.near);
    float reach = TOGETHER ? (view.tile_reach.x + view.tile_reach.y * ray.from) * space.scale
        : 16384.0;
    int level = clamp(findMSB(int(min(reach, 16384.0))) + 1, 1, terrain.top_level);
    float to = ground == NO_GROUND_HIT ? ray.to : uintBitsToFloat(ground);
    ray = in_grid(ray.origin, ivec2(0), ray.direction, ray.from, to);
    Seen seen = seek(ray, false, level);
    vec3 normal = normal_of(ray, seen);
    bool found = seen.entry != NO_ENTRY;
    uint row = row_of(seen);
    uint colour = space_colours[2u * row];
    if (IMAGES) colour = picture_colour(ray, seen, colour);
    if (PEEL) {
        add_known(found ? row + 1u : ALL_KNOWN);
        known[2u * which] = known_first;
        known[2u * which + 1u] = known_last;
        if (!found) {
            through_hits[which] = uvec4(NO_GROUND_HIT, 0, 0, 0);
            return;
        }
        float alpha = uintBitsToFloat(space_colours[2u * row + 1u]);
        through_hits[which] = store_thing(seen.t, normal, colour, alpha);
        leave_to_next(which, RAYS_OF_PIXEL);
        return;
    }
    if (!found) return;
    if (DEPTHS && SAMPLES < 2) depths[at] = seen.t;
    if (SAMPLES < 1) return;
    hits[which] = store_thing(seen.t, normal, colour, 1.0);
    leave_to_next(which, RAYS_OF_PIXEL);
}
