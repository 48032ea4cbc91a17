#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// What is seen at each pixel's centre, as a number: depth, height, normal or ground place; NaN
// where no ground is seen.

layout(local_size_x = 8, local_size_y = 8) in;

#include "aov_kinds.glsl"

layout(constant_id = 1) const uint AOV = AOV_DEPTH;
// Numbers are exact, however small the cells.
const bool FAR_CELLS = false;
const bool PATCHES = true;

#include "view.glsl"
#include "terrain.glsl"
#include "strips.glsl"

layout(scalar) writeonly buffer Values { float values[]; };

layout(scalar, push_constant) uniform Band {
    uint first_row;
    uint rows;
    uvec2 columns;          // the first, and the first beyond them
    vec2 spacing;           // metres
} band;

#include "sheets.glsl"
#include "heightfield.glsl"
#include "ray.glsl"
#include "block.glsl"
#include "base.glsl"
#include "hit.glsl"
#include "roots.glsl"
#include "patches.glsl"
#include "walk.glsl"
#include "trace.glsl"
#include "holes.glsl"

void main() {
    uint row = gl_GlobalInvocationID.y;
    uvec2 pixel = uvec2(first_column(gl_WorkGroupID.z) + gl_GlobalInvocationID.x,
                        row + band.first_row);
    if (pixel.x < band.columns.x || pixel.x >= band.columns.y || row >= band.rows) return;
    uint at = row * view.size.x + pixel.x;
    Ray ray = view_ray(vec2(pixel) + 0.5, view.near);
    Hit hit;
    int side = UNKNOWN;
    bool found = trace(ray, side, hit);
    float nothing = uintBitsToFloat(0x7fc00000u);
    if (AOV == AOV_DEPTH) {
        values[at] = found ? hit.t : nothing;
    } else if (AOV == AOV_ELEVATION) {
        bool known = found && !(PAINTED_HOLES && in_painted_hole(hit));
        values[at] = known ? patch_height(hit.corners, hit.at) : nothing;
    } else if (AOV == AOV_NORMAL) {
        vec3 normal = found ? hit_normal(hit) : vec3(nothing);
        values[3 * at] = normal.x;
        values[3 * at + 1] = normal.y;
        values[3 * at + 2] = normal.z;
    } else {
        // World metres from the DEM's centre. Halves of whole numbers are exact, so nothing is lost
        // far from it.
        vec2 centred = (vec2(2 * hit.cell - terrain.cells) * 0.5 + hit.at) * vec2(1.0, -1.0);
        values[2 * at] = found ? centred.x * band.spacing.x : nothing;
        values[2 * at + 1] = found ? centred.y * band.spacing.y : nothing;
    }
}
