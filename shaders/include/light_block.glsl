// The sun, and how much light there is.

layout(scalar) uniform Light {
    vec3 to_sun;            // grid space, per world metre
    vec3 to_sun_world;      // unit vector
    float ambient;
    float exposure;
} lighting;
