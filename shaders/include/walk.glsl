// The walk of a ray through the pyramid down to exact patches.
//
// With FAR_CELLS (a constant) the descent stops at a cell that is no larger than a pixel: the surface there is the bilinear
// one through the maxima of the cells, at their middles. No ridge is lost that way, the ground point stays within half a
// pixel of the exact one, and a picture costs pixels whatever the size of the DEM. Without PATCHES (a constant) all cells that
// the picture can meet are so far.
//
// With BASE (a constant) the ground is solid down to a floor: a ray that comes into a patch below its surface meets a wall there, or
// the floor. No wall stands higher than the ground, so the pyramid serves as it is.
//
// Needs FAR_CELLS and PATCHES (constants), heightfield.glsl, base.glsl, patches.glsl, roots.glsl.

struct Hit {
    float t;
    ivec2 cell;             // the patch; the cell's first patch where `level` is not 0
    vec2 at;                // within the four corners, 0..1
    vec4 corners;
    int level;              // 0 for a patch, else the level of the far cell
    int face;               // TOP, else of the solid block; its `corners` are at the hit's own height
};

// A ray over the bilinear surface through four corners, from some parameter on.
struct Passage {
    float q0;               // s later it is q0 + q1 s + q2 s^2 above the surface
    float q1;
    float q2;
    float way;              // s at which it leaves
    vec2 at;                // within the corners at s = 0
    vec4 corners;
};

// How far above the surface it is where it leaves.
float height_at_end(Passage over) {
    return (over.q2 * over.way + over.q1) * over.way + over.q0;
}

// Where the ray, over a patch or a far cell of `level` from `t` on, meets the surface; or the solid, where it is in it already and the
// cell is a patch.
Hit hit_of(Ray ray, Path path, float t, ivec2 cell, int level, Passage over) {
    bool far = FAR_CELLS && (level > 0 || !(PATCHES || BASE));
    float s = first_root(over.q0, over.q1, over.q2, over.way, far ? 0.0 : height_error(ray));
    vec2 at = over.at + s * ray.direction.xy * (far ? 1.0 / float(1 << level) : 1.0);
    Hit hit = Hit(t + s, cell, far ? at : clamp(at, 0.0, 1.0), over.corners, far ? level : 0, TOP);
    if (BASE && !far && over.q0 < -height_error(ray)) {
        vec2 local = ray.origin.xy + t * ray.direction.xy - vec2(cell - ray.base);
        float height = ray.origin.z + t * ray.direction.z;
        hit = Hit(t, cell, clamp(local, 0.0, 1.0), vec4(height + terrain.reference_height), 0,
                  face_entered(ray, path, t));
    }
    return hit;
}

// Whether what lies before the border through which the ray comes into a cell of `level` is all hole, or no cell.
bool comes_from_hole(Path path, ivec2 cell, int level) {
    vec2 entry = (vec2(((cell + 1 - path.ahead) << level) - path.base) - path.from) * path.inverse;
    ivec2 before = cell + (entry.x >= entry.y ? ivec2(1 - 2 * path.ahead.x, 0) : ivec2(0, 1 - 2 * path.ahead.y));
    ivec2 size = terrain.base_cells >> (level - BASE_LEVEL);
    bool outside = any(lessThan(before, ivec2(0))) || any(greaterThanEqual(before, size));
    return outside || texelFetch(maxima, clamp(before, ivec2(0), size - 1) + ivec2(0, size.y), 0).x < -1e38;
}

// Whether a cell of `level` is no larger than a pixel at `t`.
bool is_far(Ray ray, float t, int level) {
    return float(1 << level) * terrain.cell_metres <= ray.pixel.x + ray.pixel.y * t;
}

// A ray over the surface through the maxima of four cells.
struct FarPassage {
    Passage over;
    ivec2 first;            // of the four
    float relief;           // from the lowest to the highest
    bool edge;              // not all four are ground
};

// The ray, from `t` to `end`, over the surface through the maxima of the cells of `level`.
FarPassage over_far_cells(Ray ray, float t, float end, int level) {
    // In units of the cell, from the middle of the first.
    float scale = 1.0 / float(1 << level);
    vec3 start = ray.origin + t * ray.direction;
    start.xy = (start.xy + vec2(ray.base)) * scale - 0.5;
    vec3 go = ray.direction * vec3(scale, scale, 1.0);
    float length = end - t;
    ivec2 size = terrain.base_cells >> (level - BASE_LEVEL);
    ivec2 first = clamp(ivec2(floor(start.xy + 0.5 * length * go.xy)), ivec2(0), max(size - 2, ivec2(0)));
    vec4 corners = four_cells(first + ivec2(0, size.y));
    float lowest = min(min(corners.x, corners.y), min(corners.z, corners.w));
    // Beside a hole or the DEM's edge there is no fourth cell: it counts as the highest, and the surface is level.
    bool edge = lowest < -1e38;
    float highest = max(max(corners.x, corners.y), max(corners.z, corners.w));
    if (edge) corners = vec4(highest);
    vec2 local = start.xy - vec2(first);
    float east = corners.y - corners.x;
    float south = corners.z - corners.x;
    float twist = corners.w - corners.z - east;
    float q0 = start.z - corners.x - (east * local.x + south * local.y + twist * local.x * local.y);
    float q1 = go.z - (east * go.x + south * go.y + twist * (local.x * go.y + local.y * go.x));
    float q2 = -twist * go.x * go.y;
    Passage over = Passage(q0, q1, q2, length, local, corners + terrain.reference_height);
    return FarPassage(over, first, edge ? 0.0 : highest - lowest, edge);
}

