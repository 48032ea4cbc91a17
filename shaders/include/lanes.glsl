// Which ray of a tile is a thread's, where workgroup `part` of a tile has a thread for each of 64
// of its rays. Samples of one pixel lie side by side: their rays take the same steps.
//
// Needs SAMPLES, and tiles.glsl.

const uint RAYS_OF_PIXEL = uint(SAMPLES > 1 ? SAMPLES : 1);

// Its pixel in the tile.
uvec2 pixel_of_lane(uint part, uvec2 lane) {
    const uint across = min(RAYS_OF_PIXEL, 4u);
    return uvec2((part % across) * (TILE / across) + lane.x / across, lane.y);
}

// Its sample of that.
uint sample_of_lane(uint part, uvec2 lane) {
    const uint across = min(RAYS_OF_PIXEL, 4u);
    return part / across * across + lane.x % across;
}
