#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_EXT_control_flow_attributes : require

// Operators of a cell and its eight neighbours, as gdaldem defines them (Horn 1981; Zevenbergen and
// Thorne 1987; Riley 1999; Wilson 2007; Mark 1992 for the light from several directions), up to
// four in one pass over the heights.
//
// An invocation slides down sixteen columns, so that a height is loaded about once: on CPU devices
// loads are what costs. The heights come with a rim of one row and four columns on each side, so
// that no cell is special here.

layout(local_size_x = 64) in;
// What a cell may be asked.
const uint OPERATOR_NONE = 0;
const uint OPERATOR_HILLSHADE_HORN = 1;
const uint OPERATOR_HILLSHADE_ZEVENBERGEN_THORNE = 2;
const uint OPERATOR_HILLSHADE_MULTIDIRECTIONAL = 3;
const uint OPERATOR_HILLSHADE_COMBINED = 4;
const uint OPERATOR_HILLSHADE_IGOR = 5;
const uint OPERATOR_SLOPE_DEGREE_HORN = 6;
const uint OPERATOR_SLOPE_DEGREE_ZEVENBERGEN_THORNE = 7;
const uint OPERATOR_SLOPE_PERCENT_HORN = 8;
const uint OPERATOR_SLOPE_PERCENT_ZEVENBERGEN_THORNE = 9;
const uint OPERATOR_ASPECT_HORN = 10;
const uint OPERATOR_ASPECT_ZEVENBERGEN_THORNE = 11;
const uint OPERATOR_TRI_RILEY = 12;
const uint OPERATOR_TRI_WILSON = 13;
const uint OPERATOR_TPI = 14;
const uint OPERATOR_ROUGHNESS = 15;
const uint OPERATOR_CURVATURE_PROFILE = 16;
const uint OPERATOR_CURVATURE_PLAN = 17;
const uint OPERATOR_CURVATURE_MEAN = 18;
const uint OPERATOR_INCIDENCE_HORN = 19;
const uint OPERATOR_INCIDENCE_ZEVENBERGEN_THORNE = 20;

layout(constant_id = 0) const uint FIRST = OPERATOR_NONE;
layout(constant_id = 1) const uint SECOND = OPERATOR_NONE;
layout(constant_id = 2) const uint THIRD = OPERATOR_NONE;
layout(constant_id = 3) const uint FOURTH = OPERATOR_NONE;
layout(constant_id = 4) const uint ROWS = 16;
layout(constant_id = 5) const bool HAS_HOLES = true;
// A hole beside a cell counts as the cell's own height.
layout(constant_id = 6) const bool FILL_HOLES = false;
// In scale; else that of row 0 is the same for all.
layout(constant_id = 7) const bool ROWS_DIFFER = true;
// Scales are 1, and nodes say how the ground lies.
layout(constant_id = 8) const bool PLACED = true;
// Nodes are a lattice, else one for each cell.
layout(constant_id = 9) const bool EVENLY = true;

layout(scalar) readonly buffer Heights { vec4 heights[]; };
layout(scalar) readonly buffer Scales { vec2 per_metre[]; }; // 1 / (dx, dy) of each row
layout(scalar) readonly buffer Nodes { vec4 nodes[]; }; // see places.glsl
layout(scalar) writeonly buffer Results { vec4 results[]; };

layout(scalar, push_constant) uniform Block {
    uint columns;      // of the results, in sixteens
    uint first;        // row that this dispatch begins with
    uint rows;         // of all dispatches
    uint pitch;        // of a row of heights, in fours
    uint plane;        // of a whole result, in fours
    float exaggeration;
    vec4 light[4];     // of each result: sin(altitude), cos(altitude), east and north towards it
    uint nodes_across; // of the lattice
    uint nodes_down;
    vec2 per_cell;     // nodes in a column and a row
    uint first_place;  // row of the lattice's raster that row 0 is
} block;

#include "arc.glsl"
#include "places.glsl"


