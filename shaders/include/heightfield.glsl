// The surface: bilinear patches between four samples; a patch with a NaN corner is a hole.
// Needs sheets.glsl, which has the heights.

#include "nan.glsl"

layout(constant_id = 2) const bool HAS_HOLES = true;

// Corners (north-west, north-east, south-west, south-east) of a patch.
vec4 patch_corners(ivec2 cell) {
    if (SHEETS) return corners_in_sheet(cell);
    if (LOADS) {
        return vec4(imageLoad(height_texels, cell).x,
                    imageLoad(height_texels, cell + ivec2(1, 0)).x,
                    imageLoad(height_texels, cell + ivec2(0, 1)).x,
                    imageLoad(height_texels, cell + ivec2(1, 1)).x);
    }
    return textureGather(heights, vec2(cell + 1) * terrain.texel).wzxy;
}

bool is_hole(vec4 corners) {
    return is_nan(corners.x) || is_nan(corners.y) || is_nan(corners.z) || is_nan(corners.w);
}

// Height at a place (0..1, 0..1) of a patch. Weights rather than differences: exact at the corners.
float patch_height(vec4 corners, vec2 at) {
    vec2 rest = 1.0 - at;
    return (corners.x * rest.x + corners.y * at.x) * rest.y
        + (corners.z * rest.x + corners.w * at.x) * at.y;
}

// d height / d column, d height / d row.
vec2 patch_gradient(vec4 corners, vec2 at) {
    return vec2((corners.y - corners.x) * (1.0 - at.y) + (corners.w - corners.z) * at.y,
                (corners.z - corners.x) * (1.0 - at.x) + (corners.w - corners.y) * at.x);
}

// The upward unit normal in the world of ground with that gradient.
vec3 slope_normal(vec2 gradient) {
    vec3 slope = vec3(-gradient * terrain.normal_scale.xy, terrain.normal_scale.z);
    return slope / sqrt(dot(slope, slope));
}

// The same of a patch of `cells` by `cells` patches.
vec3 patch_normal(vec4 corners, vec2 at, float cells) {
    return slope_normal(patch_gradient(corners, at) / cells);
}
