#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// One level of a drape's mip chain from the next finer one: the mean of 2 x 2 texels in
// premultiplied linear light. At the east and south edge a finer level may have one texel where
// another would have two; that one then counts alone.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool FROM_BASE = true;

layout(r32ui) uniform uimage2DArray texels;

layout(scalar, push_constant) uniform Levels {
    ivec2 finer;            // sizes
    ivec2 coarser;
    ivec2 finer_at;         // their places in the second layer; of level 0, in the first
    ivec2 coarser_at;
} levels;

#include "pixel.glsl"
#include "blend.glsl"

uint finer_texel(ivec2 at) {
    return imageLoad(texels, ivec3(at + levels.finer_at, FROM_BASE ? 0 : 1)).r;
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
        vec4 colour = vec4(word & 0xffu, (word >> 8) & 0xffu, (word >> 16) & 0xffu, word >> 24)
            / 255.0;
        sum += vec4(srgb_decode(colour).rgb * colour.a, colour.a);
        count += 1.0;
    }
    imageStore(texels, ivec3(at + levels.coarser_at, 1), uvec4(pack_pixel(sum / count)));
}
