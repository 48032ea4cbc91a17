#version 460
#extension GL_EXT_scalar_block_layout : require

// A fixed picture that needs no data: one triangle with a colour at each corner, on white. Four
// samples a pixel.

layout(local_size_x = 8, local_size_y = 8) in;

layout(scalar) writeonly buffer Pixels { uint pixels[]; };

layout(scalar, push_constant) uniform Band {
    uvec2 size;
    uint first_row;
    uint rows;
} band;

// Corners in a square from -1 to 1, y down.
const vec2 CORNERS[3] = vec2[](vec2(0.0, -0.7), vec2(-0.8, 0.7), vec2(0.8, 0.7));

float edge(vec2 a, vec2 b, vec2 p) {
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

void main() {
    uvec2 pixel = gl_GlobalInvocationID.xy + uvec2(0, band.first_row);
    if (pixel.x >= band.size.x || gl_GlobalInvocationID.y >= band.rows) return;
    float area = edge(CORNERS[0], CORNERS[1], CORNERS[2]);
    vec3 sum = vec3(0.0);
    for (int index = 0; index < 4; ++index) {
        vec2 within = vec2(index & 1, index >> 1) * 0.5 + 0.25;
        vec2 p = (vec2(pixel) + within) / vec2(band.size) * 2.0 - 1.0;
        vec3 weights = vec3(edge(CORNERS[1], CORNERS[2], p), edge(CORNERS[2], CORNERS[0], p),
                            edge(CORNERS[0], CORNERS[1], p)) / area;
        bool inside = all(greaterThanEqual(weights, vec3(0.0)));
        sum += inside ? weights : vec3(1.0);
    }
    uvec3 bytes = uvec3(clamp(sum * 0.25, 0.0, 1.0) * 255.0 + 0.5);
    pixels[gl_GlobalInvocationID.y * band.size.x + pixel.x] = bytes.r | bytes.g << 8 | bytes.b << 16
        | 0xffu << 24;
}
