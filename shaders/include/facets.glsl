// Light on ground whose patches are smaller than a pixel: facets whose slopes deviate from that of
// the surface that stands for them, on the average, as Gauss's curve has it. A pixel shows of them
// those that face the eye, each by how much it does; these turn its mean slope towards the eye, by
// the variance over how much the surface faces it (Stein's lemma, for facets that all do). Where
// there is no deviation all this is the surface's own light.

// What is known of the ground below the surface that a ray meets.
struct Relief {
    float depth;            // how far below it lies
    float deviation;        // of its slopes from the surface's, along any line, in the world
};

struct Facets {
    vec2 slope;             // of the surface: how much it rises to the east and to the north
    vec2 seen;              // the mean slope of those that are seen
    float variance;         // of slopes, along any line
    vec3 direction;         // of the ray, in the world
};

const Facets NO_FACETS = Facets(vec2(0.0), vec2(0.0), 0.0, vec3(0.0, 0.0, -1.0));

// 8 / pi: what faces the eye where half of all facets do not.
const float HALF_FACING = 2.5464791;
// 2 / pi: what faces the sun where half of all do not.
const float HALF_LIT = 0.6366198;
// Of the slopes' variance, along both axes, in the mean length of their normals: what lies between
// the mean of lengths and the length of the mean square.
const float LENGTHENING = 1.5;

Facets facets_in_view(vec2 slope, float deviation, vec3 direction) {
    float variance = deviation * deviation;
    float facing = max(dot(slope, direction.xy) - direction.z, 0.0);
    float wide = facing * facing + HALF_FACING * variance * dot(direction.xy, direction.xy);
    float turn = 2.0 * variance / max(facing + sqrt(wide), 1e-30);
    return Facets(slope, slope + turn * direction.xy, variance, direction);
}

// The mean length of their normals as slopes have them, whose height is 1.
float length_of_normals(Facets facets) {
    return sqrt(dot(facets.seen, facets.seen) + 1.0 + LENGTHENING * facets.variance);
}

// Their mean normal; shorter than a unit.
vec3 normal_of(Facets facets) {
    return vec3(-facets.seen, 1.0) / length_of_normals(facets);
}

// The square of the mean of what faces the sun of facets half of which do.
float spread_to(vec3 to_sun, Facets facets) {
    return HALF_LIT * facets.variance * dot(to_sun.xy, to_sun.xy);
}

// The mean cosine between facets and the sun, 0 of those that face away from it. Where shadows are
// cast facets hide it from each other too: as much as makes the light of all of them that of the
// surface (Smith 1967). Of that an eye sees all if it looks down, from aside or against the sun,
// and nothing if it looks along its way; in between the share is linear in the sine of its distance
// from the zenith and in the cosine of its azimuth from the sun's.
float cosine_of_facets(Facets facets, vec3 to_sun, bool shadows) {
    float spread = spread_to(to_sun, facets);
    float middle = to_sun.z - dot(facets.seen, to_sun.xy);
    float cosine = 0.5 * (middle + sqrt(middle * middle + spread));
    float normals = length_of_normals(facets);
    if (!shadows) return cosine / normals;
    float over = to_sun.z - dot(facets.slope, to_sun.xy);
    float all = over + sqrt(over * over + spread);
    float hidden = all - 2.0 * max(over, 0.0);
    vec3 direction = facets.direction;
    // Not 0 for a sun at the zenith, from which nothing is hidden.
    float far = max(sqrt(dot(direction, direction) * dot(to_sun.xy, to_sun.xy)), 1e-6);
    float apart = far - clamp(-dot(direction.xy, to_sun.xy), 0.0, far);
    return cosine * (far * all - apart * hidden) / max(far * all * normals, 1e-30);
}
