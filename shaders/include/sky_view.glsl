// How much of the sky a hit sees, of which ambient light comes.

layout(constant_id = 11) const bool AMBIENT_OCCLUSION = true;

uniform sampler2D sky_view;

layout(scalar) uniform SkyView {
    vec2 place;             // a place in cells times x, plus y, is one in texels
    ivec2 size;
    vec2 texel;             // 1 / size
} sky_grid;

// Between four texels of a map, each in the middle of its block of samples.
float sky_light(Hit hit) {
    vec2 within = FAR_CELLS && hit.level > 0 ? (hit.at + 0.5) * float(1 << hit.level) : hit.at;
    vec2 place = (vec2(hit.cell) + within) * sky_grid.place.x + sky_grid.place.y;
    ivec2 first = clamp(ivec2(floor(place)), ivec2(0), max(sky_grid.size - 2, ivec2(0)));
    vec4 corners = textureGather(sky_view, vec2(first + 1) * sky_grid.texel).wzxy;
    return patch_height(corners, clamp(place - vec2(first), 0.0, 1.0));
}
