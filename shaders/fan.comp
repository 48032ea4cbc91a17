#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// Several samples a pixel where all is far: one thread a pixel, whose samples walk as one
// (fan.glsl). Pixels that this does not serve are listed, and drawn after it by picture.comp.

layout(local_size_x = 8, local_size_y = 8) in;

#define FAR
#include "picture.glsl"
#include "slab.glsl"
#include "far/fan.glsl"

// All samples of a pixel: their mean is the pixel's.
void leave_samples_to_layers(uvec2 pixel, float start, uint at, float met[MOST_SAMPLES]) {
    for (int index = 0; index < SAMPLES; ++index) {
        Ray ray = view_ray(vec2(pixel) + view.sample_places[index], start);
        Hit hit;
        hit_of_sample(ray, met[index], hit);
        leave_to_layers(at, uint(index), uint(SAMPLES), hit);
    }
}

void main() {
    uvec2 lane = gl_LocalInvocationID.xy;
    uint entry = entry_of_group();
    uvec2 tile = tiles.listed[entry];
    uvec2 place = corner_of(tile) + lane;
    uvec2 pixel = place + uvec2(0, band.first_row);
    if (pixel.x >= view.size.x || place.y >= band.rows) return;
    uint at = place_of(entry, lane);
    float start = uintBitsToFloat(tile.y);
    Ray middle = view_ray(vec2(pixel) + 0.5, start);
    Ray clipped = middle;
    float met[MOST_SAMPLES];
    float met_in_middle = NEVER;
    for (int index = 0; index < SAMPLES; ++index) met[index] = NEVER;
    bool close;
    bool all_met = false;
    int side = int(tile.y & SIDE_BITS);
    bool over_dem = clip_fan(clipped, close);
    if (over_dem && side != BENEATH) {
        bool from_outside = side == UNKNOWN || clipped.from > middle.from;
        all_met = walk_fan(clipped, start_level(clipped), from_outside, met, met_in_middle, close);
    }
    // Rays beneath the ground go alone.
    close = close || side == BENEATH;
    bool alone = close && !all_met;
    bool blank = true;
    vec4 sum = vec4(0.0);
    bool waits = false;
    Relief relief = relief_of_fan(clipped, met[0]);
    for (int index = 0; index < SAMPLES; ++index) {
        Ray ray = view_ray(vec2(pixel) + view.sample_places[index], start);
        Hit hit;
        bool found = hit_of_sample(ray, met[index], hit);
        alone = alone || (all_met && !found);
        if (STAGE == STAGE_MAPPED) {
            uint layers = layers_on(all_met && found, hit, ray, pixel, view.sample_places[index]);
            waits = waits || layers == MANY_LAYERS;
            layers_above = colour_of_layers(layers);
        }
        vec4 colour = shade(ray, all_met && found, hit, relief, pixel, index);
        blank = blank && colour == backdrop.colour;
        sum += colour;
    }
    if (DEPTHS) {
        Hit hit;
        bool found = hit_of_sample(middle, met_in_middle, hit);
        alone = alone || (all_met && !found);
        depths[at] = all_met ? hit.t : uintBitsToFloat(0x7fc00000u);
    }
    if (alone) {
        leave_to_next(at, 1);
    } else if (waits) {
        leave_samples_to_layers(pixel, start, at, met);
    } else {
        pixels[at] = blank ? backdrop.bytes : pack_pixel(sum / float(SAMPLES));
    }
}
