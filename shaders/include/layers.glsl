// Lines, polygons and points that are part of the ground: their colour over the whole of a pixel,
// on the plane that touches the surface where a ray has met it. All samples of a pixel ask for the
// same square, the pixel itself, so their mean is the cover of the pixel.
//
// Marks, and lines over far ground, are found by the row of eight pixels of which this is one: the
// host lists those that may lie on each. Other lines, and areas, are found through levels of square
// cells of the ground, each twice as wide as the one before; a cell lists all that comes within a
// part or a multiple of its width. The level is the finest on which that is enough for a pixel
// here. Layers and features are taken from the topmost down. src/render/layers/ makes the lists.
//
// Needs layer_part.glsl, ground_pixel.glsl, once.glsl, and LISTED_HERE(level): whether a level's
// lists are in `layer_lists`.

// Bits of LAYER: the kind, then what of it there is. Set in src/render/layers/block.rs.
const int FILLS = 1;
const int STROKES = 2;
const int MARKS = 4;
const int IN_METRES = 8;
const int JOINS = 16;           // that are not round
const int MITRES = 32;
const int ROUND_CAPS = 64;
const int SQUARE_CAPS = 128;
const int DASHES = 256;
const int HATCHES = 512;
const int EDGES = 1024;
// Entries of cells' lists are items, in steps from their cell, rather than items' numbers.
const int IN_LISTS = 2048;
const int ONE_PAINT = 4096;     // for all features
const int STRANDS = 8192;       // lines as they lie in the picture
const int DIVIDED = 16384;      // some cells of the finest level are in quarters

// What is listed for rows of the picture.
const bool BY_ROW = (LAYER & (MARKS | STRANDS)) != 0;

// An entry of a cell's list, two words: the next feature (with IS_INSIDE if the cell's reference
// point is inside it), or one of its items. END is last. With IN_LISTS an item's places are in
// steps of a cell's 2^-STEP_BITS from BEFORE cells before it, 15 bits for columns and 15 for rows;
// of a line's piece the next bit tells an end of the line.
const uint NEXT_FEATURE = 0x80000000u;
const uint IS_INSIDE = 0x40000000u;
const uint NUMBER_BITS = 0x3fffffffu;
const uint END = 0xffffffffu;
const int STEP_BITS = 11;
const int BEFORE = 8;
const int PLACE_BITS = 15;
const uint AT_END = 0x40000000u;
// In place of where a cell's list begins: it is in quarters, as those may be. The rest is where
// among the words its own list is told, for pixels that want no smaller cell, and then those of its
// quarters, row by row.
const uint IN_QUARTERS = 0x80000000u;
// What lies no farther around a pixel than 1 / QUARTERS_SPREAD of such a part is in its list.
const float QUARTERS_SPREAD = 2.0;
// What hides so much of a pixel hides what is under it.
const float OPAQUE = 0.9999;

const bool METRES = (LAYER & IN_METRES) != 0;
// Whether lines end flatly, and are not in parts.
const bool FLAT_CAPS = (LAYER & (ROUND_CAPS | DASHES)) == 0;
// What is measured on the picture and may lie on ground that bends.
const bool BENDS = !METRES && PATCHES;

// What a feature looks like.
struct Paint {
    vec3 light;             // linear
    float alpha;
    float size;             // half a line's width, or a mark's
};

const Paint NO_PAINT = Paint(vec3(0.0), 0.0, 0.0);

// A cell with its list.
struct Cell {
    bool here;              // whether its list is in layer_lists
    uint at;                // where the list begins
    ivec2 reference;        // point, in units
    // Of the places in its list, in cells of the DEM from the pixel's middle.
    vec2 origin;
    float step;             // of those places
};

// What is known of a stack of features, from above. `hidden` of the pixel is under any of them;
// `passed` is what they let through of that.
struct Stack {
    vec3 light;
    float hidden;
    float passed;
};

