// Flat shapes that stand upright and face the camera. Needs space.glsl's data.

const float BOARD_DIAGONAL = 0.70710678;
// Outward normals, y up, of the pentagon whose edges a star with its tip above prolongs, and of a
// triangle on its base.
const vec2 BOARD_STAR[5] = vec2[](vec2(0.0, 1.0), vec2(0.95105652, 0.30901699),
                                  vec2(0.58778525, -0.80901699),
                                  vec2(-0.58778525, -0.80901699),
                                  vec2(-0.95105652, 0.30901699));
const vec2 BOARD_TRIANGLE[3] = vec2[](vec2(0.0, -1.0), vec2(0.8660254, 0.5),
                                      vec2(-0.8660254, 0.5));

// Whether a place is within a shape that is 2 wide; `board` is its number in Rust, counted from 1.
bool is_on_board(int board, vec2 at) {
    vec2 side = abs(at);
    vec2 turned = abs(BOARD_DIAGONAL * vec2(at.x + at.y, at.y - at.x));
    float arm = 1.0 / 3.0;
    int star = 0;
    int triangle = 0;
    for (int index = 0; index < 5; ++index) {
        star += dot(BOARD_STAR[index], at) > 0.30901699 ? 1 : 0;
        triangle += index < 3 && dot(BOARD_TRIANGLE[min(index, 2)], at) > 0.5 ? 1 : 0;
    }
    bool on = dot(at, at) <= 1.0;
    on = board == BOARD_SQUARE ? max(side.x, side.y) <= 1.0 : on;
    on = board == BOARD_DIAMOND ? side.x + side.y <= 1.0 : on;
    on = board == BOARD_TRIANGLE_UP ? triangle == 0 : on;
    vec2 bars = board == BOARD_CROSS ? turned : side;
    bool barred = max(bars.x, bars.y) <= 1.0 && min(bars.x, bars.y) <= arm;
    on = board == BOARD_PLUS || board == BOARD_CROSS ? barred : on;
    return board == BOARD_STAR_UP ? star <= 1 : on;
}

// The unit way that the camera looks, in metres along the grid's axes.
vec3 board_way() {
    return space.depth.xyz / space.metres;
}

// Where a ray meets the plane of a board: its parameter from `start` on, and in units of half the
// board, y up.
vec3 on_board(vec3 start, vec3 direction, vec3 middle, float half_size) {
    vec3 forward = board_way();
    float level = sqrt(forward.x * forward.x + forward.y * forward.y);
    // Rows run south. Straight down, up is north.
    bool down = level < 1e-4;
    vec3 right = down ? vec3(1.0, 0.0, 0.0) : vec3(-forward.y, forward.x, 0.0) / max(level, 1e-4);
    vec3 up = down ? vec3(0.0, -1.0, 0.0)
        : vec3(-forward.z * forward.xy / max(level, 1e-4), level);
    vec3 off = (start - middle) * space.metres;
    vec3 way = direction * space.metres;
    float toward = dot(way, forward);
    float t = -dot(off, forward) / (abs(toward) > 1e-12 ? toward : 1e-12);
    vec3 at = off + t * way;
    return vec3(t, vec2(dot(at, right), dot(at, up)) / max(half_size, 1e-30));
}

uvec4 image_corner(vec4 symbol, ivec2 at) {
    return FOUR(space_images, int(symbol.x) + at.y * (int(symbol.y) + 1) + at.x);
}

// What the texels of a symbol have together that a pixel covers at a place: as in `space_images`.
// `texels` of the pixel's are on the symbol or beside it.
uvec4 image_box(vec4 symbol, vec2 place, float pixel, out float texels) {
    ivec2 size = ivec2(symbol.yz);
    float scale = 0.5 * float(max(size.x, size.y));
    vec2 middle = clamp(0.5 * symbol.yz + place * vec2(scale, -scale), vec2(-1e6), vec2(1e6));
    float side = min(pixel * scale, 1e6);
    bool one = side < 1.5;
    vec2 first = one ? floor(middle) : floor(middle - 0.5 * side + 0.5);
    vec2 end = one ? first + 1.0 : max(floor(middle + 0.5 * side + 0.5), first + 1.0);
    texels = (end.x - first.x) * (end.y - first.y);
    ivec2 low = ivec2(clamp(first, vec2(0.0), symbol.yz));
    ivec2 high = ivec2(clamp(end, vec2(0.0), symbol.yz));
    uvec4 sum = uvec4(0u);
    for (int corner = 0; corner < 4; ++corner) {
        bvec2 far = bvec2((corner & 1) != 0, corner > 1);
        uvec4 part = image_corner(symbol, ivec2(far.x ? high.x : low.x, far.y ? high.y : low.y));
        sum += far.x == far.y ? part : ~part + 1u;
    }
    return sum;
}

// A pixel in units of half a board.
float pixel_on(vec3 middle, float half_size) {
    float depth = dot(space.depth.xyz, middle) + space.depth.w;
    return max(space.pixel.x + space.pixel.y * depth, 0.0) / max(half_size, 1e-30);
}

// Half of the pixel is on the symbol at least.
bool is_on_image(vec4 symbol, vec2 place, float pixel) {
    float texels;
    uvec4 sum = image_box(symbol, place, pixel, texels);
    return 2.0 * float(sum.w) >= 255.0 * texels;
}

void meet_board(Ray ray, vec4 first, vec4 last, Visit visit, inout Seen seen) {
    float half_size = half_width(first.w, first.xyz);
    vec3 met_at = on_board(visit.start, ray.direction, first.xyz, half_size);
    float t = met_at.x;
    int board = int(last.w);
    bool image = IMAGES && board >= BOARD_OUTLINE;
    bool on = half_size > 0.0;
    if (!image) on = on && is_on_board(board, met_at.yz);
    if (IMAGES && image) on = on && is_on_image(last, met_at.yz, pixel_on(first.xyz, half_size));
    take(on, visit.t + t, visit, ON_BOARD, seen);
}

// The colour of a picture where a ray has met it, as colour.glsl packs it; of anything else the one
// given.
uint picture_colour(Ray ray, Seen seen, uint given) {
    uint entry = seen.entry != NO_ENTRY ? seen.entry : 0u;
    vec4 first = FOUR_FLOATS(space_shapes, 2u * entry);
    vec4 last = FOUR_FLOATS(space_shapes, 2u * entry + 1u);
    bool picture = seen.part == ON_BOARD && int(last.w) == BOARD_PICTURE;
    vec4 symbol = picture ? last : vec4(0.0, 0.0, 0.0, 0.0);
    float half_size = half_width(first.w, first.xyz);
    vec3 met_at = on_board(ray.origin + seen.t * ray.direction, ray.direction, first.xyz,
                           half_size);
    float texels;
    uvec4 sum = image_box(symbol, met_at.yz, pixel_on(first.xyz, half_size), texels);
    vec3 light = vec3(sum.xyz) / (257.0 * float(max(sum.w, 1u)));
    uvec3 root = uvec3(sqrt(clamp(light, 0.0, 1.0)) * vec3(2047.0, 2047.0, 1023.0) + 0.5);
    return picture ? root.x | root.y << 11 | root.z << 22 : given;
}
