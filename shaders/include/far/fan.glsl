// The rays of a pixel's samples over far cells, walked as one.
//
// On the map they all follow the line of the pixel's middle ray; each is lifted by as much as it is
// higher at the same depth. What that leaves out is how far a sample lies beside that line or ahead
// on it, less than half a pixel, which far cells may be off by. Where a sample then meets the
// ground is found with its own ray. So one walk is paid for a pixel, and what is seen and lit stays
// four, or sixteen, places.
//
// A pixel whose samples do not all meet the ground, or not where they should, is left to rays that
// walk alone: at the DEM's edge, beside a hole, before the sky and on a ridge it does matter what
// lies beside the line.
//
// Far cells are a perspective's, so all rays come from one place. Needs SAMPLES and DEPTHS
// (constants), walk.glsl, slab.glsl.

const int MOST_SAMPLES = 16;
// Depths of the surface from it that count as close to it.
const float CLOSE = 2.0;

// How far the surfaces of neighbouring cells may lie apart: a cell's relief, or half its width.
float depth_of_surface(FarPassage far, int level) {
    return max(far.relief, half_width(level));
}

// A sample is so much higher than the middle ray, times the view depth.
float lift_of(int index) {
    vec2 off = view.sample_places[index] - 0.5;
    return off.x * view.direction_dx.z + off.y * view.direction_dy.z;
}

// The same of the highest, or the lowest.
float most_lift() {
    return (0.5 - 0.5 / float(SAMPLES)) * (abs(view.direction_dx.z) + abs(view.direction_dy.z));
}

// Clips the middle ray to where it is over the DEM and any of the fan between its heights; false if
// nothing is left. `beside` if it may pass the DEM where others of the fan meet it: beside it, over
// the edge through which it leaves, falling, or through a hole.
bool clip_fan(inout Ray middle, out bool beside) {
    vec2 reach = 0.5 * (abs(view.direction_dx.xy) + abs(view.direction_dy.xy));
    vec2 lift = vec2(4.0 * height_error(middle) + view.start * most_lift(), most_lift());
    vec2 z = slab(middle.origin.z, middle.direction.z, lift, terrain.height_bounds.x,
                  terrain.height_bounds.y);
    z = vec2(max(middle.from, z.x), min(middle.to, z.y));
    vec2 over = z;
    vec2 near = z;
    for (int axis = 0; axis < 2; ++axis) {
        float high = float(terrain.cells[axis]);
        vec2 exact = slab(middle.origin[axis], middle.direction[axis], vec2(0.0), 0.0, high);
        vec2 wide = slab(middle.origin[axis], middle.direction[axis],
                         vec2(view.start * reach[axis], reach[axis]), 0.0, high);
        over = vec2(max(over.x, exact.x), min(over.y, exact.y));
        near = vec2(max(near.x, wide.x), min(near.y, wide.y));
    }
    bool over_edge = (over.y < z.y || HAS_HOLES) && middle.direction.z < most_lift();
    beside = near.x <= near.y && (over.x > over.y || over_edge);
    middle.from = over.x;
    middle.to = over.y;
    return over.x <= over.y;
}

// Notes in `met` about where a ray meets the surface, the first time that it does: it is `above` it
// at `t`, and `end` where it leaves the four cells.
void note_meeting(Passage over, float above, float end, float t, inout float met) {
    bool meets = min(above, end) < 0.0;
    // As if it fell straight to its end.
    float part = above < 0.0 ? 0.0 : above / (above - end);
    met = meets && met == NEVER ? t + part * over.way : met;
}

