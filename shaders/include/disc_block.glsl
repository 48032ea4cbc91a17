// A sun that is a disc, in the plane that touches the sky at its middle.

layout(scalar) uniform SunDisc {
    vec2 ahead;             // grid space, per metre along the ground towards the sun
    vec2 aside;             // from there to the disc's edge, to the right
    // Of the disc's lowest and highest points: height per metre ahead; the lowest is never below 0.
    vec2 rises;
    vec4 turn;              // a rise r is (r x - y) / (z + r w) radii above the disc's middle
    vec3 across;            // world: from the disc's middle to its edge, to the right
    vec3 up;                // and up
} disc;
