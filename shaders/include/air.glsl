// What lies between the eye and a surface, and behind it: linear, premultiplied colour.
// Needs backdrop.glsl and sky.glsl.

#include "haze.glsl"

// Haze lies before the ground and before a sky. A plain background is a backdrop, and stays as it
// is.
vec4 through_air(Ray ray, uvec2 pixel, float t, vec4 surface) {
    if (HAZE != HAZE_NONE && surface.a > 0.0) {
        surface.rgb = mix(haze.colour * surface.a, surface.rgb, transmittance(ray, t));
    }
    vec4 behind = backdrop.colour;
    if (SKY) {
        float sine = sine_of_altitude(world_direction(ray));
        behind = vec4(sky_at(sine), 1.0);
        if (HAZE == HAZE_ALONG_RAY)
            behind.rgb = mix(haze.colour, behind.rgb, transmittance_of_sky(ray, sine));
        behind.rgb = dithered(behind.rgb, pixel);
    }
    return surface + behind * (1.0 - surface.a);
}
