// The sky behind the ground, by the altitude of the line of sight, in linear light.

layout(constant_id = 16) const bool SKY = true;

layout(scalar) uniform Sky {
    vec3 zenith;
    vec3 horizon;
    vec3 below;
} sky;

// Sine of the altitude of a line of sight.
float sine_of_altitude(vec3 direction) {
    return direction.z / sqrt(dot(direction, direction));
}

vec3 sky_at(float sine) {
    // Most of the change is near the horizon.
    float rest = (1.0 - abs(sine)) * (1.0 - abs(sine));
    return mix(sine < 0.0 ? sky.below : sky.zenith, sky.horizon, rest * rest);
}

// A colour with half a byte's step more or less, in an ordered pattern of 8 x 8 pixels: a gradient
// would show its steps.
vec3 dithered(vec3 colour, uvec2 pixel) {
    uint x = pixel.x ^ pixel.y;
    uint y = pixel.y;
    uint order = (x & 1u) << 5 | (y & 1u) << 4 | (x & 2u) << 2 | (y & 2u) << 1 | (x & 4u) >> 1
        | (y & 4u) >> 2;
    float share = (float(order) - 31.5) / 64.0 / 255.0;
    // From a step of sRGB to one of linear light, by the slope of the curve there; its straight
    // foot hardly matters.
    vec3 step_of_light = 2.4 * colour / (srgb_encode(colour) + 0.055);
    return colour + share * step_of_light;
}
