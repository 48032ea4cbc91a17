// Lines of equal height, at the exact height of a hit. Needs differentials.glsl and exact patches'
// or far cells' hits.

const uint CONTOURS_NONE = 0;
const uint CONTOURS_PLAIN = 1;
const uint CONTOURS_INDEX = 2;      // some twice as wide

layout(constant_id = 15) const uint CONTOURS = CONTOURS_NONE;

layout(scalar) uniform Contours {
    vec2 interval;          // and its reciprocal
    vec2 index;             // the same between index contours
    float base;
    float width;            // pixels, half of it
    float filter_half;      // pixels, half of the filter's width
    float filter_share;     // 1 / the whole of it
    // Change of height from pixel to pixel, squared, of ground that is not level.
    float least;
    vec4 colour;            // straight alpha
} contours;

// Share of the pixel's filter, `distance` pixels from a line's middle, that the line covers.
float line_cover(float distance, float half_width) {
    float covered = min(distance + contours.filter_half, half_width)
        - max(distance - contours.filter_half, -half_width);
    return max(covered, 0.0) * contours.filter_share;
}

// Cover of the lines `interval` apart, where `pixels` is how many it takes for a unit of height.
// Where neighbours come closer than three of their widths they fade, and are gone at two: such
// lines would only alias.
float lines_cover(float height, float interval, float per_interval, float pixels,
                  float half_width) {
    float off = abs(height - interval * floor(height * per_interval + 0.5));
    float fade = clamp(interval * pixels * 0.5 / max(half_width, 0.5) - 2.0, 0.0, 1.0);
    fade = fade * fade * (3.0 - 2.0 * fade);
    return fade * line_cover(off * pixels, half_width);
}

// `colour`, straight alpha, with the lines on it.
vec4 with_contours(vec4 colour, Hit hit, Ray ray) {
    vec3 ground = height_and_change(hit, ray.direction);
    float height = ground.x - contours.base;
    // Level ground just at a line's height would be all line; it has none.
    float steepest = dot(ground.yz, ground.yz);
    float pixels = steepest > contours.least ? 1.0 / sqrt(steepest) : 0.0;
    float cover = lines_cover(height, contours.interval.x, contours.interval.y, pixels,
                              contours.width);
    if (CONTOURS == CONTOURS_INDEX) {
        float index = lines_cover(height, contours.index.x, contours.index.y, pixels,
                                  2.0 * contours.width);
        cover = max(cover, index);
    }
    cover *= contours.colour.a;
    return vec4(mix(colour.rgb, contours.colour.rgb, cover), mix(colour.a, 1.0, cover));
}
