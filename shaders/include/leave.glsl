// Leaving something to the next pass. Needs remainder.glsl, with access.

// Lists a pixel, or one of the `rays` of one, for the next pass.
void leave_to_next(uint what, uint rays) {
    uint place = atomicAdd(remainder.count, 1u);
    remainder.listed[place] = what;
    if (place % (TILE * TILE * rays) == 0u) {
        atomicAdd(remainder.pixel_groups[1], 1u);
        atomicAdd(remainder.ray_groups[1], 1u);
    }
}
