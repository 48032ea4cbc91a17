// How a place on a surface moves with the pixel: ray differentials (Igehy, SIGGRAPH 1999) on the
// tangent plane of what is hit.

struct Footprint {
    vec3 right;             // in grid space, for one pixel to the right
    vec3 down;
};

// At parameter t of a ray in `direction`, on a plane with that normal (grid space, of any length).
Footprint footprint_on(vec3 normal, vec3 direction, float t) {
    Footprint pixel;
    pixel.right = view.origin_dx + t * view.direction_dx;
    pixel.down = view.origin_dy + t * view.direction_dy;
    float towards = dot(normal, direction);
    // Seen edge-on the footprint is endless; a number will do.
    towards = abs(towards) > 1e-12 ? towards : 1e-12;
    pixel.right -= dot(normal, pixel.right) / towards * direction;
    pixel.down -= dot(normal, pixel.down) / towards * direction;
    return pixel;
}

// On the ground at a hit.
Footprint footprint_of(Hit hit, vec3 direction) {
    vec2 gradient = patch_gradient(hit.corners, hit.at) / width_of(hit);
    return footprint_on(vec3(-gradient, 1.0), direction, hit.t);
}

// The height, the DEM's own, of the ground at a hit, and how much it changes for one pixel to the
// right, and down.
vec3 height_and_change(Hit hit, vec3 direction) {
    vec2 per_cell = patch_gradient(hit.corners, hit.at);
    vec2 gradient = per_cell / width_of(hit);
    float height = patch_height(hit.corners, hit.at);
    // On the tangent plane height changes by the gradient times the way: along the ray too, which
    // closes the circle.
    float towards = direction.z - dot(gradient, direction.xy);
    towards = abs(towards) > 1e-12 ? towards : 1e-12;
    float climb = direction.z / towards;
    vec3 right = view.origin_dx + hit.t * view.direction_dx;
    vec3 down = view.origin_dy + hit.t * view.direction_dy;
    return vec3(height, right.z + climb * (dot(gradient, right.xy) - right.z),
                down.z + climb * (dot(gradient, down.xy) - down.z));
}

// How much a quantity with that gradient (per column, per row) changes from pixel to pixel, where
// it changes fastest.
float change_per_pixel(vec2 gradient, Footprint pixel) {
    vec2 change = vec2(dot(gradient, pixel.right.xy), dot(gradient, pixel.down.xy));
    return sqrt(dot(change, change));
}