const float DEGREES = 57.2957795131;
const float DIAGONAL = 0.70710678118;

// Cells of a row, and one more on either side.
const uint FOURS = 4;
struct Row {
    float before;
    vec4 cells[FOURS];
    float after;
};

// Four cells with their neighbours, north up: a b c, d e f, g h i.
struct Window {
    vec4 a, b, c, d, e, f, g, h, i;
};

Row row_at(uint place) {
    Row row;
    row.before = heights[place - 1].w;
    [[unroll]] for (uint i = 0; i < FOURS; ++i) row.cells[i] = heights[place + i];
    row.after = heights[place + FOURS].x;
    return row;
}

vec4 west_of(Row row, uint four) {
    return vec4(four == 0 ? row.before : row.cells[four - 1].w, row.cells[four].xyz);
}

vec4 east_of(Row row, uint four) {
    return vec4(row.cells[four].yzw, four + 1 == FOURS ? row.after : row.cells[four + 1].x);
}

bvec4 is_hole(vec4 height) {
    return greaterThan(floatBitsToUint(height) << 1, uvec4(0xff000000u));
}

vec4 nowhere() {
    return uintBitsToFloat(uvec4(0x7fc00000u));
}

// From rises along rows and columns to those to the true east and north.
void turn(Frame frame, inout vec4 east, inout vec4 north) {
    precise vec4 x = east * frame.east_row + north * frame.east_column;
    precise vec4 y = east * frame.north_row + north * frame.north_column;
    east = x;
    north = y;
}

// Rise to the east and to the north, a metre for a metre. The sums round as gdaldem's do, in its
// order.
void gradient_horn(Window w, vec2 per_metre, Frame frame, out vec4 east, out vec4 north) {
    precise vec4 x = (w.c + w.f + w.f + w.i) - (w.a + w.d + w.d + w.g);
    precise vec4 y = (w.a + w.b + w.b + w.c) - (w.g + w.h + w.h + w.i);
    precise vec2 scale = block.exaggeration * 0.125 * per_metre;
    x *= scale.x;
    y *= scale.y;
    east = x;
    north = y;
    if (PLACED) turn(frame, east, north);
}

void gradient_zevenbergen_thorne(Window w, vec2 per_metre, Frame frame, out vec4 east,
                                 out vec4 north) {
    precise vec2 scale = block.exaggeration * 0.5 * per_metre;
    precise vec4 x = (w.f - w.d) * scale.x;
    precise vec4 y = (w.b - w.h) * scale.y;
    east = x;
    north = y;
    if (PLACED) turn(frame, east, north);
}

// n . l, below zero where the ground turns away.
vec4 lambert(vec4 east, vec4 north, vec4 light) {
    precise vec4 towards = light.x - (east * light.z + north * light.w);
    precise vec4 squared = 1.0 + (east * east + north * north);
    precise vec4 shade = towards / sqrt(squared);
    return shade;
}

vec4 not_below_zero(vec4 value) {
    return mix(value, vec4(0), lessThan(value, vec4(0)));
}

vec4 multidirectional(vec4 east, vec4 north, vec4 light) {
    precise vec4 squared = east * east + north * north;
    precise vec4 from_225 = not_below_zero(light.x + (east + north) * (DIAGONAL * light.y));
    precise vec4 from_270 = not_below_zero(light.x + east * light.y);
    precise vec4 from_315 = not_below_zero(light.x + (east - north) * (DIAGONAL * light.y));
    precise vec4 from_360 = not_below_zero(light.x - north * light.y);
    precise vec4 weight_225 = 0.5 * squared + east * north;
    precise vec4 sum = weight_225 * from_225 + (east * east) * from_270
        + (squared - weight_225) * from_315
        + (north * north) * from_360;
    precise vec4 shade = 0.5 * (sum / squared) / sqrt(1.0 + squared);
    return mix(shade, vec4(light.x), equal(squared, vec4(0)));
}

