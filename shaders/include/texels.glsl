// Buffers as texels of a word each, beside the buffers themselves: of a buffer software Vulkan
// loads what eight threads want one by one, and of texels at once. A binding NAME_texels is the
// buffer NAME.
//
// Needs loads.glsl.

#define TEXELS(name) layout(r32ui) readonly uniform uimageBuffer name##_texels
#define TEXEL(name, at) imageLoad(name##_texels, int(at)).x
#define TWO_TEXELS(name, at) uvec2(TEXEL(name, at), TEXEL(name, (at) + 1u))
#define FOUR_TEXELS(name, at) uvec4(TWO_TEXELS(name, at), TWO_TEXELS(name, (at) + 2u))

// The word of a buffer of words; the two, or four, of one of vectors.
#define WORD(name, at) (LOADS ? TEXEL(name, at) : name[at])
#define PAIR(name, at) (LOADS ? TWO_TEXELS(name, 2u * uint(at)) : name[at])
#define FOUR(name, at) (LOADS ? FOUR_TEXELS(name, 4u * uint(at)) : name[at])
#define FOUR_FLOATS(name, at) \
    (LOADS ? uintBitsToFloat(FOUR_TEXELS(name, 4u * uint(at))) : name[at])
