// How much ground ahead lifts a ray: what it must pass over on its way to the horizon. Needs
// first_run.glsl, and all that it needs.

// As FIRST_RUN of first_run.glsl, for which six is best: both are measured, in docs/benchmarks.md.
const int FIRST_RUN_TO_HORIZON = 8;

// How much steeper the ray, at `t` at height -q0 above the surface and so on, must rise from its
// origin to pass over all of a stretch of `length`, less `tolerance`. The surface is quadratic in
// the parameter, so its elevation c0 / t + c1 + c2 t is greatest at an end or where t^2 = c0 / c2.
float lift_over(float q0, float q1, float q2, float t, float length, float tolerance) {
    q0 += tolerance;
    float top = ((q2 * t - q1) * t + q0) / q2;
    float s = top > 0.0 ? sqrt(top) - t : 0.0;
    s = s > 0.0 ? s : 0.0;
    s = s < length ? s : length;
    float inside = -((q2 * s + q1) * s + q0);
    float end = -((q2 * length + q1) * length + q0);
    bool inside_higher = inside * (t + length) > end * (t + s);
    float rise = inside_higher ? inside : end;
    float run = inside_higher ? t + s : t + length;
    return rise > 0.0 ? rise / run : 0.0;
}

// The way over the patch `cell`, from `t` to `end`, of a ray that rises by `climb`.
Passage climbing_over(Ray ray, float climb, float t, float end, ivec2 cell) {
    ray.direction.z = climb;
    return over_patch(ray, t, end, cell);
}

// How much the surface of the patch `cell` lifts a ray that is `over` it from `t` on. The patch
// `behind` hides nothing: the ray starts on its wall.
float lift_over_patch(Ray ray, Passage over, float t, ivec2 cell, ivec2 behind) {
    float lift = lift_over(over.q0, over.q1, over.q2, t, over.way, 2.0 * height_error(ray));
    return (HAS_HOLES && is_hole(over.corners)) || (BASE && cell == behind) ? 0.0 : lift;
}

// How much a patch lifts a ray that is `over` it from `t` to `end` by what lies at `from`, which is
// later than `t`, and at the end.
float lift_after(Ray ray, Passage over, float t, float end, float from) {
    float s = from - t;
    float there = -((over.q2 * s + over.q1) * s + over.q0);
    float last = -height_at_end(over);
    bool last_higher = last * from > there * end;
    float rise = (last_higher ? last : there) - 2.0 * height_error(ray);
    bool lifts = from < end && rise > 0.0 && !(HAS_HOLES && is_hole(over.corners));
    return lifts ? rise / (last_higher ? end : from) : 0.0;
}

// Leads a ray, which is at `t` in the patch `cell`, through its first run, and lifts its path. As
// far as light is smooth so is what lifts it: first_run.glsl.
void lift_nearby(Lit lit, Ray ray, ivec2 behind, inout Path path, inout float t,
                 inout ivec2 cell) {
    float smooth_to = end_of_smooth(ray, lit);
    float near_climb = path.climb;
    for (int patches = 0; patches < FIRST_RUN_TO_HORIZON; ++patches) {
        bool across_x;
        float next = border_of(path, t, path.to, cell, across_x);
        Passage over = climbing_over(ray, path.climb, t, next, cell);
        float lift = lift_over_patch(ray, over, t, cell, behind);
        // Where the ray has left the box that holds all ground, patches that it has not come to say
        // nothing.
        if (t >= path.to) lift = 0.0;
        if (SMOOTH_NORMALS && t < smooth_to) {
            near_climb = max(near_climb, path.climb + lift);
            lift = lift_after(ray, over, t, next, smooth_to);
        }
        path.climb += lift;
        t = next;
        cell = clamp(cell + step_across(path, across_x), ivec2(0), terrain.cells - 1);
    }
    if (SMOOTH_NORMALS) {
        float rise = smooth_rise(ray, lit, smooth_to, near_climb > path.climb);
        rise = rise < near_climb ? rise : near_climb;
        path.climb = rise > path.climb ? rise : path.climb;
    }
}

// The same of all patches to `end`.
void lift_over_run(Ray ray, ivec2 behind, float end, inout Path path, inout float t,
                   inout ivec2 cell) {
    while (true) {
        bool across_x;
        float next = border_of(path, t, end, cell, across_x);
        Passage over = climbing_over(ray, path.climb, t, next, cell);
        path.climb += lift_over_patch(ray, over, t, cell, behind);
        t = next;
        if (t >= end) break;
        cell += step_across(path, across_x);
    }
}

// Above the highest ground there is nothing left to see: where a ray comes there that rises by
// `climb`.
float above_all(Ray ray, float climb) {
    return (terrain.height_bounds.y + 2.0 * (2.0 * height_error(ray)) - ray.origin.z) / climb;
}

// Whether there may be more to see ahead, and it matters.
bool may_climb(float t, Path path, float most) {
    return t < path.to && path.climb < most;
}