vec4 combined(vec4 east, vec4 north, vec4 light) {
    precise vec4 incidence = arc_cosine(lambert(east, north, light));
    precise vec4 slope = arc_tangent(sqrt(east * east + north * north));
    precise vec4 shade = 1.0 - incidence * slope * (1.0 / (HALF_PI * HALF_PI));
    return not_below_zero(shade);
}

vec4 igor(vec4 east, vec4 north, vec4 light) {
    precise vec4 slope = arc_tangent(sqrt(east * east + north * north));
    precise vec4 along = east * light.z + north * light.w;
    precise vec4 across = abs(east * light.w - north * light.z);
    precise vec4 turn = arc_of(across, along);
    precise vec4 shade = 1.0 - slope * (1.0 / HALF_PI) * (1.0 - turn * (0.5 / HALF_PI));
    return shade;
}

vec4 slope_degrees(vec4 east, vec4 north) {
    precise vec4 angle = arc_tangent(sqrt(east * east + north * north)) * DEGREES;
    return angle;
}

vec4 slope_percent(vec4 east, vec4 north) {
    precise vec4 rise = 100.0 * sqrt(east * east + north * north);
    return rise;
}

// Bearing of the way down, 0 <= bearing < 360.
vec4 aspect(vec4 east, vec4 north) {
    precise vec4 bearing = arc_of(abs(east), -north) * DEGREES;
    precise vec4 western = 360.0 - bearing;
    bearing = mix(bearing, western, greaterThan(east, vec4(0)));
    bearing = mix(bearing, vec4(0), greaterThanEqual(bearing, vec4(360)));
    bvec4 flat_east = equal(east, vec4(0));
    bvec4 flat_north = equal(north, vec4(0));
    return mix(bearing, mix(vec4(0) + bearing, nowhere(), flat_north), flat_east);
}

vec4 tri_riley(Window w) {
    precise vec4 a = w.a - w.e, b = w.b - w.e, c = w.c - w.e, d = w.d - w.e;
    precise vec4 f = w.f - w.e, g = w.g - w.e, h = w.h - w.e, i = w.i - w.e;
    precise vec4 sum = (a * a + b * b + c * c + d * d) + (f * f + g * g + h * h + i * i);
    precise vec4 root = sqrt(sum);
    return root;
}

vec4 tri_wilson(Window w) {
    precise vec4 mean = ((abs(w.a - w.e) + abs(w.b - w.e)) + (abs(w.c - w.e) + abs(w.d - w.e))
        + (abs(w.f - w.e) + abs(w.g - w.e)) + (abs(w.h - w.e) + abs(w.i - w.e))) * 0.125;
    return mean;
}

vec4 tpi(Window w) {
    precise vec4 mean = (w.a + w.b + w.c + w.d + w.f + w.g + w.h + w.i) * 0.125;
    precise vec4 above = w.e - mean;
    return above;
}

vec4 roughness(Window w) {
    vec4 highest = max(max(max(w.a, w.b), max(w.c, w.d)),
                       max(max(w.e, w.f), max(w.g, max(w.h, w.i))));
    vec4 lowest = min(min(min(w.a, w.b), min(w.c, w.d)),
                      min(min(w.e, w.f), min(w.g, min(w.h, w.i))));
    precise vec4 range = highest - lowest;
    return range;
}

// The same of second derivatives.
void bend(Frame f, inout vec4 xx, inout vec4 yy, inout vec4 xy) {
    precise vec4 ee = f.east_row * (f.east_row * xx + f.east_column * xy)
        + f.east_column * (f.east_row * xy + f.east_column * yy);
    precise vec4 nn = f.north_row * (f.north_row * xx + f.north_column * xy)
        + f.north_column * (f.north_row * xy + f.north_column * yy);
    precise vec4 en = f.east_row * (f.north_row * xx + f.north_column * xy)
        + f.east_column * (f.north_row * xy + f.north_column * yy);
    xx = ee;
    yy = nn;
    xy = en;
}

