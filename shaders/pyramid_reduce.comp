#version 460
#extension GL_EXT_scalar_block_layout : require

// One level of the pyramid from the next finer one: the maximum of 2 x 2 cells. The second layer of threads does the mirror image, the
// third the mean heights, and how far they are below the surface that rays meet; all lie to the right.

layout(local_size_x = 8, local_size_y = 8) in;

layout(r32f) uniform image2D maxima;

layout(scalar, push_constant) uniform Levels {
    ivec2 size;             // of the coarser level, which starts at row size.y; the finer one at row 2 size.y
    int mirror;             // columns to the right where the mirror image lies
    ivec2 means;            // to the right and down where means lie
    int reliefs;            // to the right where what they are below maxima lies
} levels;

const float NOTHING = -3.4e38;

// The mean of a cell's height, and what it is below the maxima of the cells two levels finer, on the average.
void reduce_means(ivec2 cell) {
    vec2 means = vec2(0.0);
    for (int index = 0; index < 4; ++index) {
        ivec2 finer = 2 * cell + ivec2(index & 1, index >> 1) + ivec2(levels.means.x, 2 * levels.size.y + levels.means.y);
        float mean = imageLoad(maxima, finer).r;
        means += mean > NOTHING ? vec2(mean, 1.0) : vec2(0.0);
    }
    vec2 tops = vec2(0.0);
    for (int index = 0; index < 16; ++index) {
        float top = imageLoad(maxima, 4 * cell + ivec2(index & 3, index >> 2) + ivec2(0, 4 * levels.size.y)).r;
        tops += top > NOTHING ? vec2(top, 1.0) : vec2(0.0);
    }
    bool ground = means.y > 0.0 && tops.y > 0.0;
    float mean = ground ? means.x / means.y : NOTHING;
    ivec2 place = cell + ivec2(0, levels.size.y);
    imageStore(maxima, place + levels.means, vec4(mean));
    imageStore(maxima, place + ivec2(levels.reliefs, 0), vec4(ground ? max(tops.x / tops.y - mean, 0.0) : 0.0));
}

void main() {
    ivec2 cell = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(cell, levels.size))) return;
    if (gl_GlobalInvocationID.z == 2) {
        reduce_means(cell);
        return;
    }
    int right = int(gl_GlobalInvocationID.z) * levels.mirror;
    ivec2 finer = 2 * cell + ivec2(right, 2 * levels.size.y);
    float top = max(imageLoad(maxima, finer).r, imageLoad(maxima, finer + ivec2(1, 0)).r);
    float bottom = max(imageLoad(maxima, finer + ivec2(0, 1)).r, imageLoad(maxima, finer + ivec2(1, 1)).r);
    imageStore(maxima, ivec2(cell.x + right, cell.y + levels.size.y), vec4(max(top, bottom)));
}