// A feature over part of a pixel, of which `both` is under others of the stack.
void put_under(inout Stack stack, Paint paint, float cover, float both) {
    float open = cover - both;
    float share = stack.hidden > 0.0 ? both * stack.passed / stack.hidden : 0.0;
    stack.light += paint.alpha * (open + share) * paint.light;
    stack.passed += open * (1.0 - paint.alpha) - paint.alpha * share;
    stack.hidden += open;
}

Paint paint_in(uvec3 words) {
    vec2 red_green = unpackHalf2x16(words.x);
    vec2 blue_alpha = unpackHalf2x16(words.y);
    return Paint(vec3(red_green, blue_alpha.x), blue_alpha.y, uintBitsToFloat(words.z));
}

// `first` is that of the features, or of their edges.
Paint paint_of(uint first, uint feature) {
    return paint_in(FOUR(layer_paints, first + min(feature, layer.paints - 1u)).xyz);
}

// The cell that lists all that may be seen `reach` cells around a pixel (of columns, of rows).
Cell cell_of(GroundPixel ground, vec2 reach) {
    int level = level_as_wide_as(layer.spread * max(reach.x, reach.y));
    int index = clamp(level - layer.finest, layer.first_level, layer.levels - 1);
    int shift = layer.bits + layer.finest + index;
    ivec2 last = (terrain.cells << layer.bits) - 1;
    ivec2 place = clamp(ground.middle, ivec2(0), last) >> shift;
    bool has_list;
    uint number = number_in_window(place, layer.low, layer.high, layer.around, shift, last,
                                   has_list);
    Cell cell;
    cell.here = LISTED_HERE(index);
    cell.at = WORD(layer_words, WORD(layer_words, index) + number);
    // Where there is nothing: the first entry is an end.
    if (!cell.here || !has_list) cell.at = 0u;
    if ((LAYER & DIVIDED) != 0) {
        float spread = max(layer.spread, QUARTERS_SPREAD);
        int wanted = layer.bits + level_as_wide_as(spread * max(reach.x, reach.y));
        while ((cell.at & IN_QUARTERS) != 0u && shift > wanted) {
            shift -= 1;
            place = clamp(ground.middle, ivec2(0), last) >> shift;
            uint quarter = 1u + uint(place.x & 1) + 2u * uint(place.y & 1);
            cell.at = WORD(layer_words, (cell.at & ~IN_QUARTERS) + quarter);
        }
        if ((cell.at & IN_QUARTERS) != 0u) cell.at = WORD(layer_words, cell.at & ~IN_QUARTERS);
    }
    int steps = max(shift - STEP_BITS, 0);
    cell.reference = (place << shift) + (layer.reference << (shift - 8)) + ((1 << steps) >> 1);
    cell.origin = vec2((place << shift) - ground.middle) * layer.unit
        - float(BEFORE) * (float(1 << shift) * layer.unit);
    cell.step = float(1 << steps) * layer.unit;
    return cell;
}

// A place in a list, in cells of the DEM from the pixel's middle.
vec2 off_of(Cell cell, uint word) {
    return cell.origin + cell.step * vec2(word & (1u << PLACE_BITS) - 1u,
                                          word >> PLACE_BITS & (1u << PLACE_BITS) - 1u);
}

vec2 off_from(GroundPixel ground, ivec2 at) {
    return vec2(at - ground.middle) * layer.unit;
}

// A place in pixels from the pixel's middle.
vec2 in_pixels(GroundPixel ground, vec2 off) {
    return off.x * ground.inverse.xy + off.y * ground.inverse.zw;
}

