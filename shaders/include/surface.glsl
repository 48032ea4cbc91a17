// What the ground is coloured with, before light falls on it: linear, straight alpha.

vec4 surface_colour(Hit hit) {
    vec4 colour = colormap_at(patch_height(hit.corners, hit.at));
    if (DRAPED) colour = draped(colour, hit);
    return colour;
}
