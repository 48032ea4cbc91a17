// What a dispatch for listed tiles of a band is told: a row of workgroups is a tile.

layout(scalar, push_constant) uniform Band {
    uint first_row;
    uint rows;
    int first_tile;         // entry of the list, and from one to the next
    int tile_step;
} band;

// Of the tile that is this workgroup's.
uint entry_of_group() {
    return uint(band.first_tile + int(gl_WorkGroupID.y) * band.tile_step);
}
