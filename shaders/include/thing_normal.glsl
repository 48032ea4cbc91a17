// Needs space.glsl.

// The outward unit normal in the world of what a ray sees; of a wall, that of the side it comes
// from.
vec3 normal_of(Ray ray, Seen seen) {
    bool known = seen.entry != NO_ENTRY;
    uint entry = known ? seen.entry : 0u;
    vec4 first = FOUR_FLOATS(space_shapes, 2u * entry);
    vec3 last = FOUR_FLOATS(space_shapes, 2u * entry + 1u).xyz;
    vec2 along = (first.zw - first.xy) * space.metres.xy;
    vec3 normal = vec3(along.y, -along.x, 0.0);
    if (seen.part == ON_ROOF) normal = vec3(0.0, 0.0, 1.0);
    if (TUBES && seen.part == ON_TUBE) {
        vec3 axis = (last - first.xyz) * space.metres;
        vec3 off = (ray.origin + seen.t * ray.direction - first.xyz) * space.metres;
        normal = off - clamp(dot(off, axis) / max(dot(axis, axis), 1e-30), 0.0, 1.0) * axis;
    }
    if (BOARDS && seen.part == ON_BOARD) normal = board_way();
    float length_2 = dot(normal, normal);
    normal *= 1.0 / sqrt(length_2 > 0.0 ? length_2 : 1.0);
    if (dot(normal, ray.direction * space.metres) > 0.0) normal = -normal;
    // Rows run south.
    return known ? vec3(normal.x, -normal.y, normal.z) : vec3(0.0, 0.0, 1.0);
}
