#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// The beam prepass: how far the rays of a tile of 8 x 8 pixels can go together before any of them
// may meet the ground; a tile that meets nothing is left out of the list.
//
// The tile's middle ray is walked through the dilated pyramid, whose cells know the maximum of
// their neighbours too, as low as the lowest ray of the tile. A level serves as long as the tile's
// rays stay within one cell of the middle one; where only finer cells could tell more, the walk
// ends. Rays that come in through the DEM's upright side are walked beneath the ground, in the
// mirror image. One thread a tile.

layout(local_size_x = 8, local_size_y = 8) in;
// `maxima` is the dilated pyramid: of a cell and its neighbours.
// Else every ray starts for itself, as a map's, which fall straight down.
layout(constant_id = 0) const bool TOGETHER = true;
layout(constant_id = 1) const bool EVERY_TILE = false;  // lists those too that meet nothing
// Lists those too that may see water, up to band.water_level.
layout(constant_id = 2) const bool WATER = false;
layout(constant_id = 3) const bool SOLID = false;       // rays beneath the ground meet a base

#define TILES_ACCESS
#include "view.glsl"
#include "terrain.glsl"
#include "tiles.glsl"
#include "strips.glsl"

layout(scalar, push_constant) uniform Band {
    uint first_row;         // of pixels
    uvec2 columns;          // of tiles: the first, and the first beyond them
    uvec2 looked_at;        // bits of a tile's column and row,
    uvec2 chosen;           // and what they are in tiles that count
    uvec2 count;
    ivec2 base_cells;       // of its finest level
    int base_level;
    float far_from;         // tiles are far whose rays meet nothing before this parameter
    uint last;              // entry of the list
    float water_level;      // minus the reference height
    // How far things in space rise over the ground: a ray that much lower meets the ground where it
    // may meet them.
    float rise;
} band;

#include "ray.glsl"
#include "block.glsl"
#include "slab.glsl"

const float HALF_TILE = 4.0;

// The rays of a tile: the middle one, and how far along each axis any other is from it, reach_0 + t
// reach_1.
struct Bundle {
    Ray ray;
    vec3 reach_0;
    vec3 reach_1;
};

Bundle bundle_of(uvec2 tile) {
    vec2 place = vec2(tile * TILE) + HALF_TILE + vec2(0.0, float(band.first_row));
    Ray ray;
    ray.origin = view.origin + place.x * view.origin_dx + place.y * view.origin_dy;
    ray.direction = view.direction + place.x * view.direction_dx + place.y * view.direction_dy;
    ray.base = ivec2(0);
    ray.from = view.near;
    ray.to = view.far;
    // A hundredth for rounding.
    vec3 reach_0 = 1.01 * HALF_TILE * (abs(view.origin_dx) + abs(view.origin_dy));
    vec3 reach_1 = 1.01 * HALF_TILE * (abs(view.direction_dx) + abs(view.direction_dy));
    reach_0.z += band.rise;
    return Bundle(ray, reach_0, reach_1);
}

// Leaves of the rays what is over the DEM and between two heights.
void clip(inout Bundle bundle, float lowest, float highest) {
    for (int axis = 0; axis < 3; ++axis) {
        float low = axis < 2 ? 0.0 : lowest;
        float high = axis < 2 ? float(terrain.cells[axis]) : highest;
        vec2 reach = vec2(bundle.reach_0[axis], bundle.reach_1[axis]);
        vec2 span = slab(bundle.ray.origin[axis], bundle.ray.direction[axis], reach, low, high);
        bundle.ray.from = max(bundle.ray.from, span.x);
        bundle.ray.to = min(bundle.ray.to, span.y);
    }
}

// The path of the bundle's lowest ray, or, beneath the ground, upside down, of its highest. There
// it is higher by what a ray may be beneath the ground and still be on it.
Path side_of(Bundle bundle, bool beneath) {
    Path path = path_of(bundle.ray, bvec2(false));
    float margin = beneath ? 4.0 * height_error(bundle.ray) : 0.0;
    float turn = beneath ? -1.0 : 1.0;
    path.height = turn * bundle.ray.origin.z - bundle.reach_0.z - margin;
    path.climb = turn * bundle.ray.direction.z - bundle.reach_1.z;
    path.falls = path.climb < 0.0;
    path.mirror = beneath ? band.base_cells.x / 2 : 0;
    return path;
}

