#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the dilated pyramid: the maximum of a cell and its eight neighbours, for bundles of
// rays. The second layer of threads does the mirror image, which lies to the right.

layout(local_size_x = 8, local_size_y = 8) in;

uniform sampler2D maxima;
layout(r32f) uniform writeonly image2D dilated;

layout(scalar, push_constant) uniform Level {
    ivec2 size;             // of this level, which starts at row size.y in both images
    vec2 texel;             // 1 / size of the image that is read
    ivec2 mirror;           // columns to the right: in the image that is read, and in this one
} level;

float greatest(vec4 v) {
    return max(max(v.x, v.y), max(v.z, v.w));
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, level.size))) return;
    // Four overlapping gathers of 2 x 2 cover 3 x 3; at the edges they stay inside the level.
    ivec2 right = int(gl_GlobalInvocationID.z) * level.mirror;
    ivec2 low = max(cell, ivec2(1));
    ivec2 high = min(cell + 1, level.size - 1);
    vec2 a = (vec2(low) + vec2(right.x, level.size.y)) * level.texel;
    vec2 b = (vec2(max(high, ivec2(1))) + vec2(right.x, level.size.y)) * level.texel;
    float highest = max(max(greatest(textureGather(maxima, a)), greatest(textureGather(maxima, b))),
                        max(greatest(textureGather(maxima, vec2(a.x, b.y))),
                            greatest(textureGather(maxima, vec2(b.x, a.y)))));
    imageStore(dilated, cell + ivec2(right.y, level.size.y), vec4(highest));
}
