// The ground that a far cell stands for: what colour, lines, water and images on it go by. Rays
// meet a surface through maxima, so that no ridge is lost; the ground lies beneath it, on the
// average by as much as a cell's mean is below its maximum.
//
// Needs far/cells.glsl, differentials.glsl and facets.glsl. Where it lies in the pyramid:
// src/render/pyramid.rs.

#include "roughness.glsl"

Relief relief_in(float word) {
    return Relief(number_of(word), terrain.deviation_scale * deviation_of(word));
}

// What lies below the surface through the maxima about a cell of `level`: on the average of 4 x 4
// such cells.
Relief relief_below(ivec2 cell, int level) {
    int above = min(level + 2, terrain.top_level);
    if (SHEETS) {
        Spot spot = spot_of_cell(cell >> (above - level), above, PLANE_RELIEFS);
        float relief = texel_of(spot.place);
        return relief_in(spot.step == 0 ? 0.0 : relief);
    }
    ivec2 place = (cell >> (above - level))
        + ivec2(terrain.base_cells.x / 4, terrain.base_cells.y >> (above - BASE_LEVEL));
    return relief_in(LOADS ? imageLoad(maxima_texels, place).x
                     : texelFetch(maxima, place, 0).x);
}

// The same under a hit; nothing for a patch. Software Vulkan loads for all rays of a group; those
// that have met a patch load one and the same.
Relief relief_under(Hit hit) {
    bool far = hit.level > 0;
    Relief relief = relief_below(far ? hit.cell >> hit.level : ivec2(0),
                                 far ? hit.level : BASE_LEVEL);
    return Relief(far ? relief.depth : 0.0, far ? relief.deviation : 0.0);
}

// Where a ray that has met a far cell comes to the ground, which lies that far below the surface
// that it met: on the plane that touches this one, and at most a cell's width on. Any other hit
// stays what it is.
Hit ground_of(Ray ray, Hit hit, float relief) {
    float cell = float(1 << hit.level);
    vec2 gradient = patch_gradient(hit.corners, hit.at) / cell;
    float nearing = dot(gradient, ray.direction.xy) - ray.direction.z;
    float furthest = cell / max(max(abs(ray.direction.x), abs(ray.direction.y)), 1e-6);
    float on = nearing > 0.0 ? min(relief / nearing, furthest) : 0.0;
    Hit ground = hit;
    ground.t += on;
    ground.at += on / cell * ray.direction.xy;
    ground.corners -= relief;
    if (hit.level > 0) hit = ground;
    return hit;
}

// Where no patches are drawn all are: the compiler is to know it.
bool is_of_far_cell(Hit hit) {
    return hit.level > 0 || !(PATCHES || BASE);
}

// The facets of the surface that a ray in the world's `direction` has met.
Facets facets_of(Hit hit, float deviation, vec3 direction) {
    vec2 gradient = patch_gradient(hit.corners, hit.at) / width_of(hit);
    return facets_in_view(gradient * terrain.normal_scale.xy, deviation, direction);
}
