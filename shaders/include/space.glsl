// Things that stand or hang over the ground: upright walls with level roofs, and round tubes. A ray
// finds them in a grid of square cells, seen from above, through a pyramid of the cells' greatest
// heights: as it walks the ground (block.glsl, whose `maxima` are these here). What `terrain` says
// of cells, levels and heights is the grid's: src/render/space/.
//
// A cell lists what comes into it. Walls of a prism follow each other; the first says whether the
// cell's reference point is inside its rings, so the walls that the way from there to the roof's
// meeting point crosses, all of them in the cell, say whether that is.
//
// Places are in cells of the grid, heights the DEM's minus the reference height, parameters those
// of the ray that is asked.
//
// Needs block.glsl.

layout(constant_id = 27) const bool PRISMS = true;   // what there is
layout(constant_id = 28) const bool TUBES = true;
layout(constant_id = 30) const bool BOARDS = false;      // some are shapes that face the camera
layout(constant_id = 31) const bool IMAGES = false;      // some of those are symbols
layout(constant_id = 29) const bool SEEN_THROUGH = false;   // one sees through some of it
// Rays may come from within what there is: its roofs and feet are met from both sides, and tubes
// from inside.
layout(constant_id = 32) const bool FROM_WITHIN = false;

layout(scalar) uniform Space {
    vec2 corner;            // of the grid, in columns and rows of the DEM
    float scale;            // cells of the grid in one of the DEM
    vec3 metres;            // world metres in a unit of each axis
    vec4 depth;             // view depth of a place: dot(xyz, place) + w
    vec2 pixel;             // what a pixel covers at a view depth: x + y depth metres
    int clear_level;        // of the grid, for what is clear of things on the way to the sun
    int clear_width;        // cells of that
} space;

// Where each cell's list begins, and the end of all.
layout(scalar) readonly buffer SpaceCells { uint space_cells[]; };
// Two for each entry of a list.
layout(scalar) readonly buffer SpaceShapes { vec4 space_shapes[]; };
// Of symbols' texels, those above and to the left of each corner together: linear light in
// 65535ths, premultiplied, and alpha in 255ths.
layout(scalar) readonly buffer SpaceImages { uvec4 space_images[]; };
// Bits of an entry, and the row of its colour.
layout(scalar) readonly buffer SpaceMarks { uint space_marks[]; };
TEXELS(space_cells);
TEXELS(space_shapes);
TEXELS(space_images);
TEXELS(space_marks);

// Bits of an entry. Above them stands the row of its colour.
// From shapes.0.xyz to .1.xyz, half as wide as .0.w metres or -.0.w pixels; else a wall, from
// shapes.0.xy to .zw and, in height, from .1.x to .1.y.
const uint TUBE = 1;
const uint FIRST_WALL = 2;      // of a prism in this cell
const uint LAST_WALL = 4;
const uint INSIDE = 8;          // of the first wall: the reference point is
const uint LEFT = 16;           // it lies to the left of the wall
const uint THROUGH = 32;        // one sees through it
const uint ROW_SHIFT = 6;

const float REFERENCE_X = 0.44140625;   // a cell's reference point, in parts of it
const float REFERENCE_Y = 0.54296875;

const uint NO_ENTRY = 0xffffffffu;      // of a list
const int ON_WALL = 0;
const int ON_ROOF = 1;
const int ON_TUBE = 2;
const int ON_BOARD = 3;

// .1.w of a tube that is a flat shape facing the camera: which. 0: it is none.
const int BOARD_DISC = 1;
const int BOARD_SQUARE = 2;
const int BOARD_DIAMOND = 3;
const int BOARD_TRIANGLE_UP = 4;
const int BOARD_PLUS = 5;
const int BOARD_CROSS = 6;
const int BOARD_STAR_UP = 7;
// Symbols: .1.x is where their sums begin, .1.yz their texels.
const int BOARD_OUTLINE = 8;
const int BOARD_PICTURE = 9;    // with colours of its own

// Which things a ray looks for.
const int ALL = 0;          // those that hide what is behind them; the nearest of the others apart
const int NEXT = 1;         // what one sees through: the next one behind the place `after`
const int ONE = 2;          // of that, one row alone
int looked_for = ALL;

// A thing is seen once, so some rows are left out: a ray's last ones, counted from 1.
uvec4 known_first = uvec4(0);
uvec4 known_last = uvec4(0);
uint one_row = 0u;

// Places along a ray are in order of parameter and row, which no two things have in common.
float after_t = 0.0;
uint after_row = 0u;

