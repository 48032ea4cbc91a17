// Points: shapes that lie on the ground. SHAPE (a constant) says which.

const float DIAGONAL = 0.70710678;
// Corners of a star with its tip above, and of a triangle on its base, y up.
const vec2 STAR_CORNERS[10] = vec2[](vec2(0.0, 1.0), vec2(-0.22451399, 0.30901699),
                                     vec2(-0.95105652, 0.30901699),
                                     vec2(-0.36327126, -0.11803399),
                                     vec2(-0.58778525, -0.80901699), vec2(0.0, -0.38196601),
                                     vec2(0.58778525, -0.80901699),
                                     vec2(0.36327126, -0.11803399), vec2(0.95105652, 0.30901699),
                                     vec2(0.22451399, 0.30901699));
const vec2 TRIANGLE_CORNERS[3] = vec2[](vec2(0.0, 1.0), vec2(-0.8660254, -0.5),
                                        vec2(0.8660254, -0.5));

const bool PICTURE = SHAPE == SHAPE_PICTURE;
const bool SYMBOL = SHAPE == SHAPE_SYMBOL || PICTURE;
// The light of a stack is as much of one as it hides.
const bool ONE_LIGHT = (LAYER & (ONE_PAINT | EDGES | IN_METRES)) == ONE_PAINT && !PICTURE;

// A mark as it stands in the picture, in `layer_rows`: two words, and with several paints its
// feature. Its place, from the corner of its row of eight pixels, is in steps, 20 bits for columns
// and 20 for rows, at the top of a word each. Below that are the upper and the lower 12 of its
// depth's bits, which are a float's but for its sign and the last.
const int DEPTH_BITS = 12;
const int DEPTH_LEFT_OUT = 7;
const uint MARK_WORDS = 2u + uint((LAYER & ONE_PAINT) == 0);

// What the texels of a symbol above and to the left of a corner of theirs have together: alpha in
// 255ths; of a picture premultiplied linear light in 32767ths too.
uvec4 symbol_corner(ivec2 at) {
    int index = at.y * (layer.symbol_size.x + 1) + at.x;
    if (PICTURE) return FOUR(layer_paints, layer.symbol + uint(index));
    uvec4 words = FOUR(layer_paints, layer.symbol + uint(index >> 2));
    uvec2 pair = (index & 2) != 0 ? words.zw : words.xy;
    return uvec4(0u, 0u, 0u, (index & 1) != 0 ? pair.y : pair.x);
}

// Light and alpha of a symbol over the pixel: means over a box, of whose four corners
// each lies between four of texels; of a pixel that is no upright box in the symbol's own axes over
// those round its quarters, as large as these. One loop, for drivers that take long with long
// shaders.
vec4 symbol_mean(vec2 from, float half_size, vec2 right, vec2 down) {
    vec2 size = vec2(layer.symbol_size);
    float texels = 0.5 * max(size.x, size.y) / max(half_size, 1e-9);
    vec2 to_texels = vec2(texels, -texels);
    vec2 middle = 0.5 * size + from * to_texels;
    vec2 a = right * to_texels;
    vec2 b = down * to_texels;
    vec2 sides = max(abs(a) + abs(b), vec2(1e-3));
    float share = sqrt(abs(a.x * b.y - a.y * b.x) / (sides.x * sides.y));
    vec2 box = METRES ? max(0.5 * share * sides, vec2(1e-3)) : sides;
    const int boxes = METRES ? 4 : 1;
    // Weights of a box come to nothing: what all corners have in common is taken off before it is
    // rounded, as sums are millions where a large symbol's pixel is worth less than one.
    uvec4 common_sum = symbol_corner(ivec2(clamp(middle, vec2(0.0), size)));
    vec4 sum = vec4(0.0);
    for (int turn = 0; turn < 16 * boxes; ++turn) {
        vec2 quarter = METRES ? vec2((turn >> 4) & 1, turn >> 5) - 0.5 : vec2(0.0);
        vec2 end = vec2(turn & 1, (turn >> 1) & 1);
        vec2 at = middle + 0.5 * (quarter.x * a + quarter.y * b) + (end - 0.5) * box;
        vec2 place = clamp(at, vec2(0.0), size);
        ivec2 texel = min(ivec2(place), layer.symbol_size - 1);
        ivec2 corner = ivec2((turn >> 2) & 1, (turn >> 3) & 1);
        vec2 part = place - vec2(texel);
        vec2 nearness = mix(1.0 - part, part, vec2(corner));
        float weight = nearness.x * nearness.y;
        weight = end.x == end.y ? weight : -weight;
        ivec4 more = ivec4(symbol_corner(texel + corner) - common_sum);
        if (PICTURE) sum.rgb += weight * vec3(more.rgb);
        sum.a += weight * float(more.a);
    }
    vec4 whole = vec4(vec3(32767.0), 255.0) * (box.x * box.y * float(boxes));
    return clamp(sum / whole, vec4(0.0), vec4(1.0));
}

