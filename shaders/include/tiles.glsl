// The tiles of a picture in which something may be met, with what a dispatch for them wants to
// know. approach.comp makes the list; nothing is drawn where no tile is listed.
//
// There are two lists in one: far tiles, in which no ray meets anything nearer than what
// approach.comp was told, stand at the end of `listed`, last first. A pass over one of them knows
// the first entry and the step to the next.
//
// Needs TILES_ACCESS (readonly or nothing) to be defined.

const uint TILE = 8;            // pixels a side
const uint SIDE_BITS = 3u;      // of a start: see `listed`

layout(scalar) TILES_ACCESS buffer Tiles {
    uint pixel_groups[3];   // workgroups for the near tiles: across, tiles, 1; of a thread a pixel
    uint ray_groups[3];     // the same of a thread a ray
    uint far_pixel_groups[3];
    uint far_ray_groups[3];
    // Column and row of tiles in the band, 16 bits each; bits of the parameter up to which its rays
    // meet nothing, but for the last two: the side of the ground that they are on all the way,
    // holes left aside (ray.glsl).
    uvec2 listed[];
} tiles;

// What a tile shows lies in one piece, at its entry's place in the list; src/render/mosaic.rs makes
// rows of it.
uint place_of(uint entry, uvec2 within) {
    return (entry * TILE + within.y) * TILE + within.x;
}

// First pixel of a tile in its band.
uvec2 corner_of(uvec2 tile) {
    return TILE * uvec2(tile.x & 0xffffu, tile.x >> 16);
}