bool is_known(uint row) {
    uvec4 word = uvec4(row + 1u);
    return any(equal(word, known_first)) || any(equal(word, known_last));
}

void add_known(uint row) {
    known_last = uvec4(known_first.w, known_last.xyz);
    known_first = uvec4(row + 1u, known_first.xyz);
}

// Whether there may be more rows than those that are known.
bool is_known_full() {
    return known_last.w != 0u;
}

bool is_looked_for(uint mark) {
    if (!SEEN_THROUGH || looked_for == ALL) return true;
    uint row = mark >> ROW_SHIFT;
    return (mark & THROUGH) != 0u && (looked_for == ONE ? row == one_row : !is_known(row));
}

// What is met.
struct Seen {
    float t;
    uint entry;
    int part;
    uint row;               // of its colour
};

Seen nothing_to(float t) {
    return Seen(t, NO_ENTRY, ON_WALL, 0u);
}

// A ray in a cell: from its place there, `start`, on.
struct Visit {
    float t;
    vec3 start;
    float from;             // what is met lies no nearer than that
    vec2 corner;            // of the cell
    bool inside;            // where it comes to the roof or foot of the prism, by its walls so far
    bool inside_out;        // the same of the one that it comes to last
    uint entry;             // that it looks at, and its bits
    uint mark;
    bool leaves;            // a tube that it starts in is met where it leaves it, however near
};

float cross_2(vec2 a, vec2 b) {
    return a.x * b.y - a.y * b.x;
}

// A ray of the picture, or of light, in the grid's own terms.
Ray in_grid(vec3 origin, ivec2 base, vec3 direction, float from, float to) {
    Ray ray;
    ray.origin = vec3((origin.xy + (vec2(base) - space.corner)) * space.scale, origin.z);
    ray.direction = vec3(direction.xy * space.scale, direction.z);
    ray.base = ivec2(0);
    ray.from = from;
    ray.to = to;
    ray.pixel = vec2(0.0);
    return ray;
}

void take(bool met, float t, Visit visit, int part, inout Seen seen) {
    bool nearer = met && t > visit.from && t < seen.t;
    uint row = visit.mark >> ROW_SHIFT;
    if (SEEN_THROUGH) {
        bool in_order = (visit.mark & THROUGH) != 0u && seen.entry != NO_ENTRY;
        bool first = t < seen.t || (in_order && t == seen.t && row < seen.row);
        bool later = looked_for != NEXT || t > after_t || (t == after_t && row > after_row);
        nearer = met && t > visit.from && first && later;
    }
    seen.t = nearer ? t : seen.t;
    seen.entry = nearer ? visit.entry : seen.entry;
    seen.part = nearer ? part : seen.part;
    seen.row = nearer ? row : seen.row;
}

// Up to where a ray looks for things that comes to the ground at `t`: what lies on the ground, as a
// foot may, is not before it, whichever way rounding goes.
float before_ground(Ray ray, float t) {
    float slack = 4.0 * height_error(ray);
    return t - min(slack / max(abs(ray.direction.z), 1e-20), slack + 1e-4 * abs(t));
}

// A roof or a foot at a height, of the prism whose walls in this cell are gone through: `inside`
// says whether those so far leave the place where the ray comes to it within the rings.
void meet_level(Ray ray, vec4 ends, float height, Visit visit, inout bool inside,
                inout Seen seen) {
    uint mark = visit.mark;
    vec2 along = ends.zw - ends.xy;
    bool first = (mark & FIRST_WALL) != 0u;
    vec2 reference = visit.corner + vec2(REFERENCE_X, REFERENCE_Y);
    float climb = abs(ray.direction.z) > 1e-20 ? ray.direction.z : 1e-20;
    float level_way = (height - visit.start.z) / climb;
    vec2 at = visit.start.xy + level_way * ray.direction.xy;
    vec2 there = at - reference;
    bool between = (cross_2(there, ends.xy - reference) >= 0.0)
        != (cross_2(there, ends.zw - reference) >= 0.0);
    bool crossed = between && (cross_2(along, at - ends.xy) > 0.0) != ((mark & LEFT) != 0u);
    inside = (first ? (mark & INSIDE) != 0u : inside) != crossed;
    vec2 within = at - visit.corner;
    bool here = min(within.x, within.y) >= -1e-4 && max(within.x, within.y) <= 1.0001;
    bool level = inside && here && (mark & LAST_WALL) != 0u;
    take(level, visit.t + level_way, visit, ON_ROOF, seen);
}

