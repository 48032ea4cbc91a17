// What the ground is coloured with, before light falls on it: linear, straight alpha.

vec4 surface_colour(Hit hit, vec3 direction) {
    vec4 colour = colormap_at(patch_height(hit.corners, hit.at));
    if (PAINTED_HOLES && in_painted_hole(hit)) colour = bad_colour();
    if (DRAPED != DRAPED_NONE) colour = draped(colour, hit, direction);
    return colour;
}
