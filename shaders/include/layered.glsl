// The pixels on which layers lie that no cell of the map tells (layer_map.glsl), for layer.comp and
// for the colours after it: rows of tiles, of which at least one pixel waits. Laid out as the ray
// queue is (remainder.glsl).
//
// Needs LAYERED_ACCESS (readonly or nothing) and texels.glsl.

layout(scalar) LAYERED_ACCESS buffer Layered {
    uint pixel_groups[3];   // workgroups of a thread a pixel: across, as many as tiles would be, 1
    uint ray_groups[3];     // the same of a thread a ray
    uint count;
    uint listed[];
} layered;
// Of each pixel a bit for each sample that waits; of the first of a row ROW_LISTED too.
layout(scalar) LAYERED_ACCESS buffer LayeredSamples { uint layered_samples[]; };
TEXELS(layered_samples);

const uint ROW_LISTED = 0x80000000u;

uint waiting_samples(uint at) {
    return WORD(layered_samples, at) & ~ROW_LISTED;
}