void meet_wall(Ray ray, vec4 ends, vec2 heights, inout Visit visit, inout Seen seen) {
    vec2 along = ends.zw - ends.xy;
    vec2 off = ends.xy - visit.start.xy;
    float turn = cross_2(ray.direction.xy, along);
    float inverse = 1.0 / (turn == 0.0 ? 1e-30 : turn);
    float way = cross_2(off, along) * inverse;
    float part = cross_2(off, ray.direction.xy) * inverse;
    float height = visit.start.z + way * ray.direction.z;
    bool met = part >= -1e-5 && part <= 1.00001 && height >= heights.x && height <= heights.y;
    take(met && turn != 0.0, visit.t + way, visit, ON_WALL, seen);
    bool sinks = ray.direction.z < -1e-20;
    meet_level(ray, ends, sinks ? heights.y : heights.x, visit, visit.inside, seen);
    if (SEEN_THROUGH || FROM_WITHIN)
        meet_level(ray, ends, sinks ? heights.x : heights.y, visit, visit.inside_out, seen);
}

// Half a tube's width in metres, at a place.
float half_width(float given, vec3 place) {
    float depth = dot(space.depth.xyz, place) + space.depth.w;
    return given < 0.0 ? -given * max(space.pixel.x + space.pixel.y * depth, 0.0) : given;
}

// Where along a tube, 0 to 1, the ray's line comes nearest to its axis.
float nearest_on(vec3 off, vec3 way, vec3 axis) {
    float aa = dot(axis, axis);
    float dd = dot(way, way);
    float ad = dot(axis, way);
    float det = aa * dd - ad * ad;
    float part = (dd * dot(off, axis) - ad * dot(off, way))
        / (det > 1e-6 * aa * dd ? det : max(aa * dd, 1e-30));
    return clamp(part, 0.0, 1.0);
}

// Where a ray's line comes into a ball, or leaves it: NEVER if it does not come there.
float at_ball(vec3 off, vec3 way, float radius, bool leaves) {
    float dd = dot(way, way);
    float nearest = -dot(way, off) / dd;
    vec3 miss = off + nearest * way;
    float rest = radius * radius - dot(miss, miss);
    float half_chord = sqrt(max(rest, 0.0) / dd);
    return rest >= 0.0 ? nearest + (leaves ? half_chord : -half_chord) : NEVER;
}

// Where a ray's line comes into a cylinder with half a ball at both ends, or leaves it: it is
// convex, so each is one place. `root` is the square root of the discriminant.
float at_tube(vec3 off, vec3 way, vec3 axis, float radius, vec3 abh, bool leaves) {
    float aa = dot(axis, axis);
    float ad = dot(axis, way);
    float a = abh.x;
    bool round_side = a > 1e-6 * aa * dot(way, way) && abh.z >= 0.0;
    float root = sqrt(max(abh.z, 0.0));
    float t = (leaves ? root - abh.y : -abh.y - root) / (round_side ? a : 1.0);
    float along = dot(axis, off) + t * ad;
    bool side = round_side && along > 0.0 && along < aa;
    // The ball at the end that it comes to: of a line that it runs along, the first or the last.
    bool far_end = round_side ? along >= aa : (ad < 0.0) != leaves;
    return side ? t : at_ball(far_end ? off - axis : off, way, radius, leaves);
}

// A ray against a tube with round ends.
void meet_tube(Ray ray, vec4 first, vec3 last, Visit visit, inout Seen seen) {
    vec3 axis = (last - first.xyz) * space.metres;
    vec3 off = (visit.start - first.xyz) * space.metres;
    vec3 way = ray.direction * space.metres;
    float radius = half_width(first.w, mix(first.xyz, last, nearest_on(off, way, axis)));
    float aa = dot(axis, axis);
    float ad = dot(axis, way);
    float ao = dot(axis, off);
    float a = aa * dot(way, way) - ad * ad;
    float b = aa * dot(way, off) - ao * ad;
    float c = aa * (dot(off, off) - radius * radius) - ao * ao;
    vec3 abh = vec3(a, b, b * b - a * c);
    float t = at_tube(off, way, axis, radius, abh, false);
    bool met = t < NEVER && radius > 0.0;
    if (SEEN_THROUGH || FROM_WITHIN) {
        float out_t = at_tube(off, way, axis, radius, abh, true);
        // A place on a tube may lie within it by rounding: light does not come far in it then.
        bool far_in = visit.leaves || out_t * out_t * dot(way, way) > 0.01 * radius * radius;
        t = visit.t + t <= visit.from && far_in ? out_t : t;
        met = met && t < NEVER;
    }
    take(met, visit.t + t, visit, ON_TUBE, seen);
}

