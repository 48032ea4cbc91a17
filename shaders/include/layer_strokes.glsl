// Lines: how much of the pixel each piece covers, its ends and joins included. Distances are pixels
// of the picture, or metres on the map.

// How lengths along a line, and across it, are measured: pixels of the picture, or metres.
struct Measure {
    vec2 columns;           // of one column, and one row
    vec2 rows;
    vec2 right;             // sides of the pixel
    vec2 down;
};

// A pixel's sides, projected on a direction.
vec2 sides_along(Measure measure, vec2 direction) {
    return vec2(abs(dot(measure.right, direction)), abs(dot(measure.down, direction)));
}

// Two pieces of a line meet at `end`; how much of the pixel is beyond the cut of a bevel, or within
// the tip of a mitre.
struct Join {
    float cut;              // what a bevel leaves
    float tip;
};

Join join_at(vec2 end, vec2 before, vec2 after, float half_width, bool mitred, Measure measure) {
    // The join's outer side: to the left where the line turns right.
    float turn = cross_of(before, after);
    float side = turn > 0.0 ? -1.0 : 1.0;
    vec2 sum = before + after;
    float length2 = dot(sum, sum);
    // A line that turns back on itself is joined ahead of it.
    bool back = length2 < 1e-9;
    vec2 outward = back ? before
        : side * vec2(-sum.y, sum.x) * (1.0 / sqrt(max(length2, 1e-12)));
    // Of half the turn.
    float cosine = 0.5 * sqrt(max(length2, 1e-12));
    Join join;
    float off = half_width * cosine + dot(outward, end);
    join.cut = below(off, sides_along(measure, outward));
    vec2 normal_0 = side * vec2(-before.y, before.x);
    vec2 normal_1 = side * vec2(-after.y, after.x);
    bool beyond = -dot(before, end) > 0.0 && -dot(after, end) < 0.0;
    float first = below(half_width + dot(normal_0, end), sides_along(measure, normal_0));
    float second = below(half_width + dot(normal_1, end), sides_along(measure, normal_1));
    // A longer tip is cut off there.
    float blunt = below(layer.miter_limit * half_width + dot(outward, end),
                        sides_along(measure, outward));
    join.tip = mitred && beyond && !back ? min(min(first, second), blunt) : 0.0;
    return join;
}

// Length of the dashes from the pattern's start to `at`.
float dashes_below(float at) {
    float turn = floor(at / layer.pattern_period);
    float rest = at - turn * layer.pattern_period;
    return turn * dot(layer.pattern_on, vec4(1.0))
        + dot(clamp(rest - layer.pattern_from, vec4(0.0), layer.pattern_on), vec4(1.0));
}

float strip(float off, float half_width, vec2 sides) {
    return below(half_width - off, sides) - below(-half_width - off, sides);
}

// A piece of a line from `a` to `b`, as seen from the pixel's middle.
struct Piece {
    vec2 a;
    vec2 b;
    bool starts;            // the line does
    bool ends;
    uint number;
};

Piece piece_of(GroundPixel ground, Measure measure, Cell cell, uvec2 entry) {
    vec2 off;
    vec2 to;
    bool starts;
    bool ends;
    if ((LAYER & IN_LISTS) != 0) {
        off = off_of(cell, entry.x);
        to = off_of(cell, entry.y);
        starts = (entry.x & AT_END) != 0u;
        ends = (entry.y & AT_END) != 0u;
    } else {
        uvec4 words = FOUR(layer_items, entry.x);
        off = off_from(ground, ivec2(words.xy));
        to = off_from(ground, ivec2(words.zw));
        starts = (words.x & 1u) != 0u;
        ends = (words.z & 1u) != 0u;
    }
    vec2 a = off.x * measure.columns + off.y * measure.rows;
    vec2 b = to.x * measure.columns + to.y * measure.rows;
    return Piece(a, b, starts, ends, entry.x);
}

