// The walk of a ray through the pyramid down to exact patches.
//
// With BASE (a constant) the ground is solid down to a floor: a ray that comes into a patch below
// its surface meets a wall there, or the floor. No wall stands higher than the ground, so the
// pyramid serves as it is.
//
// Needs patches.glsl, and all that it needs.

// Walks `ray`, already clipped, from its start, where it is on `side` of the ground, in a cell of
// level `start_level`. With `occlusion` (a constant, folded on inlining) the question is only
// whether the ray, which rises, passes below the surface, and `hit` stays as it is.
bool walk(Ray ray, bvec2 lower, int start_level, const bool occlusion, inout int side,
          inout Hit hit) {
    Path path = path_of(ray, lower);
    float tolerance = height_error(ray);
    Walk at;
    at.t = ray.from;
    ivec2 cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1);
    Passage over;
    if (occlusion) path.falls = false;
    if (side == UNKNOWN) side = ABOVE;
    // In a solid it meets that at once.
    if (!BASE && side == BENEATH) take_side(path, true);
    at.level = start_level - 1;
    at.cell = cell >> start_level;
    while (true) {
        Look look;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            if (look.found && at.level == BASE_LEVEL) break;
            if (!look.found && look.leave >= ray.to) return false;
            go_on(at, path, look);
        }
        cell = first_patch(ray, path, at.t, look.child);
        if (meets_run(ray, path, look.seen_to, tolerance, occlusion, at.t, cell, over)) break;
        // The side of the start is learnt here.
        side = height_at_end(over) < 0.0 ? BENEATH : ABOVE;
        if (at.t >= ray.to) return false;
        if (!occlusion) take_side(path, side == BENEATH);
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    // Not in the loop: software Vulkan would solve for a root whenever any ray of a group has come
    // this far.
    if (!occlusion) hit = hit_of_patch(ray, path, at.t, cell, over);
    return true;
}
