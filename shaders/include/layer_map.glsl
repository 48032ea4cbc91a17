// What layers put on each cell of the ground and around it, all of them together: nothing, one
// colour all over, or more than a cell can tell. For the first two a pixel is coloured where its
// ray ends. The others wait in a list for layer.comp.
//
// Levels are as in layers.glsl: a cell of the level that is as wide as the farthest reach around a
// pixel here tells of all within its own width around it. src/render/layers/map.rs makes them.
//
// Needs ground_pixel.glsl, pixel.glsl and once.glsl.

layout(scalar) uniform LayerMap {
    int bits;               // places are whole numbers of 2^-bits cells of the DEM
    int finest;             // cells of the finest level are 2^finest of the DEM's wide
    int levels;
    float reach;            // pixels around a pixel's middle that any layer looks at
    // There are cells for what lies between these units, and so many cells around it.
    ivec2 low;
    ivec2 high;
    int around;
    // Where colours begin: premultiplied linear light in two words each, the first of no layer.
    uint colours;
    uvec4 seen;             // first column and row, and last ones, of pixels that may see any
} layer_map;
// Places of the levels, their cells, the colours.
layout(scalar) readonly buffer LayerCells { uint layer_cells[]; };
TEXELS(layer_cells);

const uint MANY_LAYERS = 0xffffffffu;

bool may_see_layers(uvec2 pixel) {
    return all(greaterThanEqual(pixel, layer_map.seen.xy))
        && all(lessThanEqual(pixel, layer_map.seen.zw));
}

// The colour's number, or MANY_LAYERS.
uint layers_of_cell(GroundPixel ground) {
    vec2 radii = radii_of(ground);
    int index = clamp(level_as_wide_as(layer_map.reach * max(radii.x, radii.y)) - layer_map.finest,
                      0, layer_map.levels - 1);
    int shift = layer_map.bits + layer_map.finest + index;
    ivec2 last = (terrain.cells << layer_map.bits) - 1;
    ivec2 cell = clamp(ground.middle, ivec2(0), last) >> shift;
    bool is_there;
    uint number = number_in_window(cell, layer_map.low, layer_map.high, layer_map.around, shift,
                                   last, is_there);
    number = WORD(layer_cells, WORD(layer_cells, index) + number);
    return is_there ? number : 0u;
}

vec4 colour_of_layers(uint number) {
    vec4 colour = vec4(0.0);
    bool one = number != 0u && number != MANY_LAYERS;
    for (;;) {
        if (!one) break;
        uint at = layer_map.colours + 2u * number;
        colour = unpack_linear(uvec2(WORD(layer_cells, at), WORD(layer_cells, at + 1u)));
        if (once(one)) break;
    }
    return colour;
}