// Twice the share of a pixel from its middle to `at` along a direction, 0 <= at: `below` of
// layers.glsl without its half. All lengths are `scale` times as long, `inverse` is 1 / (a * b).
float from_middle_of(float at, float a, float b, float inverse) {
    float end = 0.5 * (a + b);
    float off = min(at, end);
    float rest = end - off;
    return off < end - b ? 2.0 * off * (b * inverse) : 1.0 - rest * rest * inverse;
}

// Share of an upright pixel within a disc whose middle is at `from`: a strip across the way there.
// All lengths are multiplied by its distance, for fewer divisions.
float upright_disc(vec2 from, float radius) {
    float a = max(max(abs(from.x), abs(from.y)), 1e-3);
    float b = max(min(abs(from.x), abs(from.y)), 1e-4 * a);
    float distance2 = a * a + b * b;
    float inverse = 1.0 / (a * b);
    float wide = max(radius, 0.0) * sqrt(distance2);
    float near = wide - distance2;
    float part = from_middle_of(abs(near), a, b, inverse);
    float cover = (near < 0.0 ? -part : part) + from_middle_of(wide + distance2, a, b, inverse);
    // Small discs cover what their area says.
    return min(0.5, 0.78539816 * wide * (b * inverse)) * cover;
}

// The mean from `a` to `b` of what is kept within 0..1.
float mean_within(float a, float b) {
    float low = min(a, b);
    float high = max(a, b);
    vec2 ends = clamp(vec2(low, high), 0.0, 1.0);
    float sum = 0.5 * (ends.y - ends.x) * (ends.x + ends.y) + max(high, 1.0) - max(low, 1.0);
    return high - low > 1e-6 ? sum / (high - low) : ends.x;
}

// Share of the pixel within a star or a triangle: what lies to the left of each of its edges, in
// the pixel's own axes, summed round it.
float polygon_cover(vec2 from, float half_size, vec2 right, vec2 down) {
    float area = cross_of(right, down);
    float inverse = 1.0 / (abs(area) < 1e-12 ? 1e-12 : area);
    const int corners = SHAPE == SHAPE_STAR ? 10 : 3;
    vec2 a = vec2(0.0);
    float sum = 0.0;
    for (int index = 0; index <= corners; ++index) {
        int corner = index == corners ? 0 : index;
        vec2 at = SHAPE == SHAPE_STAR ? STAR_CORNERS[corner] : TRIANGLE_CORNERS[min(corner, 2)];
        at = half_size * at - from;
        vec2 b = 0.5 + inverse * vec2(cross_of(at, down), cross_of(right, at));
        float first = clamp(a.y, 0.0, 1.0);
        float last = clamp(b.y, 0.0, 1.0);
        float slope = (b.x - a.x) / (a.y == b.y ? 1.0 : b.y - a.y);
        float part = mean_within(a.x + (first - a.y) * slope, a.x + (last - a.y) * slope);
        sum += index > 0 ? (last - first) * part : 0.0;
        a = b;
    }
    return min(abs(sum), 1.0);
}

