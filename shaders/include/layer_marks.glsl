// Points: shapes that lie on the ground. SHAPE (a constant) says which.

const float DIAGONAL = 0.70710678;
// Outward normals, y up, of the pentagon whose edges a star with its tip above prolongs, and of a
// triangle on its base.
const vec2 STAR_NORMALS[5] = vec2[](vec2(0.0, 1.0), vec2(0.95105652, 0.30901699),
                                    vec2(0.58778525, -0.80901699),
                                    vec2(-0.58778525, -0.80901699), vec2(-0.95105652, 0.30901699));
const vec2 TRIANGLE_NORMALS[3] = vec2[](vec2(0.0, -1.0), vec2(0.8660254, 0.5),
                                        vec2(-0.8660254, 0.5));

const bool PICTURE = SHAPE == SHAPE_PICTURE;
const bool SYMBOL = SHAPE == SHAPE_SYMBOL || PICTURE;

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

// Share of the pixel within a shape `half` a size wide whose middle is at `from`.
float shape_cover(vec2 from, float half_size, vec2 right, vec2 down) {
    if (SYMBOL) return half_size > 0.0 ? symbol_mean(from, half_size, right, down).a : 0.0;
    if (SHAPE == SHAPE_DISC) {
        float radius = sqrt(dot(from, from));
        vec2 outward = radius > 1e-9 ? from / max(radius, 1e-9) : vec2(1.0, 0.0);
        vec2 sides = vec2(abs(dot(right, outward)), abs(dot(down, outward)));
        // Small discs cover what their area says.
        float share = min(1.0, 1.5707963 * half_size / max(max(sides.x, sides.y), 1e-9));
        return half_size > 0.0 ? share * strip(radius, half_size, sides) : 0.0;
    }
    vec2 sides_x = vec2(abs(right.x), abs(down.x));
    vec2 sides_y = vec2(abs(right.y), abs(down.y));
    float arm = half_size / 3.0;
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
    // A star is where at most one of five lines is crossed, a triangle where none of three is.
    float least = 1.0;
    float second = 1.0;
    float corners = SHAPE == SHAPE_STAR ? 5.0 : 3.0;
    for (int index = 0; index < 5; ++index) {
        vec2 normal = SHAPE == SHAPE_STAR ? STAR_NORMALS[index] : TRIANGLE_NORMALS[min(index, 2)];
        float off = half_size * (SHAPE == SHAPE_STAR ? 0.30901699 : 0.5) - dot(normal, from);
        float within = below(off, vec2(abs(dot(right, normal)), abs(dot(down, normal))));
        within = float(index) < corners ? within : 1.0;
        second = min(second, max(within, least));
        least = min(least, within);
    }
    float polygon = SHAPE == SHAPE_STAR ? second : least;
    float straight = SHAPE == SHAPE_SQUARE ? square : SHAPE == SHAPE_DIAMOND ? diamond
        : SHAPE == SHAPE_PLUS ? plus : cross;
    float cover = SHAPE == SHAPE_STAR || SHAPE == SHAPE_TRIANGLE ? polygon : straight;
    return half_size > 0.0 ? cover : 0.0;
}

// A mark whose middle is at `from`, under those of the stack; its edge half as wide as that is.
void put_mark(inout Stack stack, vec2 from, Paint paint, Paint edge, vec2 right, vec2 down) {
    if (PICTURE) {
        vec4 mean = symbol_mean(from, paint.size, right, down);
        float hides = paint.size > 0.0 ? paint.alpha * mean.a : 0.0;
        vec3 light = mean.rgb / max(mean.a, 1e-6);
        put_under(stack, Paint(light, 1.0, 0.0), hides, hides * stack.hidden);
        return;
    }
    float cover = shape_cover(from, paint.size, right, down);
    float ring = 0.0;
    float inner = cover;
    if ((LAYER & EDGES) != 0) {
        inner = shape_cover(from, paint.size - edge.size, right, down);
        ring = max(shape_cover(from, paint.size + edge.size, right, down) - inner, 0.0);
    }
    float under = paint.alpha * max(cover - edge.alpha * max(cover - inner, 0.0), 0.0);
    float above = edge.alpha * ring;
    float hides = above + under;
    vec3 light = (above * edge.light + under * paint.light) / max(hides, 1e-6);
    put_under(stack, Paint(light, 1.0, 0.0), hides, hides * stack.hidden);
}

// Marks of sizes in metres lie on the ground, north up. The others stand upright in the picture,
// around where the ground is seen at their places: only pixels that see that ground have them.
Stack marks_at(GroundPixel ground, RowList list) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    vec2 scale = terrain.world_scale.xy;
    // In the picture y runs down.
    vec2 right = METRES ? ground.right * scale : vec2(1.0, 0.0);
    vec2 down = METRES ? ground.down * scale : vec2(0.0, -1.0);
    const bool one_paint = (LAYER & ONE_PAINT) != 0;
    Paint of_all = paint_of(0u, 0u);
    float far = farthest(right, down);
    bool together = read_together(list);
    uint step = together ? uint(LANES) : 1u;
    uint ahead = together ? gl_SubgroupInvocationID : 0u;
    for (uint at = list.from; at < list.to; at += step) {
        uvec4 own = FOUR(layer_items, WORD(layer_rows, min(at + ahead, list.to - 1u)));
        uint count = min(step, list.to - at);
        for (uint lane = 0u; lane < count; ++lane) {
            uvec4 mark = own;
            if (together) {
                mark.xyz = uvec3(subgroupShuffle(own.x, lane), subgroupShuffle(own.y, lane),
                                 subgroupShuffle(own.z, lane));
                if (!METRES) mark.w = subgroupShuffle(own.w, lane);
            }
            vec2 off = off_from(ground, ivec2(mark.xy));
            vec3 seen = vec3(off * scale, 0.0);
            if (!METRES) {
                seen = seen_from(ground.sighting, off, uintBitsToFloat(mark.w));
                seen.y = -seen.y;
            }
            vec2 from = -seen.xy;
            uint turns = once_if(dot(from, from) < far * far && stack.hidden < OPAQUE);
            for (uint turn = 0u; turn < turns; ++turn) {
                Paint paint = of_all;
                if (!one_paint) paint = paint_of(0u, mark.z);
                Paint edge = Paint(vec3(0.0), 0.0, 0.0);
                if ((LAYER & EDGES) != 0) edge = paint_of(layer.edges, mark.z);
                float most = ground.sighting.change * (1.4143 * (paint.size + edge.size) + 0.7072);
                paint.size = METRES || abs(seen.z) < most ? paint.size : -1e9;
                put_mark(stack, from, paint, edge, right, down);
            }
        }
    }
    return stack;
}
