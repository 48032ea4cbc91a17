// Colour: the colormap's entry, light in linear space, and the way back to sRGB bytes.
// Needs TRANSLUCENT and `colormap` (storage: words of colour, then alphas) to be declared, and view.glsl.

// Entry of a height: the N colours, then `under` and `over`.
int colormap_entry(float height) {
    // As matplotlib: int(x * N), and 1 belongs to the last entry.
    float x = view.value_range > 0.0 ? (height - view.vmin) / view.value_range : 0.0;
    int entry = min(int(clamp(x, 0.0, 1.0) * float(view.colours)), view.colours - 1);
    return x < 0.0 ? view.colours : x > 1.0 ? view.colours + 1 : entry;
}

// Square roots of linear red, green and blue in 11, 11 and 10 bits: one load, and a fifth of an sRGB byte at most is lost.
vec3 unpack_linear(uint word) {
    vec3 root = vec3(word & 0x7ffu, (word >> 11) & 0x7ffu, word >> 22) / vec3(2047.0, 2047.0, 1023.0);
    return root * root;
}

vec4 colormap_at(float height) {
    int entry = colormap_entry(height);
    float alpha = 1.0;
    if (TRANSLUCENT) alpha = uintBitsToFloat(colormap[view.colours + 2 + entry]);
    return vec4(unpack_linear(colormap[entry]), alpha);
}

// IEC 61966-2-1. The power 1/2.4 is a polynomial in the fourth root, because `pow` differs between drivers;
// least squares on [0.0031308, 1], off by at most 0.011 of a byte.
vec3 srgb_encode(vec3 linear) {
    vec3 x = clamp(linear, 0.0, 1.0);
    vec3 root = sqrt(sqrt(x));
    vec3 curve = -0.06484378 + root * (0.19804078 + root * (1.117347 + root * (-0.32937187 + root * 0.0788558)));
    return mix(curve, 12.92 * x, lessThanEqual(x, vec3(0.0031308)));
}

// From linear, premultiplied colour to four sRGB bytes with straight alpha.
uint pack_pixel(vec4 colour) {
    vec3 straight = colour.a > 0.0 ? colour.rgb / colour.a : vec3(0.0);
    uvec4 bytes = uvec4(vec4(srgb_encode(straight), clamp(colour.a, 0.0, 1.0)) * 255.0 + 0.5);
    return bytes.r | bytes.g << 8 | bytes.b << 16 | bytes.a << 24;
}
