#version 460
#extension GL_EXT_scalar_block_layout : require

// The pyramid's two finest levels, one thread for 4 x 4 patches: the highest sample of the solid
// ones of each 2 x 2 and of all of them; of all, for the mirror image, the lowest with its sign
// turned, and the mean. All are relative to the reference height.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool HAS_HOLES = true;

uniform sampler2D heights;
layout(r32f) uniform writeonly image2D maxima;
layout(r32f) uniform writeonly image2D means;

layout(scalar, push_constant) uniform Level {
    ivec2 cells;            // patches of the DEM
    ivec2 size;             // of the finest level, padding included
    float reference_height;
} level;

const float NOTHING = -3.4e38;

// The samples at `place` and its three neighbours to the east and south: (0,0), (1,0), (0,1),
// (1,1). Past the last row or column, that one again.
vec4 samples_at(ivec2 place, vec2 texel) {
    return textureGather(heights, vec2(min(place, level.cells) + 1) * texel).wzxy;
}

// Greatest sample and greatest negated sample of a patch.
vec2 bounds_of(vec4 corners) {
    vec2 bounds = vec2(max(max(corners.x, corners.y), max(corners.z, corners.w)),
                       -min(min(corners.x, corners.y), min(corners.z, corners.w)));
    if (HAS_HOLES) {
        bvec4 hole = greaterThan(floatBitsToUint(corners) << 1, uvec4(0xff000000u));
        bounds = any(hole) ? vec2(NOTHING) : bounds;
    }
    return bounds;
}

// The same of 2 x 2 patches, from the samples at their first corner, two to the east, two to the
// south, and both.
vec2 bounds_of_four(vec4 here, vec4 east, vec4 south, vec4 both) {
    vec2 top = max(bounds_of(here), bounds_of(vec4(here.y, east.x, here.w, east.z)));
    vec2 bottom = max(bounds_of(vec4(here.zw, south.xy)),
                      bounds_of(vec4(here.w, east.z, south.y, both.x)));
    return max(top, bottom);
}

// The mean height of a patch, and 1; nothing if it is a hole.
vec2 mean_of(vec4 corners) {
    return bounds_of(corners).x > NOTHING
        ? vec2(0.25 * ((corners.x + corners.y) + (corners.z + corners.w)), 1.0) : vec2(0.0);
}

// The sum of those of 2 x 2 patches, as bounds_of_four.
vec2 means_of_four(vec4 here, vec4 east, vec4 south, vec4 both) {
    return (mean_of(here) + mean_of(vec4(here.y, east.x, here.w, east.z))) +
           (mean_of(vec4(here.zw, south.xy)) + mean_of(vec4(here.w, east.z, south.y, both.x)));
}

vec2 relative(vec2 bounds, ivec2 first) {
    bool outside = any(greaterThanEqual(first, level.cells)) || bounds.x <= NOTHING;
    return outside ? vec2(NOTHING) : bounds - vec2(level.reference_height, -level.reference_height);
}

void main() {
    ivec2 block = ivec2(gl_GlobalInvocationID.xy);
    if (any(greaterThanEqual(2 * block, level.size))) return;
    vec2 texel = 1.0 / vec2(level.cells + 1);
    ivec2 first = 4 * block;
    vec4 a = samples_at(first, texel);
    vec4 b = samples_at(first + ivec2(2, 0), texel);
    vec4 c = samples_at(first + ivec2(4, 0), texel);
    vec4 d = samples_at(first + ivec2(0, 2), texel);
    vec4 e = samples_at(first + ivec2(2, 2), texel);
    vec4 f = samples_at(first + ivec2(4, 2), texel);
    vec4 g = samples_at(first + ivec2(0, 4), texel);
    vec4 h = samples_at(first + ivec2(2, 4), texel);
    vec4 i = samples_at(first + ivec2(4, 4), texel);
    vec2 north_west = relative(bounds_of_four(a, b, d, e), first);
    vec2 north_east = relative(bounds_of_four(b, c, e, f), first + ivec2(2, 0));
    vec2 south_west = relative(bounds_of_four(d, e, g, h), first + ivec2(0, 2));
    vec2 south_east = relative(bounds_of_four(e, f, h, i), first + ivec2(2, 2));
    ivec2 cell = 2 * block + ivec2(0, level.size.y);
    imageStore(maxima, cell, vec4(north_west.x));
    imageStore(maxima, cell + ivec2(1, 0), vec4(north_east.x));
    imageStore(maxima, cell + ivec2(0, 1), vec4(south_west.x));
    imageStore(maxima, cell + ivec2(1, 1), vec4(south_east.x));
    // Beyond the last row and column the ground goes on level. Without holes each sample counts as
    // often as patches have it for a corner.
    vec2 sum = vec2(0.0, 1.0);
    if (HAS_HOLES) {
        sum = (means_of_four(a, b, d, e) + means_of_four(b, c, e, f))
            + (means_of_four(d, e, g, h) + means_of_four(e, f, h, i));
    } else {
        // In this order: src/scene/levels.rs has the same.
        float north = (a.x + c.x) + 2.0 * ((a.y + b.x) + b.y);
        float south = (g.x + i.x) + 2.0 * ((g.y + h.x) + h.y);
        float sides = ((a.z + c.z) + (d.x + f.x)) + (d.z + f.z);
        float first_row = (a.w + b.z) + b.w;
        float second_row = (d.y + e.x) + e.y;
        float third_row = (d.w + e.z) + e.w;
        sum.x = ((north + south) + (2.0 * sides + 4.0 * ((first_row + second_row) + third_row)))
            / 64.0;
    }
    bool ground = all(lessThan(first, level.cells)) && sum.y > 0.0;
    imageStore(means, block + ivec2(0, level.size.y / 2),
               vec4(ground ? sum.x / sum.y - level.reference_height : NOTHING));
    vec2 bounds = max(max(north_west, north_east), max(south_west, south_east));
    imageStore(maxima, block + ivec2(0, level.size.y / 2), vec4(bounds.x));
    imageStore(maxima, block + level.size / 2, vec4(bounds.y));
}
