// The walk of a ray through the pyramid of cell maxima down to exact patches.
//
// A cell of level L covers 2^L x 2^L patches. One step looks at a block: the four children of a cell, fetched with one
// gather. The ray crosses at most three of them; the first over which its lowest point is not above the child's maximum
// is the next cell to look into; if there is none, the ray goes on to the neighbouring block, and up a level if that has
// another parent. Steps are in integer cell coordinates, and the parameter at a border between cells is always computed
// from that border by the same expression, so neighbours agree on it to the bit and nothing slips between them.
//
// With FAR_CELLS (a constant) the descent stops at a cell that is no larger than a pixel: the surface there is the bilinear
// one through the maxima of the cells, at their middles. No ridge is lost that way, the ground point stays within half a
// pixel of the exact one, and a picture costs pixels whatever the size of the DEM.
//
// Needs FAR_CELLS, HAS_HOLES and `maxima` (texture, laid out as src/render/pyramid.rs says) to be declared.

const float NEVER = 1e30;
const int BASE_LEVEL = 1;

// A ray in grid space, its origin relative to the sample `base`.
struct Ray {
    vec3 origin;
    vec3 direction;
    ivec2 base;
    float from;
    float to;
    vec2 pixel;             // what a pixel covers at parameter t: x + y t metres
};

struct Hit {
    float t;
    ivec2 cell;             // the patch; the cell's first patch where `level` is not 0
    vec2 at;                // within the four corners, 0..1
    vec4 corners;
    int level;              // 0 for a patch, else the level of the far cell
};

// Clips the ray to the DEM's footprint and height range; false if nothing is left.
bool clip_to_bounds(inout Ray ray) {
    vec3 low = vec3(-vec2(ray.base), view.height_bounds.x);
    vec3 high = vec3(vec2(view.cells - ray.base), view.height_bounds.y);
    bvec3 still = equal(ray.direction, vec3(0.0));
    bvec3 outside = bvec3(uvec3(lessThan(ray.origin, low)) | uvec3(greaterThan(ray.origin, high)));
    if (any(bvec3(uvec3(still) & uvec3(outside)))) return false;
    vec3 inverse = 1.0 / mix(ray.direction, vec3(1.0), still);
    vec3 a = (low - ray.origin) * inverse;
    vec3 b = (high - ray.origin) * inverse;
    bvec3 turned = lessThan(ray.direction, vec3(0.0));
    vec3 enter = mix(mix(a, b, turned), vec3(-NEVER), still);
    vec3 leave = mix(mix(b, a, turned), vec3(NEVER), still);
    float from = enter.x > enter.y ? enter.x : enter.y;
    float to = leave.x < leave.y ? leave.x : leave.y;
    from = from > enter.z ? from : enter.z;
    to = to < leave.z ? to : leave.z;
    ray.from = ray.from > from ? ray.from : from;
    ray.to = ray.to < to ? ray.to : to;
    return ray.from <= ray.to;
}

// Whether q0 + q1 s + q2 s^2 is zero somewhere in [0, length].
bool has_root(float q0, float q1, float q2, float length, float tolerance) {
    // Both sides of the surface are seen, so the sign of the start does not matter.
    float end = (q2 * length + q1) * length + q0;
    if (q0 < 0.0) {
        q0 = -q0;
        q1 = -q1;
        q2 = -q2;
        end = -end;
    }
    // A ray that leaves exactly on the surface counts: rounding must not let it slip between two patches. Else it starts
    // and ends on the same side, and touches in between only where its lowest point lies there, and below.
    bool dips = q1 < 0.0 && -q1 < 2.0 * q2 * length && q1 * q1 >= 4.0 * q2 * q0;
    return end <= tolerance || dips;
}

// The first such place, if there is one; else the nearest to it.
float first_root(float q0, float q1, float q2, float length) {
    if (q0 < 0.0) {
        q0 = -q0;
        q1 = -q1;
        q2 = -q2;
    }
    float discriminant = q1 * q1 - 4.0 * q2 * q0;
    float root = sqrt(discriminant > 0.0 ? discriminant : 0.0);
    // The smaller positive root, in the form that does not cancel.
    float above = q1 < 0.0 ? 2.0 * q0 : -q1 - root;
    float below = q1 < 0.0 ? root - q1 : 2.0 * q2;
    float s = above / below;
    return s >= 0.0 && s < length ? s : s < 0.0 && q0 <= 0.0 ? 0.0 : length;
}

// Whether q0 + q1 s + q2 s^2 goes below -tolerance in [0, length].
bool goes_below(float q0, float q1, float q2, float length, float tolerance) {
    float end = (q2 * length + q1) * length + q0;
    bool vertex_inside = q1 < 0.0 && -q1 < 2.0 * q2 * length;
    return end < -tolerance || (vertex_inside && q1 * q1 > 4.0 * q2 * (q0 + tolerance));
}

