// Light of a sun that is a disc, part of which the ground may hide.
//
// In a few vertical planes through the hit, side by side across the disc, the horizon is found
// exactly; between them it is taken for straight. What of the disc is above it is cut into strips,
// and in each the cosine between the ground's normal and the light is integrated as far as it is
// positive. Lengths are in radii of the disc, in the plane that touches the sky at its middle. With
// several samples a pixel, each has its planes elsewhere, so that even an upright edge fades
// without steps.

layout(constant_id = 10) const int SUN_SLICES = 3;

#include "disc_block.glsl"

const int MOST_SLICES = 3;      // and no more than that are SUN_SLICES
// Middles of the strips: cosines of (i + 1/2) / 12 of a half-turn; the sine is the disc's half
// chord there, and, as the strips lie as thick, their weight.
const vec4 STRIPS_OUTER = vec4(0.99144486, 0.92387953, 0.79335334, 0.60876143);
const vec4 CHORDS_OUTER = vec4(0.13052619, 0.38268343, 0.60876143, 0.79335334);
const vec4 STRIPS_INNER = vec4(0.38268343, 0.13052619, -0.13052619, -0.38268343);
const vec4 CHORDS_INNER = vec4(0.92387953, 0.99144486, 0.99144486, 0.92387953);

// Planes of the sun's map across the disc, in its radii to the right of its middle, on either side
// of it.
const float PLANE_STEP = 0.6666667;

// The horizon's place above the disc's middle, to one side of it by `across`; any below it if the
// ground does not see the sun. What the map knows is `known`, from left to right, and then no ray
// looks.
float horizon_beside(Lit lit, Ray ray, int start_level, ivec2 behind, float across, bool sees_sun,
                     bool is_known, vec3 known) {
    ray.direction.xy = disc.ahead + across * disc.aside;
    float rise = disc.rises.x;
    bool walks = SHADOWS == SHADOWS_WALKED || SHADOWS == SHADOWS_MIXED;
    if (walks && sees_sun && !is_known && clip_to_bounds(ray)) {
        rise = horizon_rise(lit, ray, start_level, behind, disc.rises.y);
    }
    if (is_known) {
        float beside = clamp(across / PLANE_STEP, -1.0, 1.0);
        float part = mix(known.y, beside < 0.0 ? known.x : known.z, abs(beside));
        rise = mix(disc.rises.x, disc.rises.y, part);
    }
    rise = rise < disc.rises.y ? rise : disc.rises.y;
    return (rise * disc.turn.x - disc.turn.y) / (disc.turn.z + rise * disc.turn.w);
}

// The light of four strips at `across`, where the horizon is at `edge`; `lean` is how the cosine
// changes across and up.
float strips_light(vec4 across, vec4 chord, vec4 edge, float cosine, vec2 lean) {
    vec4 low = clamp(edge, -chord, chord);
    vec4 middle = cosine + lean.x * across;
    vec4 at_low = middle + lean.y * low;
    vec4 at_top = middle + lean.y * chord;
    vec4 positive = max(at_low, vec4(0.0)) + max(at_top, vec4(0.0));
    vec4 negative = max(-min(at_low, at_top), vec4(0.0));
    // A line that changes its sign on the way: the triangle above zero.
    vec4 mean = positive - positive * negative / max(positive + negative, vec4(1e-30));
    return dot(chord * (chord - low), mean);
}

// Mean cosine over the disc, 0 where the ground hides it or faces away.
float disc_light(Lit lit, int index) {
    Hit hit = lit.hit;
    bool rough = FAR_CELLS && lit.facets.variance > 0.0;
    vec3 normal = rough ? normal_of(lit.facets) : lit.normal;
    Ray ray = ray_from(hit);
    ray.direction.z = disc.rises.x;
    int level = shadow_level(hit);
    ivec2 behind = BASE && hit.face != TOP ? hit.cell : ivec2(-1);
    vec2 lean = vec2(dot(normal, disc.across), dot(normal, disc.up));
    float cosine = dot(normal, lighting.to_sun_world);
    if (rough) {
        // As far as facets deviate more than the disc is wide.
        float spread = normal.z * normal.z * spread_to(lighting.to_sun_world, lit.facets);
        cosine = mix(cosine, sun_cosine(lit), min(spread / max(dot(lean, lean), 1e-12), 1.0));
    }
    // Ground that faces away from all of the disc needs no look for what else hides it.
    bool sees_sun = cosine > 0.0 || cosine * cosine <= 1.001 * dot(lean, lean);
    // The first slice's place within its share.
    float offset = ONE_SAMPLE ? 0.5 : (float(index) + 0.5) / float(view.samples);
    float step = 2.0 / float(SUN_SLICES);
    float first = offset * step - 1.0;
    float edges[MOST_SLICES];
    bool is_known = is_mapped(hit);
    vec3 known = vec3(0.0);
    if (SHADOWS == SHADOWS_MAPPED || SHADOWS == SHADOWS_MIXED) {
        known = vec3(sun_map_at(hit, 0), sun_map_at(hit, 1), sun_map_at(hit, 2));
    }
    for (int slice = 0; slice < SUN_SLICES; ++slice) {
        edges[slice] = horizon_beside(lit, ray, level, behind, first + float(slice) * step,
                                      sees_sun, is_known, known);
    }
    vec4 across[3] = vec4[3](STRIPS_OUTER, STRIPS_INNER, -STRIPS_OUTER);
    vec4 chords[3] = vec4[3](CHORDS_OUTER, CHORDS_INNER, CHORDS_OUTER);
    float light = 0.0;
    for (int part = 0; part < 3; ++part) {
        vec4 edge = vec4(edges[0]);
        for (int slice = 1; slice < SUN_SLICES; ++slice) {
            vec4 share = clamp((across[part] - first) / step - float(slice - 1), 0.0, 1.0);
            edge += (edges[slice] - edges[slice - 1]) * share;
        }
        light += strips_light(across[part], chords[part], edge, cosine, lean);
    }
    // The chords' squares add up to six, and a mean of two ends is half their sum.
    return light / 24.0;
}
