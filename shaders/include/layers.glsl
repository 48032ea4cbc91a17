// Lines, polygons and points that are part of the ground: their colour over the whole of a pixel, on the plane that touches the surface where
// a ray has met it. All samples of a pixel ask for the same square, the pixel itself, so their mean is the cover of the pixel.
//
// Layers are found through levels of square cells, each twice as wide as the one before; a cell lists all that comes within a part or a multiple of its width. The
// level is the finest on which that is enough for a pixel here. Layers and features are taken from the topmost down. Twins: src/render/layers/.
//
// Needs LAYER (a constant: bits of what the layer has), the block `layer`, `layer_words`, `layer_items` and `layer_paints` to be declared, and
// ground_pixel.glsl.

// Bits of LAYER: the kind, then what of it there is. Twin: src/render/layers/block.rs.
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

// An entry of a cell's list: the next feature (with IS_INSIDE if the cell's reference point is inside it), or one of its items. END is last.
const uint NEXT_FEATURE = 0x80000000u;
const uint IS_INSIDE = 0x40000000u;
const uint NUMBER_BITS = 0x3fffffffu;
const uint END = 0xffffffffu;
// What hides so much of a pixel hides what is under it.
const float OPAQUE = 0.9999;

const bool METRES = (LAYER & IN_METRES) != 0;

// What a feature looks like.
struct Paint {
    vec3 light;             // linear
    float alpha;
    float size;             // half a line's width, or a mark's
};

// What is known of a stack of features, from above. `hidden` of the pixel is under any of them; `passed` is what they let through of that.
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

// `first` is that of the features, or of their edges.
Paint paint_of(uint first, uint feature) {
    uvec4 words = layer_paints[first + min(feature, layer.paints - 1u)];
    vec2 red_green = unpackHalf2x16(words.x);
    vec2 blue_alpha = unpackHalf2x16(words.y);
    return Paint(vec3(red_green, blue_alpha.x), blue_alpha.y, uintBitsToFloat(words.z));
}

// Start of the list of all that may be seen `reach` cells around a pixel (of columns, of rows), and its cell's reference point in units.
uint list_of(GroundPixel ground, vec2 reach, out ivec2 reference) {
    int level = level_as_wide_as(layer.spread * max(reach.x, reach.y));
    int index = clamp(level - layer.finest, 0, layer.levels - 1);
    int shift = layer.bits + layer.finest + index;
    ivec2 last = (terrain.cells << layer.bits) - 1;
    ivec2 cell = clamp(ground.middle, ivec2(0), last) >> shift;
    int columns = (last.x >> shift) + 1;
    reference = (cell << shift) + (layer.reference << (shift - 8));
    return layer_words[layer_words[index] + uint(cell.y * columns + cell.x)];
}

// A place in pixels from the pixel's middle.
vec2 in_pixels(GroundPixel ground, ivec2 at) {
    vec2 off = vec2(at - ground.middle) * layer.unit;
    return off.x * ground.inverse.xy + off.y * ground.inverse.zw;
}

// Share of a box with the sides `x_side` and `y_side`, projected on a line, that lies below `at` on it: a trapezoid's integral.
float below(float at, vec2 sides) {
    float wide = max(sides.x, sides.y);
    float narrow = max(min(sides.x, sides.y), 1e-4 * wide);
    float top = 0.5 * (wide - narrow);
    float end = 0.5 * (wide + narrow);
    float off = min(abs(at), end);
    float rest = end - off;
    float part = off < top ? off : 0.5 * wide - rest * rest / (2.0 * narrow);
    return 0.5 + (at < 0.0 ? -part : part) / wide;
}

#include "layer_fills.glsl"
#include "layer_strokes.glsl"
#include "layer_marks.glsl"

// Premultiplied linear light of the layer over the pixel, and what it hides.
vec4 layer_at(GroundPixel ground) {
    Stack stack;
    if ((LAYER & FILLS) != 0) stack = fills_at(ground);
    else if ((LAYER & STROKES) != 0) stack = strokes_at(ground);
    else stack = marks_at(ground);
    return vec4(stack.light, clamp(stack.hidden - stack.passed, 0.0, 1.0));
}