// Whether the ray meets, from `t` to `end`, the surface through the maxima of the cells of `level`; with `occlusion`,
// whether it passes below it by more than half a cell's relief: the next four cells have another surface, a little off.
bool meets_far_cell(Ray ray, float t, float end, int level, const bool occlusion, inout Hit hit) {
    // In units of the cell, from the middle of the first.
    float scale = 1.0 / float(1 << level);
    vec3 start = ray.origin + t * ray.direction;
    start.xy = (start.xy + vec2(ray.base)) * scale - 0.5;
    vec3 go = ray.direction * vec3(scale, scale, 1.0);
    float length = end - t;
    ivec2 size = view.base_cells >> (level - BASE_LEVEL);
    ivec2 first = clamp(ivec2(floor(start.xy + 0.5 * length * go.xy)), ivec2(0), max(size - 2, ivec2(0)));
    vec4 corners = textureGather(maxima, vec2(first + ivec2(1, 1 + size.y)) * view.maxima_texel).wzxy;
    float highest = max(max(corners.x, corners.y), max(corners.z, corners.w));
    float lowest = min(min(corners.x, corners.y), min(corners.z, corners.w));
    // Beside a hole or the DEM's edge there is no fourth cell: level then.
    if (lowest < -1e38) corners = vec4(highest);
    vec2 local = start.xy - vec2(first);
    float east = corners.y - corners.x;
    float south = corners.z - corners.x;
    float twist = corners.w - corners.z - east;
    float q0 = start.z - corners.x - (east * local.x + south * local.y + twist * local.x * local.y);
    float q1 = go.z - (east * go.x + south * go.y + twist * (local.x * go.y + local.y * go.x));
    float q2 = -twist * go.x * go.y;
    if (occlusion) return goes_below(q0, q1, q2, length, 0.5 * (highest - max(lowest, -1e38)));
    if (q0 > 0.0 && !has_root(q0, q1, q2, length, 0.0)) return false;
    float s = q0 <= 0.0 ? 0.0 : first_root(q0, q1, q2, length);
    hit = Hit(t + s, first << level, local + s * go.xy, corners + view.reference_height, level);
    return true;
}

