// The ray queue: what a pass leaves to the next one, pixels or rays, each a number; with what the
// dispatches for them want to know.
//
// Needs tiles.glsl, REMAINDER_ACCESS (readonly or nothing).

layout(scalar) REMAINDER_ACCESS buffer Remainder {
    uint pixel_groups[3];   // workgroups of a thread a pixel: across, as many as tiles would be, 1
    uint ray_groups[3];     // the same of a thread a ray
    uint count;
    uint listed[];
} remainder;
