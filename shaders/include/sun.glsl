// Where light comes from.

// How shadows are found.
const uint SHADOWS_NONE = 0;
const uint SHADOWS_WALKED = 1;  // by a ray from each hit to the sun
const uint SHADOWS_MAPPED = 2;  // in the sun's map, which knows all cells that are met
const uint SHADOWS_MIXED = 3;   // there for the cells that it knows
const uint SHADOWS_SAMPLED = 4; // in a map of the DEM's samples

layout(constant_id = 0) const uint SHADOWS = SHADOWS_WALKED;

#include "light_block.glsl"

// The cosine between the sun and the ground at a hit, below 0 where that faces away; of facets the
// mean, of those that face it.
float sun_cosine(Lit lit) {
    float cosine = dot(lit.normal, lighting.to_sun_world);
    if (!FAR_CELLS) return cosine;
    float of_facets = cosine_of_facets(lit.facets, lighting.to_sun_world,
                                       SHADOWS != SHADOWS_NONE);
    // Where all that is met has facets the compiler is to know it.
    bool all = !PATCHES && !BASE && WATER == WATER_NONE && !OF_THINGS;
    return all || lit.facets.variance > 0.0 ? of_facets : cosine;
}