// Of the partial quartic's second derivatives; positive where the ground bulges.
vec4 curvature(uint kind, Window w, vec2 per_metre, Frame frame) {
    vec4 east, north;
    gradient_zevenbergen_thorne(w, per_metre, frame, east, north);
    precise vec2 squared = block.exaggeration * per_metre * per_metre;
    precise vec4 xx = ((w.d - w.e) + (w.f - w.e)) * squared.x;
    precise vec4 yy = ((w.b - w.e) + (w.h - w.e)) * squared.y;
    precise vec4 xy = ((w.c - w.a) + (w.g - w.i))
        * (0.25 * block.exaggeration * per_metre.x * per_metre.y);
    if (PLACED) bend(frame, xx, yy, xy);
    precise vec4 mean = -0.5 * (xx + yy);
    if (kind == OPERATOR_CURVATURE_MEAN) return mean;
    precise vec4 steepness = east * east + north * north;
    precise vec4 mixed = 2.0 * (xy * east * north);
    precise vec4 along = -(xx * (east * east) + yy * (north * north) + mixed) / steepness;
    precise vec4 across = -(xx * (north * north) + yy * (east * east) - mixed) / steepness;
    return mix(kind == OPERATOR_CURVATURE_PROFILE ? along : across, vec4(0),
               equal(steepness, vec4(0)));
}

// What several operators need is written down once for each, and computed once: the compiler merges
// equal expressions.
vec4 value_of(uint operator, Window w, vec2 per_metre, Frame frame, vec4 light) {
    vec4 east, north;
    if (operator == OPERATOR_HILLSHADE_ZEVENBERGEN_THORNE
        || operator == OPERATOR_SLOPE_DEGREE_ZEVENBERGEN_THORNE
        || operator == OPERATOR_SLOPE_PERCENT_ZEVENBERGEN_THORNE
        || operator == OPERATOR_ASPECT_ZEVENBERGEN_THORNE
        || operator == OPERATOR_INCIDENCE_ZEVENBERGEN_THORNE) {
        gradient_zevenbergen_thorne(w, per_metre, frame, east, north);
    } else {
        gradient_horn(w, per_metre, frame, east, north);
    }
    if (operator == OPERATOR_HILLSHADE_HORN || operator == OPERATOR_HILLSHADE_ZEVENBERGEN_THORNE) {
        return not_below_zero(lambert(east, north, light));
    }
    if (operator == OPERATOR_INCIDENCE_HORN || operator == OPERATOR_INCIDENCE_ZEVENBERGEN_THORNE)
        return lambert(east, north, light);
    if (operator == OPERATOR_HILLSHADE_MULTIDIRECTIONAL)
        return multidirectional(east, north, light);
    if (operator == OPERATOR_HILLSHADE_COMBINED) return combined(east, north, light);
    if (operator == OPERATOR_HILLSHADE_IGOR) return igor(east, north, light);
    if (operator == OPERATOR_SLOPE_DEGREE_HORN
        || operator == OPERATOR_SLOPE_DEGREE_ZEVENBERGEN_THORNE) return slope_degrees(east, north);
    if (operator == OPERATOR_SLOPE_PERCENT_HORN
        || operator == OPERATOR_SLOPE_PERCENT_ZEVENBERGEN_THORNE) return slope_percent(east, north);
    if (operator == OPERATOR_ASPECT_HORN || operator == OPERATOR_ASPECT_ZEVENBERGEN_THORNE)
        return aspect(east, north);
    if (operator == OPERATOR_TRI_RILEY) return tri_riley(w);
    if (operator == OPERATOR_TRI_WILSON) return tri_wilson(w);
    if (operator == OPERATOR_TPI) return tpi(w);
    if (operator == OPERATOR_ROUGHNESS) return roughness(w);
    return curvature(operator, w, per_metre, frame);
}

void fill(inout vec4 neighbour, vec4 own) {
    neighbour = mix(neighbour, own, is_hole(neighbour));
}

