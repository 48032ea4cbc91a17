// The slope that light falls on where cells are larger than pixels. A bilinear patch is seen as a
// facet there: its slope jumps at its borders. This one is continuous: at a sample it is the
// central difference between the neighbours, which is the tangent of a Catmull-Rom spline, and
// between samples it is interpolated like heights.
//
// Where a neighbour is missing, at the rim and beside a hole, the difference to the other one takes
// its place. It depends on the sample alone, so all patches around it agree.
//
// Needs HAS_HOLES, FAR_CELLS, BASE and LOADS (constants), heightfield.glsl and hit.glsl.

// d height / d column and d height / d row at the four corners of a patch.
struct CornerSlopes {
    vec4 column;
    vec4 row;
};

// The samples beyond the corners of a patch, in their order: to the west or east, and to the north
// or south.
struct Beyond {
    vec4 aside;
    vec4 along;
};

float height_at(ivec2 sample_place) {
    return imageLoad(height_texels, clamp(sample_place, ivec2(0), terrain.cells)).x;
}

Beyond samples_beyond(ivec2 cell) {
    if (SHEETS) {
        Spot spot = spot_of_patch(cell);
        int step = spot.step;
        ivec2 at = spot.place;
        vec4 aside = vec4(texel_of(at + step * ivec2(-1, 0)), texel_of(at + step * ivec2(2, 0)),
                          texel_of(at + step * ivec2(-1, 1)), texel_of(at + step * ivec2(2, 1)));
        vec4 along = vec4(texel_of(at + step * ivec2(0, -1)), texel_of(at + step * ivec2(1, -1)),
                          texel_of(at + step * ivec2(0, 2)), texel_of(at + step * ivec2(1, 2)));
        return Beyond(heights_at(spot, aside), heights_at(spot, along));
    }
    if (LOADS) {
        return Beyond(vec4(height_at(cell + ivec2(-1, 0)), height_at(cell + ivec2(2, 0)),
                           height_at(cell + ivec2(-1, 1)), height_at(cell + ivec2(2, 1))),
                      vec4(height_at(cell + ivec2(0, -1)), height_at(cell + ivec2(1, -1)),
                           height_at(cell + ivec2(0, 2)), height_at(cell + ivec2(1, 2))));
    }
    // Half a texel from any others: the four samples north-west of the patch's first, and so on.
    vec2 first = vec2(cell);
    vec4 north_west = textureGather(heights, first * terrain.texel).wzxy;
    vec4 north_east = textureGather(heights, (first + vec2(2, 0)) * terrain.texel).wzxy;
    vec4 south_west = textureGather(heights, (first + vec2(0, 2)) * terrain.texel).wzxy;
    vec4 south_east = textureGather(heights, (first + 2.0) * terrain.texel).wzxy;
    return Beyond(vec4(north_west.z, north_east.w, south_west.x, south_east.y),
                  vec4(north_west.y, north_east.x, south_west.w, south_east.z));
}

// Whether each of four heights is none.
bvec4 are_nan(vec4 height) {
    return bvec4(is_nan(height.x), is_nan(height.y), is_nan(height.z), is_nan(height.w));
}

CornerSlopes corner_slopes(ivec2 cell, vec4 corners) {
    Beyond beyond = samples_beyond(cell);
    bvec2 first = equal(cell, ivec2(0));
    bvec2 last = equal(cell + 1, terrain.cells);
    bvec4 no_aside = bvec4(first.x, last.x, first.x, last.x);
    bvec4 no_along = bvec4(first.y, first.y, last.y, last.y);
    if (HAS_HOLES) {
        no_aside = bvec4(uvec4(no_aside) | uvec4(are_nan(beyond.aside)));
        no_along = bvec4(uvec4(no_along) | uvec4(are_nan(beyond.along)));
    }
    vec4 across = corners.yxwz;
    vec4 down = corners.zwxy;
    vec4 aside = mix(beyond.aside, 2.0 * corners - across, no_aside);
    vec4 along = mix(beyond.along, 2.0 * corners - down, no_along);
    return CornerSlopes(vec4(0.5, -0.5, 0.5, -0.5) * (across - aside),
                        vec4(0.5, 0.5, -0.5, -0.5) * (down - along));
}

vec2 smooth_slope(ivec2 cell, vec4 corners, vec2 at) {
    CornerSlopes slopes = corner_slopes(cell, corners);
    return vec2(patch_height(slopes.column, at), patch_height(slopes.row, at));
}

// The share that this slope has in that which light falls on: none where a pixel is as large as a
// cell, all where it is half as large.
float smooth_share(Hit hit) {
    float pixel = view.pixel.x + view.pixel.y * hit.t;
    bool is_patch = !(FAR_CELLS && hit.level > 0) && !(BASE && hit.face != TOP);
    return is_patch ? clamp(2.0 - 2.0 * pixel / terrain.cell_metres, 0.0, 1.0) : 0.0;
}

// An upward unit normal in the world, with that share of the slope.
vec3 smooth_normal(Hit hit, float share) {
    vec2 gradient = patch_gradient(hit.corners, hit.at) / width_of(hit);
    // A sheet that no ray has met is not to be asked for.
    if (SHEETS && share <= 0.0) return slope_normal(gradient);
    // Software Vulkan loads for all rays of a group; those without a share load one and the same
    // patch.
    vec2 slope = smooth_slope(share > 0.0 ? hit.cell : ivec2(0), hit.corners, hit.at);
    return slope_normal(share > 0.0 ? mix(gradient, slope, share) : gradient);
}