// Half the width of a cell of `level`, as a height.
float half_width(int level) {
    return 0.5 * terrain.cell_height * float(1 << level);
}

// Whether the ray is beneath the ground at `t`, over the patch `cell`. A hole with a known corner is as high as the lowest of them; over one
// without any the answer is `deep`.
bool is_beneath(Ray ray, float t, ivec2 cell, bool deep) {
    vec4 corners = patch_corners(cell);
    vec2 local = clamp(ray.origin.xy + t * ray.direction.xy - vec2(cell - ray.base), 0.0, 1.0);
    float ground = patch_height(corners, local);
    if (HAS_HOLES) {
        bvec4 unknown = bvec4(is_nan(corners.x), is_nan(corners.y), is_nan(corners.z), is_nan(corners.w));
        vec4 known = mix(corners, vec4(NEVER), unknown);
        float lowest = min(min(known.x, known.y), min(known.z, known.w));
        ground = any(unknown) ? lowest : ground;
    }
    bool beneath = ray.origin.z + t * ray.direction.z < ground - terrain.reference_height - height_error(ray);
    return HAS_HOLES && ground == NEVER ? deep : beneath;
}

// Whether the ray meets, from `t` to `end`, in the cell `child`, the surface through the maxima of the cells of its `level`: it does where it
// was `beneath` the ground or above it so far, and is on the other side. The next four cells have another surface, a little off; so
// it may come to be there from one to the next. With `occlusion` it meets what it passes through by more than half a cell's relief.
//
// A ray that has no further way above the lowest ground, from `grounded_at` on, has met it: followed beyond their four middles the surface
// may lie lower.
//
// Where there are holes, a ray that comes out of one, or at its start from outside, has its side from the patch there. Else `walk` has
// found that of its start.
bool meets_far_cell(Ray ray, Path path, float t, float end, ivec2 child, bool from_outside, bool beneath,
                    float grounded_at, const bool occlusion, inout int level, out ivec2 cell, out Passage over) {
    FarPassage far = over_far_cells(ray, t, end, level);
    over = far.over;
    cell = far.first << level;
    if (occlusion) return passes_through(over.q0, over.q1, over.q2, over.way, 0.5 * far.relief + 2.0 * height_error(ray));
    if (HAS_HOLES) {
        from_outside = from_outside || comes_from_hole(path, child, level);
        ivec2 first = child << level;
        ivec2 entered = clamp(patch_under(ray, path, t), first, min(first + (1 << level), terrain.cells) - 1);
        bool now_beneath = is_beneath(ray, t, from_outside ? entered : ivec2(0), over.q0 < -half_width(level));
        if (from_outside) beneath = now_beneath;
    }
    if (BASE && beneath) {
        // Into the solid.
        cell = clamp(patch_under(ray, path, t), ivec2(0), terrain.cells - 1);
        level = 0;
        over.q0 = -NEVER;
        return true;
    }
    bool changed = (over.q0 < 0.0) != beneath;
    bool crosses = changed || (height_at_end(over) < 0.0) != beneath;
    if (changed) over.q0 = 0.0;
    bool grounded = !crosses && !beneath && end >= grounded_at;
    if (grounded) over.corners = vec4(terrain.height_bounds.x + terrain.reference_height);
    return crosses || grounded;
}

// The same of the patch `cell`. `tolerance` is the ray's error of height.
bool meets_patch(Ray ray, float t, float end, ivec2 cell, float tolerance, const bool occlusion, out Passage over) {
    vec3 o = ray.origin;
    vec3 d = ray.direction;
    vec4 corners = patch_corners(cell);
    vec2 local = o.xy + t * d.xy - vec2(cell - ray.base);
    float east = corners.y - corners.x;
    float south = corners.z - corners.x;
    float twist = corners.w - corners.z - east;
    float q0 = (o.z + t * d.z) - (corners.x - terrain.reference_height)
        - (east * local.x + south * local.y + twist * local.x * local.y);
    float q1 = d.z - (east * d.x + south * d.y + twist * (local.x * d.y + local.y * d.x));
    float q2 = -twist * d.x * d.y;
    float length = end - t;
    bool into_solid = BASE && !occlusion && q0 < -tolerance;
    over = Passage(q0, q1, q2, length, local, corners);
    bool met = occlusion ? passes_through(q0, q1, q2, length, 2.0 * tolerance)
                         : has_root(q0, q1, q2, length, tolerance) || into_solid;
    return met && !(HAS_HOLES && is_hole(corners));
}

