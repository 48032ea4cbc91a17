// What lies between the eye and a surface, and behind it: linear, premultiplied colour.

vec4 through_air(vec4 surface) {
    return surface + view.background * (1.0 - surface.a);
}
