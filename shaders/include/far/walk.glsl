// The walk of a ray where cells may be far: the descent stops at one that is no larger than a
// pixel. Without PATCHES (a constant) all that the picture can meet are so far; else it goes on to
// exact patches where they are not.
//
// Needs PATCHES, HAS_HOLES and BASE (constants), far/cells.glsl, and all that it needs.

// The side of the ground on which a ray starts that comes over the DEM's edge. Mostly that is above
// all ground. Software Vulkan loads for all rays of a group; those then load one and the same
// patch.
int side_of_start(Ray ray, ivec2 cell, int side) {
    float height = ray.origin.z + ray.from * ray.direction.z;
    bool ask = side == UNKNOWN && height < terrain.height_bounds.y;
    bool beneath = is_beneath(ray, ray.from, ask ? cell : ivec2(0), false) && ask;
    int found = beneath || height < terrain.height_bounds.x ? BENEATH : ABOVE;
    return side == UNKNOWN ? found : side;
}

// Where a ray meets what it came to at `t`: a far cell, a patch, or the solid.
Hit hit_of_either(Ray ray, Path path, float t, Meeting found) {
    Passage over = found.over;
    bool far = found.level > 0 || !(PATCHES || BASE);
    float s = first_root(over.q0, over.q1, over.q2, over.way, far ? 0.0 : height_error(ray));
    vec2 at = over.at + s * ray.direction.xy * (far ? 1.0 / float(1 << found.level) : 1.0);
    Hit hit = Hit(t + s, found.cell, far ? at : clamp(at, 0.0, 1.0), over.corners,
                  far ? found.level : 0, TOP);
    if (BASE && !far && over.q0 < -height_error(ray)) hit = hit_of_solid(ray, path, t, found.cell);
    return hit;
}

// As walk of walk.glsl, which is for patches alone.
bool walk(Ray ray, bvec2 lower, int start_level, const bool occlusion, inout int side,
          inout Hit hit) {
    Path path = path_of(ray, lower);
    float tolerance = height_error(ray);
    Walk at;
    at.t = ray.from;
    Meeting found;
    found.cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1);
    if (occlusion) path.falls = false;
    bool from_outside = side == UNKNOWN;
    if (!HAS_HOLES && !occlusion) side = side_of_start(ray, found.cell, side);
    if (side == UNKNOWN) side = ABOVE;
    // In a solid it meets that at once.
    if (!BASE && side == BENEATH) take_side(path, true);
    at.level = start_level - 1;
    at.cell = found.cell >> start_level;
    float grounded_at = ray.origin.z + ray.to * ray.direction.z <= terrain.height_bounds.x
        ? ray.to : NEVER;
    while (true) {
        Look look;
        bool far;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            far = is_far(ray, at.t, at.level);
            if (look.found && (at.level == BASE_LEVEL || far)) break;
            if (!look.found && look.leave >= ray.to) return false;
            go_on(at, path, look);
        }
        if (!PATCHES || far) {
            Before before = Before(from_outside && at.t <= ray.from, side == BENEATH, grounded_at);
            found = occlusion ? hidden_by(ray, at.t, look.seen_to, at.level)
                              : meeting_of(ray, path, at.t, look.seen_to, look.child, at.level,
                                           before);
            if (!found.met) at.t = look.seen_to;
        } else {
            found.level = 0;
            found.cell = first_patch(ray, path, at.t, look.child);
            found.met = meets_run(ray, path, look.seen_to, tolerance, occlusion, at.t, found.cell,
                                  found.over);
        }
        if (found.met) break;
        // Over far cells none comes to the other side but through a hole. Over patches alone the
        // side of the start is learnt here.
        if (PATCHES || HAS_HOLES) side = height_at_end(found.over) < 0.0 ? BENEATH : ABOVE;
        if (at.t >= ray.to) return false;
        if (!occlusion && (PATCHES || HAS_HOLES)) take_side(path, side == BENEATH);
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    // Not in the loop: software Vulkan would solve for a root whenever any ray of a group has come
    // this far.
    if (occlusion) return true;
    hit = hit_of_either(ray, path, at.t, found);
    return true;
}
