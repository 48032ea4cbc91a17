// The tiles of a picture in which something may be met, with what a dispatch for them wants to know. approach.comp makes the
// list; nothing is drawn where no tile is listed. Twin: src/render/tiles.rs.
//
// Needs TILES_ACCESS (readonly or nothing) and TILES_BINDING to be defined.

const uint TILE = 8;            // pixels a side

layout(scalar, set = 0, binding = TILES_BINDING) TILES_ACCESS buffer Tiles {
    uint pixel_groups[3];   // workgroups: across, tiles, 1; of a thread a pixel
    uint ray_groups[3];     // the same of a thread a ray
    uvec2 listed[];         // column and row of tiles in the band, 16 bits each; bits of the parameter up to which its rays meet nothing
} tiles;

// First pixel of a tile in its band.
uvec2 corner_of(uvec2 tile) {
    return TILE * uvec2(tile.x & 0xffffu, tile.x >> 16);
}