// Share of a box with the sides `x_side` and `y_side`, projected on a line, that lies below `at` on
// it: a trapezoid's integral.
float below(float at, vec2 sides) {
    float wide = max(sides.x, sides.y);
    float narrow = max(min(sides.x, sides.y), 1e-4 * wide);
    float top = 0.5 * (wide - narrow);
    float end = 0.5 * (wide + narrow);
    float off = min(abs(at), end);
    float rest = end - off;
    // Selected, not branched to: SwiftShader compiles for a minute where shapes ask for many.
    float part = mix(0.5 * wide - rest * rest / (2.0 * narrow), off, off < top);
    return 0.5 + mix(part, -part, at < 0.0) / wide;
}

// From a pixel's middle to its farthest corner, and a little more.
float far_corner(vec2 right, vec2 down) {
    float diagonal2 = max(dot(right + down, right + down), dot(right - down, right - down));
    return 0.5001 * sqrt(diagonal2);
}

// What is farther from a pixel's middle puts nothing on it: in pixels or metres as sizes are, with
// the pixel's sides in the same.
float farthest(vec2 right, vec2 down) {
    return 1.000001 * layer.outermost + far_corner(right, down);
}

// Where the ground at a place, so far off in cells of the DEM, is seen: pixels from the pixel's
// middle, and by which share of its depth it is deeper than what the ray has met. Beside a hole,
// and where a far cell is met, as if it were on the plane through that.
vec3 ground_seen(GroundPixel ground, vec2 off) {
    vec2 from = vec2(ground.middle & ((1 << layer.bits) - 1)) * layer.unit + off;
    ivec2 first = ground.middle >> layer.bits;
    ivec2 cell = clamp(first + ivec2(floor(from)), ivec2(0), terrain.cells - 1);
    vec4 corners = patch_corners(cell);
    vec2 within = clamp(from - vec2(cell - first), 0.0, 1.0);
    vec3 seen = seen_from(ground.sighting, off, patch_height(corners, within));
    bool on_plane = !ground.on_patch || is_hole(corners);
    return on_plane ? vec3(in_pixels(ground, off), 0.0) : seen;
}

// What one of a subgroup's threads has.
float handed_on(float own, uint lane) {
    float value = own;
    if (LANES > 1) value = subgroupShuffle(own, lane);
    return value;
}

vec2 handed_on(vec2 own, uint lane) {
    return vec2(handed_on(own.x, lane), handed_on(own.y, lane));
}

uint handed_on(uint own, uint lane) {
    uint value = own;
    if (LANES > 1) value = subgroupShuffle(own, lane);
    return value;
}

uvec3 handed_on(uvec3 own, uint lane) {
    return uvec3(handed_on(own.x, lane), handed_on(own.y, lane), handed_on(own.z, lane));
}

#include "layer_fills.glsl"
#include "layer_strokes.glsl"
#include "layer_marks.glsl"
#include "layer_strands.glsl"

// Pixels around its middle that this layer looks at, in cells of columns and rows.
vec2 reach_of(GroundPixel ground) {
    const bool by_sides = METRES || (LAYER & FILLS) != 0;
    return by_sides ? 0.5 * (abs(ground.right) + abs(ground.down))
        : (layer.reach + 0.70711) * radii_of(ground);
}

// Premultiplied linear light of the layer over a pixel that sees ground, and what it hides; `here`
// if this dispatch has its list, which of marks and far lines is `list`.
vec4 layer_at(GroundPixel ground, bool found, RowList list, out bool here) {
    here = true;
    Stack stack;
    if ((LAYER & MARKS) != 0) {
        stack = marks_at(ground, list);
    } else if ((LAYER & STRANDS) != 0) {
        stack = strands_at(ground, list);
    } else {
        Cell cell = cell_of(ground, reach_of(ground));
        here = cell.here;
        if (!found) cell.at = 0u;
        if ((LAYER & FILLS) != 0) stack = fills_at(ground, cell);
        else stack = strokes_at(ground, cell);
    }
    vec4 seen = vec4(stack.light, clamp(stack.hidden - stack.passed, 0.0, 1.0));
    return found ? seen : vec4(0.0);
}
