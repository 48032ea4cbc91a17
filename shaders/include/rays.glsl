// One thread a ray. With one sample a pixel that is a pixel: its encoded colour and the depth at
// its centre. With more, each draws one into `samples`, for average.comp; and a dispatch with
// SAMPLES = 0 finds the depths at the centres, if wanted. A thread never walks for one sample after
// the other: software Vulkan may end all loops of a thread after some 65,000 turns in all.
//
// Where both patches and far cells may be met, one dispatch walks over patches as far as there are
// any, and lists the rays that have met nothing by then; the next walks on with those over far
// cells. In one loop each ray would pay for both at every turn.

#include "picture.glsl"
#include "lanes.glsl"

// What lies below a hit.
Relief relief_of(Hit hit) {
#ifdef FAR
    return relief_under(hit);
#else
    return Relief(0.0, 0.0);
#endif
}

// Of a listed ray: it goes on beneath the ground.
const uint BENEATH_BIT = 0x80000000u;

// A ray's colour into its place: sample `index` of pixel `at`.
void put(uint at, uint index, vec4 colour) {
    if (PEELED) {
        vec4 nearer = unpack_linear(PAIR(covers, at * RAYS_OF_PIXEL + index));
        vec4 all = nearer + (1.0 - nearer.a) * thing.alpha * colour;
        covers[at * RAYS_OF_PIXEL + index] = pack_linear(all);
    } else if (SAMPLES > 1) samples[at * RAYS_OF_PIXEL + index] = pack_linear(colour);
    // The same bytes as in tiles that are not drawn.
    else pixels[at] = colour == backdrop.colour ? backdrop.bytes : pack_pixel(colour);
}

// The ray of a list in place of the tile's own; false where there is none left.
bool take_listed(uint part, uvec2 lane, inout uvec2 within_tile, inout uint index, inout uint at,
                 inout int side) {
    bool pixels_listed = RAYS == RAYS_OF_LISTED_PIXELS;
    uint left = pixels_listed ? place_of(gl_WorkGroupID.y, within_tile)
        : place_of(gl_WorkGroupID.y * RAYS_OF_PIXEL + part, lane);
    if (left >= remainder.count) return false;
    at = remainder.listed[left];
    if (!pixels_listed) {
        side = (at & BENEATH_BIT) != 0u ? BENEATH : ABOVE;
        at &= ~BENEATH_BIT;
        index = at % RAYS_OF_PIXEL;
        at /= RAYS_OF_PIXEL;
    }
    within_tile = uvec2(at % TILE, at / TILE % TILE);
    return true;
}

// What is known of a ray that was asked about things in space: false if this dispatch has nothing
// to do with it.
bool take_known(uint which, Ray ray, out Hit hit, out bool found) {
    uvec4 words = FOUR(hits, which);
    thing = stored_thing(words);
    found = stored_hit(words, ray, hit) || OF_THINGS;
    if (OF_THINGS) hit = hit_of_thing(ray);
    if (SHADOWS != SHADOWS_NONE) sun_passed = float(WORD(sun_left, which)) / 65535.0;
    return thing.seen == OF_THINGS;
}

// Of two passes the first goes as far as patches do, and the second from there on.
bool meets_ground(Ray ray, inout int side, inout Hit hit) {
    if (RAYS == RAYS_OF_TILES_NEAR_BY) ray.to = min(ray.to, view.patches_to);
    if (RAYS == RAYS_LISTED_FAR) ray.from = max(ray.from, view.patches_to);
    return trace(ray, side, hit);
}

void main() {
    uvec2 lane = gl_LocalInvocationID.xy;
    uint part = gl_WorkGroupID.x;
    uvec2 within_tile = pixel_of_lane(part, lane);
    uint index = sample_of_lane(part, lane);
    uint entry = entry_of_group();
    uint at = place_of(entry, within_tile);
    int side;
    if (RAYS != RAYS_OF_TILES && RAYS != RAYS_OF_TILES_NEAR_BY) {
        if (!take_listed(part, lane, within_tile, index, at, side)) return;
        entry = at / (TILE * TILE);
    }
    uvec2 tile = listed_tile(entry);
    uvec2 place = corner_of(tile) + within_tile;
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || place.y >= band.rows) return;
    vec2 within = SAMPLES < 2 ? vec2(0.5) : view.sample_places[index];
    Ray ray = view_ray(vec2(pixel) + within, uintBitsToFloat(tile.y));
    // A tile's rays may start beyond the patches; then there was no first pass that knew their
    // side.
    if (RAYS != RAYS_LISTED_FAR || ray.from > view.patches_to) side = int(tile.y & SIDE_BITS);
    Hit hit;
    bool found;
    if (STAGE == STAGE_COLOURS) {
        if ((waiting_samples(at) >> index & 1u) == 0u) return;
        uint which = at * RAYS_OF_PIXEL + index;
        found = stored_hit(FOUR(hits, which), ray, hit);
        layers_above = unpack_linear(PAIR(covers, which));
        if (THINGS && SHADOWS != SHADOWS_NONE) sun_passed = float(WORD(sun_left, which)) / 65535.0;
        put(at, index, shade(ray, found, hit, relief_of(hit), pixel, int(index)));
        return;
    }
    if (THINGS && !take_known(at * RAYS_OF_PIXEL + index, ray, hit, found)) return;
    if (!THINGS) {
        found = meets_ground(ray, side, hit);
        if (RAYS == RAYS_OF_TILES_NEAR_BY && !found && ray.to >= view.patches_to) {
            leave_to_next((at * RAYS_OF_PIXEL + index) | (side == BENEATH ? BENEATH_BIT : 0u),
                          RAYS_OF_PIXEL);
            return;
        }
    }
    if (DEPTHS && SAMPLES < 2) depths[at] = found ? hit.t : uintBitsToFloat(0x7fc00000u);
    if (SAMPLES < 1) return;
    if (STAGE == STAGE_HITS || STAGE == STAGE_KEPT)
        hits[at * RAYS_OF_PIXEL + index] = store_hit(found, hit);
    if (STAGE == STAGE_HITS) return;
    if (STAGE == STAGE_LAYERED) layers_above = layered_by_part(found, hit, ray, pixel, within);
    if (STAGE == STAGE_MAPPED) {
        uint layers = layers_on(found, hit, ray, pixel, within);
        if (layers == MANY_LAYERS) {
            leave_to_layers(at, index, RAYS_OF_PIXEL, hit);
            return;
        }
        layers_above = colour_of_layers(layers);
    }
    put(at, index, shade(ray, found, hit, relief_of(hit), pixel, int(index)));
    // Things hide no sun where the ground does already.
    if (STAGE == STAGE_KEPT && SHADOWS != SHADOWS_NONE)
        sun_left[at * RAYS_OF_PIXEL + index] = is_dark ? 0u : 65535u;
}
