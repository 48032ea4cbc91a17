// What the shaders that draw a picture have in common: what they read and write, and the colour of
// what a ray meets.

// Constants, here and in what is included, rather than parameters: software Vulkan runs both sides
// of every branch, and makes the shader anew for each dispatch in which a branch depends on
// parameters alone.

// Which rays a dispatch of picture.comp draws.
const uint RAYS_OF_TILES = 0;           // all of the listed tiles
// Those only as far as cells are larger than a pixel; the others it lists.
const uint RAYS_OF_TILES_NEAR_BY = 1;
const uint RAYS_LISTED_FAR = 2;         // on from there, those that were listed
const uint RAYS_OF_LISTED_PIXELS = 3;   // all of the pixels that fan.comp listed
// Those that see things in space, which things_seen.comp listed.
const uint RAYS_OF_THINGS = 4;
// And those that see ground in the shadow of some, which things_light.comp listed.
const uint RAYS_IN_SHADE = 5;

// How much a dispatch does. Colour is found where a ray ends: storing what it met, for a pass of
// its own, costs an eighth of a picture and more. Only pixels with more on them than the layers'
// map can tell wait for that.
const uint STAGE_WHOLE = 0;
const uint STAGE_MAPPED = 1;    // but for those, which are listed
const uint STAGE_COLOURS = 2;   // of those, after layer.comp
const uint STAGE_HITS = 3;      // what is met alone, for things in space
const uint STAGE_LAYERED = 4;   // whole, with the one part of a layer that there is
const uint STAGE_KEPT = 5;      // whole, and what is met is stored for things in space

layout(constant_id = 21) const uint RAYS = RAYS_OF_TILES;
layout(constant_id = 22) const uint STAGE = STAGE_WHOLE;
layout(constant_id = 26) const bool SMOOTH_NORMALS = true;   // where cells are larger than pixels
// In space: what is met is known already, and how much of the sun they leave to it.
layout(constant_id = 28) const bool THINGS = false;
// Of those: one sees through them, and what is nearer is in `covers`.
layout(constant_id = 29) const bool PEELED = false;
const bool OF_THINGS = THINGS && RAYS == RAYS_OF_THINGS;
layout(constant_id = 18) const bool PATCHES = true; // whether any can be seen
// Rays of a pixel; 0 for the depth at its centre alone.
layout(constant_id = 3) const int SAMPLES = 4;
layout(constant_id = 4) const bool TRANSLUCENT = true;
// Wanted; with several samples, of the dispatch with none.
layout(constant_id = 5) const bool DEPTHS = true;
layout(constant_id = 6) const bool LIT = true;

#ifdef FAR
const bool FAR_CELLS = true;
#else
const bool FAR_CELLS = false;
#endif
const bool ONE_SAMPLE = SAMPLES == 1;

layout(scalar) writeonly buffer Pixels { uint pixels[]; };
layout(scalar) writeonly buffer Depths { float depths[]; };
// Several of a pixel, for average.comp.
layout(scalar) writeonly buffer Samples { uvec2 samples[]; };
// With layers on the ground: what rays met, and what layers put on it.
layout(scalar) buffer Hits { uvec4 hits[]; };
layout(scalar) buffer Covers { uvec2 covers[]; };
layout(scalar) buffer SunLeft { uint sun_left[]; };     // in 65535ths

#include "band.glsl"

