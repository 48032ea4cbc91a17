// The horizon ahead of a ray where cells may be far. Needs lifts.glsl, and what far/walk.glsl
// needs.

// How much the surface through the maxima of the cells of `level` lifts a ray that rises by
// `climb`: by what is above half its relief, as in hidden_by.
float lift_over_far_cell(Ray ray, float climb, float t, float end, int level) {
    ray.direction.z = climb;
    FarPassage far = over_far_cells(ray, t, end, level);
    Passage over = far.over;
    return lift_over(over.q0, over.q1, over.q2, t, over.way,
                     0.5 * far.relief + 2.0 * height_error(ray));
}

// As horizon_rise of horizon.glsl. The ray starts in a far cell if it has a width.
float horizon_rise(Lit lit, Ray ray, int start_level, ivec2 behind, float most) {
    Path path = path_of(ray, bvec2(false));
    path.falls = false;
    Walk at;
    at.t = ray.from;
    ivec2 cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1);
    if (ray.pixel.x == 0.0) lift_nearby(lit, ray, behind, path, at.t, cell);
    at.level = start_level - 1;
    at.cell = cell >> start_level;
    for (;;) {
        // Tested again in the last line: once.glsl.
        if (!may_climb(at.t, path, most)) break;
        float above = above_all(ray, path.climb);
        path.to = above < path.to ? above : path.to;
        Look look;
        bool far;
        bool over = false;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            far = float(1 << at.level) * terrain.cell_metres <= ray.pixel.x;
            if (look.found && (at.level == BASE_LEVEL || far)) break;
            over = !look.found && look.leave >= path.to;
            if (over) break;
            go_on(at, path, look);
        }
        if (over) break;
        if (!PATCHES || far) {
            path.climb += lift_over_far_cell(ray, path.climb, at.t, look.seen_to, at.level);
            at.t = look.seen_to;
        } else {
            cell = first_patch(ray, path, at.t, look.child);
            lift_over_run(ray, behind, look.seen_to, path, at.t, cell);
        }
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
        if (!may_climb(at.t, path, most)) break;
    }
    return path.climb;
}
