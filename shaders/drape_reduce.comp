#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// One level of a drape's mip chain from the next finer one: the mean of 2 x 2 texels in premultiplied linear light. At the
// east and south edge a finer level may have one texel where another would have two; that one then counts alone.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool FROM_BASE = true;

layout(set = 0, binding = 0, r32ui) readonly uniform uimage2D base;
layout(set = 0, binding = 1, r32ui) uniform uimage2D mips;

layout(scalar, push_constant) uniform Levels {
    ivec2 finer;            // sizes
    ivec2 coarser;
    ivec2 finer_at;         // their places in `mips`
    ivec2 coarser_at;
} levels;

#include "pixel.glsl"
#include "blend.glsl"

uint finer_texel(ivec2 at) {
    if (FROM_BASE) return imageLoad(base, at).r;
    return imageLoad(mips, at + levels.finer_at).r;
}

void main() {
    ivec2 at = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(at, levels.coarser))) return;
    vec4 sum = vec4(0.0);
    float count = 0.0;
    for (int corner = 0; corner < 4; ++corner) {
        ivec2 finer = 2 * at + ivec2(corner & 1, corner >> 1);
        if (any(greaterThanEqual(finer, levels.finer))) continue;
        uint word = finer_texel(finer);
        vec4 colour = vec4(word & 0xffu, (word >> 8) & 0xffu, (word >> 16) & 0xffu, word >> 24) / 255.0;
        sum += vec4(srgb_decode(colour).rgb * colour.a, colour.a);
        count += 1.0;
    }
    imageStore(mips, at + levels.coarser_at, uvec4(pack_pixel(sum / count)));
}
