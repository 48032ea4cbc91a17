// Rays of the view: from a place in the picture to a hit, and from a hit towards the sun.

// Rays may run exactly along a border between patches.
layout(constant_id = 20) const bool ALONG_BORDERS = true;
// As a map's, all rays fall straight down: where one is tells the patch that it meets.
layout(constant_id = 31) const bool STRAIGHT_DOWN = false;

#include "view_ray.glsl"

// The level to start at: about as wide as the tile, whose rays have come so far together.
int start_level(Ray ray) {
    float reach = view.tile_reach.x + view.tile_reach.y * ray.from;
    int level = findMSB(int(min(reach, 16384.0))) + 1;
    return clamp(level, BASE_LEVEL + 1, terrain.top_level);
}

// The nearest hit of a ray, which is clipped, and starts on `side` of the ground. A ray that runs
// exactly along a border between patches belongs to both of them, and hits if either is solid; all
// other rays, and all where there are no holes, take the loop once.
bool trace(inout Ray ray, inout int side, out Hit hit) {
    bool found = false;
    hit = Hit(0.0, ivec2(0), vec2(0.0), vec4(0.0), 0, TOP);
    float start = ray.from;
    if (!STRAIGHT_DOWN && !clip_to_bounds(ray)) return false;
    if (ray.from > start) side = UNKNOWN;
    bvec2 along = bvec2(ray.direction.x == 0.0 && ray.origin.x == floor(ray.origin.x),
                        ray.direction.y == 0.0 && ray.origin.y == floor(ray.origin.y));
    int ways = HAS_HOLES && ALONG_BORDERS ? (along.x ? 2 : 1) * (along.y ? 2 : 1) : 1;
    int before = side;
    for (int way = 0; way < ways; ++way) {
        bool second = (way & 1) != 0;
        bvec2 lower = bvec2(along.x && second, along.y && (along.x ? way >= 2 : second));
        Hit candidate = hit;
        side = before;
        bool met = STRAIGHT_DOWN ? falls_on(ray, lower, candidate)
                                 : walk(ray, lower, start_level(ray), false, side, candidate);
        if (met && (!found || candidate.t < hit.t)) {
            hit = candidate;
            found = true;
        }
    }
    return found;
}

// From a hit, with no direction yet.
Ray ray_from(Hit hit) {
    Ray ray;
    // Relative heights before they are mixed: high ground has few digits to spare.
    ray.origin = vec3(hit.at, patch_height(hit.corners - terrain.reference_height, hit.at));
    ray.base = hit.cell;
    // From a wall light comes through the air before it, not through the ground at its border.
    if (BASE) ray.origin.xy += 1e-3 * vec2(1.0, -1.0) * face_normal(hit.face).xy;
    ray.from = 0.0;
    ray.to = NEVER;
    // On the same surface as the hit: cells as large as the one it is in.
    ray.pixel = vec2(0.0);
    if (FAR_CELLS && hit.level > 0) {
        float size = float(1 << hit.level);
        ray.origin.xy = (hit.at + 0.5) * size;
        ray.pixel.x = size * terrain.cell_metres;
    }
    return ray;
}

// The level at which a walk from a hit to the sun starts: what hides it is mostly near.
int shadow_level(Hit hit) {
    return clamp(hit.level + 2, BASE_LEVEL + 1, terrain.top_level);
}
