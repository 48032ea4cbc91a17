// From linear light to sRGB bytes, and four channels of linear light in two words.

// IEC 61966-2-1. The power 1/2.4 is a polynomial in the fourth root, because `pow` differs between
// drivers; least squares on [0.0031308, 1], off by at most 0.011 of a byte.
vec3 srgb_encode(vec3 linear) {
    vec3 x = clamp(linear, 0.0, 1.0);
    vec3 root = sqrt(sqrt(x));
    vec3 curve = -0.06484378 + root * (0.19804078
        + root * (1.117347 + root * (-0.32937187 + root * 0.0788558)));
    return mix(curve, 12.92 * x, lessThanEqual(x, vec3(0.0031308)));
}

// From linear, premultiplied colour to four sRGB bytes with straight alpha.
uint pack_pixel(vec4 colour) {
    vec3 straight = colour.a > 0.0 ? colour.rgb / colour.a : vec3(0.0);
    uvec4 bytes = uvec4(vec4(srgb_encode(straight), clamp(colour.a, 0.0, 1.0)) * 255.0 + 0.5);
    return bytes.r | bytes.g << 8 | bytes.b << 16 | bytes.a << 24;
}

// 16 bits a channel: a twentieth of an sRGB byte at most is lost.
uvec2 pack_linear(vec4 colour) {
    uvec4 bits = uvec4(clamp(colour, 0.0, 1.0) * 65535.0 + 0.5);
    return uvec2(bits.r | bits.g << 16, bits.b | bits.a << 16);
}

vec4 unpack_linear(uvec2 words) {
    return vec4(words.x & 0xffffu, words.x >> 16, words.y & 0xffffu, words.y >> 16) / 65535.0;
}
