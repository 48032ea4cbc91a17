// Where a hit lies, and whether that is a hole that is painted as ground.
// Needs walk.glsl.

layout(constant_id = 17) const bool PAINTED_HOLES = false;

uniform usampler2DArray painted_holes;  // words of bits: HoleMask in src/scene/holes.rs

// Columns and rows of the DEM.
vec2 place_of(Hit hit) {
    // A far cell's corners are middles of cells.
    return vec2(hit.cell) + (hit.level > 0 ? (hit.at + 0.5) * float(1 << hit.level) : hit.at);
}

bool in_painted_hole(Hit hit) {
    ivec2 cell = hit.level > 0 ? clamp(ivec2(place_of(hit)), ivec2(0), terrain.cells - 1)
        : hit.cell;
    uint word = texelFetch(painted_holes, ivec3(cell.x >> 5, cell.y, 0), 0).r;
    return ((word >> (cell.x & 31)) & 1u) != 0u;
}
