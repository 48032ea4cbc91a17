// What the sun's map, of sun_map.comp, knows of far cells. Needs SHADOWS, BASE and HAS_HOLES (constants) and `sun_map` (a texture).

// Whether a hit is on a wall at the DEM's edge, where nothing hides the sun that it faces.
bool is_outer_wall(Hit hit) {
    return BASE && !HAS_HOLES && hit.face != TOP;
}

// Whether the map knows a hit.
bool is_mapped(Hit hit) {
    bool known = hit.level >= view.sun_map_level || is_outer_wall(hit);
    return SHADOWS == MAPPED_SHADOWS || (SHADOWS == MIXED_SHADOWS && known);
}

// Its value at a hit, between the middles of four of its cells.
float sun_map_at(Hit hit, int plane) {
    if (is_outer_wall(hit)) return 0.0;
    vec2 place = (vec2(hit.cell) + (hit.at + 0.5) * float(1 << hit.level)) * view.sun_map_scale - 0.5;
    ivec2 first = clamp(ivec2(floor(place)), ivec2(0), view.sun_map_size - 2);
    vec4 corners = textureGather(sun_map, vec2(first + plane * view.sun_map_plane + 1) * view.sun_map_texel).wzxy;
    return patch_height(corners, clamp(place - vec2(first), 0.0, 1.0));
}
