// What the sun's map, of sun_map.comp, knows of far cells. Needs sun.glsl.

uniform sampler2D sun_map;
layout(r32f) uniform readonly image2D sun_map_texels;   // the same to load from

layout(scalar) uniform SunMap {
    float scale;            // cells of the map in one of the DEM
    int level;              // of the pyramid
    ivec2 size;             // of a plane
    vec2 texel;             // 1 / size of its image
    ivec2 plane;            // from one of its planes to the next, in texels
} sun_grid;

// Whether a hit is on a wall at the DEM's edge, where nothing hides the sun that it faces.
bool is_outer_wall(Hit hit) {
    return BASE && !HAS_HOLES && hit.face != TOP;
}

// Whether the map knows a hit.
bool is_mapped(Hit hit) {
    bool known = hit.level >= sun_grid.level || is_outer_wall(hit);
    bool all = SHADOWS == SHADOWS_MAPPED || SHADOWS == SHADOWS_SAMPLED;
    return all || (SHADOWS == SHADOWS_MIXED && known);
}

// A cell of it and its neighbours to the east, the south and both.
vec4 four_of_sun_map(ivec2 first) {
    if (LOADS) {
        return vec4(imageLoad(sun_map_texels, first).x,
                    imageLoad(sun_map_texels, first + ivec2(1, 0)).x,
                    imageLoad(sun_map_texels, first + ivec2(0, 1)).x,
                    imageLoad(sun_map_texels, first + ivec2(1, 1)).x);
    }
    return textureGather(sun_map, vec2(first + 1) * sun_grid.texel).wzxy;
}

// Its value at a hit, between the middles of four of its cells.
float sun_map_at(Hit hit, int plane) {
    if (is_outer_wall(hit)) return 0.0;
    // With one sample for a pixel it is as good as on the DEM's own.
    if (SHADOWS == SHADOWS_SAMPLED && ONE_SAMPLE)
        return imageLoad(sun_map_texels, hit.cell + ivec2(hit.at + 0.5)).x;
    vec2 place = (vec2(hit.cell) + (hit.at + 0.5) * float(1 << hit.level)) * sun_grid.scale - 0.5;
    ivec2 first = clamp(ivec2(floor(place)), ivec2(0), sun_grid.size - 2);
    return patch_height(four_of_sun_map(first + plane * sun_grid.plane),
                        clamp(place - vec2(first), 0.0, 1.0));
}
