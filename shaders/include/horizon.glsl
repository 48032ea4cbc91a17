// The horizon ahead of a ray: as the walk, but what the ray meets lifts it, until nothing ahead is
// higher. Needs lifts.glsl.

// Rise per unit of the parameter of the horizon that `ray`, already clipped, sees ahead: at least
// its own, which must not be negative. Where it exceeds `most` it is some value above that. The
// walk starts in a cell of level `start_level`.
float horizon_rise(Lit lit, Ray ray, int start_level, ivec2 behind, float most) {
    Path path = path_of(ray, bvec2(false));
    path.falls = false;
    Walk at;
    at.t = ray.from;
    ivec2 cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1);
    lift_nearby(lit, ray, behind, path, at.t, cell);
    at.level = start_level - 1;
    at.cell = cell >> start_level;
    for (;;) {
        // Tested again in the last line: once.glsl.
        if (!may_climb(at.t, path, most)) break;
        float above = above_all(ray, path.climb);
        path.to = above < path.to ? above : path.to;
        Look look;
        bool over = false;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            if (look.found && at.level == BASE_LEVEL) break;
            over = !look.found && look.leave >= path.to;
            if (over) break;
            go_on(at, path, look);
        }
        if (over) break;
        cell = first_patch(ray, path, at.t, look.child);
        lift_over_run(ray, behind, look.seen_to, path, at.t, cell);
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
        if (!may_climb(at.t, path, most)) break;
    }
    return path.climb;
}
