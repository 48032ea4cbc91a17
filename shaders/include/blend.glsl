// How a colour goes with the one below it: the blend modes of GIS and of W3C's "Compositing and
// Blending", by name. The same formulas as vulkan_forge.shade, python/vulkan_forge/_shade.py. Needs
// pixel.glsl.

const uint BLEND_NORMAL = 0;
const uint BLEND_MULTIPLY = 1;
const uint BLEND_OVERLAY = 2;
const uint BLEND_SOFT_LIGHT = 3;

// IEC 61966-2-1 backwards: a polynomial, because `pow` differs between drivers; minimax on
// [0.04045, 1], off by at most 0.013 of a byte. Of numbers of which `one` (a constant, folded on
// inlining) stands for white.
vec4 srgb_decode_of(vec4 x, const float one) {
    float s = 1.0 / one;
    float s2 = s * s;
    vec4 end = s2 * s * 0.66717112 + x * (s2 * s2 * -0.3073915 + x * (s2 * s2 * s * 0.08728882));
    vec4 curve = 0.00091687 + x * (s * 0.0327465 + x * (s2 * 0.51937863 + x * end));
    return mix(curve, x * (s / 12.92), lessThanEqual(x, vec4(0.04045 * one)));
}

vec4 srgb_decode(vec4 x) {
    return srgb_decode_of(x, 1.0);
}

// Overlay and soft light of encoded colours, where 0.5 above changes nothing. Soft light is
// matplotlib's (Pegtop's), which is W3C's for what is darker than that, and has no kink for what is
// lighter.
vec3 blend_encoded(const uint mode, vec3 below, vec3 above) {
    if (mode == BLEND_SOFT_LIGHT) return 2.0 * above * below + (1.0 - 2.0 * above) * below * below;
    vec3 dark = 2.0 * above * below;
    vec3 light = 1.0 - 2.0 * (1.0 - above) * (1.0 - below);
    return mix(light, dark, lessThanEqual(below, vec3(0.5)));
}

// Of linear colours, in linear light. Multiplying is a matter of light; the other two are looks,
// made for encoded numbers.
vec3 blend(const uint mode, vec3 below, vec3 above) {
    if (mode == BLEND_NORMAL) return above;
    if (mode == BLEND_MULTIPLY) return below * above;
    return srgb_decode(vec4(blend_encoded(mode, srgb_encode(below), srgb_encode(above)), 0.0)).rgb;
}
