// What the sun's map, of sun_map.comp, knows of far cells. Needs SHADOWS, BASE, HAS_HOLES and LOADS (constants),
// `sun_map` (a texture) and, to load from, `sun_map_texels` (the same image).

// Whether a hit is on a wall at the DEM's edge, where nothing hides the sun that it faces.
bool is_outer_wall(Hit hit) {
    return BASE && !HAS_HOLES && hit.face != TOP;
}

// Whether the map knows a hit.
bool is_mapped(Hit hit) {
    bool known = hit.level >= view.sun_map_level || is_outer_wall(hit);
    return SHADOWS == SHADOWS_MAPPED || (SHADOWS == SHADOWS_MIXED && known);
}

// A cell of it and its neighbours to the east, the south and both.
vec4 four_of_sun_map(ivec2 first) {
    if (LOADS) {
        return vec4(imageLoad(sun_map_texels, first).x, imageLoad(sun_map_texels, first + ivec2(1, 0)).x,
                    imageLoad(sun_map_texels, first + ivec2(0, 1)).x, imageLoad(sun_map_texels, first + ivec2(1, 1)).x);
    }
    return textureGather(sun_map, vec2(first + 1) * view.sun_map_texel).wzxy;
}

// Its value at a hit, between the middles of four of its cells.
float sun_map_at(Hit hit, int plane) {
    if (is_outer_wall(hit)) return 0.0;
    vec2 place = (vec2(hit.cell) + (hit.at + 0.5) * float(1 << hit.level)) * view.sun_map_scale - 0.5;
    ivec2 first = clamp(ivec2(floor(place)), ivec2(0), view.sun_map_size - 2);
    return patch_height(four_of_sun_map(first + plane * view.sun_map_plane), clamp(place - vec2(first), 0.0, 1.0));
}
