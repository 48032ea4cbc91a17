// Polygons: the exact area of the pixel that is inside.
//
// How often a place is inside is how often the cell's reference point is, and what is crossed on
// the way: straight to the pixel's corner, along its left side, then across. An edge's part of the
// integral over the pixel is in closed form. Edges that run exactly through the corner are told
// apart as if it lay a little to the left and, less, above.

float cross_of(vec2 a, vec2 b) {
    return a.x * b.y - a.y * b.x;
}

// What the edge from `a` to `b` adds to the integral over the unit square, the path starting at
// `from`.
float edge_part(vec2 a, vec2 b, vec2 from) {
    vec2 along = b - a;
    // Sides of the edge on which the corner and the reference point lie.
    float corner = cross_of(a, along);
    corner = corner == 0.0 ? (along.y != 0.0 ? along.y : -along.x) : corner;
    bool corner_left = corner > 0.0;
    bool from_left = cross_of(along, from - a) > 0.0;
    // Sides of the path on which the edge's ends lie.
    bool passes = (cross_of(a, from) >= 0.0) != (cross_of(b, from) >= 0.0);
    float part = passes ? float(corner_left) - float(from_left) : 0.0;
    // Across the left side.
    bool rightwards = a.x < 0.0 && b.x >= 0.0;
    bool leftwards = b.x < 0.0 && a.x >= 0.0;
    float y = a.y - a.x * (along.y / (along.x == 0.0 ? 1.0 : along.x));
    float above = 1.0 - clamp(y, 0.0, 1.0);
    part += rightwards && !corner_left ? above : 0.0;
    part -= leftwards && corner_left ? above : 0.0;
    // Within the square.
    vec2 inverse = 1.0 / mix(along, vec2(1.0), equal(along, vec2(0.0)));
    vec2 first = -a * inverse;
    vec2 second = (1.0 - a) * inverse;
    vec2 enter = min(first, second);
    vec2 leave = max(first, second);
    bool outside = along.x == 0.0 && (a.x < 0.0 || a.x > 1.0);
    enter.x = along.x == 0.0 ? 0.0 : enter.x;
    leave.x = along.x == 0.0 ? 1.0 : leave.x;
    float start = max(max(enter.x, enter.y), 0.0);
    float end = min(min(leave.x, leave.y), 1.0);
    float run = end > start && along.y != 0.0 && !outside ? end - start : 0.0;
    float middle = clamp(a.x + 0.5 * (start + end) * along.x, 0.0, 1.0);
    return part - along.y * run * (1.0 - middle);
}

// Share of a pixel that stripes cover: `sides` are the pixel's, `at` its middle, both along the
// stripes' normal.
float stripes_below(float at) {
    float turn = floor(at / layer.pattern_period);
    return turn * layer.pattern_on.x + min(at - turn * layer.pattern_period, layer.pattern_on.x);
}

float hatch_cover(GroundPixel ground) {
    vec2 across = layer.pattern_across;
    vec2 middle = METRES ? vec2(ground.middle) * layer.unit * terrain.world_scale.xy : ground.place;
    vec2 right = METRES ? ground.right * terrain.world_scale.xy : vec2(1.0, 0.0);
    vec2 down = METRES ? ground.down * terrain.world_scale.xy : vec2(0.0, 1.0);
    float at = dot(middle, across) + 0.5 * layer.pattern_on.x;
    float wide = max(max(abs(dot(right, across)), abs(dot(down, across))), 1e-6);
    return clamp((stripes_below(at + 0.5 * wide) - stripes_below(at - 0.5 * wide)) / wide, 0.0,
                 1.0);
}

Stack fills_at(GroundPixel ground, Cell cell) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    vec2 from = in_pixels(ground, off_from(ground, cell.reference)) + 0.5;
    float pattern = 1.0;
    if ((LAYER & HATCHES) != 0) pattern = hatch_cover(ground);
    uint at = cell.at;
    uvec2 words = PAIR(layer_lists, at);
    for (;;) {
        if (words.x == END) break;
        uint feature = words.x & NUMBER_BITS;
        float inside = (words.x & IS_INSIDE) != 0u ? 1.0 : 0.0;
        at += 1u;
        words = PAIR(layer_lists, at);
        for (;;) {
            if ((words.x & NEXT_FEATURE) != 0u) break;
            vec2 a;
            vec2 b;
            if ((LAYER & IN_LISTS) != 0) {
                a = off_of(cell, words.x);
                b = off_of(cell, words.y);
            } else {
                uvec4 edge = FOUR(layer_items, words.x);
                a = off_from(ground, ivec2(edge.xy));
                b = off_from(ground, ivec2(edge.zw));
            }
            inside += edge_part(in_pixels(ground, a) + 0.5, in_pixels(ground, b) + 0.5, from);
            at += 1u;
            words = PAIR(layer_lists, at);
            if ((words.x & NEXT_FEATURE) != 0u) break;
        }
        // Inside an odd number of times.
        float cover = abs(inside - 2.0 * floor(0.5 * inside + 0.5)) * pattern;
        // Neighbours share a pixel, rather than to lie on each other.
        put_under(stack, paint_of(0u, feature), cover, max(cover + stack.hidden - 1.0, 0.0));
        if (words.x == END || stack.hidden - stack.passed >= OPAQUE) break;
    }
    return stack;
}
