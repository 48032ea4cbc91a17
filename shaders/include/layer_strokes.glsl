// Lines: how much of the pixel each piece covers, its ends and joins included. Distances are pixels of the picture, or metres on the map.

// Two pieces of a line meet at `at`; how much of the pixel is beyond the cut of a bevel, or within the tip of a mitre.
struct Join {
    float cut;              // what a bevel leaves
    float tip;
};

Join join_at(vec2 end, vec2 before, vec2 after, float half_width, float limit, bool mitred, vec2 right, vec2 down) {
    // The join's outer side: to the left where the line turns right.
    float turn = cross_of(before, after);
    float side = turn > 0.0 ? -1.0 : 1.0;
    vec2 sum = before + after;
    float length2 = dot(sum, sum);
    vec2 outward = side * vec2(-sum.y, sum.x) * (1.0 / sqrt(max(length2, 1e-12)));
    // Of half the turn.
    float cosine = 0.5 * sqrt(max(length2, 1e-12));
    Join join;
    float off = half_width * cosine + dot(outward, end);
    join.cut = length2 < 1e-9 ? 1.0 : below(off, vec2(abs(dot(right, outward)), abs(dot(down, outward))));
    vec2 normal_0 = side * vec2(-before.y, before.x);
    vec2 normal_1 = side * vec2(-after.y, after.x);
    bool beyond = -dot(before, end) > 0.0 && -dot(after, end) < 0.0;
    float first = below(half_width + dot(normal_0, end), vec2(abs(dot(right, normal_0)), abs(dot(down, normal_0))));
    float second = below(half_width + dot(normal_1, end), vec2(abs(dot(right, normal_1)), abs(dot(down, normal_1))));
    // A longer tip is cut off there.
    float blunt = below(limit * half_width + dot(outward, end), vec2(abs(dot(right, outward)), abs(dot(down, outward))));
    join.tip = mitred && beyond && length2 >= 1e-9 ? min(min(first, second), blunt) : 0.0;
    return join;
}

// Length of the dashes from a line's start to `at` along it.
float dashes_below(float at) {
    float turn = floor(at / layer.pattern_period);
    float rest = at - turn * layer.pattern_period;
    return turn * dot(layer.pattern_on, vec4(1.0)) + dot(clamp(rest - layer.pattern_from, vec4(0.0), layer.pattern_on), vec4(1.0));
}

float strip(float off, float half_width, vec2 sides) {
    return below(half_width - off, sides) - below(-half_width - off, sides);
}

