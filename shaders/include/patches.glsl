// From patch to patch: the exact surface. Needs HAS_HOLES and BASE (constants), block.glsl,
// hit.glsl, roots.glsl, base.glsl.

// Where a ray that is in the patch `cell` at `t` leaves it, no later than at `to`; and whether
// through a border across x.
float border_of(Path path, float t, float to, ivec2 cell, out bool across_x) {
    vec2 border = (vec2(cell + path.ahead - path.base) - path.from) * path.inverse;
    across_x = border.x <= border.y;
    float next = across_x ? border.x : border.y;
    next = next < to ? next : to;
    return next > t ? next : t;
}

// From a patch to the one beyond that border. In a loop this must come last, after all ways out:
// lavapipe 22.3 computes anew in each turn, for lanes that have left it as well, what is used after
// the loop, and for those nothing may have changed since.
ivec2 step_across(Path path, bool across_x) {
    return ivec2(across_x ? path.step.x : 0, across_x ? 0 : path.step.y);
}

// The patch of `child`, a cell of the finest level, in which a ray at `t` is.
ivec2 first_patch(Ray ray, Path path, float t, ivec2 child) {
    ivec2 first = child << BASE_LEVEL;
    ivec2 last = first + ((1 << BASE_LEVEL) - 1);
    // Rounding may put a ray that is at the far edge beyond it, where there is no ground to be on
    // and nothing to be inside of.
    last = min(last, terrain.cells - 1);
    return clamp(patch_under(ray, path, t), first, last);
}

// A ray from `t` to `end` over the patch `cell`.
Passage over_patch(Ray ray, float t, float end, ivec2 cell) {
    vec4 corners = patch_corners(cell);
    vec2 local = ray.origin.xy + t * ray.direction.xy - vec2(cell - ray.base);
    float above = (ray.origin.z + t * ray.direction.z) - (corners.x - terrain.reference_height);
    return over_corners(vec3(local, above), ray.direction, corners, end - t);
}

// Whether the ray meets the patch `cell` between `t` and `end`; with `occlusion`, whether it passes
// below it. `tolerance` is the ray's error of height.
bool meets_patch(Ray ray, float t, float end, ivec2 cell, float tolerance, const bool occlusion,
                 out Passage over) {
    over = over_patch(ray, t, end, cell);
    bool into_solid = BASE && !occlusion && over.q0 < -tolerance;
    bool met = occlusion ? passes_through(over.q0, over.q1, over.q2, over.way, 2.0 * tolerance)
                         : has_root(over.q0, over.q1, over.q2, over.way, tolerance) || into_solid;
    return met && !(HAS_HOLES && is_hole(over.corners));
}

// Leads the ray, which is at `t` in the patch `cell`, from patch to patch until it meets one, or to
// `end`.
bool meets_run(Ray ray, Path path, float end, float tolerance, const bool occlusion, inout float t,
               inout ivec2 cell,
               inout Passage over) {
    bool met;
    while (true) {
        bool across_x;
        float next = border_of(path, t, end, cell, across_x);
        met = meets_patch(ray, t, next, cell, tolerance, occlusion, over);
        if (met) break;
        t = next;
        if (t >= end) break;
        cell += step_across(path, across_x);
    }
    return met;
}

// Where a ray that is in the solid at `t` has come into it, over the patch `cell`.
Hit hit_of_solid(Ray ray, Path path, float t, ivec2 cell) {
    vec2 local = ray.origin.xy + t * ray.direction.xy - vec2(cell - ray.base);
    float height = ray.origin.z + t * ray.direction.z;
    return Hit(t, cell, clamp(local, 0.0, 1.0), vec4(height + terrain.reference_height), 0,
               face_entered(ray, path, t));
}

// Where the ray, over the patch `cell` from `t` on, meets its surface; or the solid, where it is in
// it already.
Hit hit_of_patch(Ray ray, Path path, float t, ivec2 cell, Passage over) {
    float s = first_root(over.q0, over.q1, over.q2, over.way, height_error(ray));
    vec2 at = over.at + s * ray.direction.xy;
    Hit hit = Hit(t + s, cell, clamp(at, 0.0, 1.0), over.corners, 0, TOP);
    if (BASE && over.q0 < -height_error(ray)) hit = hit_of_solid(ray, path, t, cell);
    return hit;
}

// The hit of a ray that falls straight down, from above all ground: on the patch that it is over,
// if it is over any. `lower` as for a path.
bool falls_on(Ray ray, bvec2 lower, out Hit hit) {
    vec2 last = vec2(terrain.cells);
    bool over = all(greaterThanEqual(ray.origin.xy, vec2(0.0)))
        && all(lessThanEqual(ray.origin.xy, last));
    ivec2 cell = ivec2(clamp(floor(ray.origin.xy) - vec2(lower), vec2(0.0), last - 1.0));
    hit = Hit(0.0, cell, vec2(0.0), vec4(0.0), 0, TOP);
    if (SHEETS && !over) return false;  // what no ray is over is not to be brought
    vec4 corners = patch_corners(cell);
    vec2 at = ray.origin.xy - vec2(cell);
    float depth = patch_height(corners - terrain.reference_height, at) - ray.origin.z;
    hit = Hit(depth / ray.direction.z, cell, at, corners, 0, TOP);
    return over && !(HAS_HOLES && is_hole(corners));
}

// The outward unit normal in the world of what was hit.
vec3 hit_normal(Hit hit) {
    vec3 normal = patch_normal(hit.corners, hit.at, width_of(hit));
    return BASE && hit.face != TOP ? face_normal(hit.face) : normal;
}
