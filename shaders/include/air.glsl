// What lies between the eye and a surface, and behind it: linear, premultiplied colour. Air that is
// not quite clear is haze: what comes through it dies off exponentially. Needs backdrop.glsl,
// exponential.glsl and sky.glsl.

// A map has no distances: it is seen from above all haze, through as much as lies over each place.
const uint HAZE_NONE = 0;
const uint HAZE_ALONG_RAY = 1;
const uint HAZE_FROM_ABOVE = 2;

layout(constant_id = 14) const uint HAZE = HAZE_NONE;

layout(scalar) uniform Haze {
    vec3 colour;
    float extinction;       // for a metre, at the DEM's least height
    float thinning;         // 1 / scale height; 0 for none
    float level;            // the DEM's least height, minus the reference height
    float upwards;          // optical depth from there to the zenith
} haze;

// How dense the haze is at a height over the reference height, as a multiple of what it is at the
// DEM's least height.
float haze_density(float height) {
    return exponential(min((haze.level - height) * haze.thinning, 20.0));
}

float eye_height(Ray ray) {
    return ray.origin.z - view.start * ray.direction.z;
}

// Share of the light that comes through from parameter t of the ray.
float transmittance(Ray ray, float t) {
    float height = ray.origin.z + t * ray.direction.z;
    if (HAZE == HAZE_FROM_ABOVE) return exponential(-haze.upwards * haze_density(height));
    vec3 direction = world_direction(ray);
    float depth = t + view.start;
    float path = sqrt(dot(direction, direction)) * depth;
    // The mean over the path, from its lower end: (1 - e^-x) / x, by its series where that would
    // cancel.
    float rise = abs(depth * ray.direction.z) * haze.thinning;
    float quotient = (1.0 - exponential(-rise)) / max(rise, 0.25);
    float series = 1.0 - rise * (0.5 - rise
                                 * (0.16666667 - rise * (0.041666668 - rise * 0.0083333338)));
    float mean = haze_density(min(height, eye_height(ray))) * (rise < 0.25 ? series : quotient);
    return exponential(-haze.extinction * path * mean);
}

// Share of the sky's light that comes through: from the horizon and below, where the haze has no
// end, none.
float transmittance_of_sky(Ray ray, float sine) {
    float depth = haze.upwards * haze_density(eye_height(ray));
    return sine > 0.0 ? exponential(-depth / max(sine, 1e-6)) : 0.0;
}

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