Stack strokes_at(GroundPixel ground) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    vec2 scale = abs(view.world_scale.xy);
    vec2 columns = METRES ? vec2(scale.x, 0.0) : ground.inverse.xy;
    vec2 rows = METRES ? vec2(0.0, scale.y) : ground.inverse.zw;
    vec2 right = METRES ? ground.right * scale : vec2(1.0, 0.0);
    vec2 down = METRES ? ground.down * scale : vec2(0.0, 1.0);
    vec2 radii = sqrt(ground.right * ground.right + ground.down * ground.down);
    vec2 reach = METRES ? 0.5 * (abs(ground.right) + abs(ground.down)) : (layer.reach + 0.70711) * radii;
    ivec2 reference;
    uint at = list_of(ground, reach, reference);
    const bool round_caps = (LAYER & ROUND_CAPS) != 0;
    const bool square_caps = (LAYER & SQUARE_CAPS) != 0;
    Paint paint = Paint(vec3(0.0), 0.0, 0.0);
    float covered = 0.0;
    bool more = true;
    while (more) {
        uint word = layer_words[at];
        bool next = (word & NEXT_FEATURE) != 0u;
        uint number = next ? 0u : word & NUMBER_BITS;
        uvec4 piece = layer_items[number];
        // Of the first place, its last two bits: an end of the line before, and after.
        bool starts = (piece.x & 1u) != 0u;
        bool ends = (piece.z & 1u) != 0u;
        vec2 off = vec2(ivec2(piece.xy) - ground.middle) * layer.unit;
        vec2 to = vec2(ivec2(piece.zw) - ground.middle) * layer.unit;
        vec2 a = off.x * columns + off.y * rows;
        vec2 b = to.x * columns + to.y * rows;
        vec2 along = b - a;
        float length2 = dot(along, along);
        float far = sqrt(length2);
        bool point = far < 1e-9;
        vec2 ahead = point ? vec2(1.0, 0.0) : along / max(far, 1e-9);
        vec2 aside = vec2(-ahead.y, ahead.x);
        float run = -dot(a, ahead);
        float nearest = clamp(run, 0.0, far);
        bool flat_end = !round_caps && ((starts && run < 0.0) || (ends && run > far));
        float distance = abs(dot(a, aside));
        vec2 from_line = -(a + nearest * ahead);
        float radius = sqrt(dot(from_line, from_line));
        bool round = !flat_end && (run < 0.0 || run > far) && radius > 1e-9;
        vec2 normal = round ? from_line / max(radius, 1e-9) : aside;
        float half_width = paint.size;
        float cover = strip(round ? radius : distance, half_width, vec2(abs(dot(right, normal)), abs(dot(down, normal))));
        vec2 sides = vec2(abs(dot(right, ahead)), abs(dot(down, ahead)));
        float more_length = square_caps ? half_width : 0.0;
        if (!round_caps && starts) cover *= below(run + more_length, sides);
        if (!round_caps && ends) cover *= below(far - run + more_length, sides);
        if (!round_caps && !square_caps && point) cover = 0.0;
        if ((LAYER & JOINS) != 0) {
            const bool mitred = (LAYER & MITRES) != 0;
            float limit = layer.miter_limit;
            // The neighbours of a closed line's first and last piece are its last and first.
            uvec4 links = layer_items[layer.links + number];
            vec2 off_before = vec2(ivec2(links.xy)) * layer.unit;
            vec2 off_after = vec2(ivec2(links.zw)) * layer.unit;
            vec2 before = off_before.x * columns + off_before.y * rows;
            vec2 after = off_after.x * columns + off_after.y * rows;
            before = before / sqrt(max(dot(before, before), 1e-20));
            after = after / sqrt(max(dot(after, after), 1e-20));
            Join first = join_at(a, before, ahead, half_width, limit, mitred, right, down);
            Join second = join_at(b, ahead, after, half_width, limit, mitred, right, down);
            bool joined = !point;
            cover = joined && !starts && run < 0.5 * far ? max(min(cover, first.cut), first.tip) : cover;
            cover = joined && !ends && run >= 0.5 * far ? max(min(cover, second.cut), second.tip) : cover;
        }
        if ((LAYER & DASHES) != 0) {
            // Length of the line up to this piece, in metres, and of the piece.
            uint measures = layer.lengths + 2u * number;
            float start = uintBitsToFloat(layer_words[measures]);
            float ground_length = uintBitsToFloat(layer_words[measures + 1u]);
            float per_metre = METRES ? 1.0 : far / max(ground_length, 1e-9);
            // Seen in perspective, a line would change its dashes all along with its distance: they double and halve instead.
            bool perspective = any(notEqual(view.direction_dx, vec3(0.0)));
            float octave = uintBitsToFloat(floatBitsToUint(per_metre) & 0x7f800000u);
            per_metre = perspective && !METRES ? octave : per_metre;
            float stretch = ground_length * per_metre / max(far, 1e-9);
            float place = start * per_metre + nearest * stretch + layer.pattern_offset;
            float wide = max(max(sides.x, sides.y) * stretch, 1e-6);
            float share = clamp((dashes_below(place + 0.5 * wide) - dashes_below(place - 0.5 * wide)) / wide, 0.0, 1.0);
            cover *= share;
        }
        covered = next ? covered : max(covered, cover);
        float laid = next ? covered : 0.0;
        // Lines that run along each other cover the same.
        put_under(stack, paint, laid, min(laid, stack.hidden));
        covered = next ? 0.0 : covered;
        if (next) paint = paint_of(0u, word & NUMBER_BITS);
        more = word != END && stack.hidden - stack.passed < 0.9999;
        at += 1u;
    }
    return stack;
}