// How far a place on a piece is from where the pattern of dashes begins; and the pattern's length
// for each of the piece's there.
float dash_place(Piece piece, float far, float nearest, out float stretch) {
    // Length of the line up to this piece, in metres, and of the piece.
    uint measures = layer.lengths + 2u * piece.number;
    float start = uintBitsToFloat(WORD(layer_words, measures));
    float metres = uintBitsToFloat(WORD(layer_words, measures + 1u));
    float per_metre = METRES ? 1.0 : far / max(metres, 1e-9);
    // Seen in perspective, a line would change its dashes all along with its distance: they double
    // and halve instead.
    bool perspective = any(notEqual(view.direction_dx, vec3(0.0)));
    float octave = uintBitsToFloat(floatBitsToUint(per_metre) & 0x7f800000u);
    per_metre = perspective && !METRES ? octave : per_metre;
    stretch = metres * per_metre / max(far, 1e-9);
    float place = start * per_metre + nearest * stretch;
    // Lengths that tell small parts of the pattern.
    return place - floor(place / layer.pattern_period) * layer.pattern_period;
}

// The entry of a feature's nearest piece. With flat ends the way to the nearest that all of the
// pixel is beside: that may cover what the nearest leaves beyond its end. With dashes the nearest
// that has one there: it may lie under another's gap.
struct NearestPieces {
    uvec2 words;
    float distance2;
    vec2 beside;
    float beside2;
    uvec2 dashed;
    float dashed2;
};

const NearestPieces NO_PIECES = NearestPieces(uvec2(0u), 1e30, vec2(1e15, 0.0), 1e30, uvec2(0u),
                                              1e30);

void take_nearer_piece(inout NearestPieces nearest, Piece piece, uvec2 words, float half_width,
                       float reach) {
    vec2 along = piece.b - piece.a;
    float length2 = max(dot(along, along), 1e-18);
    float run = -dot(piece.a, along);
    vec2 longer = vec2(0.0);
    if ((LAYER & SQUARE_CAPS) != 0) {
        // As if the line went on.
        float part = half_width * inversesqrt(length2);
        longer = vec2(piece.starts ? part : 0.0, piece.ends ? part : 0.0);
    }
    float part = clamp(run / length2, -longer.x, 1.0 + longer.y);
    vec2 way = piece.a + part * along;
    float distance2 = dot(way, way);
    bool nearer = distance2 < nearest.distance2;
    nearest.distance2 = nearer ? distance2 : nearest.distance2;
    nearest.words = nearer ? words : nearest.words;
    if (FLAT_CAPS) {
        // From both ends, times its length.
        vec2 inside = vec2(run, length2 - run) + longer * length2;
        float rim = reach * reach * length2;
        bool beside = inside.x * abs(inside.x) >= (piece.starts ? rim : 0.0)
            && inside.y * abs(inside.y) >= (piece.ends ? rim : 0.0)
            && distance2 < nearest.beside2;
        nearest.beside2 = beside ? distance2 : nearest.beside2;
        nearest.beside = beside ? way : nearest.beside;
    }
    if ((LAYER & DASHES) != 0) {
        float far = sqrt(length2);
        float stretch;
        float place = dash_place(piece, far, clamp(part, 0.0, 1.0) * far, stretch);
        vec4 at = place - layer.pattern_from;
        vec4 within = step(0.0, at) * step(at, layer.pattern_on);
        bool dashed = dot(within, layer.pattern_on) > 0.0 && distance2 < nearest.dashed2;
        nearest.dashed2 = dashed ? distance2 : nearest.dashed2;
        nearest.dashed = dashed ? words : nearest.dashed;
    }
}

// Share of a pixel, `wide` along a piece, that dashes leave of it `nearest` far along it; of a
// pixel that is `beyond` the piece what the line has just after the vertex.
float dash_share(Piece piece, float far, float nearest, float wide, float beyond) {
    float stretch;
    float place = dash_place(piece, far, nearest, stretch);
    float least = 5e-4 * layer.pattern_period;
    float half_wide = max((0.5 * wide - beyond) * stretch, least);
    // There is no pattern before a line's start, nor after its end.
    float before = piece.starts ? min(nearest * stretch, half_wide) : half_wide;
    float after = piece.ends ? min((far - nearest) * stretch, half_wide) : half_wide;
    after = max(after, least - before);
    bool at_end = (piece.starts && nearest <= 0.0) || (piece.ends && nearest >= far);
    place += at_end ? 0.0 : min(beyond * stretch, half_wide);
    return clamp((dashes_below(place + after) - dashes_below(place - before)) / (before + after),
                 0.0, 1.0);
}