#define TILES_ACCESS readonly
#define REMAINDER_ACCESS
#define LAYERED_ACCESS
#include "view.glsl"
#include "terrain.glsl"
#include "texels.glsl"
#include "tiles.glsl"
#include "listed_tiles.glsl"
TEXELS(hits);
TEXELS(covers);
TEXELS(sun_left);
#include "remainder.glsl"
#include "leave.glsl"
#include "layered.glsl"
#include "sheets.glsl"
#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "base.glsl"
#include "hit.glsl"
#include "roots.glsl"
#include "patches.glsl"
#ifdef FAR
#include "far/cells.glsl"
#include "far/walk.glsl"
#else
#include "walk.glsl"
#endif
#include "trace.glsl"
#include "smooth.glsl"
#include "pixel.glsl"
#include "thing_hits.glsl"
#include "blend.glsl"
#include "colour.glsl"
#include "differentials.glsl"
#include "ground_pixel.glsl"
#include "once.glsl"
#include "layer_map.glsl"
#include "layer_part.glsl"
#define LISTED_HERE(level) true
#include "layers.glsl"
#include "stored_hits.glsl"
#include "facets.glsl"
#ifdef FAR
#include "far/ground.glsl"
#endif
#include "holes.glsl"
#include "drape.glsl"
#include "surface.glsl"
#include "first_run.glsl"
#include "lifts.glsl"
#ifdef FAR
#include "far/horizon.glsl"
#else
#include "horizon.glsl"
#endif
#include "water_block.glsl"
#include "sun.glsl"
#include "things.glsl"
#include "sun_map.glsl"
#include "sun_disc.glsl"
#include "sky_view.glsl"
#include "light.glsl"
#include "contours.glsl"
#include "exponential.glsl"
#include "sky.glsl"
#include "water.glsl"
#include "backdrop.glsl"
#include "air.glsl"

// Lists what a sample of a pixel met for layer.comp, with its row of the tile.
void leave_to_layers(uint at, uint index, uint rays, Hit hit) {
    hits[at * rays + index] = store_hit(true, hit);
    atomicOr(layered_samples[at], 1u << index);
    uint first = at - at % TILE;
    if ((atomicOr(layered_samples[first], ROW_LISTED) & ROW_LISTED) != 0u) return;
    uint place = atomicAdd(layered.count, TILE);
    for (uint pixel = 0u; pixel < TILE; ++pixel) layered.listed[place + pixel] = first + pixel;
    if (place % (TILE * TILE) == 0u) {
        atomicAdd(layered.pixel_groups[1], 1u);
        atomicAdd(layered.ray_groups[1], 1u);
    }
}

// The pixel on the ground as one of its samples sees it, `within` the pixel.
GroundPixel ground_under(Hit hit, Ray ray, uvec2 pixel, vec2 within) {
    return ground_pixel(hit, ray, 0.5 - within, vec2(pixel) + 0.5, layer_map.bits);
}

// What layers put on it: a number of layer_map.glsl.
uint layers_on(bool found, Hit hit, Ray ray, uvec2 pixel, vec2 within) {
    uint number = 0u;
    bool may = may_see_layers(pixel);
    for (;;) {
        if (!may) break;
        number = layers_of_cell(ground_under(hit, ray, pixel, within));
        if (once(may)) break;
    }
    if (BY_ROW) {
        uint row = row_of(pixel, band.first_row);
        if (WORD(layer_rows, row) < WORD(layer_rows, row + 1u)) number = MANY_LAYERS;
    }
    return found && hit.face == TOP ? number : 0u;
}

// Their colour where there is one part of a layer alone.
vec4 layered_by_part(bool found, Hit hit, Ray ray, uvec2 pixel, vec2 within) {
    bool on_ground = found && hit.face == TOP;
    vec4 colour = vec4(0.0);
    RowList list = RowList(0u, 0u, false);
    bool here;
    if (BY_ROW) {
        list = row_list(pixel, band.first_row);
        // Rays that have met nothing read with those beside them.
        bool any = list.from < list.to;
        for (;;) {
            if (!any) break;
            GroundPixel ground = ground_under(hit, ray, pixel, within);
            colour = layer_at(ground, on_ground, list, here);
            if (once(any)) break;
        }
    } else {
        bool may = on_ground && may_see_layers(pixel);
        for (;;) {
            if (!may) break;
            GroundPixel ground = ground_under(hit, ray, pixel, within);
            uint number = layers_of_cell(ground);
            colour = colour_of_layers(number);
            bool many = number == MANY_LAYERS;
            for (;;) {
                if (!many) break;
                colour = layer_at(ground, true, list, here);
                if (once(many)) break;
            }
            if (once(may)) break;
        }
    }
    return colour;
}

