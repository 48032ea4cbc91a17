// Things that rays see, kept where a hit of the ground would be (stored_hits.glsl): a parameter
// that is none, the thing's own, its colour, and its normal on an octahedron (Cigolle et al., JCGT
// 2014).

const uint NO_GROUND_HIT = 0x7fc00000u;    // with how much one sees through it in the lower half
const uint NO_GROUND_BITS = 0xffff0000u;

struct Thing {
    bool seen;
    float t;
    vec3 normal;            // unit, in the world
    uint colour;            // as colour.glsl packs it
    float alpha;
};

bool is_ground(uvec4 words) {
    return (words.x & NO_GROUND_BITS) != NO_GROUND_HIT;
}

uvec4 store_thing(float t, vec3 normal, uint colour, float alpha) {
    vec2 flat_normal = normal.xy / (abs(normal.x) + abs(normal.y) + abs(normal.z));
    vec2 folded = (1.0 - abs(flat_normal.yx))
        * mix(vec2(-1.0), vec2(1.0), greaterThanEqual(flat_normal, vec2(0.0)));
    vec2 on_map = normal.z < 0.0 ? folded : flat_normal;
    uvec2 bits = uvec2(clamp(on_map * 0.5 + 0.5, 0.0, 1.0) * 65534.0 + 0.5);
    uint none = NO_GROUND_HIT | uint((1.0 - alpha) * 65535.0 + 0.5);
    return uvec4(none, floatBitsToUint(t), colour, bits.x | bits.y << 16);
}

Thing stored_thing(uvec4 words) {
    Thing thing;
    thing.seen = !is_ground(words) && words.y != 0u;
    thing.alpha = 1.0 - float(words.x & 0xffffu) / 65535.0;
    thing.t = uintBitsToFloat(words.y);
    thing.colour = words.z;
    vec2 on_map = vec2(words.w & 0xffffu, words.w >> 16) / 32767.0 - 1.0;
    float up = 1.0 - abs(on_map.x) - abs(on_map.y);
    vec2 folded = (1.0 - abs(on_map.yx))
        * mix(vec2(-1.0), vec2(1.0), greaterThanEqual(on_map, vec2(0.0)));
    vec3 normal = vec3(up < 0.0 ? folded : on_map, up);
    thing.normal = normal / sqrt(dot(normal, normal));
    return thing;
}