#include "boards.glsl"

// A ray that comes into a cell at `t`.
Visit visit_to(Ray ray, ivec2 cell, float t, float from) {
    Visit visit;
    visit.t = t;
    visit.start = ray.origin + t * ray.direction;
    visit.from = from;
    visit.corner = vec2(cell);
    visit.inside = false;
    visit.inside_out = false;
    return visit;
}

// Whether the ray meets an entry of a list before what it has seen. With `any` (a constant, folded
// on inlining) it starts on something.
void meet(Ray ray, uint entry, const bool any, inout Visit visit, inout Seen seen) {
    visit.entry = entry;
    visit.mark = WORD(space_marks, entry);
    visit.leaves = !any || (visit.mark & THROUGH) != 0u;
    vec4 first = FOUR_FLOATS(space_shapes, 2u * entry);
    vec4 last = FOUR_FLOATS(space_shapes, 2u * entry + 1u);
    bool wall = PRISMS && (!TUBES || (visit.mark & TUBE) == 0u);
    bool tube = TUBES && (!PRISMS || (visit.mark & TUBE) != 0u);
    if (SEEN_THROUGH) {
        bool wanted = is_looked_for(visit.mark);
        wall = wall && wanted;
        tube = tube && wanted;
    }
    if (wall) meet_wall(ray, first, last.xy, visit, seen);
    if (tube && (!BOARDS || last.w == 0.0)) meet_tube(ray, first, last.xyz, visit, seen);
    if (BOARDS && tube && last.w != 0.0) meet_board(ray, first, last, visit, seen);
}

// What of a cell's list the ray, which comes into the cell at `t`, meets before what it has seen;
// where all are looked for, those that one sees through apart from the others.
void meet_list(Ray ray, ivec2 cell, float t, float from, const bool any, inout Seen seen,
               inout Seen beyond) {
    Visit visit = visit_to(ray, cell, t, from);
    uint place = uint(cell.y * terrain.base_cells.x + cell.x);
    uint end = WORD(space_cells, place + 1u);
    uint entry = WORD(space_cells, place);
    for (;;) {
        // Tested again in the last line: once.glsl.
        if (entry >= end) break;
        if (SEEN_THROUGH && looked_for == ALL) {
            bool apart = (WORD(space_marks, entry) & THROUGH) != 0u;
            Seen met = seen;
            if (apart) met = beyond;
            meet(ray, entry, any, visit, met);
            if (apart) beyond = met;
            else seen = met;
        } else {
            meet(ray, entry, any, visit, seen);
        }
        entry += 1u;
        if (entry >= end) break;
    }
}

const int NEAR_LEVEL = 2;

// Where a walk through the cells begins, in one of level `start_level`.
Walk walk_from(Ray ray, Path path, int level) {
    int start_level = min(level, terrain.top_level);
    Walk at;
    at.t = ray.from;
    at.level = start_level - 1;
    at.cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1) >> start_level;
    return at;
}

// The level of cells as wide as a ray is long, seen from above.
int level_of(Ray ray) {
    vec2 span = abs(ray.direction.xy) * (ray.to - ray.from);
    return clamp(findMSB(int(clamp(max(span.x, span.y), 0.0, 16384.0))) + 1, 1, terrain.top_level);
}

// The first thing that a ray in the grid's terms meets; with `any`, some thing. `beyond` is the
// nearest that one sees through, if all are looked for.
Seen seek(Ray ray, const bool any, out Seen beyond) {
    Seen seen = nothing_to(ray.to);
    beyond = seen;
    float from = ray.from;
    if (!clip_to_bounds(ray)) return seen;
    Path path = path_of(ray, bvec2(false));
    // What hides the sun is mostly near.
    Walk at = walk_from(ray, path, any ? NEAR_LEVEL : level_of(ray));
    while (true) {
        Look look;
        bool over = false;
        while (true) {
            look = look_at_block(terrain.base_cells.y, 0, path, at);
            at.t = look.t;
            if (look.found && at.level == 0) break;
            over = !look.found && look.leave >= ray.to;
            if (over) break;
            go_on(at, path, look);
        }
        if (over) break;
        meet_list(ray, look.child, at.t, from, any, seen, beyond);
        at.t = look.seen_to;
        bool done = any ? seen.entry != NO_ENTRY : seen.t <= at.t;
        if (done || at.t >= ray.to) break;
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    return seen;
}
