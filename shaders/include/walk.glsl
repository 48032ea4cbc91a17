// The walk of a ray through the pyramid of cell maxima down to exact patches.
//
// A cell of level L covers 2^L x 2^L patches. Where the ray's lowest point over a cell is above the cell's maximum, the
// ray steps to the next cell, else it descends. Steps are in integer cell coordinates, and the parameter at a cell border
// is always computed from that border by the same expression, so neighbours agree on it to the bit and nothing slips
// between them. The maxima of all levels lie one after another in `maxima`, finest level first.

const float NEVER = 1e30;

// A ray in grid space, its origin relative to the sample `base`.
struct Ray {
    vec3 origin;
    vec3 direction;
    ivec2 base;
    float from;
    float to;
};

struct Hit {
    float t;
    ivec2 cell;
    vec2 at;
    vec4 corners;
};

// Clips the ray to the DEM's footprint and height range; false if nothing is left.
bool clip_to_bounds(inout Ray ray) {
    vec3 low = vec3(-vec2(ray.base), view.height_bounds.x);
    vec3 high = vec3(vec2(view.cells - ray.base), view.height_bounds.y);
    for (int axis = 0; axis < 3; ++axis) {
        float origin = ray.origin[axis];
        float slope = ray.direction[axis];
        if (slope == 0.0) {
            if (origin < low[axis] || origin > high[axis]) return false;
        } else {
            float a = (low[axis] - origin) / slope;
            float b = (high[axis] - origin) / slope;
            ray.from = max(ray.from, min(a, b));
            ray.to = min(ray.to, max(a, b));
        }
    }
    return ray.from <= ray.to;
}

// First parameter in [0, length] where q0 + q1 s + q2 s^2 reaches zero; negative if there is none.
float first_root(float q0, float q1, float q2, float length, float tolerance) {
    // Both sides of the surface are seen, so the sign of the start does not matter.
    float side = q0 < 0.0 ? -1.0 : 1.0;
    float b = q1 * side;
    float discriminant = q1 * q1 - 4.0 * q2 * q0;
    float root = sqrt(max(discriminant, 0.0));
    // The smaller positive root, in the form that does not cancel.
    float above = b < 0.0 ? 2.0 * q0 * side : -b - root;
    float below = b < 0.0 ? root - b : 2.0 * q2 * side;
    float s = above / below;
    if (discriminant >= 0.0 && s >= 0.0 && s <= length) return s;
    // The ray may leave through the border exactly on the surface; rounding must not let it slip between two patches.
    float end = (q2 * length + q1) * length + q0;
    return abs(end) <= tolerance ? length : -1.0;
}

// Whether q0 + q1 s + q2 s^2 goes below -tolerance in [0, length].
bool goes_below(float q0, float q1, float q2, float length, float tolerance) {
    float end = (q2 * length + q1) * length + q0;
    bool vertex_inside = q1 < 0.0 && -q1 < 2.0 * q2 * length;
    return end < -tolerance || (vertex_inside && q1 * q1 > 4.0 * q2 * (q0 + tolerance));
}