// Share of the pixel within a shape `half` a size wide whose middle is at `from`; `arm` is half as
// wide as a cross's arm.
float shape_cover(vec2 from, float half_size, float arm, vec2 right, vec2 down) {
    if (SYMBOL) return half_size > 0.0 ? symbol_mean(from, half_size, right, down).a : 0.0;
    if (SHAPE == SHAPE_DISC && !METRES) return upright_disc(from, half_size);
    if (SHAPE == SHAPE_DISC) {
        float radius = sqrt(dot(from, from));
        vec2 outward = radius > 1e-9 ? from / max(radius, 1e-9) : vec2(1.0, 0.0);
        vec2 sides = vec2(abs(dot(right, outward)), abs(dot(down, outward)));
        // Small discs cover what their area says.
        float share = min(1.0, 1.5707963 * half_size / max(max(sides.x, sides.y), 1e-9));
        // A pixel's mean distance, in squares, is greater than its middle's, as the rim is round.
        vec2 wide = vec2(cross_of(right, outward), cross_of(down, outward));
        radius = sqrt(radius * radius + share * share / 12.0 * dot(wide, wide));
        return half_size > 0.0 ? share * strip(radius, half_size, sides) : 0.0;
    }
    if (SHAPE == SHAPE_STAR || SHAPE == SHAPE_TRIANGLE) {
        return half_size > 0.0 ? polygon_cover(from, half_size, right, down) : 0.0;
    }
    vec2 sides_x = vec2(abs(right.x), abs(down.x));
    vec2 sides_y = vec2(abs(right.y), abs(down.y));
    arm = max(arm, 0.0);
    vec2 turned = DIAGONAL * vec2(from.x + from.y, from.y - from.x);
    vec2 sides_u = abs(DIAGONAL * vec2(right.x + right.y, down.x + down.y));
    vec2 sides_v = abs(DIAGONAL * vec2(right.y - right.x, down.y - down.x));
    float square = strip(from.x, half_size, sides_x) * strip(from.y, half_size, sides_y);
    float diamond = strip(turned.x, DIAGONAL * half_size, sides_u)
        * strip(turned.y, DIAGONAL * half_size, sides_v);
    float plus = strip(from.x, half_size, sides_x) * strip(from.y, arm, sides_y)
        + strip(from.x, arm, sides_x) * strip(from.y, half_size, sides_y)
        - strip(from.x, arm, sides_x) * strip(from.y, arm, sides_y);
    float cross = strip(turned.x, half_size, sides_u) * strip(turned.y, arm, sides_v)
        + strip(turned.x, arm, sides_u) * strip(turned.y, half_size, sides_v)
        - strip(turned.x, arm, sides_u) * strip(turned.y, arm, sides_v);
    float straight = SHAPE == SHAPE_SQUARE ? square : SHAPE == SHAPE_DIAMOND ? diamond
        : SHAPE == SHAPE_PLUS ? plus : cross;
    return half_size > 0.0 ? straight : 0.0;
}

// A mark whose middle is at `from`, under those of the stack. The edge's size is how far its tips
// lie on both sides of the mark's.
void put_mark(inout Stack stack, vec2 from, Paint paint, Paint edge, vec2 right, vec2 down) {
    float open = 1.0 - stack.hidden;
    if (PICTURE) {
        vec4 mean = symbol_mean(from, paint.size, right, down);
        float share = paint.size > 0.0 ? open * paint.alpha : 0.0;
        stack.light += share * mean.rgb;
        stack.hidden += share * mean.a;
        return;
    }
    float size = paint.size;
    float arm = size / 3.0;
    float cover = shape_cover(from, size, arm, right, down);
    if ((LAYER & EDGES) != 0) {
        float wide = edge.size;
        float inner = shape_cover(from, size - wide, arm - wide, right, down);
        float outer = shape_cover(from, size + wide, arm + wide, right, down);
        float above = open * edge.alpha * max(outer - inner, 0.0);
        stack.light += above * edge.light;
        stack.hidden += above;
        cover = max(cover - edge.alpha * max(cover - inner, 0.0), 0.0);
    }
    float under = open * paint.alpha * cover;
    if (!ONE_LIGHT) stack.light += under * paint.light;
    stack.hidden += under;
}

// Marks of sizes in metres lie on the ground, north up.
Stack marks_on_ground(GroundPixel ground, RowList list) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    vec2 scale = terrain.world_scale.xy;
    vec2 right = ground.right * scale;
    vec2 down = ground.down * scale;
    Paint of_all = paint_in(layer.paint);
    float far = farthest(right, down);
    bool together = list.together;
    uint step = together ? uint(LANES) : 1u;
    uint ahead = together ? gl_SubgroupInvocationID : 0u;
    uint at = list.from;
    for (;;) {
        if (at >= list.to) break;
        uvec3 own = FOUR(layer_items, WORD(layer_rows, min(at + ahead, list.to - 1u))).xyz;
        uint count = min(step, list.to - at);
        uint lane = 0u;
        for (;;) {
            uvec3 mark = own;
            if (together) mark = handed_on(own, lane);
            vec2 from = -off_from(ground, ivec2(mark.xy)) * scale;
            bool near = dot(from, from) < far * far && stack.hidden < OPAQUE;
            for (;;) {
                if (!near) break;
                Paint paint = of_all;
                if ((LAYER & ONE_PAINT) == 0) paint = paint_of(0u, mark.z);
                Paint edge = NO_PAINT;
                if ((LAYER & EDGES) != 0) edge = paint_of(layer.edges, mark.z);
                put_mark(stack, from, paint, edge, right, down);
                if (once(near)) break;
            }
            lane += 1u;
            if (lane >= count) break;
        }
        at += step;
        if (at >= list.to) break;
    }
    return stack;
}