// Whether, where the middle ray leaves the DEM at t, all that the tile's others are still over are
// neighbours of the last cell, and they meet nothing in those.
bool passes_edge(Bundle bundle, Path path, Walk at, float t) {
    Ray ray = bundle.ray;
    vec2 reach = bundle.reach_0.xy + bundle.reach_1.xy * ray.to;
    ivec2 cell = clamp(patch_under(ray, path, t), ivec2(0), terrain.cells - 1) >> at.level;
    ivec2 last = clamp(patch_under(ray, path, ray.to), ivec2(0), terrain.cells - 1) >> at.level;
    bool beside = cell == last && max(reach.x, reach.y) <= float(1 << at.level);
    bool mirrored = at.level != band.base_level && path.mirror != 0;
    float highest = texelFetch(maxima,
        cell + ivec2(mirrored ? path.mirror : 0, band.base_cells.y >> (at.level - band.base_level)),
        0).x;
    float lowest = path.height + (path.falls ? ray.to : t) * path.climb;
    return beside && mirrored == (path.mirror != 0) && lowest > highest;
}

// Up to where the rays meet nothing, and on which side of the ground they are all the way: over a
// hole they may go deeper than the ground beside it. NOWHERE if they meet nothing at all.
float start_of(Bundle bundle, inout int side) {
    // As in clip_to_bounds: a ray straight down on level ground must not end above it.
    float slack = 4.0 * height_error(bundle.ray);
    clip(bundle, terrain.height_bounds.x - slack, terrain.height_bounds.y + slack);
    Ray ray = bundle.ray;
    if (!(ray.from <= ray.to)) return NOWHERE;
    vec2 spread_0 = bundle.reach_0.xy;
    vec2 spread_1 = bundle.reach_1.xy;

    bool beneath = false;
    Path path = side_of(bundle, beneath);
    // Where the middle ray is not over the DEM yet, the cell beside it: it is a neighbour of any
    // that others of the tile are over.
    Walk first = Walk(
        ray.from,
        clamp(patch_under(ray, path, ray.from), ivec2(0), terrain.cells - 1) >> terrain.top_level,
        terrain.top_level - 1);
    Walk at = first;
    ivec2 blocks = band.base_cells >> (terrain.top_level - band.base_level);
    while (true) {
        Look look = look_at_block(band.base_cells.y, band.base_level, path, at);
        vec2 reach = spread_0 + spread_1 * look.leave;
        float widest = max(reach.x, reach.y);
        if (widest > float(1 << at.level)) {
            // The tile is too wide here for cells of this level.
            if (at.level + 1 >= terrain.top_level) break;
            at.level += 1;
            at.cell >>= 1;
            continue;
        }
        at.t = look.t;
        if (look.found) {
            bool finest = at.level == band.base_level || widest > float(1 << (at.level - 1));
            if (!finest) {
                at.cell = look.child;
                at.level -= 1;
                continue;
            }
            // Rays that are not above the ground from the start on may be beneath it.
            if (SOLID || beneath || at.t > ray.from) break;
            beneath = true;
            path = side_of(bundle, beneath);
            at = first;
        } else {
            if (look.leave >= ray.to) return NOWHERE;
            Walk next = at;
            leave_block(next, path, look.leave_x);
            ivec2 most = blocks << (terrain.top_level - next.level - 1);
            if (any(lessThan(next.cell, ivec2(0))) || any(greaterThanEqual(next.cell, most))) {
                // The middle ray leaves the DEM; the tile's others may still be over it.
                if (passes_edge(bundle, path, at, look.leave)) return NOWHERE;
                break;
            }
            at = next;
        }
    }
    if (at.t > ray.from) side = beneath ? BENEATH : ABOVE;
    return at.t - 1e-6 * abs(at.t);
}

void main() {
    uvec2 tile = uvec2(first_column(gl_WorkGroupID.z) / TILE + gl_GlobalInvocationID.x,
                       gl_GlobalInvocationID.y);
    if (any(greaterThanEqual(tile, band.count))) return;
    if (tile.x < band.columns.x || tile.x >= band.columns.y) return;
    if (any(notEqual(tile & band.looked_at, band.chosen))) return;
    Bundle bundle = bundle_of(tile);
    int side = UNKNOWN;
    float start = TOGETHER ? start_of(bundle, side) : view.near;
    if (WATER) clip(bundle, -NOWHERE, band.water_level);
    bool wet = WATER && bundle.ray.from <= bundle.ray.to;
    if (!EVERY_TILE && !wet && start == NOWHERE) return;
    uint place;
    if (start >= band.far_from) {
        place = band.last - atomicAdd(tiles.far_pixel_groups[1], 1u);
        atomicAdd(tiles.far_ray_groups[1], 1u);
    } else {
        place = atomicAdd(tiles.pixel_groups[1], 1u);
        atomicAdd(tiles.ray_groups[1], 1u);
    }
    tiles.listed[place] = uvec2(tile.x | tile.y << 16,
                                (floatBitsToUint(start) & ~SIDE_BITS) | uint(side));
}