// Walks `ray`, already clipped. `lower` chooses, for a ray that runs along a border, the cell below it on each axis.
// With `occlusion` (a constant, folded on inlining) the question is only whether the ray passes below the surface.
bool walk(Ray ray, bvec2 lower, const bool occlusion, out Hit hit) {
    vec3 o = ray.origin;
    vec3 d = ray.direction;
    bvec2 still = equal(d.xy, vec2(0.0));
    // A ray that does not move on an axis stays in one column of cells: walk its middle.
    vec2 column = floor(o.xy) - vec2(lower) + 0.5;
    column = clamp(column, 0.5 - vec2(ray.base), vec2(view.cells - ray.base) - 0.5);
    vec2 from = mix(o.xy, column, still);
    vec2 inverse = mix(1.0 / mix(d.xy, vec2(1.0), still), vec2(NEVER), still);
    ivec2 ahead = ivec2(greaterThanEqual(d.xy, vec2(0.0)));
    ivec2 stride = 2 * ahead - 1;
    float tolerance = 4e-7 * (view.height_bounds.y - view.height_bounds.x);

    int level = view.top_level;
    ivec2 row_of = view.base_cells >> (level - view.base_level);
    int area = row_of.x * row_of.y;
    int width = row_of.x;
    int offset = 4 * ((view.base_cells.x * view.base_cells.y - area) / 3);
    float t = ray.from;
    vec2 place = mix(o.xy + t * d.xy, from, still);
    ivec2 cell = clamp(ivec2(floor(place)) + ray.base, ivec2(0), view.cells - 1) >> level;

    while (t <= ray.to) {
        // Through the pyramid, to a cell of the finest level that the ray may touch.
        bool candidate = false;
        float leave = t;
        do {
            vec2 border = (vec2(((cell + ahead) << level) - ray.base) - from) * inverse;
            leave = min(min(border.x, border.y), ray.to);
            float lowest = o.z + (d.z < 0.0 ? leave : t) * d.z;
            bool maybe = lowest <= maxima[offset + cell.y * width + cell.x];
            candidate = maybe && level == view.base_level;
            if (candidate) break;
            if (maybe) {
                level -= 1;
                width *= 2;
                area *= 4;
                offset -= area;
                vec2 middle = (vec2(((2 * cell + 1) << level) - ray.base) - from) * inverse;
                cell = 2 * cell + (ivec2(greaterThanEqual(vec2(t), middle)) ^ (1 - ahead));
            } else {
                if (leave >= ray.to) return false;
                t = leave;
                ivec2 old = cell;
                cell += border.x <= border.y ? ivec2(stride.x, 0) : ivec2(0, stride.y);
                bool out_of_parent = any(notEqual(cell >> 1, old >> 1)) && level < view.top_level;
                if (out_of_parent) {
                    offset += area;
                    area /= 4;
                    width /= 2;
                    level += 1;
                    cell >>= 1;
                }
            }
        } while (true);

        // Patch by patch through that cell.
        ivec2 first = cell << level;
        place = mix(o.xy + t * d.xy, from, still);
        ivec2 at = clamp(ivec2(floor(place)) + ray.base, first, first + (1 << level) - 1);
        do {
            vec2 border = (vec2(at + ahead - ray.base) - from) * inverse;
            float next = min(min(border.x, border.y), leave);
            ivec2 inside = clamp(at, ivec2(0), view.cells - 1);
            vec4 corners = patch_corners(inside);
            vec2 local = o.xy + t * d.xy - vec2(inside - ray.base);
            float east = corners.y - corners.x;
            float south = corners.z - corners.x;
            float twist = corners.w - corners.z - east;
            float q0 = (o.z + t * d.z) - (corners.x - view.reference_height)
                - (east * local.x + south * local.y + twist * local.x * local.y);
            float q1 = d.z - (east * d.x + south * d.y + twist * (local.x * d.y + local.y * d.x));
            float q2 = -twist * d.x * d.y;
            float length = next - t;
            bool solid = !is_hole(corners);
            if (occlusion) {
                if (solid && goes_below(q0, q1, q2, length, 2.0 * tolerance)) return true;
            } else {
                float s = first_root(q0, q1, q2, length, tolerance);
                if (solid && s >= 0.0) {
                    hit = Hit(t + s, inside, clamp(local + s * d.xy, 0.0, 1.0), corners);
                    return true;
                }
            }
            t = next;
            at += border.x <= border.y ? ivec2(stride.x, 0) : ivec2(0, stride.y);
        } while (t < leave);
        if (leave >= ray.to) return false;

        // On to the next cell of the finest level, and up if that has another parent.
        ivec2 border_cell = cell;
        cell = at >> level;
        if (cell == border_cell) {
            vec2 border = (vec2(((cell + ahead) << level) - ray.base) - from) * inverse;
            cell += border.x <= border.y ? ivec2(stride.x, 0) : ivec2(0, stride.y);
        }
        if (any(notEqual(cell >> 1, border_cell >> 1)) && level < view.top_level) {
            offset += area;
            area /= 4;
            width /= 2;
            level += 1;
            cell >>= 1;
        }
    }
    return false;
}
