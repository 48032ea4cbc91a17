// The horizon ahead of a ray: as the walk, but what the ray meets lifts it, until nothing ahead is higher.
//
// Needs what walk.glsl needs.

// As FIRST_RUN of patches.glsl, for which six is best: both are measured, in docs/benchmarks.md.
const int FIRST_RUN_TO_HORIZON = 8;

// How much steeper the ray, at `t` at height -q0 above the surface and so on, must rise from its origin to pass over all of a
// stretch of `length`, less `tolerance`. The surface is quadratic in the parameter, so its elevation c0 / t + c1 + c2 t is
// greatest at an end or where t^2 = c0 / c2.
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

// The same for the surface through the maxima of the cells of `level`: see meets_far_cell.
float lift_over_far_cell(Ray ray, float climb, float t, float end, int level, float tolerance) {
    float scale = 1.0 / float(1 << level);
    vec3 start = ray.origin + t * vec3(ray.direction.xy, climb);
    start.xy = (start.xy + vec2(ray.base)) * scale - 0.5;
    vec3 go = vec3(ray.direction.xy * scale, climb);
    float length = end - t;
    ivec2 size = terrain.base_cells >> (level - BASE_LEVEL);
    ivec2 first = clamp(ivec2(floor(start.xy + 0.5 * length * go.xy)), ivec2(0), max(size - 2, ivec2(0)));
    vec4 corners = four_cells(first + ivec2(0, size.y));
    float lowest = min(min(corners.x, corners.y), min(corners.z, corners.w));
    bool edge = lowest < -1e38;
    float highest = max(max(corners.x, corners.y), max(corners.z, corners.w));
    if (edge) corners = vec4(highest);
    float relief = edge ? 0.0 : highest - lowest;
    vec2 local = start.xy - vec2(first);
    float east = corners.y - corners.x;
    float south = corners.z - corners.x;
    float twist = corners.w - corners.z - east;
    float q0 = start.z - corners.x - (east * local.x + south * local.y + twist * local.x * local.y);
    float q1 = go.z - (east * go.x + south * go.y + twist * (local.x * go.y + local.y * go.x));
    float q2 = -twist * go.x * go.y;
    return lift_over(q0, q1, q2, t, length, 0.5 * relief + tolerance);
}

// How much the surface of the patch `cell`, which the ray is over from `t` to `end`, lifts it.
float lift_over_patch(Ray ray, float climb, float t, float end, ivec2 cell, float tolerance) {
    vec2 d = ray.direction.xy;
    vec4 corners = patch_corners(cell);
    vec2 local = ray.origin.xy + t * d - vec2(cell - ray.base);
    float east = corners.y - corners.x;
    float south = corners.z - corners.x;
    float twist = corners.w - corners.z - east;
    float q0 = (ray.origin.z + t * climb) - (corners.x - terrain.reference_height)
        - (east * local.x + south * local.y + twist * local.x * local.y);
    float q1 = climb - (east * d.x + south * d.y + twist * (local.x * d.y + local.y * d.x));
    float q2 = -twist * d.x * d.y;
    float lift = lift_over(q0, q1, q2, t, end - t, tolerance);
    return HAS_HOLES && is_hole(corners) ? 0.0 : lift;
}

// Rise per unit of the parameter of the horizon that `ray`, already clipped, sees ahead: at least its own, which must not be
// negative. Where it exceeds `most` it is some value above that. The walk starts in a cell of level
// `start_level`. The patch `behind` hides nothing: the ray starts on its wall.
float horizon_rise(Ray ray, int start_level, ivec2 behind, float most) {
    Path path = path_of(ray, bvec2(false));
    path.falls = false;
    float tolerance = 2.0 * height_error(ray);
    float ceiling = terrain.height_bounds.y + 2.0 * tolerance - ray.origin.z;

    Walk at;
    at.t = ray.from;
    ivec2 cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1);
    if (!FAR_CELLS || ray.pixel.x == 0.0) {
        for (int patches = 0; patches < FIRST_RUN_TO_HORIZON; ++patches) {
            bool across_x;
            float next = border_of(path, at.t, path.to, cell, across_x);
            float lift = lift_over_patch(ray, path.climb, at.t, next, cell, tolerance);
            path.climb += BASE && cell == behind ? 0.0 : lift;
            at.t = next;
            cell = clamp(cell + step_across(path, across_x), ivec2(0), terrain.cells - 1);
        }
    }
    at.level = start_level - 1;
    at.cell = cell >> start_level;
    while (at.t < path.to && path.climb < most) {
        // Above the highest ground there is nothing left to see.
        float above = ceiling / path.climb;
        path.to = above < path.to ? above : path.to;
        Look look;
        bool is_far;
        bool over = false;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            is_far = FAR_CELLS && float(1 << at.level) * terrain.cell_metres <= ray.pixel.x;
            if (look.found && (at.level == BASE_LEVEL || is_far)) break;
            over = !look.found && look.leave >= path.to;
            if (over) break;
            go_on(at, path, look);
        }
        if (over) break;

        if (FAR_CELLS && (!PATCHES || is_far)) {
            path.climb += lift_over_far_cell(ray, path.climb, at.t, look.seen_to, at.level, tolerance);
            at.t = look.seen_to;
        } else {
            cell = first_patch(ray, path, at.t, look.child);
            while (true) {
                bool across_x;
                float next = border_of(path, at.t, look.seen_to, cell, across_x);
                float lift = lift_over_patch(ray, path.climb, at.t, next, cell, tolerance);
                path.climb += BASE && cell == behind ? 0.0 : lift;
                at.t = next;
                if (at.t >= look.seen_to) break;
                cell += step_across(path, across_x);
            }
        }
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    return path.climb;
}
