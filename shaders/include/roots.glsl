// Where a ray meets a bilinear patch: roots of q0 + q1 s + q2 s^2, the ray's height above the
// patch.

// Both sides of the surface are seen, so only the change of side matters. A start within
// `tolerance` of the surface counts as above it: a ray may come there from a cell that it just
// missed, or start there on its way to the sun.

// Whether the ray is on the surface somewhere in [0, length]. One that leaves within `tolerance` of
// it counts: rounding must not let it slip between two patches.
bool has_root(float q0, float q1, float q2, float length, float tolerance) {
    float side = q0 < -tolerance ? -1.0 : 1.0;
    float end = (q2 * length + q1) * length + q0;
    // Starting and ending on the same side, it touches in between only where its lowest point lies
    // there, and below.
    float slope = q1 * side;
    float bend = q2 * side;
    bool dips = slope < 0.0 && -slope < 2.0 * bend * length && q1 * q1 >= 4.0 * q2 * q0;
    return end * side <= tolerance || dips;
}

// Whether it passes through the surface in [0, length], by more than `tolerance`.
bool passes_through(float q0, float q1, float q2, float length, float tolerance) {
    float side = q0 < -tolerance ? -1.0 : 1.0;
    float end = (q2 * length + q1) * length + q0;
    float slope = q1 * side;
    float bend = q2 * side;
    bool dips = slope < 0.0 && -slope < 2.0 * bend * length
        && q1 * q1 > 4.0 * bend * (q0 * side + tolerance);
    return end * side < -tolerance || dips;
}

// The first place in [0, length] where it is on the surface, where `has_root` says that there is
// one; else the nearest end.
float first_root(float q0, float q1, float q2, float length, float tolerance) {
    if (q0 < -tolerance) {
        q0 = -q0;
        q1 = -q1;
        q2 = -q2;
    }
    if (q0 <= 0.0) return 0.0;
    float discriminant = q1 * q1 - 4.0 * q2 * q0;
    float root = sqrt(discriminant > 0.0 ? discriminant : 0.0);
    // The smaller positive root, in the form that does not cancel.
    float above = q1 < 0.0 ? 2.0 * q0 : -q1 - root;
    float below = q1 < 0.0 ? root - q1 : 2.0 * q2;
    float s = above / below;
    return s >= 0.0 && s < length ? s : length;
}