// What layers put on the ground where the ray meets it: premultiplied linear light.
vec4 layers_above = vec4(0.0);

// `colour`, straight alpha, with the layers on it.
vec4 with_layers(vec4 colour) {
    float rest = colour.a * (1.0 - layers_above.a);
    float alpha = layers_above.a + rest;
    return vec4((layers_above.rgb + rest * colour.rgb) / max(alpha, 1e-6), alpha);
}

// Linear colour, straight alpha, of what a ray meets, before light falls on it.
vec4 colour_of(Hit hit, Ray ray) {
    if (OF_THINGS) return vec4(unpack_colour(thing.colour), 1.0);
    if (BASE && hit.face != TOP)
        return vec4(face_colour(hit.corners.x - terrain.reference_height), 1.0);
    vec4 colour = surface_colour(hit, ray.direction);
    bool lined = CONTOURS != CONTOURS_NONE && !(PAINTED_HOLES && in_painted_hole(hit));
    if (lined) colour = with_contours(colour, hit, ray);
    bool layered = STAGE != STAGE_WHOLE && STAGE != STAGE_KEPT;
    return layered ? with_layers(colour) : colour;
}

// Linear, premultiplied colour of what a ray sees, water and air included. Of a far cell the ground
// lies below the hit, as `relief` has it.
vec4 shade(Ray ray, bool found, Hit hit, Relief relief, uvec2 pixel, int index) {
    vec4 colour = vec4(0.0);
    Lit lit = Lit(hit, vec3(0.0, 0.0, 1.0), 0.0, NO_FACETS);
#ifdef FAR
    hit = ground_of(ray, hit, relief.depth);
#endif
    if (found) {
        colour = colour_of(hit, ray);
        lit.normal = hit_normal(lit.hit);
        if (SMOOTH_NORMALS && LIT && !OF_THINGS) {
            lit.smooth_share = smooth_share(lit.hit);
            vec3 normal = smooth_normal(lit.hit, lit.smooth_share);
            if (!(BASE && hit.face != TOP)) lit.normal = normal;
        }
        if (OF_THINGS) lit = Lit(hit, thing.normal, 0.0, NO_FACETS);
    }
    float cover = 0.0;
    bool all_water = false;
    if (WATER != WATER_NONE) {
        Wet wet = WATER == WATER_LEVEL ? water_before(ray, found, hit)
            : water_of_mask(ray, found && !OF_THINGS, hit);
        cover = wet.found ? water_opacity(wet) : 0.0;
        bool on_water = wet.found && wet.surface;
        all_water = on_water && (WATER == WATER_LEVEL || wet.cover >= 1.0);
        if (on_water) {
            lit.normal = towards_upright(lit.normal, wet.cover);
            if (WATER == WATER_LEVEL) lit = Lit(wet.hit, lit.normal, 0.0, NO_FACETS);
        }
        hit.t = wet.found ? wet.hit.t : hit.t;
        found = found || wet.found;
    }
#ifdef FAR
    if (LIT && !OF_THINGS && !all_water && is_of_far_cell(lit.hit))
        lit.facets = facets_of(lit.hit, relief.deviation, world_direction(ray));
#endif
    if (found) {
        vec3 light = vec3(1.0);
        if (LIT) light = light_on(lit, index);
        if (LIT) colour.rgb = shaded(colour.rgb, light);
        colour.rgb = min(colour.rgb, 1.0);
        if (TRANSLUCENT) colour.rgb *= colour.a;
        if (WATER != WATER_NONE) {
            vec3 surface = water.colour * light;
            if (LIT) surface += glint(ray, light);
            colour = mix(colour, vec4(min(surface, 1.0), 1.0), cover);
        }
    }
    return through_air(ray, pixel, hit.t, colour);
}
