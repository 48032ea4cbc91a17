// The light that a hit receives from the sun and the sky, as a factor on its colour.

layout(constant_id = 7) const uint SHADING = BLEND_MULTIPLY; // how light falls on colour

// Whether the sun is hidden from a hit by the surface.
bool in_shadow(Lit lit) {
    Ray ray = ray_from(lit.hit);
    ray.direction = lighting.to_sun;
    if (!clip_to_bounds(ray)) return false;
    if (!FAR_CELLS || lit.hit.level == 0) {
        if (is_hidden_nearby(lit, ray)) return true;
        if (ray.from >= ray.to) return false;
    }
    Hit ignored = lit.hit;
    int side = ABOVE;
    return walk(ray, bvec2(false), shadow_level(lit.hit), true, side, ignored);
}

float sun_light(Lit lit, int index) {
    if (SUN_SLICES > 0) return sun_passed * disc_light(lit, index);
    float cosine = max(sun_cosine(lit), 0.0);
    // Ground that faces away from the sun needs no look for what else hides it.
    if (SHADOWS != SHADOWS_NONE && cosine > 0.0) {
        bool known = is_mapped(lit.hit);
        bool may_walk = SHADOWS == SHADOWS_WALKED || SHADOWS == SHADOWS_MIXED;
        if (may_walk && !known && in_shadow(lit)) cosine = 0.0;
        if (SHADOWS != SHADOWS_WALKED && known && sun_map_at(lit.hit, 0) > 0.0) cosine = 0.0;
    }
    return sun_passed * cosine;
}

vec3 light_on(Lit lit, int index) {
    // What the map knows is the ground's; walls of a base have the whole sky.
    bool occluded = AMBIENT_OCCLUSION && !(BASE && lit.hit.face != TOP);
    float open = occluded ? lighting.ambient * sky_light(lit.hit) : lighting.ambient;
    float sun = sun_light(lit, index);
    is_dark = sun == 0.0;
    return vec3(lighting.exposure * (open + (1.0 - lighting.ambient) * sun));
}

// A colour in light. As physics has it they are multiplied. As a look, light is a hillshade's grey
// over the encoded colour, of which 0.5, that changes nothing, is level ground in the sun.
vec3 shaded(vec3 colour, vec3 light) {
    if (SHADING == BLEND_MULTIPLY) return colour * light;
    float level = lighting.ambient + (1.0 - lighting.ambient) * max(lighting.to_sun_world.z, 0.0);
    vec3 grey = min(light * (0.5 / max(level, 1e-3)), 1.0);
    return srgb_decode(vec4(blend_encoded(SHADING, srgb_encode(colour), grey), 0.0)).rgb;
}
