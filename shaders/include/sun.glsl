// Where light comes from.

// How shadows are found.
const uint SHADOWS_NONE = 0;
const uint SHADOWS_WALKED = 1;  // by a ray from each hit to the sun
const uint SHADOWS_MAPPED = 2;  // in the sun's map, which knows all cells that are met
const uint SHADOWS_MIXED = 3;   // there for the cells that it knows
const uint SHADOWS_SAMPLED = 4; // in a map of the DEM's samples

layout(constant_id = 0) const uint SHADOWS = SHADOWS_WALKED;

#include "light_block.glsl"