// Directions of the pieces before and after: of a closed line's first and last piece those are its
// last and first.
void ways_beside(Piece piece, Measure measure, out vec2 before, out vec2 after) {
    uvec4 links = FOUR(layer_items, layer.links + piece.number);
    vec2 off_before = vec2(ivec2(links.xy)) * layer.unit;
    vec2 off_after = vec2(ivec2(links.zw)) * layer.unit;
    before = off_before.x * measure.columns + off_before.y * measure.rows;
    after = off_after.x * measure.columns + off_after.y * measure.rows;
    before = before / sqrt(max(dot(before, before), 1e-20));
    after = after / sqrt(max(dot(after, after), 1e-20));
}

// Share of the pixel that a piece covers, with its ends, or its joins to the pieces before and
// after; beyond a flat end, what a piece covers that is so far `beside`, if that is more.
float cover_of(Piece piece, vec2 beside, Measure measure, float half_width) {
    const bool round_caps = (LAYER & ROUND_CAPS) != 0;
    const bool square_caps = (LAYER & SQUARE_CAPS) != 0;
    vec2 along = piece.b - piece.a;
    float far = sqrt(dot(along, along));
    bool point = far < 1e-9;
    vec2 ahead = point ? vec2(1.0, 0.0) : along / max(far, 1e-9);
    vec2 aside = vec2(-ahead.y, ahead.x);
    float run = -dot(piece.a, ahead);
    float nearest = clamp(run, 0.0, far);
    bool flat_end = !round_caps && ((piece.starts && run < 0.0) || (piece.ends && run > far));
    vec2 from_line = -(piece.a + nearest * ahead);
    float radius = sqrt(dot(from_line, from_line));
    bool round = !flat_end && (run < 0.0 || run > far) && radius > 1e-9;
    vec2 normal = round ? from_line / max(radius, 1e-9) : aside;
    float off = round ? radius : abs(dot(piece.a, aside));
    float beyond = square_caps ? half_width : 0.0;
    vec2 inside = vec2(piece.starts ? run + beyond : 1e9, piece.ends ? far - run + beyond : 1e9);
    bool by_other = false;
    if (FLAT_CAPS) {
        float off_beside = sqrt(dot(beside, beside));
        by_other = min(inside.x, inside.y)
            < min(half_width - off_beside, far_corner(measure.right, measure.down));
        normal = by_other && off_beside > 1e-9 ? beside / off_beside : normal;
        off = by_other ? off_beside : off;
    }
    float cover = strip(off, half_width, sides_along(measure, normal));
    vec2 sides = sides_along(measure, ahead);
    if (!round_caps) {
        float caps = below(inside.x, sides) * below(inside.y, sides);
        if (!square_caps && point) caps = 0.0;
        cover *= by_other ? 1.0 : caps;
    }
    if ((LAYER & (JOINS | DASHES)) == 0) return cover;
    vec2 before;
    vec2 after;
    ways_beside(piece, measure, before, after);
    if ((LAYER & JOINS) != 0) {
        const bool mitred = (LAYER & MITRES) != 0;
        Join first = join_at(piece.a, before, ahead, half_width, mitred, measure);
        Join second = join_at(piece.b, ahead, after, half_width, mitred, measure);
        bool joins = !point && !by_other;
        cover = joins && !piece.starts && run < 0.5 * far ? max(min(cover, first.cut), first.tip)
            : cover;
        cover = joins && !piece.ends && run >= 0.5 * far ? max(min(cover, second.cut), second.tip)
            : cover;
    }
    if ((LAYER & DASHES) != 0) {
        // What is beside the next piece has its dashes; beyond both is all that their vertex has.
        float hair = 1e-3 * half_width;
        bool beside_next = (!piece.starts && run < 0.0 && dot(piece.a, before) > hair)
            || (!piece.ends && run > far && dot(piece.b, after) < -hair);
        float beyond = max(max(-run, run - far), 0.0);
        float share = dash_share(piece, far, nearest, max(sides.x, sides.y), beyond);
        cover *= beside_next ? 0.0 : share;
    }
    return cover;
}

