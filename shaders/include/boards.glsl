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

void meet_board(Ray ray, uint entry, vec4 first, int board, Visit visit, inout Seen seen) {
    vec3 forward = board_way();
    float level = sqrt(forward.x * forward.x + forward.y * forward.y);
    // Rows run south. Straight down, up is north.
    bool down = level < 1e-4;
    vec3 right = down ? vec3(1.0, 0.0, 0.0) : vec3(-forward.y, forward.x, 0.0) / max(level, 1e-4);
    vec3 up = down ? vec3(0.0, -1.0, 0.0)
        : vec3(-forward.z * forward.xy / max(level, 1e-4), level);
    vec3 off = (visit.start - first.xyz) * space.metres;
    vec3 way = ray.direction * space.metres;
    float toward = dot(way, forward);
    float t = -dot(off, forward) / (abs(toward) > 1e-12 ? toward : 1e-12);
    vec3 at = off + t * way;
    float half_size = half_width(first.w, first.xyz);
    vec2 place = vec2(dot(at, right), dot(at, up)) / max(half_size, 1e-30);
    bool met = half_size > 0.0 && is_on_board(board, place) && visit.t + t > visit.from;
    take(met, visit.t + t, entry, ON_BOARD, seen);
}
