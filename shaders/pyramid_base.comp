#version 460
#extension GL_EXT_scalar_block_layout : require

// The pyramid's finest levels, one thread for 4 x 4 patches: the highest sample of the solid ones of each 2 x 2, and, for the
// mirror image, the lowest of all of them with its sign turned; and the mean of those of all 4 x 4 that are
// solid. All are relative to the reference height.

layout(local_size_x = 8, local_size_y = 8) in;
layout(constant_id = 0) const bool HAS_HOLES = true;

uniform sampler2D heights;
layout(r32f) uniform writeonly image2D maxima;

layout(scalar, push_constant) uniform Level {
    ivec2 cells;            // patches of the DEM
    ivec2 size;             // of the finest level, padding included
    float reference_height;
} level;

const float NOTHING = -3.4e38;

// The samples at `place` and its three neighbours to the east and south: (0,0), (1,0), (0,1), (1,1). Past the last row or
// column, that one again.
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

// The same of 2 x 2 patches, from the samples at their first corner, two to the east, two to the south, and both.
vec2 bounds_of_four(vec4 here, vec4 east, vec4 south, vec4 both) {
    vec2 top = max(bounds_of(here), bounds_of(vec4(here.y, east.x, here.w, east.z)));
    vec2 bottom = max(bounds_of(vec4(here.zw, south.xy)), bounds_of(vec4(here.w, east.z, south.y, both.x)));
    return max(top, bottom);
}

// The mean height of the patch whose first sample is at `place`, and 1; nothing if it is a hole or outside.
vec2 mean_of(vec4 corners, ivec2 place) {
    vec4 height = corners - level.reference_height;
    float mean = 0.25 * ((height.x + height.y) + (height.z + height.w));
    bool outside = any(greaterThanEqual(place, level.cells)) || (HAS_HOLES && bounds_of(corners).x <= NOTHING);
    return outside ? vec2(0.0) : vec2(mean, 1.0);
}

// The sum of those of 2 x 2 patches, as bounds_of_four.
vec2 means_of_four(vec4 here, vec4 east, vec4 south, vec4 both, ivec2 first) {
    vec2 sum = mean_of(here, first) + mean_of(vec4(here.y, east.x, here.w, east.z), first + ivec2(1, 0));
    sum += mean_of(vec4(here.zw, south.xy), first + ivec2(0, 1));
    return sum + mean_of(vec4(here.w, east.z, south.y, both.x), first + 1);
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
    vec2 sum = means_of_four(a, b, d, e, first) + means_of_four(b, c, e, f, first + ivec2(2, 0));
    sum += means_of_four(d, e, g, h, first + ivec2(0, 2)) + means_of_four(e, f, h, i, first + 2);
    // To the right of level 2, and as far down as level 1 begins.
    imageStore(maxima, block + ivec2(level.size.x, level.size.y / 2 * 3), vec4(sum.y > 0.0 ? sum.x / sum.y : NOTHING));
    float mirrored = max(max(north_west.y, north_east.y), max(south_west.y, south_east.y));
    imageStore(maxima, block + level.size / 2, vec4(mirrored));
}
