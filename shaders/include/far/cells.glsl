// Far cells: cells of the pyramid that are no larger than a pixel, and the surface that stands for
// the ground in them.
//
// It is the bilinear one through the maxima of the cells, at their middles. No ridge is lost that
// way, the ground point stays within half a pixel of the exact one, and a picture costs pixels
// whatever the size of the DEM.
//
// Needs HAS_HOLES and BASE (constants), patches.glsl, and all that it needs.

// Whether what lies before the border through which the ray comes into a cell of `level` is all
// hole, or no cell.
bool comes_from_hole(Path path, ivec2 cell, int level) {
    vec2 entry = (vec2(((cell + 1 - path.ahead) << level) - path.base) - path.from) * path.inverse;
    ivec2 before = cell + (entry.x >= entry.y ? ivec2(1 - 2 * path.ahead.x, 0)
                           : ivec2(0, 1 - 2 * path.ahead.y));
    ivec2 size = terrain.base_cells >> (level - BASE_LEVEL);
    bool outside = any(lessThan(before, ivec2(0))) || any(greaterThanEqual(before, size));
    before = clamp(before, ivec2(0), size - 1);
    if (SHEETS) return outside || texel_of(spot_of_cell(before, level, PLANE_MAXIMA).place) < -1e38;
    return outside || texelFetch(maxima, before + ivec2(0, size.y), 0).x < -1e38;
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
    ivec2 first = clamp(ivec2(floor(start.xy + 0.5 * length * go.xy)), ivec2(0),
                        max(size - 2, ivec2(0)));
    vec4 corners = four_of_level(first, level, 0, size.y);
    float lowest = min(min(corners.x, corners.y), min(corners.z, corners.w));
    // Beside a hole or the DEM's edge there is no fourth cell: it counts as the highest, and the
    // surface is level.
    bool edge = lowest < -1e38;
    float highest = max(max(corners.x, corners.y), max(corners.z, corners.w));
    if (edge) corners = vec4(highest);
    Passage over = over_corners(vec3(start.xy - vec2(first), start.z - corners.x), go, corners,
                                length);
    over.corners += terrain.reference_height;
    return FarPassage(over, first, edge ? 0.0 : highest - lowest, edge);
}

// Half the width of a cell of `level`, as a height.
float half_width(int level) {
    return 0.5 * terrain.cell_height * float(1 << level);
}

// Whether the ray is beneath the ground at `t`, over the patch `cell`. A hole with a known corner
// is as high as the lowest of them; over one without any the answer is `deep`.
bool is_beneath(Ray ray, float t, ivec2 cell, bool deep) {
    vec4 corners = patch_corners(cell);
    vec2 local = clamp(ray.origin.xy + t * ray.direction.xy - vec2(cell - ray.base), 0.0, 1.0);
    float ground = patch_height(corners, local);
    if (HAS_HOLES) {
        bvec4 unknown = bvec4(is_nan(corners.x), is_nan(corners.y), is_nan(corners.z),
                              is_nan(corners.w));
        vec4 known = mix(corners, vec4(NEVER), unknown);
        float lowest = min(min(known.x, known.y), min(known.z, known.w));
        ground = any(unknown) ? lowest : ground;
    }
    bool beneath = ray.origin.z + t * ray.direction.z < ground - terrain.reference_height
        - height_error(ray);
    return HAS_HOLES && ground == NEVER ? deep : beneath;
}

// What a ray knows before it comes to a far cell.
struct Before {
    bool from_outside;      // it comes over the DEM's edge, and has not been over the ground yet
    bool beneath;           // the ground
    float grounded_at;      // from here on it has no further way above the lowest ground
};

// Whether a ray meets a far cell, and what is known of it then: the cell may turn out to be a
// patch.
struct Meeting {
    bool met;
    int level;
    ivec2 cell;
    Passage over;
};

// Whether the ray meets, from `t` to `end`, in the cell `child`, the surface through the maxima of
// the cells of its `level`: it does where it was beneath the ground or above it so far, and is on
// the other side. The next four cells have another surface, a little off; so it may come to be
// there from one to the next.
//
// A ray that has no further way above the lowest ground has met it: followed beyond their four
// middles the surface may lie lower.
//
// Where there are holes, a ray that comes out of one, or at its start from outside, has its side
// from the patch there. Else `walk` has found that of its start.
Meeting meeting_of(Ray ray, Path path, float t, float end, ivec2 child, int level, Before before) {
    FarPassage far = over_far_cells(ray, t, end, level);
    Passage over = far.over;
    ivec2 cell = far.first << level;
    if (HAS_HOLES) {
        before.from_outside = before.from_outside || comes_from_hole(path, child, level);
        ivec2 first = child << level;
        ivec2 entered = clamp(patch_under(ray, path, t), first,
                              min(first + (1 << level), terrain.cells) - 1);
        bool now_beneath = is_beneath(ray, t, before.from_outside ? entered : ivec2(0),
                                      over.q0 < -half_width(level));
        if (before.from_outside) before.beneath = now_beneath;
    }
    if (BASE && before.beneath) {
        // Into the solid.
        over.q0 = -NEVER;
        return Meeting(true, 0, clamp(patch_under(ray, path, t), ivec2(0), terrain.cells - 1),
                       over);
    }
    bool changed = (over.q0 < 0.0) != before.beneath;
    bool crosses = changed || (height_at_end(over) < 0.0) != before.beneath;
    if (changed) over.q0 = 0.0;
    bool grounded = !crosses && !before.beneath && end >= before.grounded_at;
    if (grounded) over.corners = vec4(terrain.height_bounds.x + terrain.reference_height);
    return Meeting(crosses || grounded, level, cell, over);
}

// Whether a ray to the sun passes below that surface, by more than half its relief.
Meeting hidden_by(Ray ray, float t, float end, int level) {
    FarPassage far = over_far_cells(ray, t, end, level);
    Passage over = far.over;
    bool met = passes_through(over.q0, over.q1, over.q2, over.way,
                              0.5 * far.relief + 2.0 * height_error(ray));
    return Meeting(met, level, far.first << level, over);
}