// Walks `ray`, already clipped. `lower` chooses, for a ray that runs along a border, the cell below it on each axis.
// With `occlusion` (a constant, folded on inlining) the question is only whether the ray passes below the surface.
bool walk(Ray ray, bvec2 lower, const bool occlusion, inout Hit hit) {
    vec3 o = ray.origin;
    vec3 d = ray.direction;
    bvec2 still = equal(d.xy, vec2(0.0));
    // A ray that does not move on an axis stays in one column of cells: walk its middle.
    vec2 column = floor(o.xy) - vec2(lower) + 0.5;
    column = clamp(column, 0.5 - vec2(ray.base), vec2(view.cells - ray.base) - 0.5);
    vec2 from = mix(o.xy, column, still);
    vec2 inverse = 1.0 / mix(d.xy, vec2(1.0 / NEVER), still);
    ivec2 ahead = ivec2(greaterThanEqual(d.xy, vec2(0.0)));
    bvec2 back = lessThan(d.xy, vec2(0.0));
    bool falls = d.z < 0.0;
    float tolerance = 4e-7 * (view.height_bounds.y - view.height_bounds.x);

    float t = ray.from;
    float to = ray.to;
    // `cell` is of level `level` + 1; its children, of `level`, are what a step looks at.
    int level = view.top_level - 1;
    vec2 place = mix(o.xy + t * d.xy, from, still);
    ivec2 cell = clamp(ivec2(floor(place)) + ray.base, ivec2(0), view.cells - 1) >> view.top_level;

    while (true) {
        float leave;        // where the ray leaves the block
        bool leave_x;       // through a border across x
        float seen_to;      // where it leaves the child to look into
        ivec2 child;
        bool is_far;
        while (true) {
            vec2 middle = (vec2(((2 * cell + 1) << level) - ray.base) - from) * inverse;
            vec2 end = (vec2(((cell + ahead) << (level + 1)) - ray.base) - from) * inverse;
            int height = view.base_cells.y >> (level - BASE_LEVEL);
            vec4 m = textureGather(maxima, vec2(2 * cell + ivec2(1, 1 + height)) * view.maxima_texel);
            leave_x = end.x <= end.y;
            leave = leave_x ? end.x : end.y;
            leave = leave < to ? leave : to;
            // Where the ray crosses the block's middle lines; `leave` if that is behind it or beyond the block.
            bool late_x = t >= middle.x;
            bool late_y = t >= middle.y;
            float cross_x = late_x || middle.x > leave ? leave : middle.x;
            float cross_y = late_y || middle.y > leave ? leave : middle.y;
            bool x_first = cross_x < cross_y;
            float first = x_first ? cross_x : cross_y;
            float second = x_first ? cross_y : cross_x;
            // Children as the ray meets them; gather gives (0,1), (1,1), (1,0), (0,0).
            bool east = late_x != back.x;
            bool south = late_y != back.y;
            vec2 here = south ? m.xy : m.wz;
            vec2 beyond = south ? m.wz : m.xy;
            float max_1 = east ? here.y : here.x;
            float max_x = east ? here.x : here.y;
            float max_y = east ? beyond.y : beyond.x;
            float max_3 = east ? beyond.x : beyond.y;
            float max_2 = x_first ? max_x : max_y;
            // The lowest point over each child.
            float low_1 = o.z + (falls ? first : t) * d.z;
            float low_2 = o.z + (falls ? second : first) * d.z;
            float low_3 = o.z + (falls ? leave : second) * d.z;
            bool in_1 = low_1 <= max_1;
            bool in_2 = low_2 <= max_2 && first < second;
            bool in_3 = low_3 <= max_3 && second < leave;
            bool found = in_1 || in_2 || in_3;
            bool flip_x = !in_1 && (in_2 ? x_first : true);
            bool flip_y = !in_1 && (in_2 ? !x_first : true);
            child = 2 * cell + ivec2(east != flip_x, south != flip_y);
            t = in_1 ? t : in_2 ? first : in_3 ? second : leave;
            seen_to = in_1 ? first : in_2 ? second : leave;
            is_far = FAR_CELLS && float(1 << level) * view.cell_metres <= ray.pixel.x + ray.pixel.y * t;
            if (found && (level == BASE_LEVEL || is_far)) break;
            if (!found && leave >= to) return false;
            // Down into the child, or on to the next block, and up if that has another parent.
            ivec2 next = cell + (leave_x ? ivec2(2 * ahead.x - 1, 0) : ivec2(0, 2 * ahead.y - 1));
            bool up = any(notEqual(next >> 1, cell >> 1)) && level + 1 < view.top_level;
            cell = found ? child : next >> int(up);
            level += found ? -1 : int(up);
        }

        if (FAR_CELLS && is_far) {
            if (meets_far_cell(ray, t, seen_to, level, occlusion, hit)) return true;
            t = seen_to;
        } else {
            // Patch by patch through that child.
            ivec2 first_patch = child << BASE_LEVEL;
            place = mix(o.xy + t * d.xy, from, still);
            ivec2 at = clamp(ivec2(floor(place)) + ray.base, first_patch, first_patch + ((1 << BASE_LEVEL) - 1));
            bool met = false;
            vec4 corners;
            vec2 local;
            float q0;
            float q1;
            float q2;
            float length;
            while (true) {
                vec2 border = (vec2(at + ahead - ray.base) - from) * inverse;
                bool next_x = border.x <= border.y;
                float next = next_x ? border.x : border.y;
                next = next < seen_to ? next : seen_to;
                corners = patch_corners(at);
                local = o.xy + t * d.xy - vec2(at - ray.base);
                float east = corners.y - corners.x;
                float south = corners.z - corners.x;
                float twist = corners.w - corners.z - east;
                q0 = (o.z + t * d.z) - (corners.x - view.reference_height)
                    - (east * local.x + south * local.y + twist * local.x * local.y);
                q1 = d.z - (east * d.x + south * d.y + twist * (local.x * d.y + local.y * d.x));
                q2 = -twist * d.x * d.y;
                length = next - t;
                met = occlusion ? goes_below(q0, q1, q2, length, 2.0 * tolerance)
                                : has_root(q0, q1, q2, length, tolerance);
                if (HAS_HOLES && is_hole(corners)) met = false;
                if (met) break;
                t = next;
                if (t >= seen_to) break;
                at += next_x ? ivec2(2 * ahead.x - 1, 0) : ivec2(0, 2 * ahead.y - 1);
            }
            if (met) {
                if (!occlusion) {
                    float s = first_root(q0, q1, q2, length);
                    hit = Hit(t + s, at, clamp(local + s * d.xy, 0.0, 1.0), corners, 0);
                }
                return true;
            }
        }
        if (t >= to) return false;
        if (t >= leave) {
            ivec2 next = cell + (leave_x ? ivec2(2 * ahead.x - 1, 0) : ivec2(0, 2 * ahead.y - 1));
            bool up = any(notEqual(next >> 1, cell >> 1)) && level + 1 < view.top_level;
            cell = next >> int(up);
            level += int(up);
        }
    }
    return false;
}