// Walks a clipped fan, which is above the ground or comes in `from_outside`, from a cell of
// `start_level`; whether all samples meet the ground. `met` is about where they do, a parameter of
// the middle ray, and NEVER at first; `met_in_middle` is the same of that ray itself, with DEPTHS.
// `close` if any comes close to the ground, or may come in beneath it.
bool walk_fan(Ray middle, int start_level, bool from_outside, inout float met[MOST_SAMPLES],
              inout float met_in_middle,
              inout bool close) {
    Path path = path_of(middle, bvec2(false));
    // As low as the fan's lowest ray.
    path.height -= view.start * most_lift();
    path.climb -= most_lift();
    path.falls = path.climb < 0.0;
    Walk at;
    at.t = middle.from;
    at.level = start_level - 1;
    at.cell = clamp(patch_under(middle, path, at.t), ivec2(0), terrain.cells - 1) >> start_level;
    while (true) {
        Look look;
        while (true) {
            look = look_at_block(terrain.base_cells.y, BASE_LEVEL, path, at);
            at.t = look.t;
            if (look.found && (at.level == BASE_LEVEL || is_far(middle, at.t, at.level))) break;
            if (!look.found && look.leave >= middle.to) return false;
            go_on(at, path, look);
        }
        FarPassage far = over_far_cells(middle, at.t, look.seen_to, at.level);
        Passage over = far.over;
        float end = height_at_end(over);
        bool enters = (from_outside && at.t <= middle.from)
            || (HAS_HOLES && comes_from_hole(path, look.child, at.level));
        close = close || min(abs(over.q0), abs(end)) <= CLOSE * depth_of_surface(far, at.level)
            + most_lift() * (look.seen_to + view.start);
        // At an edge the surface is followed beyond its middles, where it may be lower than the
        // ground.
        float highest = max(max(over.corners.x, over.corners.y),
                            max(over.corners.z, over.corners.w)) - terrain.reference_height;
        float lowest = path.height + at.t * path.climb;
        bool unsure = far.edge || (enters && lowest < highest);
        close = close || unsure;
        bool all_met = true;
        for (int index = 0; index < SAMPLES; ++index) {
            float lift = lift_of(index);
            note_meeting(over, over.q0 + (at.t + view.start) * lift,
                         end + (look.seen_to + view.start) * lift, at.t, met[index]);
            all_met = all_met && met[index] != NEVER;
        }
        if (DEPTHS) note_meeting(over, over.q0, end, at.t, met_in_middle);
        if (DEPTHS) all_met = all_met && met_in_middle != NEVER;
        at.t = look.seen_to;
        if (all_met && !unsure) return true;
        if (unsure || at.t >= middle.to) return false;
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
}

// The level of the cells that a ray meets about `t`.
int far_level(Ray ray, float t) {
    return clamp(findMSB(int((ray.pixel.x + ray.pixel.y * t) / terrain.cell_metres)), BASE_LEVEL,
                 terrain.top_level - 1);
}

// What lies below the surface that a fan meets about `t`: once for all its samples, which lie
// within a cell.
Relief relief_of_fan(Ray middle, float t) {
    vec2 place = clamp(middle.origin.xy + t * middle.direction.xy, vec2(0.0),
                       vec2(terrain.cells - 1));
    int level = far_level(middle, t);
    return relief_below(ivec2(place) >> level, level);
}

// Where a sample's own ray meets the surface within a cell of the parameter `t`; false if it misses
// it there by more than the surface's depth, beyond the DEM's edge and beside a hole.
bool hit_of_sample(Ray ray, float t, out Hit hit) {
    int level = far_level(ray, t);
    vec2 speed = abs(ray.direction.xy);
    float reach = float(1 << level) / max(max(speed.x, speed.y), 1e-6);
    FarPassage far = over_far_cells(ray, t - reach, t + reach, level);
    Passage over = far.over;
    float s = first_root(over.q0, over.q1, over.q2, over.way, 0.0);
    vec2 at = over.at + s * ray.direction.xy * (1.0 / float(1 << level));
    // Not far out of the four cells, where their surface says nothing.
    at = clamp(at, -0.5, 1.5);
    hit = Hit(t - reach + s, far.first << level, at, over.corners, level, TOP);
    vec2 place = ray.origin.xy + hit.t * ray.direction.xy;
    bool inside = all(greaterThanEqual(place, vec2(0.0)))
        && all(lessThanEqual(place, vec2(terrain.cells)));
    float depth = depth_of_surface(far, level);
    bool through = over.q0 >= -depth && height_at_end(over) <= depth;
    return inside && through && !far.edge;
}
