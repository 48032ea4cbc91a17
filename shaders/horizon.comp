#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require
#extension GL_KHR_shader_subgroup_ballot : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

// The steepest rise from each cell in every direction, and what is made of it.
//
// A subgroup holds a tile of LANES columns by ROWS rows and moves a window of its size along each
// direction's path, one column or one row at a time: what it has stays in registers and is handed
// from lane to lane, so a step reads LANES heights for LANES x ROWS cells. On software Vulkan a
// read costs as much as twenty-five additions.

layout(local_size_x = 64) in;

// What of the horizons is wanted.
const uint QUANTITY_SKY_VIEW = 0;
const uint QUANTITY_OPENNESS = 1;
const uint QUANTITY_SKY_UNIFORM = 2;
const uint QUANTITY_SKY_OVERCAST = 3;
const uint QUANTITY_ANGLE = 4;

layout(constant_id = 0) const uint QUANTITY = QUANTITY_SKY_VIEW;
layout(constant_id = 1) const int LANES = 8;        // the device's subgroup size
layout(constant_id = 2) const int ROWS = 8;

layout(scalar) readonly buffer Heights { float heights[]; };
layout(scalar) readonly buffer Paths { uint paths[]; };
layout(scalar) buffer Values { float values[]; };

layout(scalar, push_constant) uniform Block {
    int columns;
    int rows;
    int pitch;              // floats in a row of heights
    int origin;             // of the first cell in heights
    int first_path;         // in paths
    int directions;         // of this dispatch
    int resumes;            // whether values hold the sum over directions before
    int ends;               // whether the sum is complete
    float all_directions;
    vec2 metres;            // (dx, dy) divided by the exaggeration
} block;

#include "arc.glsl"
#include "ground.glsl"

const float DEGREES = 57.29577951308232;

float height_at(int x, int y) {
    return heights[block.origin + y * block.pitch + x];
}

float angle_of(float slope) {
    float angle = arc_tangent(vec4(abs(slope))).x;
    return slope < 0.0 ? -angle : angle;
}

// What one direction adds: `slope` is the horizon's, `facing` the part of the ground's normal that
// points there.
float quantity(float slope, float up, float facing) {
    if (QUANTITY == QUANTITY_OPENNESS || QUANTITY == QUANTITY_ANGLE)
        return DEGREES * angle_of(slope);
    float rise = max(slope, 0.0);
    float sine = rise / sqrt(1.0 + rise * rise);
    if (QUANTITY == QUANTITY_SKY_VIEW) return sine;
    // Integrals of the sky's light on the ground from the horizon to the zenith, level open ground
    // receiving 1.
    float cosine = 1.0 / sqrt(1.0 + rise * rise);
    float level = cosine * cosine;
    float leaning = HALF_PI - angle_of(rise) - sine * cosine;
    float even = up * level + facing * leaning;
    if (QUANTITY == QUANTITY_SKY_UNIFORM) return even;
    float risen = up * (1.0 - sine * sine * sine) + facing * cosine * level;
    return (3.0 * even + 4.0 * risen) / 7.0;
}

// The ground's unit normal (east, north, up) from its four nearest neighbours; one-sided beside
// missing ground.
vec3 normal_at(int x, int y, float own) {
    vec2 before = vec2(height_at(x - 1, y), height_at(x, y + 1));
    vec2 after = vec2(height_at(x + 1, y), height_at(x, y - 1));
    vec2 low = mix(before, vec2(own), lessThanEqual(before, vec2(NO_GROUND)));
    vec2 high = mix(after, vec2(own), lessThanEqual(after, vec2(NO_GROUND)));
    vec2 sides = vec2(greaterThan(before, vec2(NO_GROUND)))
        + vec2(greaterThan(after, vec2(NO_GROUND)));
    vec2 slope = (high - low) / (max(sides, vec2(1.0)) * block.metres);
    return vec3(-slope, 1.0) / sqrt(1.0 + dot(slope, slope));
}

// A tile as a path sees it, which runs towards higher columns and rows: mirrored where the
// direction does not.
struct Tile {
    int column, row;        // of its first cell
    int x_step, y_step;     // 1 or -1
};

// Of a column of the tile, in the order of the path: where it began, where the window is, the
// steepest rise between them.
float from[ROWS], window[ROWS], steepest[ROWS];

// Moves the window one column on, to (x, y) from where it began; `bias` is 0, or leaves this step
// out.
void step_column(Tile tile, int x, int y, float bias) {
    const int TALL = min(LANES, 8);
    int lane = int(gl_SubgroupInvocationID);
    float column[(ROWS + 3) / 4];
    for (int j = 0; j < ROWS; j += TALL) {
        column[j / TALL] =
            height_at(tile.column + tile.x_step * (x + LANES - 1),
                      tile.row + tile.y_step * (y + j + (lane & (TALL - 1))));
    }
    vec2 way = vec2(x, y) * block.metres;
    float nearness = 1.0 / sqrt(dot(way, way));
    if (x == 0 && y == 0) nearness = 0.0;
    uint next = uint((lane + 1) & (LANES - 1));
    for (int j = 0; j < ROWS; ++j) {
        // Only the last lane's counts, which is lane j's. A broadcast would be a loop over lanes.
        float fresh = subgroupShuffle(column[j / TALL], uint((lane + 1 + j % TALL) & (LANES - 1)));
        float moved = subgroupShuffle(window[j], next);
        window[j] = lane == LANES - 1 ? fresh : moved;
        steepest[j] = max(steepest[j], (window[j] - from[j]) * nearness + bias);
    }
}

