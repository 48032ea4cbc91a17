#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// Things in space in numbers that are of the ground so far: at every pixel's centre, or the depth
// at any places. One thread a ray.

layout(local_size_x = 64, local_size_y = 1) in;

#include "aov_kinds.glsl"

layout(constant_id = 2) const uint AOV = AOV_DEPTH;
layout(constant_id = 3) const bool AT_PLACES = false;

#include "view.glsl"
#include "terrain.glsl"
#include "texels.glsl"

layout(scalar) readonly buffer Places { vec2 places[]; };
layout(scalar) readonly buffer Grounds { float grounds[]; };     // depth of the ground
layout(scalar) buffer Values { float values[]; };

layout(scalar, push_constant) uniform Asked {
    uint count;             // in a row
    uint first_row;
    vec2 spacing;           // metres
    vec2 samples;           // of the DEM: columns and rows, less one
} asked;

#include "nan.glsl"
#include "ray.glsl"
#include "view_ray.glsl"
#include "block.glsl"
#include "space.glsl"
#include "thing_normal.glsl"

void main() {
    uint column = gl_GlobalInvocationID.x;
    uint row = gl_GlobalInvocationID.y;
    if (column >= asked.count) return;
    uint at = row * asked.count + column;
    vec2 place = vec2(column, row + asked.first_row) + 0.5;
    if (AT_PLACES) place = places[at];
    Ray own = view_ray(place, view.near);
    // AOV_DEPTH has the ground's in `values`.
    float ground = AOV == AOV_DEPTH ? values[at] : grounds[at];
    float to = is_nan(ground) ? own.to : before_ground(own, ground);
    Ray ray = in_grid(own.origin, ivec2(0), own.direction, own.from, to);
    Seen beyond;
    Seen seen = seek(ray, false, beyond);
    vec3 normal = normal_of(ray, seen);
    if (seen.entry == NO_ENTRY) return;
    vec3 met = own.origin + seen.t * own.direction;
    if (AOV == AOV_DEPTH) {
        values[at] = seen.t;
    } else if (AOV == AOV_ELEVATION) {
        values[at] = met.z + terrain.reference_height;
    } else if (AOV == AOV_NORMAL) {
        values[3 * at] = normal.x;
        values[3 * at + 1] = normal.y;
        values[3 * at + 2] = normal.z;
    } else {
        vec2 centred = (met.xy - 0.5 * asked.samples) * vec2(1.0, -1.0);
        values[2 * at] = centred.x * asked.spacing.x;
        values[2 * at + 1] = centred.y * asked.spacing.y;
    }
}
