// Where places near what a ray has met are seen in the picture: as Rays::project in
// src/scene/camera.rs has it, but from there on, so that rounding is as small as their distance.
//
// Needs view.glsl and ray.glsl.

struct Sighting {
    vec2 to_middle;         // pixels from where the ray is in the picture to its pixel's middle
    vec2 moved;             // cells from what it has met to GroundPixel's middle
    float height;           // of what it has met
    // Pixels for one column, one row and one unit of height, of what is as deep.
    vec3 right;
    vec3 down;
    vec3 deeper;            // share of the depth for the same
    // By which share of its depth ground that is seen a pixel from there may be nearer or deeper.
    float change;
    float depth;            // of what it has met
};

// At parameter t of a ray, on a plane with that normal.
Sighting sighting_of(Ray ray, vec3 normal, float t, vec2 to_middle, vec2 moved, float height) {
    vec3 right = view.origin_dx + t * view.direction_dx;
    vec3 down = view.origin_dy + t * view.direction_dy;
    vec3 aside = cross(down, ray.direction);
    float volume = dot(right, aside);
    float inverse = 1.0 / (abs(volume) > 1e-30 ? volume : 1e-30);
    Sighting sighting;
    sighting.to_middle = to_middle;
    sighting.moved = moved;
    sighting.height = height;
    sighting.right = inverse * aside;
    sighting.down = inverse * cross(ray.direction, right);
    // Places of one depth are those that the picture's sides lead to.
    vec3 level = cross(view.direction_dx, view.direction_dy);
    float depth = t + view.start;
    sighting.depth = depth;
    float nearer = depth * dot(ray.direction, level);
    sighting.deeper = level == vec3(0.0) ? vec3(0.0) : level / nearer;
    float facing = max(abs(dot(normal, ray.direction)), 1e-9);
    vec2 turn = vec2(dot(normal, view.direction_dx), dot(normal, view.direction_dy));
    // Rough ground has places beside each other that no plane goes through.
    sighting.change = 4.0 * sqrt(dot(turn, turn)) / facing
        + (view.pixel.x + view.pixel.y * t) / max(depth, 1e-9);
    return sighting;
}

// Pixels from a pixel's middle to where a place so many cells from GroundPixel's middle is seen, at
// that height; and by which share of its depth that is deeper than what the ray has met.
vec3 seen_from(Sighting sighting, vec2 off, float height) {
    vec3 way = vec3(off + sighting.moved, height - sighting.height);
    float deeper = dot(sighting.deeper, way);
    vec2 place = vec2(dot(sighting.right, way), dot(sighting.down, way));
    return vec3(place / max(1.0 + deeper, 1e-3) - sighting.to_middle, deeper);
}
