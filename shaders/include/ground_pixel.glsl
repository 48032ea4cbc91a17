// A pixel laid on the ground: where its middle is and how its sides run, on the plane that touches
// the surface where a ray has met it.
//
// Places are whole numbers of a cell's 2^-bits, so that nothing is lost far from the DEM's corner.
//
// Needs FAR_CELLS (a constant) and differentials.glsl.

#include "sighting.glsl"

// A pixel on the ground.
struct GroundPixel {
    ivec2 middle;           // in units
    vec2 right;             // cells for one pixel
    vec2 down;
    vec4 inverse;           // pixels for one column, and one row
    vec2 place;             // in the picture
    bool on_patch;          // no far cell is met
    Sighting sighting;
};

GroundPixel ground_pixel(Hit hit, Ray ray, vec2 to_middle, vec2 place, int bits) {
    vec2 per_cell = patch_gradient(hit.corners, hit.at);
    float size = float(1 << hit.level);
    vec3 normal = vec3(-per_cell / size, 1.0);
    Footprint pixel = footprint_on(normal, ray.direction, hit.t);
    ivec2 whole = hit.cell;
    vec2 part = hit.level > 0 ? (hit.at + 0.5) * size : hit.at;
    // Further along the ray.
    float ahead = 0.0;
    if (FAR_CELLS && hit.level > 0) {
        // A far cell's surface goes through maxima: the ray meets the ground behind it.
        float towards = dot(normal, ray.direction);
        float most = 2.0 * size / max(max(abs(ray.direction.x), abs(ray.direction.y)), 1e-12);
        ahead = min(0.5 * (abs(per_cell.x) + abs(per_cell.y)) / max(-towards, 1e-6), most);
        part += ahead * ray.direction.xy;
    }
    vec2 met_at = part;
    part += to_middle.x * pixel.right.xy + to_middle.y * pixel.down.xy;
    // Beyond the DEM there is nothing, and whole numbers end.
    part = clamp(part, vec2(-16.0) * size, vec2(16.0) * size);
    float units = float(1 << bits);
    GroundPixel ground;
    ground.middle = whole * (1 << bits) + ivec2(floor(part * units + 0.5));
    ground.right = pixel.right.xy;
    ground.down = pixel.down.xy;
    float area = pixel.right.x * pixel.down.y - pixel.right.y * pixel.down.x;
    float inverse = 1.0 / (abs(area) > 1e-20 ? area : 1e-20);
    ground.inverse = inverse * vec4(pixel.down.y, -pixel.right.y, -pixel.down.x, pixel.right.x);
    ground.place = place;
    ground.on_patch = hit.level == 0;
    // Rays meet far cells also between four of them and the next, whose surface is a little off.
    float height = hit.level > 0 ? ray.origin.z + hit.t * ray.direction.z + terrain.reference_height
        : patch_height(hit.corners, hit.at);
    vec2 moved = vec2(ground.middle - whole * (1 << bits)) / units - met_at;
    ground.sighting = sighting_of(ray, normal, hit.t + ahead, to_middle, moved,
                                  height + ahead * ray.direction.z);
    return ground;
}

// Sides along columns and along rows of the box of an ellipse through the middles of the pixel's
// sides.
vec2 radii_of(GroundPixel ground) {
    return sqrt(ground.right * ground.right + ground.down * ground.down);
}

// The least level whose cells are so wide.
int level_as_wide_as(float cells) {
    return int((floatBitsToUint(clamp(cells, 1e-9, 1e9)) + 0x7fffffu) >> 23) - 127;
}

// A cell's number in its level's window, row by row, if it `is_there`: as
// src/render/layers/window.rs.
uint number_in_window(ivec2 cell, ivec2 low, ivec2 high, int around, int shift, ivec2 last,
                      out bool is_there) {
    ivec2 first = max((low >> shift) - around, ivec2(0));
    ivec2 beyond = min((high >> shift) + around, last >> shift) - first;
    ivec2 within = clamp(cell - first, ivec2(0), beyond);
    is_there = within == cell - first;
    return uint(within.y * (beyond.x + 1) + within.x);
}
