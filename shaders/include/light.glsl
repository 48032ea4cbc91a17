// The light that a hit receives from the sun and the sky, as a factor on its colour.

float sun_light(Hit hit, vec3 normal, int index) {
    if (SUN_SLICES > 0) return disc_light(hit, normal, index);
    float cosine = max(dot(normal, view.to_sun_world), 0.0);
    // Ground that faces away from the sun needs no look for what else hides it.
    if (SHADOWS != SHADOWS_NONE && cosine > 0.0) {
        bool known = is_mapped(hit);
        if (SHADOWS != SHADOWS_MAPPED && !known && in_shadow(hit)) cosine = 0.0;
        if (SHADOWS != SHADOWS_WALKED && known && sun_map_at(hit, 0) > 0.0) cosine = 0.0;
    }
    return cosine;
}

// The part of the sky that a hit sees: between four texels of a map, each in the middle of its block of samples.
float sky_light(Hit hit) {
    vec2 within = FAR_CELLS && hit.level > 0 ? (hit.at + 0.5) * float(1 << hit.level) : hit.at;
    vec2 place = (vec2(hit.cell) + within) * view.sky_place.x + view.sky_place.y;
    ivec2 first = clamp(ivec2(floor(place)), ivec2(0), max(view.sky_size - 2, ivec2(0)));
    vec4 corners = textureGather(sky_view, vec2(first + 1) * view.sky_texel).wzxy;
    return patch_height(corners, clamp(place - vec2(first), 0.0, 1.0));
}

vec3 light_on(Hit hit, vec3 normal, int index) {
    // What the map knows is the ground's; walls of a base have the whole sky.
    bool occluded = AMBIENT_OCCLUSION && !(BASE && hit.face != TOP);
    float sky = occluded ? view.ambient * sky_light(hit) : view.ambient;
    return vec3(view.exposure * (sky + (1.0 - view.ambient) * sun_light(hit, normal, index)));
}
