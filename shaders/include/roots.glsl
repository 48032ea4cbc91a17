// Where a ray meets a bilinear patch: roots of q0 + q1 s + q2 s^2, the ray's height above the patch.

// Whether q0 + q1 s + q2 s^2 is zero somewhere in [0, length].
bool has_root(float q0, float q1, float q2, float length, float tolerance) {
    // Both sides of the surface are seen, so the sign of the start does not matter.
    float end = (q2 * length + q1) * length + q0;
    if (q0 < 0.0) {
        q0 = -q0;
        q1 = -q1;
        q2 = -q2;
        end = -end;
    }
    // A ray that leaves exactly on the surface counts: rounding must not let it slip between two patches. Else it starts
    // and ends on the same side, and touches in between only where its lowest point lies there, and below.
    bool dips = q1 < 0.0 && -q1 < 2.0 * q2 * length && q1 * q1 >= 4.0 * q2 * q0;
    return end <= tolerance || dips;
}

// The first such place, if there is one; else the nearest to it.
float first_root(float q0, float q1, float q2, float length) {
    if (q0 < 0.0) {
        q0 = -q0;
        q1 = -q1;
        q2 = -q2;
    }
    float discriminant = q1 * q1 - 4.0 * q2 * q0;
    float root = sqrt(discriminant > 0.0 ? discriminant : 0.0);
    // The smaller positive root, in the form that does not cancel.
    float above = q1 < 0.0 ? 2.0 * q0 : -q1 - root;
    float below = q1 < 0.0 ? root - q1 : 2.0 * q2;
    float s = above / below;
    return s >= 0.0 && s < length ? s : s < 0.0 && q0 <= 0.0 ? 0.0 : length;
}

// Whether q0 + q1 s + q2 s^2 goes below -tolerance in [0, length].
bool goes_below(float q0, float q1, float q2, float length, float tolerance) {
    float end = (q2 * length + q1) * length + q0;
    bool vertex_inside = q1 < 0.0 && -q1 < 2.0 * q2 * length;
    return end < -tolerance || (vertex_inside && q1 * q1 > 4.0 * q2 * (q0 + tolerance));
}
