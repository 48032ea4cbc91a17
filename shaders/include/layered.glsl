// The pixels on which layers lie that no cell of the map tells (layer_map.glsl), for layer.comp and
// for the colours after it. Laid out as the ray queue is (remainder.glsl).
//
// Needs LAYERED_ACCESS (readonly or nothing).

layout(scalar) LAYERED_ACCESS buffer Layered {
    uint pixel_groups[3];   // workgroups of a thread a pixel: across, as many as tiles would be, 1
    uint ray_groups[3];     // the same of a thread a ray
    uint count;
    uint listed[];
} layered;
// Of a pixel with several samples: a bit for each that waits.
layout(scalar) LAYERED_ACCESS buffer LayeredSamples { uint layered_samples[]; };
