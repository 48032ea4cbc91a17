// What the ground is coloured with, before light falls on it: linear, straight alpha.

vec4 surface_colour(Hit hit) {
    return colormap_at(patch_height(hit.corners, hit.at));
}
