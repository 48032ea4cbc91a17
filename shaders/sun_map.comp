#version 460
#extension GL_EXT_scalar_block_layout : require
#extension GL_GOOGLE_include_directive : require

// How deep the far cells of one level, or the DEM's samples, lie in shadow, in one sweep away from
// the sun: row 0 is the one towards it, and a ray from it moves `drift` columns left on each row.
// Rows and columns are those of the level, or the other way round, from either end.
//
// With DISC it is how far the horizon rises before a sun that is a disc, in one vertical plane:
// rays from its lowest and highest point are followed together, each knows what it has grazed last,
// and the higher of the two is the horizon. What lies between them on the hull of the ground may be
// higher still, by a part of the disc.
//
// One invocation follows LINES neighbouring rays, and the next one to the right for what lies
// between, as shadow.comp does for rasters of any size. On each row a ray crosses between two
// cells' middles; the greatest height behind it, less what it loses on the way, is where the shadow
// ends.

layout(local_size_x = 8) in;
layout(constant_id = 0) const bool DISC = false;
// The DEM's samples in place of a level's cells.
layout(constant_id = 1) const bool OF_SAMPLES = false;

// Those samples, or the pyramid.
layout(r32f) uniform readonly image2D ground;
// For each cell the height below the shadow's end, negative in the sun; with DISC the part of the
// disc's height that is hidden.
layout(r32f) uniform writeonly image2D found;

layout(scalar, push_constant) uniform Sweep {
    ivec2 size;             // columns and rows
    ivec2 first;            // cell of the level at column 0 of row 0
    ivec2 next_column;      // from there
    ivec2 next_row;
    int top;                // the level's first row in `ground`
    ivec2 place;            // of its first cell in `found`
    int rays;
    uint drift;             // in units of 2^-32
    int diagonal;           // whether it is a whole column instead
    uint phase;             // how far rays have drifted on row 0, likewise
    // Height that a ray loses on each row, from the disc's lowest and highest point.
    vec2 drop;
    float share;            // of the disc's height, for a unit of height over one row
} sweep;

#include "ground.glsl"
#include "nan.glsl"

const int LINES = 8;

ivec2 cell_at(int column, int row) {
    return sweep.first + column * sweep.next_column + row * sweep.next_row;
}

float height_at(int column, int row) {
    ivec2 cell = cell_at(clamp(column, 0, sweep.size.x - 1), row);
    float height = imageLoad(ground, cell + ivec2(0, sweep.top)).x;
    if (OF_SAMPLES && is_nan(height)) height = NO_GROUND;
    return column >= 0 && column < sweep.size.x && height > NO_GROUND ? height : NO_GROUND;
}

// The parts of the disc's height that the grazed ground hides, seen from a cell `depth` below the
// two rays.
float hidden(vec2 depth, vec2 rows) {
    vec2 part = depth * sweep.share / rows + vec2(0.0, 1.0);
    return clamp(max(part.x, part.y), 0.0, 1.0);
}

void main() {
    int ray = int(gl_GlobalInvocationID.x) * LINES;
    if (ray >= sweep.rays) return;
    vec2 end[LINES + 1];    // height of the shadow's end along each ray
    vec2 since[LINES + 1];  // rows since it grazed the ground
    for (int k = 0; k <= LINES; ++k) end[k] = vec2(NO_GROUND);
    for (int k = 0; k <= LINES; ++k) since[k] = vec2(1.0);
    // Before and after these rows all of the rays run beside the DEM.
    int start = 0;
    int stop = sweep.size.y;
    float drift = sweep.diagonal != 0 ? 1.0 : float(sweep.drift) * (1.0 / 4294967296.0);
    if (drift > 0.0) {
        start = int(clamp(float(ray - sweep.size.x - 1) / drift - 2.0, 0.0, float(sweep.size.y)));
        stop = int(clamp(float(ray + LINES + 1) / drift + 2.0, 0.0, float(sweep.size.y)));
    }
    for (int row = start; row < stop; ++row) {
        uint whole, part, carry;
        umulExtended(uint(row), sweep.drift, whole, part);
        part = uaddCarry(part, sweep.phase, carry);
        if (sweep.diagonal != 0) { whole = uint(row); part = 0u; carry = 0u; }
        // A ray runs between a cell and the one before it, so far from the cell.
        float beside = float(part >> 8) * (1.0 / 16777216.0);
        int first = ray - int(whole + carry);
        float height[LINES + 2];
        for (int k = 0; k < LINES + 2; ++k) height[k] = height_at(first - 1 + k, row);
        for (int k = 0; k < LINES; ++k) {
            // A hole's rim lies in its neighbour's shadow.
            float own = height[k + 1] > NO_GROUND ? height[k + 1] : max(height[k], height[k + 2]);
            float value;
            if (DISC) {
                float left = hidden(end[k] - own, since[k]);
                value = left + (hidden(end[k + 1] - own, since[k + 1]) - left) * beside;
            } else {
                float reach = end[k].x + (end[k + 1].x - end[k].x) * beside;
                // Beside the DEM there is no ray to go between.
                if (min(end[k].x, end[k + 1].x) <= -1.0e37 && beside > 0.0)
                    reach = max(end[k].x, end[k + 1].x);
                value = reach - own;
            }
            int column = first + k;
            ivec2 cell = cell_at(column, row);
            if (column >= 0 && column < sweep.size.x)
                imageStore(found, cell + sweep.place, vec4(own > NO_GROUND ? value : 0.0));
        }
        for (int k = 0; k <= LINES; ++k) {
            float left = height[k];
            float right = height[k + 1];
            bool solid = right > NO_GROUND && (left > NO_GROUND || beside == 0.0);
            float crossed = solid ? right + (left - right) * beside : NO_GROUND;
            if (DISC)
                since[k] = mix(since[k] + 1.0, vec2(1.0), greaterThanEqual(vec2(crossed), end[k]));
            end[k] = max(max(end[k], crossed) - sweep.drop, NO_GROUND);
        }
    }
}
