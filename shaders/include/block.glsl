// One step through a pyramid of cell maxima: a look at a block, the four children of a cell. Needs
// ray.glsl.
//
// A cell of level L covers 2^L x 2^L patches. The ray crosses at most three children of a block;
// the first over which its lowest point is not above the child's maximum is the next cell to look
// into; if there is none, the ray goes on to the neighbouring block. Steps are in integer cell
// coordinates, and the parameter at a border between cells is always computed from that border by
// the same expression, so neighbours agree on it to the bit and nothing slips between them.
//
// A ray beneath the ground walks the mirror image: heights, ray and maxima are turned upside down,
// so what keeps it from meeting a cell is the cell's minimum. Which of the two is looked at decides
// speed only: either proves that nothing is met.
//
// Level L lies in rows h to 2h of its image, h being its height in cells: see
// src/render/pyramid.rs.

uniform sampler2D maxima;
layout(r32f) uniform readonly image2D maxima_texels;    // the same to load from

const int BASE_LEVEL = 1;

// What of a ray does not change from step to step.
struct Path {
    // Origin; where the ray does not move on an axis, the middle of its column of cells.
    vec2 from;
    vec2 inverse;           // 1 / direction
    ivec2 ahead;            // 1 where it goes east or south, else 0
    ivec2 step;             // 1 there, else -1
    bvec2 back;             // the opposite
    bvec2 still;            // does not move
    ivec2 base;             // of the ray
    // Columns to the right where the maxima of the mirror image lie; 0 above the ground.
    int mirror;
    // Of the ray at parameter 0, and its change, upside down in the mirror image.
    float height;
    float climb;
    bool falls;
    float to;
};

// `lower` chooses, for a ray that runs along a border, the cell below it on each axis.
Path path_of(Ray ray, bvec2 lower) {
    Path path;
    vec2 go = ray.direction.xy;
    path.still = equal(go, vec2(0.0));
    vec2 column = floor(ray.origin.xy) - vec2(lower) + 0.5;
    column = clamp(column, 0.5 - vec2(ray.base), vec2(terrain.cells - ray.base) - 0.5);
    path.from = mix(ray.origin.xy, column, path.still);
    path.inverse = 1.0 / mix(go, vec2(1.0 / NEVER), path.still);
    path.ahead = ivec2(greaterThanEqual(go, vec2(0.0)));
    path.step = 2 * path.ahead - 1;
    path.back = lessThan(go, vec2(0.0));
    path.base = ray.base;
    path.mirror = 0;
    path.height = ray.origin.z;
    path.climb = ray.direction.z;
    path.falls = path.climb < 0.0;
    path.to = ray.to;
    return path;
}

// Takes the path to the side of the ground that the ray is on.
void take_side(inout Path path, bool beneath) {
    float turn = beneath == (path.mirror != 0) ? 1.0 : -1.0;
    path.height *= turn;
    path.climb *= turn;
    path.falls = path.climb < 0.0;
    path.mirror = beneath ? terrain.base_cells.x / 2 : 0;
}

// The patch under the ray at parameter t.
ivec2 patch_under(Ray ray, Path path, float t) {
    vec2 place = mix(ray.origin.xy + t * ray.direction.xy, path.from, path.still);
    return ivec2(floor(place)) + ray.base;
}

// Where the ray is in its walk: at parameter t, in a cell of level `level` + 1 whose children, of
// `level`, are the block.
struct Walk {
    float t;
    ivec2 cell;
    int level;
};

// What a look found.
struct Look {
    bool found;
    ivec2 child;            // the child to look into
    float t;                // where the ray enters it; where it leaves the block if there is none
    float seen_to;          // where it leaves the child
    float leave;            // where it leaves the block
    bool leave_x;           // through a border across x
};

// A cell and its neighbours to the east, the south and both.
vec4 four_cells(ivec2 first) {
    if (LOADS) {
        return vec4(imageLoad(maxima_texels, first).x,
                    imageLoad(maxima_texels, first + ivec2(1, 0)).x,
                    imageLoad(maxima_texels, first + ivec2(0, 1)).x,
                    imageLoad(maxima_texels, first + ivec2(1, 1)).x);
    }
    // In their common corner, half a texel from any other four.
    return textureGather(maxima, vec2(first + 1) / vec2(textureSize(maxima, 0))).wzxy;
}

