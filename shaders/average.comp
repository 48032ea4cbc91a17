#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// The mean of a pixel's samples, in linear light, encoded once.

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint SAMPLES = 4;     // of a pixel

layout(scalar, set = 0, binding = 0) readonly buffer Samples { uvec2 samples[]; };
layout(scalar, set = 0, binding = 1) writeonly buffer Pixels { uint pixels[]; };

layout(scalar, push_constant) uniform Average {
    uint pixels;
    uint width;             // threads of a row of the dispatch
} average;

#include "pixel.glsl"

void main() {
    uint at = gl_GlobalInvocationID.y * average.width + gl_GlobalInvocationID.x;
    if (gl_GlobalInvocationID.x >= average.width || at >= average.pixels) return;
    vec4 sum = vec4(0.0);
    for (uint index = 0; index < SAMPLES; ++index) {
        sum += unpack_linear(samples[at * SAMPLES + index]);
    }
    pixels[at] = pack_pixel(sum / float(SAMPLES));
}
