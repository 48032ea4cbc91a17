// The first patches on the way from a hit to the sun: what hides it is mostly near.
//
// Where smooth light falls on the ground, patches near the hit are not what is lit. One that faces
// away from a sun which the smooth slope sees would hide it from itself and its neighbours, in
// specks with the patches' corners: the shadow terminator problem (Hanika, Ray Tracing Gems II,
// 2021, chapter 4). So within SMOOTH_REACH the ground that hides the sun must have the smooth slope
// too: its rise above the hit is the integral of that slope along the ray, which touches the ray
// just where light falls along the ground. It is asked for only where a patch hides the sun, and
// what hides it farther off hides it.
//
// Needs smooth.glsl, patches.glsl, facets.glsl, and all that these need.

// What light falls on.
struct Lit {
    Hit hit;
    vec3 normal;            // upward, in the world
    float smooth_share;     // of the smooth slope in the normal
    Facets facets;          // of a far cell, in place of the normal if they deviate
};

// Patches that a ray goes through before it looks at blocks. All rays go through as many, whatever
// they find, so that neighbouring ones need not wait for each other.
const int FIRST_RUN = 6;

// Cells on the way to the sun. One leaves specks on noise of the heights; two leave a gap before
// the shadows of narrow ridges.
const float SMOOTH_REACH = 1.5;

// The parameter of the ray from which on patches hide the sun.
float end_of_smooth(Ray ray, Lit lit) {
    float speed = sqrt(dot(ray.direction.xy, ray.direction.xy));
    return SMOOTH_NORMALS ? SMOOTH_REACH * lit.smooth_share / max(speed, 1e-6) : 0.0;
}

// What light falls on rises by so much for each unit of the parameter of a ray from there.
float rise_of_lit(Ray ray, Lit lit) {
    vec2 slope = -lit.normal.xy / terrain.normal_scale.xy;
    return dot(slope, ray.direction.xy) * terrain.normal_scale.z / lit.normal.z;
}

// Rise per unit of the parameter of the horizon that the ground with the smooth slope makes, from
// the ray's start to `end`; below all if it is not `asked` for. At a hole the slope is not known.
// The slope is taken at the start, where light has it, half way and at the end: Simpson's rule.
float smooth_rise(Ray ray, Lit lit, float end, bool asked) {
    end = min(end, ray.to);
    int turns = asked ? 2 : 0;
    float sum = rise_of_lit(ray, lit);
    float rise = asked ? sum : -NEVER;
    int turn = 0;
    for (;;) {
        // Tested again in the last line: once.glsl.
        if (turn >= turns) break;
        vec2 place = ray.origin.xy + (turn == 0 ? 0.5 : 1.0) * end * ray.direction.xy;
        ivec2 cell = clamp(ray.base + ivec2(floor(place)), ivec2(0), terrain.cells - 1);
        vec2 at = clamp(place - vec2(cell - ray.base), 0.0, 1.0);
        vec4 corners = patch_corners(cell);
        float there = dot(smooth_slope(cell, corners, at), ray.direction.xy);
        bool unknown = HAS_HOLES && is_hole(corners);
        float so_far = turn == 0 ? 0.5 * (sum + there) : (sum + there) / 6.0;
        so_far = unknown ? NEVER : so_far;
        rise = so_far > rise ? so_far : rise;
        sum += 4.0 * there;
        turn += 1;
        if (turn >= turns) break;
    }
    return rise;
}

// Whether a ray is below a patch at `from`, a parameter counted from where its way over that
// begins, or at the way's end.
bool is_below_after(Passage over, float from, float tolerance) {
    float lowest = min((over.q2 * from + over.q1) * from + over.q0, height_at_end(over));
    return from < over.way && lowest < -tolerance && !(HAS_HOLES && is_hole(over.corners));
}

// Leads a clipped ray to the sun through its first run; whether the sun is hidden there.
bool is_hidden_nearby(Lit lit, inout Ray ray) {
    Path path = path_of(ray, bvec2(false));
    float tolerance = height_error(ray);
    float smooth_to = end_of_smooth(ray, lit);
    ivec2 cell = clamp(patch_under(ray, path, ray.from), ivec2(0), terrain.cells - 1);
    bool near = false;
    bool hidden = false;
    for (int patches = 0; patches < FIRST_RUN; ++patches) {
        Passage over;
        bool across_x;
        float next = border_of(path, ray.from, path.to, cell, across_x);
        bool met = meets_patch(ray, ray.from, next, cell, tolerance, true, over);
        if (SMOOTH_NORMALS) {
            bool smooth_here = ray.from < smooth_to;
            near = near || (met && smooth_here);
            met = smooth_here ? is_below_after(over, smooth_to - ray.from, 2.0 * tolerance) : met;
        }
        hidden = hidden || met;
        ray.from = next;
        // Beyond the last patch there are none, and no way either.
        cell = clamp(cell + step_across(path, across_x), ivec2(0), terrain.cells - 1);
    }
    if (SMOOTH_NORMALS) {
        bool asked = near && !hidden;
        hidden = hidden || smooth_rise(ray, lit, smooth_to, asked) > ray.direction.z;
    }
    return hidden;
}