// The same of a cell of `level`, whose rows begin at `height`; `mirror` columns to the right its
// mirror image.
vec4 four_of_level(ivec2 first, int level, int mirror, int height) {
#ifdef SHEETED_GROUND
    if (SHEETS) return four_in_sheet(first, level, mirror != 0);
#endif
    return four_cells(first + ivec2(mirror, height));
}

Look look_at_block(int base_height, int base_level, Path path, Walk at) {
    Look look;
    vec2 middle = (vec2(((2 * at.cell + 1) << at.level) - path.base) - path.from) * path.inverse;
    vec2 end = (vec2(((at.cell + path.ahead) << (at.level + 1)) - path.base) - path.from)
        * path.inverse;
    int height = base_height >> (at.level - base_level);
    // The mirror image has no finest level: there, each cell with ground in it counts as met.
    bool mirrored = at.level != base_level && path.mirror != 0;
    float from = path.mirror != 0 && !mirrored ? -NEVER : path.height;
    vec4 m = four_of_level(2 * at.cell, at.level, mirrored ? path.mirror : 0, height);
    look.leave_x = end.x <= end.y;
    float leave = look.leave_x ? end.x : end.y;
    leave = leave < path.to ? leave : path.to;
    // A ray that all but runs along a border may start beyond it by rounding; it never goes back.
    leave = leave > at.t ? leave : at.t;
    look.leave = leave;
    // Where the ray crosses the block's middle lines; `leave` if that is behind it or beyond the
    // block.
    bool late_x = at.t >= middle.x;
    bool late_y = at.t >= middle.y;
    float cross_x = late_x || middle.x > leave ? leave : middle.x;
    float cross_y = late_y || middle.y > leave ? leave : middle.y;
    bool x_first = cross_x < cross_y;
    float first = x_first ? cross_x : cross_y;
    float second = x_first ? cross_y : cross_x;
    // Children as the ray meets them.
    bool east = late_x != path.back.x;
    bool south = late_y != path.back.y;
    vec2 here = south ? m.zw : m.xy;
    vec2 beyond = south ? m.xy : m.zw;
    float max_1 = east ? here.y : here.x;
    float max_x = east ? here.x : here.y;
    float max_y = east ? beyond.y : beyond.x;
    float max_3 = east ? beyond.x : beyond.y;
    float max_2 = x_first ? max_x : max_y;
    float low_1 = from + (path.falls ? first : at.t) * path.climb;
    float low_2 = from + (path.falls ? second : first) * path.climb;
    float low_3 = from + (path.falls ? leave : second) * path.climb;
    bool in_1 = low_1 <= max_1;
    bool in_2 = low_2 <= max_2 && first < second;
    bool in_3 = low_3 <= max_3 && second < leave;
    look.found = in_1 || in_2 || in_3;
    bool flip_x = !in_1 && (in_2 ? x_first : true);
    bool flip_y = !in_1 && (in_2 ? !x_first : true);
    look.child = 2 * at.cell + ivec2(east != flip_x, south != flip_y);
    look.t = in_1 ? at.t : in_2 ? first : in_3 ? second : leave;
    look.seen_to = in_1 ? first : in_2 ? second : leave;
    return look;
}

// On to the block beside this one, and up a level if that has another parent.
void leave_block(inout Walk at, Path path, bool leave_x) {
    ivec2 next = at.cell + ivec2(leave_x ? path.step.x : 0, leave_x ? 0 : path.step.y);
    ivec2 apart = (next ^ at.cell) & ~1;
    int up = (apart.x | apart.y) != 0 && at.level + 1 < terrain.top_level ? 1 : 0;
    at.cell = next >> up;
    at.level += up;
}

// Down into the child that was found, or on to the block beside this one. Both are computed and one
// is taken: of two sides of a branch software Vulkan runs both, and masks each.
void go_on(inout Walk at, Path path, Look look) {
    Walk beside = at;
    leave_block(beside, path, look.leave_x);
    at.cell = look.found ? look.child : beside.cell;
    at.level = look.found ? at.level - 1 : beside.level;
}
