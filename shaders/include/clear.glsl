// Where the sun is known to be free of things. Needs space.glsl.

layout(constant_id = 11) const bool CLEAR = true;   // that is known

// Of each cell the height above which no thing stands before the sun.
layout(scalar) readonly buffer Clear { float clear[]; };

// Whether a ray from there meets no thing on its way to the sun, whatever it meets else.
bool is_clear(vec2 at, float height) {
    vec2 cell = (at - space.corner) * space.scale;
    bool inside = min(cell.x, cell.y) >= 0.0 && all(lessThan(cell, vec2(terrain.base_cells)));
    ivec2 coarse = ivec2(inside ? cell : vec2(0.0)) >> space.clear_level;
    return inside && height > clear[coarse.y * space.clear_width + coarse.x];
}