// The same, one row on.
void step_row(Tile tile, int x, int y, float bias) {
    int lane = int(gl_SubgroupInvocationID);
    vec2 way = vec2(x, y) * block.metres;
    float nearness = 1.0 / sqrt(dot(way, way));
    for (int j = 0; j + 1 < ROWS; ++j) window[j] = window[j + 1];
    window[ROWS - 1] = height_at(tile.column + tile.x_step * (x + lane),
                                 tile.row + tile.y_step * (y + ROWS - 1));
    for (int j = 0; j < ROWS; ++j) {
        steepest[j] = max(steepest[j], (window[j] - from[j]) * nearness + bias);
    }
}

// Goes along the path of `runs` at `entry`, which is moved behind it. A `late` path begins with a
// row.
void walk(Tile tile, int runs, bool late, inout int entry) {
    int x = late ? -1 : 0, y = 0;
    int run = 0;
    // Loops test at their end: software Vulkan would otherwise run each body once more for nothing.
    do {
        uint code = paths[entry];
        ++entry;
        int columns = int(code & 0x7fffu), rows = int(code >> 15 & 0x7fffu);
        float last_column = (code & 0x40000000u) != 0u ? NO_GROUND : 0.0;
        float last_row = (code & 0x80000000u) != 0u ? NO_GROUND : 0.0;
        do {
            ++x;
            --columns;
            step_column(tile, x, y, columns == 0 ? last_column : 0.0);
        } while (columns > 0);
        do {
            ++y;
            --rows;
            step_row(tile, x, y, last_row);
        } while (rows > 0);
    } while (++run < runs);
}

// What all directions together make of a cell.
float mean_of(float total, float own) {
    total /= block.all_directions;
    if (QUANTITY == QUANTITY_OPENNESS) total = 90.0 - total;
    if (QUANTITY == QUANTITY_SKY_VIEW) total = 1.0 - total;
    if (QUANTITY == QUANTITY_SKY_UNIFORM || QUANTITY == QUANTITY_SKY_OVERCAST)
        total = max(total, 0.0);
    return own <= NO_GROUND ? uintBitsToFloat(0x7fc00000u) : total;
}

void main() {
    const bool leans = QUANTITY == QUANTITY_SKY_UNIFORM || QUANTITY == QUANTITY_SKY_OVERCAST;
    int lane = int(gl_SubgroupInvocationID);
    uint previous = uint((lane + LANES - 1) & (LANES - 1));
    uint opposite = uint(LANES - 1 - lane);
    int x0 = int(gl_WorkGroupID.x * gl_WorkGroupSize.x + gl_SubgroupID * LANES);
    int y0 = int(gl_WorkGroupID.y) * ROWS;
    if (x0 >= block.columns) return;
    float own[ROWS], sum[ROWS];
    vec3 normal[ROWS];
    for (int j = 0; j < ROWS; ++j) {
        own[j] = height_at(x0 + lane, y0 + j);
        sum[j] = 0.0;
        if (leans) normal[j] = normal_at(x0 + lane, y0 + j, own[j]);
    }
    int entry = block.first_path;
    for (int direction = 0; direction < block.directions; ++direction) {
        uint head = paths[entry];
        vec2 towards = vec2(uintBitsToFloat(paths[entry + 1]), uintBitsToFloat(paths[entry + 2]));
        entry += 3;
        bool mirrored = (head & 1u) != 0u, flipped = (head & 2u) != 0u, late = (head & 4u) != 0u;
        Tile tile = Tile(
            mirrored ? x0 + LANES - 1 : x0, flipped ? y0 + ROWS - 1 : y0, mirrored ? -1 : 1,
            flipped ? -1 : 1);
        for (int j = 0; j < ROWS; ++j) {
            float row = flipped ? own[ROWS - 1 - j] : own[j];
            float reversed = subgroupShuffle(row, opposite);
            from[j] = mirrored ? reversed : row;
            float before = subgroupShuffle(from[j], previous);
            // A path that begins with a row starts one column back, whose lane 0 the first step
            // drops.
            window[j] = late ? before : from[j];
            steepest[j] = NO_GROUND;
        }
        walk(tile, int(head >> 3), late, entry);
        for (int j = 0; j < ROWS; ++j) {
            float reversed = subgroupShuffle(steepest[j], opposite);
            from[j] = mirrored ? reversed : steepest[j];
        }
        for (int j = 0; j < ROWS; ++j) {
            float slope = flipped ? from[ROWS - 1 - j] : from[j];
            // No known ground that way: a level horizon.
            slope = slope < -1.0e20 ? 0.0 : slope;
            sum[j] += leans ? quantity(slope, normal[j].z, dot(normal[j].xy, towards))
                : quantity(slope, 1.0, 0.0);
        }
    }
    if (x0 + lane >= block.columns) return;
    for (int j = 0; j < ROWS; ++j) {
        if (y0 + j >= block.rows) return;
        int at = (y0 + j) * block.columns + x0 + lane;
        float total = sum[j] + (block.resumes != 0 ? values[at] : 0.0);
        values[at] = block.ends != 0 ? mean_of(total, own[j]) : total;
    }
}