// Leads a ray to the sun, which is at `t` in the patch `cell`, through its first run; whether it passes below the surface there.
bool is_hidden_nearby(Ray ray, Path path, float tolerance, inout float t, inout ivec2 cell) {
    bool hidden = false;
    for (int patches = 0; patches < FIRST_RUN; ++patches) {
        Passage over;
        bool across_x;
        float next = border_of(path, t, path.to, cell, across_x);
        hidden = hidden || meets_patch(ray, t, next, cell, tolerance, true, over);
        t = next;
        // Beyond the last patch there are none, and no way either.
        cell = clamp(cell + step_across(path, across_x), ivec2(0), terrain.cells - 1);
    }
    return hidden;
}

// Walks `ray`, already clipped, from its start, where it is on `side` of the ground, in a cell of level `start_level`. With `occlusion`
// (a constant, folded on inlining) the question is only whether the ray, which starts at `hit` and rises, passes below the surface, and
// `hit` stays as it is.
bool walk(Ray ray, bvec2 lower, int start_level, const bool occlusion, inout int side, inout Hit hit) {
    Path path = path_of(ray, lower);
    float tolerance = height_error(ray);
    Walk at;
    at.t = ray.from;
    ivec2 cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1);
    int level;
    Passage over;
    if (occlusion) path.falls = false;
    if (occlusion && hit.level == 0) {
        if (is_hidden_nearby(ray, path, tolerance, at.t, cell)) return true;
        if (at.t >= ray.to) return false;
    }
    bool from_outside = side == UNKNOWN;
    if (FAR_CELLS && !HAS_HOLES && !occlusion) {
        // Mostly a ray comes in above all ground. Software Vulkan loads for all rays of a group; those then load one and the same patch.
        float height = ray.origin.z + at.t * ray.direction.z;
        bool ask = from_outside && height < terrain.height_bounds.y;
        bool beneath = is_beneath(ray, at.t, ask ? cell : ivec2(0), false) && ask;
        if (from_outside) side = beneath || height < terrain.height_bounds.x ? BENEATH : ABOVE;
    }
    if (side == UNKNOWN) side = ABOVE;
    // In a solid it meets that at once.
    if (!BASE && side == BENEATH) take_side(path, true);
    at.level = start_level - 1;
    at.cell = cell >> start_level;
    float grounded_at = ray.origin.z + ray.to * ray.direction.z <= terrain.height_bounds.x ? ray.to : NEVER;
    while (true) {
        Look look;
        bool far;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            far = FAR_CELLS && is_far(ray, at.t, at.level);
            if (look.found && (at.level == BASE_LEVEL || far)) break;
            if (!look.found && look.leave >= ray.to) return false;
            go_on(at, path, look);
        }

        bool met = false;
        level = FAR_CELLS && (!PATCHES || far) ? at.level : 0;
        if (FAR_CELLS && (!PATCHES || far)) {
            met = meets_far_cell(ray, path, at.t, look.seen_to, look.child, from_outside && at.t <= ray.from, side == BENEATH,
                                 grounded_at, occlusion, level, cell, over);
            if (!met) at.t = look.seen_to;
        } else {
            // Patch by patch through that child.
            cell = first_patch(ray, path, at.t, look.child);
            while (true) {
                bool across_x;
                float next = border_of(path, at.t, look.seen_to, cell, across_x);
                met = meets_patch(ray, at.t, next, cell, tolerance, occlusion, over);
                if (met) break;
                at.t = next;
                if (at.t >= look.seen_to) break;
                cell += step_across(path, across_x);
            }
        }
        if (met) break;
        // Over far cells none comes to the other side but through a hole. Over patches alone the side of the start is learnt here.
        if (PATCHES || HAS_HOLES) side = height_at_end(over) < 0.0 ? BENEATH : ABOVE;
        if (at.t >= ray.to) return false;
        if (!occlusion && (PATCHES || HAS_HOLES)) take_side(path, side == BENEATH);
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    // Not in the loop: software Vulkan would solve for a root whenever any ray of a group has come this far.
    if (!occlusion) hit = hit_of(ray, path, at.t, cell, level, over);
    return true;
}

// The outward unit normal in the world of what was hit.
vec3 hit_normal(Hit hit) {
    vec3 normal = patch_normal(hit.corners, hit.at, float(1 << hit.level));
    return BASE && hit.face != TOP ? face_normal(hit.face) : normal;
}
