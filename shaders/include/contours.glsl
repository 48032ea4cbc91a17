// Lines of equal height, at the exact height of a hit. Needs differentials.glsl and exact patches' or far cells' hits.

// Share of a filter as wide as `filter_width` pixels, `distance` pixels from a line's middle, that the line covers.
float line_cover(float distance, float width, float filter_width) {
    float half_filter = 0.5 * filter_width;
    float half_width = 0.5 * width;
    float covered = min(distance + half_filter, half_width) - max(distance - half_filter, -half_width);
    return max(covered, 0.0) / filter_width;
}

// Cover of the lines `interval` apart. Where neighbours come closer than three of their widths they fade, and are gone at two:
// such lines would only alias.
float lines_cover(float height, float interval, float per_pixel, float width) {
    float off = abs(height - interval * floor(height / interval + 0.5));
    float apart = interval / max(per_pixel, 1e-30) / max(width, 1.0);
    float fade = clamp(apart - 2.0, 0.0, 1.0);
    fade = fade * fade * (3.0 - 2.0 * fade);
    // Level ground just at a line's height has no line on it, but is all within it.
    bool level = apart > 1e6;
    return level ? 0.0 : fade * line_cover(off / max(per_pixel, 1e-30), width, view.contour_filter);
}

// `colour`, straight alpha, with the lines on it.
vec4 with_contours(vec4 colour, Hit hit, Ray ray) {
    float height = patch_height(hit.corners, hit.at) - view.contour_base;
    Footprint pixel = footprint_of(hit, ray.direction);
    float per_pixel = sqrt(pixel.right.z * pixel.right.z + pixel.down.z * pixel.down.z);
    float cover = lines_cover(height, view.contour_interval, per_pixel, view.contour_width);
    if (view.contour_index > 0.0) {
        float every = view.contour_interval * view.contour_index;
        cover = max(cover, lines_cover(height, every, per_pixel, 2.0 * view.contour_width));
    }
    cover *= view.contour_colour.a;
    return vec4(mix(colour.rgb, view.contour_colour.rgb, cover), mix(colour.a, 1.0, cover));
}
