// An image laid on the ground: sRGB bytes with straight alpha, four to a word, and a mip chain of
// averages.
//
// Level 0 is the first layer of its image. Level L > 0, rounded up to whole texels, lies in the
// second from `first >> L`: see src/render/drape.rs. Texels are weighted here, because hardware
// filters with few bits, and in premultiplied linear light, because bytes are neither.
//
// Needs TRANSLUCENT (a constant), terrain.glsl, differentials.glsl, holes.glsl, blend.glsl.

// What an image on the ground lets through.
const uint DRAPED_NONE = 0;         // there is none
const uint DRAPED_TRANSLUCENT = 1;
const uint DRAPED_OPAQUE = 2;       // nothing, but for its opacity: every texel's alpha is 255

layout(constant_id = 8) const uint DRAPED = DRAPED_NONE;
layout(constant_id = 9) const uint DRAPE_BLEND = BLEND_NORMAL;

uniform usampler2DArray drape_texels;
layout(r32ui) uniform readonly uimage2DArray drape_words;       // the same to load from

layout(scalar) uniform Drape {
    // Texels of a cell, and of the first sample: a place on the ground in texels.
    vec2 scale;
    vec2 offset;
    vec2 texel;             // 1 / size of the image
    ivec2 size;
    ivec2 first;            // where level 0 would start in the second layer
    int top_level;
    float opacity;
} drape;

// The square of the width in texels, of the part of the image that a ray stands for.
//
// One pixel to the right and one down move a ray over the tangent plane by two vectors, which span
// the pixel's footprint. Of a footprint that is long, at grazing angles, a round filter can take
// the width (and alias along it), the length (and blur across it), or their geometric mean. Several
// samples of a pixel lie side by side, so each may be the sharper: the mean of its share, but no
// less than one sample's length along the footprint. At a silhouette the length has no bound; a
// filter is never wider than four times the footprint's width.
float footprint(Hit hit, vec3 direction) {
    Footprint pixel = footprint_of(hit, direction);
    vec2 a = pixel.right.xy * drape.scale;
    vec2 b = pixel.down.xy * drape.scale;
    float area = min(abs(a.x * b.y - a.y * b.x), 1e30);
    float length2 = clamp(max(dot(a, a), dot(b, b)), 1e-30, 1e30);
    float width2 = area * (area / length2);
    float share = 1.0 / float(max(SAMPLES, 1));
    return min(max(area * share, min(length2 * share * share, area)), 16.0 * width2);
}

// Half the base-2 logarithm, by way of the float's own exponent: exact at powers of two, straight
// between them.
float half_log2(float square) {
    return float(int(floatBitsToUint(square)) - 0x3f800000) * (0.5 / 8388608.0);
}

// Premultiplied linear light of four words, weighted.
vec4 mean_of_texels(uvec4 words, vec4 weights) {
    vec4 red = srgb_decode_of(vec4(words & 0xffu), 255.0);
    vec4 green = srgb_decode_of(vec4((words >> 8) & 0xffu), 255.0);
    vec4 blue = srgb_decode_of(vec4((words >> 16) & 0xffu), 255.0);
    vec4 alpha = weights;
    if (DRAPED != DRAPED_OPAQUE) alpha *= vec4(words >> 24) * (1.0 / 255.0);
    return vec4(dot(red, alpha), dot(green, alpha), dot(blue, alpha), dot(alpha, vec4(1.0)));
}

// Four texels around a place, and how far it is from the first.
struct Four {
    ivec2 first;            // the north-western of four texels
    ivec2 last;             // the south-eastern; the same at the image's edge
    vec2 part;              // of the others: east, south
};

Four four_around(vec2 place, int level) {
    ivec2 size = (drape.size + ((1 << level) - 1)) >> level;
    float texels = uintBitsToFloat(uint(127 - level) << 23);     // 2^-level, without a division
    vec2 at = clamp(place * texels, vec2(0.5), vec2(size) - 0.5) - 0.5;
    vec2 first = floor(at);
    return Four(ivec2(first), min(ivec2(first) + 1, size - 1), at - first);
}

// Weights of four texels in the order of a gather: south-west, south-east, north-east, north-west.
vec4 weights_of(Four four) {
    vec2 rest = 1.0 - four.part;
    return vec4(rest.x * four.part.y, four.part.x * four.part.y, four.part.x * rest.y,
                rest.x * rest.y);
}

uvec4 words_of(Four four, int level) {
    ivec2 corner = level > 0 ? drape.first >> level : ivec2(0);
    ivec2 first = corner + four.first;
    int layer = min(level, 1);
    if (LOADS) {
        ivec2 last = corner + four.last;
        return uvec4(imageLoad(drape_words, ivec3(first.x, last.y, layer)).x,
                     imageLoad(drape_words, ivec3(last, layer)).x,
                     imageLoad(drape_words, ivec3(last.x, first.y, layer)).x,
                     imageLoad(drape_words, ivec3(first, layer)).x);
    }
    return textureGather(drape_texels, vec3(vec2(first + 1) * drape.texel, float(layer)));
}

// Straight linear light of the drape under a hit, and its alpha; nothing outside it.
vec4 drape_colour(Hit hit, vec3 direction) {
    vec2 ground = place_of(hit);
    vec2 place = ground * drape.scale + drape.offset;
    bool outside = any(lessThan(place, vec2(0.0))) || any(greaterThan(place, vec2(drape.size)));
    float detail = clamp(half_log2(footprint(hit, direction)), 0.0, float(drape.top_level));
    int level = int(detail);
    Four fine = four_around(place, level);
    Four coarse = four_around(place, level + 1);
    vec4 near = mean_of_texels(words_of(fine, level), weights_of(fine));
    vec4 far = mean_of_texels(words_of(coarse, level + 1), weights_of(coarse));
    vec4 colour = mix(near, far, detail - float(level));
    if (DRAPED == DRAPED_OPAQUE) return vec4(colour.rgb, outside ? 0.0 : drape.opacity);
    return vec4(colour.rgb * (colour.a > 0.0 ? 1.0 / colour.a : 0.0),
                outside ? 0.0 : colour.a * drape.opacity);
}

// Straight linear colour with the drape over it: W3C's source-over with blending, in linear light.
vec4 draped(vec4 below, Hit hit, vec3 direction) {
    vec4 above = drape_colour(hit, direction);
    vec3 mixed = DRAPE_BLEND == BLEND_NORMAL ? above.rgb : blend(DRAPE_BLEND, below.rgb, above.rgb);
    if (!TRANSLUCENT) return vec4(mix(below.rgb, mixed, above.a), 1.0);
    float alpha = above.a + below.a * (1.0 - above.a);
    vec3 light = above.a * (1.0 - below.a) * above.rgb + above.a * below.a * mixed
        + (1.0 - above.a) * below.a * below.rgb;
    return vec4(light * (alpha > 0.0 ? 1.0 / alpha : 0.0), alpha);
}
