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

// Which things are looked for: those that hide all behind them, or those that one sees through,
// each once, but for some whose rows, counted from 1, are here.
const uint MOST_THROUGH = 8;
bool through = false;
uvec4 known_first = uvec4(0);
uvec4 known_last = uvec4(0);

bool is_looked_for(uint mark) {
    uvec4 row = uvec4((mark >> ROW_SHIFT) + 1u);
    bool known = any(equal(row, known_first)) || any(equal(row, known_last));
    return ((mark & THROUGH) != 0u) == through && !known;
}

void add_known(uint word) {
    known_last = uvec4(known_first.w, known_last.xyz);
    known_first = uvec4(word, known_first.xyz);
}

// What is met.
struct Seen {
    float t;
    uint entry;
    int part;
};

// A ray in a cell: from its place there, `start`, on.
struct Visit {
    float t;
    vec3 start;
    float from;             // what is met lies no nearer than that
    vec2 corner;            // of the cell
    bool inside;            // where it comes to the roof or foot of the prism, by its walls so far
    bool inside_out;        // the same of the one that it comes to last
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

void take(bool met, float t, uint entry, int part, inout Seen seen) {
    bool nearer = met && t < seen.t;
    seen.t = nearer ? t : seen.t;
    seen.entry = nearer ? entry : seen.entry;
    seen.part = nearer ? part : seen.part;
}

// A roof or a foot at a height, of the prism whose walls in this cell are gone through: `inside`
// says whether those so far leave the place where the ray comes to it within the rings.
void meet_level(Ray ray, uint entry, uint mark, vec4 ends, float height, Visit visit,
                inout bool inside, inout Seen seen) {
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
    bool level = inside && here && (mark & LAST_WALL) != 0u && visit.t + level_way > visit.from;
    take(level, visit.t + level_way, entry, ON_ROOF, seen);
}

void meet_wall(Ray ray, uint entry, uint mark, vec4 ends, vec2 heights, inout Visit visit,
               inout Seen seen) {
    vec2 along = ends.zw - ends.xy;
    vec2 off = ends.xy - visit.start.xy;
    float turn = cross_2(ray.direction.xy, along);
    float inverse = 1.0 / (turn == 0.0 ? 1e-30 : turn);
    float way = cross_2(off, along) * inverse;
    float part = cross_2(off, ray.direction.xy) * inverse;
    float height = visit.start.z + way * ray.direction.z;
    bool met = part >= -1e-5 && part <= 1.00001 && height >= heights.x && height <= heights.y
        && visit.t + way > visit.from;
    take(met && turn != 0.0, visit.t + way, entry, ON_WALL, seen);
    bool sinks = ray.direction.z < -1e-20;
    meet_level(ray, entry, mark, ends, sinks ? heights.y : heights.x, visit, visit.inside, seen);
    // Of what one sees through, rays may come from within.
    if (SEEN_THROUGH && through)
        meet_level(ray, entry, mark, ends, sinks ? heights.x : heights.y, visit,
                   visit.inside_out, seen);
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

// A ray against a cylinder with half a ball at both ends.
void meet_tube(Ray ray, uint entry, vec4 first, vec3 last, Visit visit, inout Seen seen) {
    vec3 axis = (last - first.xyz) * space.metres;
    vec3 off = (visit.start - first.xyz) * space.metres;
    vec3 way = ray.direction * space.metres;
    float radius = half_width(first.w, mix(first.xyz, last, nearest_on(off, way, axis)));
    float aa = dot(axis, axis);
    float ad = dot(axis, way);
    float ao = dot(axis, off);
    float dd = dot(way, way);
    float a = aa * dd - ad * ad;
    float b = aa * dot(way, off) - ao * ad;
    float c = aa * (dot(off, off) - radius * radius) - ao * ao;
    float h = b * b - a * c;
    bool round_side = a > 1e-6 * aa * dd && h >= 0.0;
    float t = (-b - sqrt(max(h, 0.0))) / (round_side ? a : 1.0);
    float along = ao + t * ad;
    bool side = round_side && along > 0.0 && along < aa;
    // The ball at the end that the ray comes to: of a line that it runs along, the first.
    bool far_end = round_side ? along >= aa : ad < 0.0;
    vec3 to_end = far_end ? off - axis : off;
    float half_b = dot(way, to_end);
    float nearest = -half_b / dd;
    vec3 miss = to_end + nearest * way;
    float rest = radius * radius - dot(miss, miss);
    bool ball = !side && rest >= 0.0;
    t = side ? t : nearest - sqrt(max(rest, 0.0) / dd);
    // From within what one sees through.
    bool within = SEEN_THROUGH && through && ball && visit.t + t <= visit.from;
    t = within ? nearest + sqrt(max(rest, 0.0) / dd) : t;
    take((side || ball) && radius > 0.0 && visit.t + t > visit.from, visit.t + t, entry, ON_TUBE,
         seen);
}

#include "boards.glsl"

// What of a cell's list the ray, which comes into the cell at `t`, meets before what it has seen.
void meet_list(Ray ray, ivec2 cell, float t, float from, inout Seen seen) {
    Visit visit;
    visit.t = t;
    visit.start = ray.origin + t * ray.direction;
    visit.from = from;
    visit.corner = vec2(cell);
    visit.inside = false;
    visit.inside_out = false;
    uint place = uint(cell.y * terrain.base_cells.x + cell.x);
    uint end = space_cells[place + 1u];
    for (uint entry = space_cells[place]; entry < end; ++entry) {
        uint mark = space_marks[entry];
        vec4 first = space_shapes[2u * entry];
        vec4 last = space_shapes[2u * entry + 1u];
        bool wall = PRISMS && (!TUBES || (mark & TUBE) == 0u);
        bool tube = TUBES && (!PRISMS || (mark & TUBE) != 0u);
        if (SEEN_THROUGH) {
            bool looked_for = is_looked_for(mark);
            wall = wall && looked_for;
            tube = tube && looked_for;
        }
        if (wall) meet_wall(ray, entry, mark, first, last.xy, visit, seen);
        if (tube && (!BOARDS || last.w == 0.0)) meet_tube(ray, entry, first, last.xyz, visit, seen);
        if (BOARDS && tube && last.w != 0.0)
            meet_board(ray, entry, first, last, visit, seen);
    }
}

// The first thing that a ray in the grid's terms meets; with `any`, some thing. It starts in a cell
// of level `start_level`.
Seen seek(Ray ray, const bool any, int start_level) {
    Seen seen = Seen(ray.to, NO_ENTRY, ON_WALL);
    float from = ray.from;
    if (!clip_to_bounds(ray)) return seen;
    Path path = path_of(ray, bvec2(false));
    Walk at;
    at.t = ray.from;
    at.level = start_level - 1;
    at.cell = clamp(patch_under(ray, path, at.t), ivec2(0), terrain.cells - 1) >> start_level;
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
        meet_list(ray, look.child, at.t, from, seen);
        at.t = look.seen_to;
        bool done = any ? seen.entry != NO_ENTRY : seen.t <= at.t;
        if (done || at.t >= ray.to) break;
        if (at.t >= look.leave) leave_block(at, path, look.leave_x);
    }
    return seen;
}

// The outward unit normal in the world of what a ray sees; of a wall, that of the side it comes
// from.
vec3 normal_of(Ray ray, Seen seen) {
    bool known = seen.entry != NO_ENTRY;
    uint entry = known ? seen.entry : 0u;
    vec4 first = space_shapes[2u * entry];
    vec3 last = space_shapes[2u * entry + 1u].xyz;
    vec2 along = (first.zw - first.xy) * space.metres.xy;
    vec3 normal = vec3(along.y, -along.x, 0.0);
    if (seen.part == ON_ROOF) normal = vec3(0.0, 0.0, 1.0);
    if (TUBES && seen.part == ON_TUBE) {
        vec3 axis = (last - first.xyz) * space.metres;
        vec3 off = (ray.origin + seen.t * ray.direction - first.xyz) * space.metres;
        normal = off - clamp(dot(off, axis) / max(dot(axis, axis), 1e-30), 0.0, 1.0) * axis;
    }
    if (BOARDS && seen.part == ON_BOARD) normal = board_way();
    float length_2 = dot(normal, normal);
    normal *= 1.0 / sqrt(length_2 > 0.0 ? length_2 : 1.0);
    if (dot(normal, ray.direction * space.metres) > 0.0) normal = -normal;
    // Rows run south.
    return known ? vec3(normal.x, -normal.y, normal.z) : vec3(0.0, 0.0, 1.0);
}

// The row of its colour.
uint row_of(Seen seen) {
    return space_marks[seen.entry != NO_ENTRY ? seen.entry : 0u] >> ROW_SHIFT;
}
