// What the shaders that draw a picture have in common: its constants, its bindings, and the colour of what a ray meets.

// Constants rather than parameters: software Vulkan runs both sides of every branch, and makes the shader anew for each
// dispatch in which a branch depends on parameters alone.

#include "pixel.glsl"
#include "blend.glsl"

// How shadows are found.
const uint SHADOWS_NONE = 0;
const uint SHADOWS_WALKED = 1;  // by a ray from each hit to the sun
const uint SHADOWS_MAPPED = 2;  // in the sun's map, which knows all cells that are met
const uint SHADOWS_MIXED = 3;   // there for the cells that it knows

// Which rays a dispatch of picture.comp draws.
const uint RAYS_OF_TILES = 0;           // all of the listed tiles
const uint RAYS_OF_TILES_NEAR_BY = 1;   // those only as far as cells are larger than a pixel; the others it lists
const uint RAYS_LISTED_FAR = 2;         // on from there, those that were listed
const uint RAYS_OF_LISTED_PIXELS = 3;   // all of the pixels that fan.comp listed

// What an image on the ground lets through.
const uint DRAPED_NONE = 0;         // there is none
const uint DRAPED_TRANSLUCENT = 1;
const uint DRAPED_OPAQUE = 2;       // nothing, but for its opacity: every texel's alpha is 255

// Where water is.
const uint WATER_NONE = 0;
const uint WATER_LEVEL = 1;
const uint WATER_MASK = 2;

// A map has no distances: it is seen from above all haze, through as much as lies over each place.
const uint HAZE_NONE = 0;
const uint HAZE_ALONG_RAY = 1;
const uint HAZE_FROM_ABOVE = 2;

const uint CONTOURS_NONE = 0;
const uint CONTOURS_PLAIN = 1;
const uint CONTOURS_INDEX = 2;      // some twice as wide

layout(constant_id = 0) const uint SHADOWS = SHADOWS_WALKED;
layout(constant_id = 1) const bool SMOOTH_NORMALS = true;   // where cells are larger than pixels
layout(constant_id = 2) const bool HAS_HOLES = true;
layout(constant_id = 3) const int SAMPLES = 4;      // rays of a pixel; 0 for the depth at its centre alone
layout(constant_id = 4) const bool TRANSLUCENT = true;
layout(constant_id = 5) const bool DEPTHS = true;   // wanted; with several samples, of the dispatch with none
layout(constant_id = 6) const bool LIT = true;
layout(constant_id = 7) const uint SHADING = BLEND_MULTIPLY; // how light falls on colour
layout(constant_id = 8) const uint DRAPED = DRAPED_NONE;
layout(constant_id = 9) const uint DRAPE_BLEND = BLEND_NORMAL;
layout(constant_id = 10) const int SUN_SLICES = 3;
layout(constant_id = 11) const bool AMBIENT_OCCLUSION = true;
layout(constant_id = 12) const bool BASE = true;
layout(constant_id = 13) const uint WATER = WATER_NONE;
layout(constant_id = 14) const uint HAZE = HAZE_NONE;
layout(constant_id = 15) const uint CONTOURS = CONTOURS_NONE;
layout(constant_id = 16) const bool SKY = true;
layout(constant_id = 17) const bool PAINTED_HOLES = false;
layout(constant_id = 18) const bool PATCHES = true; // whether any can be seen
layout(constant_id = 19) const bool LOADS = true;   // reads four texels by loads: Limits in src/gpu/device.rs
layout(constant_id = 20) const bool ALONG_BORDERS = true;   // rays may run exactly along a border between patches
layout(constant_id = 21) const uint RAYS = RAYS_OF_TILES;

#ifdef FAR
const bool FAR_CELLS = true;
#else
const bool FAR_CELLS = false;
#endif
const bool ONE_SAMPLE = SAMPLES == 1;

#define TILES_ACCESS readonly
#include "view.glsl"
#include "tiles.glsl"

uniform sampler2D heights;
uniform sampler2D maxima;
layout(scalar) readonly buffer Colormap { uint colormap[]; };
layout(scalar) writeonly buffer Pixels { uint pixels[]; };
uniform usampler2DArray drape_texels;
layout(scalar) uniform Drape {
    vec2 scale;             // texels of a cell, and of the first sample: a place on the ground in texels
    vec2 offset;
    vec2 texel;             // 1 / size of the image
    ivec2 size;
    ivec2 first;            // where level 0 would start in the second layer
    int top_level;
    float opacity;
} drape;
uniform sampler2D sky_view;
uniform sampler2D water_mask;
uniform usampler2DArray painted_holes;
uniform sampler2D sun_map;
// The same images to load from: four of them at most, which is what every device binds.
layout(r32f) uniform readonly image2D height_texels;
layout(r32f) uniform readonly image2D maxima_texels;
layout(r32ui) uniform readonly uimage2DArray drape_words;
layout(r32f) uniform readonly image2D sun_map_texels;

