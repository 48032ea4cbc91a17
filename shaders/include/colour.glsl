// The colormap's entry of a height, in linear light.
// Needs TRANSLUCENT (a constant) and texels.glsl.

// Words of colour, then alphas, then `bad` and its alpha.
layout(scalar) readonly buffer Colormap { uint colormap[]; };
TEXELS(colormap);

layout(scalar) uniform Colours {
    float vmin;
    float value_range;      // vmax - vmin; infinite where they are the same
    int entries;            // `under` and `over` follow them
} colours;

// Entry of a height: the N colours, then `under` and `over`.
int colormap_entry(float height) {
    // As matplotlib: int(x * N), and 1 belongs to the last entry.
    float x = (height - colours.vmin) / colours.value_range;
    int entry = min(int(clamp(x, 0.0, 1.0) * float(colours.entries)), colours.entries - 1);
    return x < 0.0 ? colours.entries : x > 1.0 ? colours.entries + 1 : entry;
}

// Square roots of linear red, green and blue in 11, 11 and 10 bits: one load, and a fifth of an
// sRGB byte at most is lost.
vec3 unpack_colour(uint word) {
    vec3 root = vec3(word & 0x7ffu, (word >> 11) & 0x7ffu, word >> 22)
        / vec3(2047.0, 2047.0, 1023.0);
    return root * root;
}

vec4 colormap_at(float height) {
    int entry = colormap_entry(height);
    float alpha = 1.0;
    if (TRANSLUCENT) alpha = uintBitsToFloat(WORD(colormap, colours.entries + 2 + entry));
    return vec4(unpack_colour(WORD(colormap, entry)), alpha);
}

// Of holes that are painted.
vec4 bad_colour() {
    int at = 2 * (colours.entries + 2);
    float alpha = 1.0;
    if (TRANSLUCENT) alpha = uintBitsToFloat(WORD(colormap, at + 1));
    return vec4(unpack_colour(WORD(colormap, at)), alpha);
}
