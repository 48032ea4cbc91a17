// A ray in grid space, and the part of it that lies over the DEM.

const float NEVER = 1e30;

// Where a ray is before a walk, as far as that is known, and after one that met nothing.
const int UNKNOWN = 0;          // not over the DEM yet, or not walked so far
const int ABOVE = 1;            // the ground
const int BENEATH = 2;

// A ray in grid space, its origin relative to the sample `base`.
struct Ray {
    vec3 origin;
    vec3 direction;
    ivec2 base;
    float from;
    float to;
    vec2 pixel;             // what a pixel covers at parameter t: x + y t metres
};

// What rounding may do to the ray's height: a few units in the last place of what it is computed
// from.
float height_error(Ray ray) {
    return 4e-7 * (terrain.height_bounds.y - terrain.height_bounds.x + abs(ray.origin.z));
}

// In world metres, of any length.
vec3 world_direction(Ray ray) {
    return ray.direction * terrain.world_scale;
}

// Clips the ray to the DEM's footprint and height range; false if nothing is left.
bool clip_to_bounds(inout Ray ray) {
    // Level ground has no height range: a ray that were clipped to just that could end above it.
    float slack = 4.0 * height_error(ray);
    vec3 low = vec3(-vec2(ray.base), terrain.height_bounds.x - slack);
    vec3 high = vec3(vec2(terrain.cells - ray.base), terrain.height_bounds.y + slack);
    bvec3 still = equal(ray.direction, vec3(0.0));
    bvec3 outside = bvec3(uvec3(lessThan(ray.origin, low)) | uvec3(greaterThan(ray.origin, high)));
    if (any(bvec3(uvec3(still) & uvec3(outside)))) return false;
    vec3 inverse = 1.0 / mix(ray.direction, vec3(1.0), still);
    vec3 a = (low - ray.origin) * inverse;
    vec3 b = (high - ray.origin) * inverse;
    bvec3 turned = lessThan(ray.direction, vec3(0.0));
    vec3 enter = mix(mix(a, b, turned), vec3(-NEVER), still);
    vec3 leave = mix(mix(b, a, turned), vec3(NEVER), still);
    float from = enter.x > enter.y ? enter.x : enter.y;
    float to = leave.x < leave.y ? leave.x : leave.y;
    from = from > enter.z ? from : enter.z;
    to = to < leave.z ? to : leave.z;
    ray.from = ray.from > from ? ray.from : from;
    ray.to = ray.to < to ? ray.to : to;
    return ray.from <= ray.to;
}
