// Things in space where the picture's colours are found. Needs THINGS (a constant),
// thing_hits.glsl, hit.glsl.

// What the ray sees before the ground, if it does, and the part of the sun's light that things
// leave to what it sees.
Thing thing = Thing(false, 0.0, vec3(0.0, 0.0, 1.0), 0u, 1.0);
float sun_passed = 1.0;

// Whether none of it comes there, whatever things leave of it.
bool is_dark = true;

// A thing as a hit: at its own height over the ground beneath it, or beside it where it hangs over
// the DEM's edge.
Hit hit_of_thing(Ray ray) {
    vec3 at = ray.origin + thing.t * ray.direction;
    ivec2 cell = clamp(ivec2(floor(at.xy)), ivec2(0), terrain.cells - 1);
    return Hit(thing.t, cell, at.xy - vec2(cell), vec4(at.z + terrain.reference_height), 0, TOP);
}