bvec4 any_hole(Window w) {
    uvec4 most = max(max(max(floatBitsToUint(w.a) << 1, floatBitsToUint(w.b) << 1),
                         max(floatBitsToUint(w.c) << 1, floatBitsToUint(w.d) << 1)),
                     max(max(floatBitsToUint(w.f) << 1, floatBitsToUint(w.g) << 1),
                         max(floatBitsToUint(w.h) << 1, floatBitsToUint(w.i) << 1)));
    return greaterThan(max(most, floatBitsToUint(w.e) << 1), uvec4(0xff000000u));
}

void write(uint operator, uint result, uint place, Window w, bvec4 hole, vec2 per_metre,
           Frame frame) {
    if (operator == 0) return;
    vec4 value = value_of(operator, w, per_metre, frame, block.light[result]);
    if (HAS_HOLES) value = mix(value, nowhere(), hole);
    results[result * block.plane + place] = value;
}

void write_all(uint place, Window w, vec2 per_metre, Frame frame) {
    bvec4 hole = bvec4(false);
    if (HAS_HOLES) {
        if (FILL_HOLES) {
            hole = is_hole(w.e);
            fill(w.a, w.e); fill(w.b, w.e); fill(w.c, w.e); fill(w.d, w.e);
            fill(w.f, w.e); fill(w.g, w.e); fill(w.h, w.e); fill(w.i, w.e);
        } else {
            hole = any_hole(w);
        }
    }
    write(FIRST, 0, place, w, hole, per_metre, frame);
    write(SECOND, 1, place, w, hole, per_metre, frame);
    write(THIRD, 2, place, w, hole, per_metre, frame);
    write(FOURTH, 3, place, w, hole, per_metre, frame);
}

// Three rows, one under the other.
struct Rows {
    Row north;
    Row middle;
    Row south;
};

// Called four times and not in a loop: the optimiser, when it unrolls one, forgets `precise` in all
// turns but the first.
void write_four(uint i, uint target, uint column, uint row, vec4 first, vec4 step, Rows rows,
                vec2 per_metre) {
    Frame frame;
    if (PLACED && EVENLY) frame = frame_along(first, step, float(4 * i));
    if (PLACED && !EVENLY) frame = frame_at(column + 4 * i, row);
    write_all(target + i, Window(
        west_of(rows.north, i), rows.north.cells[i], east_of(rows.north, i),
        west_of(rows.middle, i), rows.middle.cells[i], east_of(rows.middle, i),
        west_of(rows.south, i), rows.south.cells[i], east_of(rows.south, i)), per_metre, frame);
}

void main() {
    uint group = gl_GlobalInvocationID.x;
    uint first = block.first + gl_GlobalInvocationID.y * ROWS;
    if (group >= block.columns || first >= block.rows) return;
    uint last = min(block.rows, first + ROWS);
    uint source = first * block.pitch + FOURS * group + 1;
    uint target = FOURS * (first * block.columns + group);
    Row north = row_at(source);
    source += block.pitch;
    Row middle = row_at(source);
    vec2 scale = per_metre[ROWS_DIFFER ? first : 0];
    for (uint y = first; y < last; ++y) {
        source += block.pitch;
        Row south = row_at(source);
        if (ROWS_DIFFER) scale = per_metre[y];
        vec4 frame, step;
        if (PLACED && EVENLY) {
            frame = node_between(16 * group, y);
            step = (node_between(16 * group + 16, y) - frame) * 0.0625;
        }
        Rows rows = Rows(north, middle, south);
        write_four(0, target, 16 * group, y, frame, step, rows, scale);
        write_four(1, target, 16 * group, y, frame, step, rows, scale);
        write_four(2, target, 16 * group, y, frame, step, rows, scale);
        write_four(3, target, 16 * group, y, frame, step, rows, scale);
        target += FOURS * block.columns;
        north = middle;
        middle = south;
    }
}
