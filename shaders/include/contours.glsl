// Lines of equal height, at the exact height of a hit. Needs differentials.glsl and exact patches' or far cells' hits.

// Share of the pixel's filter, `distance` pixels from a line's middle, that the line covers.
float line_cover(float distance, float half_width) {
    float covered = min(distance + view.contour_filter, half_width) - max(distance - view.contour_filter, -half_width);
    return max(covered, 0.0) * view.contour_filter_share;
}

// Cover of the lines `interval` apart, where `pixels` is how many it takes for a unit of height. Where neighbours come closer than
// three of their widths they fade, and are gone at two: such lines would only alias.
float lines_cover(float height, float interval, float per_interval, float pixels, float half_width) {
    float off = abs(height - interval * floor(height * per_interval + 0.5));
    float fade = clamp(interval * pixels * 0.5 / max(half_width, 0.5) - 2.0, 0.0, 1.0);
    fade = fade * fade * (3.0 - 2.0 * fade);
    return fade * line_cover(off * pixels, half_width);
}

// `colour`, straight alpha, with the lines on it.
vec4 with_contours(vec4 colour, Hit hit, Ray ray) {
    vec3 ground = height_and_change(hit, ray.direction);
    float height = ground.x - view.contour_base;
    // Level ground just at a line's height would be all line; it has none.
    float steepest = dot(ground.yz, ground.yz);
    float pixels = steepest > view.contour_least ? 1.0 / sqrt(steepest) : 0.0;
    float cover = lines_cover(height, view.contour_interval.x, view.contour_interval.y, pixels, view.contour_width);
    if (CONTOURS == CONTOURS_INDEX) {
        float index = lines_cover(height, view.contour_index.x, view.contour_index.y, pixels, 2.0 * view.contour_width);
        cover = max(cover, index);
    }
    cover *= view.contour_colour.a;
    return vec4(mix(colour.rgb, view.contour_colour.rgb, cover), mix(colour.a, 1.0, cover));
}
