// Where light falls on what a ray sees. Needs water_block.glsl, view.glsl, ray.glsl.

// At `t`, or on level water before it.
float lit_place(Ray ray, float t) {
    float crossing = (water.level - ray.origin.z) / min(ray.direction.z, -1e-20);
    bool wet = WATER == WATER_LEVEL && ray.direction.z < 0.0 && crossing >= view.near;
    return wet && crossing < t ? crossing : t;
}
