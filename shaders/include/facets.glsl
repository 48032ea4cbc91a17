// Light on ground whose patches are smaller than a pixel: facets whose slopes deviate from that of
// the surface that stands for them, on the average, as Gauss's curve has it. A pixel shows of them
// those that face the eye, each by how much it does; these turn its mean slope towards the eye, by
// the variance over how much the surface faces it (Stein's lemma, for facets that all do). Where
// there is no deviation all this is the surface's own light, to the bit.

// What is known of the ground below the surface that a ray meets.
struct Relief {
    float depth;            // how far below it lies
    float deviation;        // of its slopes from the surface's, along any line, in the world
};

struct Facets {
    vec2 slope;             // of the surface: how much it rises to the east and to the north
    float deviation;
    float apart;            // how far apart the eye sees and the sun lights them, 0 to 1
};

const Facets NO_FACETS = Facets(vec2(0.0), 0.0, 0.0);

// 8 / pi: what faces the eye where half of all facets do not.
const float HALF_FACING = 2.5464791;
// 2 / pi: what faces the sun where half of all do not.
const float HALF_LIT = 0.6366198;
// Of the slopes' variance, along both axes, in the mean length of their normals: what lies between
// the mean of lengths and the length of the mean square.
const float LENGTHENING = 1.5;

// The mean normal of the facets that face a ray in the world's `direction`; shorter than a unit.
vec3 normal_in_view(Facets facets, vec3 direction) {
    float variance = facets.deviation * facets.deviation;
    float facing = max(dot(facets.slope, direction.xy) - direction.z, 0.0);
    float wide = facing * facing + HALF_FACING * variance * dot(direction.xy, direction.xy);
    float turn = 2.0 * variance / max(facing + sqrt(wide), 1e-30);
    vec3 normal = vec3(-(facets.slope + turn * direction.xy), 1.0);
    return normal / sqrt(dot(normal, normal) + LENGTHENING * variance);
}

// 0 where the eye looks along the sun's way, and sees nothing that another facet hides from it; 1
// where it looks down, from aside or against it. In between it is linear in the sine of the eye's
// distance from the zenith and in the cosine of its azimuth from the sun's.
float apart_from_sun(vec3 direction, vec3 to_sun) {
    float lengths = dot(direction, direction) * dot(to_sun.xy, to_sun.xy);
    float together = -dot(direction.xy, to_sun.xy) / sqrt(max(lengths, 1e-30));
    return 1.0 - clamp(together, 0.0, 1.0);
}

// What cosines with a sun in that direction vary by: the square of the mean of those of facets half
// of which face it.
float variance_of_cosine(vec3 normal, Facets facets, vec3 to_sun) {
    return HALF_LIT * facets.deviation * facets.deviation * dot(to_sun.xy, to_sun.xy)
        * (normal.z * normal.z);
}

// The mean cosine between facets and the sun, 0 of those that face away from it. Where shadows are
// cast facets hide it from each other too: as much as makes the light of all of them that of the
// surface (Smith 1967). Of what they hide a part is seen.
float cosine_of_facets(vec3 normal, Facets facets, vec3 to_sun, bool shadows) {
    float variance = variance_of_cosine(normal, facets, to_sun);
    float middle = dot(normal, to_sun);
    float cosine = 0.5 * (middle + sqrt(middle * middle + variance));
    float over = normal.z * (to_sun.z - dot(facets.slope, to_sun.xy));
    float all = over + sqrt(over * over + variance);
    float in_sun = 2.0 * max(over, 0.0) / max(all, 1e-30);
    return shadows ? cosine * mix(1.0, in_sun, facets.apart) : cosine;
}
