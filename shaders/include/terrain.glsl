// How large a DEM is: its samples, its cells, and its heights.

#include "loads.glsl"

layout(scalar) uniform Terrain {
    float reference_height;
    float cell_metres;      // the longer side of a patch
    float cell_height;      // as much in the DEM's own heights
    // Of the finite samples, with a base from its floor, minus reference_height.
    vec2 height_bounds;
    ivec2 cells;            // patches: (columns - 1, rows - 1)
    vec2 texel;             // 1 / (columns, rows)
    ivec2 base_cells;       // of the pyramid's finest level, padding included
    int top_level;
    // (exaggeration / dx, -exaggeration / dy, 1): grid gradient to world slope.
    vec3 normal_scale;
    float deviation_scale;  // the same for what has no direction, as it is on square cells
    vec3 world_scale;       // (dx, -dy, exaggeration): grid to world metres
} terrain;
