// A list of rays that a pass goes over, made by leave.glsl in a pass before. Needs
// listed_tiles.glsl and lanes.glsl.

layout(scalar) readonly buffer Queue {
    uint pixel_groups[3];
    uint ray_groups[3];
    uint count;
    uint listed[];
} queue;
TEXELS(queue);

uint queue_entry(uint left) {
    const uint words_before = 7u;
    return LOADS ? TEXEL(queue, words_before + left) : queue.listed[left];
}

// A ray of the list.
struct Queued {
    bool there;             // else there is none left for this thread
    uint which;
    uint at;                // its pixel's place in the tiles
    uint index;             // its sample of that
    uvec2 place;            // of the pixel in the band
};

Queued queued_ray() {
    Queued ray;
    uint left = place_of(gl_WorkGroupID.y * RAYS_OF_PIXEL + gl_WorkGroupID.x,
                         gl_LocalInvocationID.xy);
    ray.there = left < queue.count;
    ray.which = ray.there ? queue_entry(left) : 0u;
    ray.at = ray.which / RAYS_OF_PIXEL;
    ray.index = ray.which % RAYS_OF_PIXEL;
    ray.place = corner_of(listed_tile(ray.at / (TILE * TILE)))
        + uvec2(ray.at % TILE, ray.at / TILE % TILE);
    return ray;
}
