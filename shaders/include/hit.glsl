// What a ray meets, and how it runs over the bilinear surface through four corners: of a patch, or
// of the middles of four far cells.
//
// Needs FAR_CELLS (a constant), view.glsl and ray.glsl.

struct Hit {
    float t;
    ivec2 cell;             // the patch; the cell's first patch where `level` is not 0
    vec2 at;                // within the four corners, 0..1
    vec4 corners;
    int level;              // 0 for a patch, else the level of the far cell
    // TOP, else of the solid block; its `corners` are at the hit's own height.
    int face;
};

// Patches along a side of what was met. Where that is always a patch the compiler is to know it.
float width_of(Hit hit) {
    return FAR_CELLS ? float(1 << hit.level) : 1.0;
}

// A ray over the bilinear surface through four corners, from some parameter on.
struct Passage {
    float q0;               // s later it is q0 + q1 s + q2 s^2 above the surface
    float q1;
    float q2;
    float way;              // s at which it leaves
    vec2 at;                // within the corners at s = 0
    vec4 corners;
};

// The passage of a ray that is at `start`, and goes `go` for a unit of s: in cells from the first
// corner, and in height above it.
Passage over_corners(vec3 start, vec3 go, vec4 corners, float way) {
    float east = corners.y - corners.x;
    float south = corners.z - corners.x;
    float twist = corners.w - corners.z - east;
    float q0 = start.z - (east * start.x + south * start.y + twist * start.x * start.y);
    float q1 = go.z - (east * go.x + south * go.y + twist * (start.x * go.y + start.y * go.x));
    float q2 = -twist * go.x * go.y;
    return Passage(q0, q1, q2, way, start.xy, corners);
}

// How far above the surface it is where it leaves.
float height_at_end(Passage over) {
    return (over.q2 * over.way + over.q1) * over.way + over.q0;
}