#define REMAINDER_ACCESS
#include "remainder.glsl"
layout(scalar) writeonly buffer Depths { float depths[]; };
layout(scalar) writeonly buffer Samples { uvec2 samples[]; };    // several of a pixel, for average.comp

layout(scalar, push_constant) uniform Band {
    uint first_row;
    uint rows;
    int first_tile;         // entry of the list, and from one to the next
    int tile_step;
} band;

#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "hit.glsl"
#include "roots.glsl"
#include "base.glsl"
#include "patches.glsl"
#ifdef FAR
#include "far/cells.glsl"
#include "far/walk.glsl"
#else
#include "walk.glsl"
#endif
#include "trace.glsl"
#include "smooth.glsl"
#include "colour.glsl"
#include "differentials.glsl"
#ifdef FAR
#include "far/ground.glsl"
#endif
#include "holes.glsl"
#include "drape.glsl"
#include "surface.glsl"
#include "lifts.glsl"
#ifdef FAR
#include "far/horizon.glsl"
#else
#include "horizon.glsl"
#endif
#include "sun_map.glsl"
#include "sun_disc.glsl"
#include "light.glsl"
#include "contours.glsl"
#include "exponential.glsl"
#include "sky.glsl"
#include "haze.glsl"
#include "water.glsl"
#include "air.glsl"

// Lists a pixel, or one of the `rays` of one, for the next pass.
void leave_to_next(uint what, uint rays) {
    uint place = atomicAdd(remainder.count, 1u);
    remainder.listed[place] = what;
    if (place % (TILE * TILE * rays) == 0u) {
        atomicAdd(remainder.pixel_groups[1], 1u);
        atomicAdd(remainder.ray_groups[1], 1u);
    }
}

// A colour in light. As physics has it they are multiplied. As a look, light is a hillshade's grey over the encoded colour,
// of which 0.5, that changes nothing, is level ground in the sun.
vec3 shaded(vec3 colour, vec3 light) {
    if (SHADING == BLEND_MULTIPLY) return colour * light;
    float level = view.ambient + (1.0 - view.ambient) * max(view.to_sun_world.z, 0.0);
    vec3 grey = min(light * (0.5 / max(level, 1e-3)), 1.0);
    return srgb_decode(vec4(blend_encoded(SHADING, srgb_encode(colour), grey), 0.0)).rgb;
}

// Linear colour, straight alpha, of what a ray meets, before light falls on it.
vec4 colour_of(Hit hit, Ray ray) {
    if (BASE && hit.face != TOP) return vec4(face_colour(hit.corners.x - view.reference_height), 1.0);
    vec4 colour = surface_colour(hit, ray.direction);
    if (PAINTED_HOLES && in_painted_hole(hit)) return colour;
    return CONTOURS != CONTOURS_NONE ? with_contours(colour, hit, ray) : colour;
}

// Linear, premultiplied colour of what a ray sees, water and air included. Of a far cell the ground lies `relief` below the hit.
vec4 shade(Ray ray, bool found, Hit hit, float relief, uvec2 pixel, int index) {
    vec4 colour = vec4(0.0);
    Hit lit = hit;
#ifdef FAR
    hit = ground_of(ray, hit, relief);
#endif
    vec3 normal = vec3(0.0, 0.0, 1.0);
    if (found) {
        colour = colour_of(hit, ray);
        normal = hit_normal(lit);
        if (SMOOTH_NORMALS && LIT) {
            Lit surface = smooth_surface(lit);
            if (hit.face == TOP) normal = surface.normal;
            lit.corners += surface.lift;
        }
    }
    float water = 0.0;
    if (WATER != WATER_NONE) {
        Wet wet = WATER == WATER_LEVEL ? water_before(ray, found, hit) : water_of_mask(ray, found, hit);
        water = wet.found ? water_opacity(wet) : 0.0;
        if (WATER == WATER_LEVEL && wet.found && wet.surface) lit = wet.hit;
        if (wet.found && wet.surface) normal = towards_upright(normal, wet.cover);
        hit.t = wet.found ? wet.hit.t : hit.t;
        found = found || wet.found;
    }
    if (found) {
        vec3 light = vec3(1.0);
        if (LIT) light = light_on(lit, normal, index);
        if (LIT) colour.rgb = shaded(colour.rgb, light);
        colour.rgb = min(colour.rgb, 1.0);
        if (TRANSLUCENT) colour.rgb *= colour.a;
        if (WATER != WATER_NONE) {
            vec3 surface = view.water_colour * light;
            if (LIT) surface += glint(ray, light);
            colour = mix(colour, vec4(min(surface, 1.0), 1.0), water);
        }
    }
    return through_air(ray, pixel, hit.t, colour);
}
