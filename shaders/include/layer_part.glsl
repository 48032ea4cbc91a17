// A part of a layer on the ground, as src/render/layers/ lays it out: what it has, its numbers, and
// the lists in which its items are found (layers.glsl).
//
// Needs view.glsl, tiles.glsl and texels.glsl.

const uint SHAPE_DISC = 0;
const uint SHAPE_SQUARE = 1;
const uint SHAPE_DIAMOND = 2;
const uint SHAPE_TRIANGLE = 3;
const uint SHAPE_PLUS = 4;
const uint SHAPE_CROSS = 5;
const uint SHAPE_STAR = 6;
const uint SHAPE_SYMBOL = 7;
const uint SHAPE_PICTURE = 8;

layout(constant_id = 23) const int LAYER = 1;       // bits of layers.glsl
layout(constant_id = 24) const uint SHAPE = SHAPE_DISC;
// Threads of a subgroup, which may read a list together; 1 if they cannot hand values on.
layout(constant_id = 34) const int LANES = 1;

layout(scalar) uniform Layer {
    // A cell's reference point, in 256ths of it, and half a step of its items' places on.
    ivec2 reference;
    int bits;               // places are whole numbers of 2^-bits cells of the DEM
    float unit;             // which this is
    int finest;             // cells of the finest level are 2^finest of the DEM's wide
    // Of a picture, by what it alone would have: so it shows the same whatever was drawn before.
    int first_level;
    int levels;             // up to the last
    // What lies no farther around a pixel than 1 / spread cells is in its cell's list.
    float spread;
    // There are cells for what lies between these units, and so many cells around it.
    ivec2 low;
    ivec2 high;
    int around;
    uint paints;            // how many; the last serves all features beyond it
    // The first's words, and its edge's: those of all with ONE_PAINT.
    uvec3 paint;
    uvec3 edge;
    uint edges;             // where those of marks' edges begin
    // Where the sums of a symbol begin: of alpha, four a word; of a picture light and alpha.
    uint symbol;
    ivec2 symbol_size;      // its texels
    // Where directions of the pieces before and after begin, among the items.
    uint links;
    uint lengths;           // where lengths along lines begin, among the words
    float reach;            // pixels from a line's middle, or a mark's, to its outermost
    float outermost;        // the same in pixels or metres, whichever its sizes are in
    float miter_limit;
    float place_step;       // pixels of which places in the picture are whole numbers
    // View depth of the DEM's nearest place, and a step of those that pieces tell.
    float nearest;
    float depth_step;
    float pattern_period;
    vec2 pattern_across;    // normal of stripes
    vec4 pattern_from;      // dashes begin there, and are so long
    vec4 pattern_on;
} layer;
layout(scalar) readonly buffer LayerWords { uint layer_words[]; };
layout(scalar) readonly buffer LayerLists { uvec2 layer_lists[]; };
// Of what is listed by rows: for each row of a tile where its list begins, which is where the last
// one's ends; then the lists: numbers of items, or marks (layer_marks.glsl).
layout(scalar) readonly buffer LayerRows { uint layer_rows[]; };
layout(scalar) readonly buffer LayerItems { uvec4 layer_items[]; };
layout(scalar) readonly buffer LayerPaints { uvec4 layer_paints[]; };
TEXELS(layer_words);
TEXELS(layer_lists);
TEXELS(layer_rows);
TEXELS(layer_items);
TEXELS(layer_paints);

// Words of `layer_rows`, from one up to another.
struct RowList {
    uint from;
    uint to;
    // Whether all threads of a subgroup have it: then each reads one of its entries and hands it to
    // the others.
    bool together;
};

// Where a pixel's list is told; `first_row` is that of the lists.
uint row_of(uvec2 pixel, uint first_row) {
    uint across = (view.size.x + TILE - 1u) / TILE;
    return (pixel.y - first_row) * across + min(pixel.x / TILE, across - 1u);
}

// What may lie on a pixel and those beside it in its tile's row.
RowList row_list(uvec2 pixel, uint first_row) {
    uint at = row_of(pixel, first_row);
    bool together = false;
    if (LANES > 1) {
        uint first = subgroupBroadcastFirst(at);
        together = subgroupBallotBitCount(subgroupBallot(first == at)) == uint(LANES);
    }
    return RowList(WORD(layer_rows, at), WORD(layer_rows, at + 1u), together);
}
