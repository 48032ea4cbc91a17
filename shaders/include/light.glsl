// The light that a hit receives from the sun and the sky, as a factor on its colour.

vec3 light_on(Hit hit, vec3 normal) {
    float sun = max(dot(normal, view.to_sun_world), 0.0);
    if (SHADOWS) sun = in_shadow(hit) ? 0.0 : sun;
    return vec3(view.exposure * (view.ambient + (1.0 - view.ambient) * sun));
}