// The piece where the ground bends it to, and by which share of its depth it is deeper there than
// what the ray has met.
Piece bent(Piece piece, GroundPixel ground, out float deeper) {
    vec2 bend = vec2(0.0);
    // Its nearest place is another once that has moved.
    for (int turn = 0; turn < 2; ++turn) {
        vec2 along = piece.b - piece.a;
        float part = clamp(-dot(piece.a + bend, along) / max(dot(along, along), 1e-18), 0.0, 1.0);
        vec2 nearest = piece.a + part * along;
        vec3 seen = ground_seen(ground, nearest.x * ground.right + nearest.y * ground.down);
        bend = seen.xy - nearest;
        deeper = seen.z;
    }
    piece.a += bend;
    piece.b += bend;
    return piece;
}

// Share of the pixel that a piece covers where the ground bends it to, and what is beside with it.
// What is measured on the picture lies on ground that is seen beside it, not on what is before it.
float bent_cover(Piece piece, vec2 beside, GroundPixel ground, Measure measure,
                 float half_width) {
    if (!BENDS) return cover_of(piece, beside, measure, half_width);
    float deeper;
    vec2 straight = piece.a;
    piece = bent(piece, ground, deeper);
    float cover = cover_of(piece, beside + (piece.a - straight), measure, half_width);
    return abs(deeper) < ground.sighting.change * (half_width + 0.7072) ? cover : 0.0;
}

Measure measure_of(GroundPixel ground) {
    vec2 scale = abs(terrain.world_scale.xy);
    Measure measure;
    measure.columns = METRES ? vec2(scale.x, 0.0) : ground.inverse.xy;
    measure.rows = METRES ? vec2(0.0, scale.y) : ground.inverse.zw;
    measure.right = METRES ? ground.right * scale : vec2(1.0, 0.0);
    measure.down = METRES ? ground.down * scale : vec2(0.0, 1.0);
    return measure;
}

Stack strokes_at(GroundPixel ground, Cell cell) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    Measure measure = measure_of(ground);
    const bool one_paint = (LAYER & ONE_PAINT) != 0;
    Paint of_all = paint_in(layer.paint);
    // Ground that bends may bring pieces nearer that are so far.
    float bends = BENDS && ground.on_patch ? 4.0 : 1.0;
    float far = bends * farthest(measure.right, measure.down);
    float reach = far_corner(measure.right, measure.down);
    uint at = cell.at;
    uvec2 words = PAIR(layer_lists, at);
    for (;;) {
        if (words.x == END) break;
        uint feature = words.x & NUMBER_BITS;
        Paint paint = of_all;
        if (!one_paint && (LAYER & SQUARE_CAPS) != 0) paint = paint_of(0u, feature);
        at += 1u;
        words = PAIR(layer_lists, at);
        NearestPieces nearest = NO_PIECES;
        for (;;) {
            if ((words.x & NEXT_FEATURE) != 0u) break;
            Piece piece = piece_of(ground, measure, cell, words);
            take_nearer_piece(nearest, piece, words, paint.size, reach);
            at += 1u;
            words = PAIR(layer_lists, at);
            if ((words.x & NEXT_FEATURE) != 0u) break;
        }
        bool covers = nearest.distance2 < far * far;
        for (;;) {
            if (!covers) break;
            if (!one_paint) paint = paint_of(0u, feature);
            Piece piece = piece_of(ground, measure, cell, nearest.words);
            float cover = bent_cover(piece, nearest.beside, ground, measure, paint.size);
            if ((LAYER & DASHES) != 0) {
                piece = piece_of(ground, measure, cell, nearest.dashed);
                float dash = bent_cover(piece, nearest.beside, ground, measure, paint.size);
                cover = max(cover, nearest.dashed2 < far * far ? dash : 0.0);
            }
            // Lines that run along each other cover the same.
            put_under(stack, paint, cover, min(cover, stack.hidden));
            if (once(covers)) break;
        }
        if (words.x == END || stack.hidden - stack.passed >= OPAQUE) break;
    }
    return stack;
}
