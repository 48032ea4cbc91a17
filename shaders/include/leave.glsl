// Leaving something to the next pass: a pixel, or one of the `rays` of one, into a list that is as
// remainder.glsl's.

#define LEAVE_TO(list, what, rays) {                        \
        uint place_in_list = atomicAdd(list.count, 1u);     \
        list.listed[place_in_list] = what;                  \
        if (place_in_list % (TILE * TILE * (rays)) == 0u) { \
            atomicAdd(list.pixel_groups[1], 1u);            \
            atomicAdd(list.ray_groups[1], 1u);              \
        }                                                   \
    }

// Into that of remainder.glsl, with access.
void leave_to_next(uint what, uint rays) {
    LEAVE_TO(remainder, what, rays)
}
