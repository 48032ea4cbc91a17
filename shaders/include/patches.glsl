// From patch to patch: the exact surface. Needs HAS_HOLES and BASE (constants), block.glsl,
// hit.glsl, roots.glsl, base.glsl.

// Patches that a ray from the ground goes through before it looks at blocks: what hides the sun is
// mostly near. All rays go through as many, whatever they find, so that neighbouring ones need not
// wait for each other.
const int FIRST_RUN = 6;

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
    // Rounding may put a ray that comes in at the far edge beyond it, where there is nothing to be
    // inside of.
    if (BASE) last = min(last, terrain.cells - 1);
    return clamp(patch_under(ray, path, t), first, last);
}

// A ray from `t` to `end` over the patch `cell`.
Passage over_patch(Ray ray, float t, float end, ivec2 cell) {
    vec4 corners = patch_corners(cell);
    vec2 local = ray.origin.xy + t * ray.direction.xy - vec2(cell - ray.base);
    float above = (ray.origin.z + t * ray.direction.z) - (corners.x - terrain.reference_height);
    return over_corners(vec3(local, above), ray.direction, corners, end - t);
}

// Whether a ray meets a patch on its passage; with `occlusion`, whether it passes below it.
// `tolerance` is the ray's error of height.
bool is_met(Passage over, float tolerance, const bool occlusion) {
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
        over = over_patch(ray, t, next, cell);
        met = is_met(over, tolerance, occlusion);
        if (met) break;
        t = next;
        if (t >= end) break;
        cell += step_across(path, across_x);
    }
    return met;
}

// Patches that a ray may be lifted over: it goes no farther than one and a half of them across and
// along.
const int MOST_LIFTING = 5;

// Where a ray to the sun ends to be lifted.
float end_of_lifting(Ray ray) {
    return ray.lifted_over / max(max(abs(ray.direction.x), abs(ray.direction.y)), 1e-6);
}

// How far a ray must be lifted over a patch to clear the first `length` of its passage.
float lift_to_clear(Passage over, float length) {
    // The ray is lowest above it at an end, or in between where that bends up.
    float turn = over.q2 > 0.0 ? -over.q1 / (2.0 * over.q2) : 0.0;
    float s = clamp(turn, 0.0, max(length, 0.0));
    float lowest = min((over.q2 * s + over.q1) * s + over.q0,
                       (over.q2 * length + over.q1) * length + over.q0);
    bool lifts = length > 0.0 && lowest < 0.0 && !(HAS_HOLES && is_hole(over.corners));
    return lifts ? -lowest : 0.0;
}

// Leads a ray to the sun, which is at `t` in the patch `cell`, through its first run; whether it
// passes below the surface there.
bool is_hidden_nearby(inout Ray ray, inout Path path, float tolerance, inout float t,
                      inout ivec2 cell) {
    bool hidden = false;
    float lifted_to = end_of_lifting(ray);
    for (int patches = 0; patches < FIRST_RUN; ++patches) {
        bool across_x;
        float next = border_of(path, t, path.to, cell, across_x);
        Passage over = over_patch(ray, t, next, cell);
        if (ray.lifted_over > 0.0 && patches < MOST_LIFTING) {
            float lift = lift_to_clear(over, min(lifted_to - t, over.way));
            ray.origin.z += lift;
            path.height += lift;
            over.q0 += lift;
        }
        hidden = hidden || is_met(over, tolerance, true);
        t = next;
        // Beyond the last patch there are none, and no way either.
        cell = clamp(cell + step_across(path, across_x), ivec2(0), terrain.cells - 1);
    }
    return hidden;
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

// The outward unit normal in the world of what was hit.
vec3 hit_normal(Hit hit) {
    vec3 normal = patch_normal(hit.corners, hit.at, width_of(hit));
    return BASE && hit.face != TOP ? face_normal(hit.face) : normal;
}