struct Upright {
    vec2 place;             // pixels from the row's corner
    float depth;
    uvec3 paint;            // its feature's words, and its edge's
    uvec3 edge;
};

// That at some words of `layer_rows`; beyond the last nothing is read.
Upright upright_at(uint at, uint end) {
    const bool one_paint = (LAYER & ONE_PAINT) != 0;
    Upright mark = Upright(vec2(0.0), 0.0, uvec3(0u), uvec3(0u));
    uvec2 words = uvec2(0u);
    if (at < end) {
        words = uvec2(WORD(layer_rows, at), WORD(layer_rows, at + 1u));
        if (!one_paint) {
            uint feature = min(WORD(layer_rows, at + 2u), layer.paints - 1u);
            mark.paint = FOUR(layer_paints, feature).xyz;
            if ((LAYER & EDGES) != 0) mark.edge = FOUR(layer_paints, layer.edges + feature).xyz;
        }
    }
    mark.place = vec2(ivec2(words) >> DEPTH_BITS) * layer.place_step;
    uvec2 depth = words & ((1u << DEPTH_BITS) - 1u);
    mark.depth = uintBitsToFloat((depth.x << DEPTH_BITS | depth.y) << DEPTH_LEFT_OUT);
    return mark;
}

// Marks of the picture's sizes stand around where the ground is seen at their places: only pixels
// that see that ground have them. Their sides are those of the picture, in which y runs down.
Stack marks_in_picture(GroundPixel ground, RowList list) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    Paint paint = paint_in(layer.paint);
    Paint edge = NO_PAINT;
    if ((LAYER & EDGES) != 0) edge = paint_in(layer.edge);
    vec2 middle = vec2(mod(ground.place.x, float(TILE)), 0.5);
    float depth = ground.sighting.depth;
    // On a map all is as deep.
    float deeper = ground.sighting.deeper == vec3(0.0) ? 1e30 : depth * ground.sighting.change;
    uint step = list.together ? uint(LANES) : 1u;
    uint own_lane = LANES < 2 ? 0u : gl_SubgroupInvocationID;
    uint ahead = list.together ? own_lane : 0u;
    uint at = list.from;
    for (;;) {
        if (at >= list.to) break;
        Upright own = upright_at(at + ahead * MARK_WORDS, list.to);
        uint count = min(step, (list.to - at) / MARK_WORDS);
        uint entry = 0u;
        for (;;) {
            uint lane = list.together ? entry : own_lane;
            vec2 from = middle - handed_on(own.place, lane);
            from.y = -from.y;
            float off = abs(handed_on(own.depth, lane) - depth);
            if ((LAYER & ONE_PAINT) == 0) {
                paint = paint_in(handed_on(own.paint, lane));
                if ((LAYER & EDGES) != 0) edge = paint_in(handed_on(own.edge, lane));
            }
            float size = paint.size + edge.size;
            bool near = max(abs(from.x), abs(from.y)) < size + 0.5
                && off < deeper * (1.4143 * size + 0.7072);
            Paint seen = paint;
            seen.size = near ? paint.size : -1e9;
            // A symbol is read from memory.
            for (;;) {
                if (SYMBOL && !near) break;
                put_mark(stack, from, seen, edge, vec2(1.0, 0.0), vec2(0.0, -1.0));
                if (!SYMBOL || once(near)) break;
            }
            entry += 1u;
            if (entry >= count) break;
        }
        at += step * MARK_WORDS;
        if (at >= list.to) break;
    }
    if (ONE_LIGHT) stack.light = stack.hidden * paint.light;
    return stack;
}

Stack marks_at(GroundPixel ground, RowList list) {
    if (METRES) return marks_on_ground(ground, list);
    return marks_in_picture(ground, list);
}
