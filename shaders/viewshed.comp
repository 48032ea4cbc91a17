#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// What an observer sees, ring by ring outwards (Wang, Robinson and White 2000; the "edge" mode of
// gdal_viewshed).
//
// The sight line to a cell of ring `ring` crosses the ring before between two cells. `skyline`
// holds for each cell of that ring the steepest rise, by ring, of the ground up to it; between two
// cells it is straight. The eight octants do not touch each other: those on a border compute it
// twice, alike.

layout(local_size_x = 64) in;

layout(scalar) readonly buffer Heights { float heights[]; };
layout(scalar) buffer Skyline { float skyline[]; };
layout(scalar) writeonly buffer Seen { float seen[]; };

layout(scalar, push_constant) uniform Block {
    ivec2 size;             // columns, rows
    ivec2 observer;
    vec2 metres;            // (dx, dy)
    int ring;
    // Of an octant in skyline, of which there are eight for odd and eight for even rings.
    int pitch;
    float eye;              // height of the observer's eye
    float exaggeration;
    float target;           // height above the ground of what is looked at
    float sagging;          // metres that the ground sinks below the level, at one metre squared
} block;

#include "ground.glsl"
#include "nan.glsl"

void main() {
    int i = int(gl_GlobalInvocationID.x);
    int octant = int(gl_GlobalInvocationID.y);
    int ring = block.ring;
    if (i > ring || octant >= 8) return;
    ivec2 step = (octant & 4) != 0 ? ivec2(i, ring) : ivec2(ring, i);
    ivec2 cell = block.observer + ivec2((octant & 1) != 0 ? -step.x : step.x,
                                        (octant & 2) != 0 ? -step.y : step.y);
    if (any(lessThan(cell, ivec2(0))) || any(greaterThanEqual(cell, block.size))) return;
    int at = cell.y * block.size.x + cell.x;
    float own = heights[at];
    bool hole = is_nan(own);
    vec2 way = vec2(step) * block.metres;
    float level = own * block.exaggeration - block.sagging * dot(way, way) - block.eye;
    float rise = hole ? NO_GROUND : level / float(ring);
    int base = ((ring & 1) * 8 + octant) * block.pitch;
    int before = (((ring + 1) & 1) * 8 + octant) * block.pitch;
    float behind = NO_GROUND;
    if (ring > 1) {
        // On the axis and on the diagonal the line runs through one cell; the other may not exist.
        float inner = skyline[before + max(i - 1, 0)], outer = skyline[before + min(i, ring - 1)];
        behind = i == 0 ? outer : i == ring ? inner
            : (inner * float(i) + outer * float(ring - i)) / float(ring);
        if (min(inner, outer) <= -1.0e37 && i > 0 && i < ring) behind = max(inner, outer);
    }
    skyline[base + i] = max(rise, behind);
    seen[at] = hole ? uintBitsToFloat(0x7fc00000u) : level + block.target >= behind * float(ring)
        ? 1.0 : 0.0;
}
