// Lines over ground whose cells are smaller than pixels, as pieces in the picture: each row of eight
// pixels lists those that may lie on it, the topmost first. src/render/layers/strands.rs makes them.

// Of a piece's last word: whether a line starts at its start, and ends at its end; the rest is its
// feature.
const uint LINE_ENDS = 0x80000000u;
const uint LINE_STARTS = 0x40000000u;
// Places are counted from so many pixels before the picture, in parts of a pixel.
const int PLACES_BEFORE = 1024;
const int PLACES_PER_PIXEL = 256;
// Depths from the nearest to the farthest of the DEM.
const int DEPTH_STEPS = 65535;

// A piece as it is read, from the picture's corner.
struct Strand {
    vec2 start;
    vec2 along;
    float inverse;          // 1 over the square of its length
    float depth;
    uint feature;           // with the bits of its ends
    uvec3 paint;            // its feature's words
};

Strand strand_of(uvec4 words) {
    const float pixels = 1.0 / float(PLACES_PER_PIXEL);
    Strand strand;
    strand.start = vec2(words.xy >> 8) * pixels - float(PLACES_BEFORE);
    strand.along = vec2(ivec2(words.z << 16, words.z) >> 16) * pixels;
    strand.inverse = 1.0 / max(dot(strand.along, strand.along), 1e-9);
    strand.depth = layer.nearest
        + layer.depth_step * float((words.x & 255u) << 8 | (words.y & 255u));
    strand.feature = words.w;
    uint feature = words.w & ~(LINE_STARTS | LINE_ENDS);
    if ((LAYER & ONE_PAINT) == 0)
        strand.paint = layer_paints[min(feature, layer.paints - 1u)].xyz;
    return strand;
}

Strand handed_on(Strand own, uint lane) {
    Strand strand;
    strand.start = vec2(subgroupShuffle(own.start.x, lane), subgroupShuffle(own.start.y, lane));
    strand.along = vec2(subgroupShuffle(own.along.x, lane), subgroupShuffle(own.along.y, lane));
    strand.inverse = subgroupShuffle(own.inverse, lane);
    strand.depth = subgroupShuffle(own.depth, lane);
    strand.feature = subgroupShuffle(own.feature, lane);
    return strand;
}

uvec3 paint_handed_on(Strand own, uint lane) {
    return uvec3(subgroupShuffle(own.paint.x, lane), subgroupShuffle(own.paint.y, lane),
                 subgroupShuffle(own.paint.z, lane));
}

// The pixel's extents along a direction: the longer one, and the shorter.
vec2 extents_along(vec2 normal) {
    vec2 sides = abs(normal);
    float wide = max(sides.x, sides.y);
    return vec2(wide, max(min(sides.x, sides.y), 1e-4 * wide));
}

// Twice the share of the pixel from its middle to `at` along a direction, below 0 if that is before
// it: `below` of layers.glsl, without its half.
float from_middle(float at, vec2 extents) {
    float end = 0.5 * (extents.x + extents.y);
    float off = min(abs(at), end);
    float rest = end - off;
    float part = off < end - extents.y ? 2.0 * off : extents.x - rest * rest / extents.y;
    return (at < 0.0 ? -part : part) / extents.x;
}

// Share of the pixel that a piece covers whose nearest place is `way` from the pixel's middle, and
// its start `start`: as cover_of of layer_strokes.glsl.
float strand_cover(vec2 way, vec2 start, vec2 along, uint ends, float half_width) {
    float far2 = dot(along, along);
    vec2 ahead = far2 > 0.0 ? along * inversesqrt(max(far2, 1e-18)) : vec2(1.0, 0.0);
    vec2 aside = vec2(-ahead.y, ahead.x);
    float distance2 = dot(way, way);
    float off = sqrt(distance2);
    vec2 normal = distance2 < 1e-9 ? aside : way / max(off, 1e-9);
    float caps = 1.0;
    if ((LAYER & ROUND_CAPS) == 0) {
        float run = -dot(start, ahead);
        float rest = dot(start + along, ahead);
        bool starts = (ends & LINE_STARTS) != 0u;
        bool stops = (ends & LINE_ENDS) != 0u;
        bool flat_end = (starts && run < 0.0) || (stops && rest < 0.0);
        off = flat_end ? abs(dot(start, aside)) : off;
        normal = flat_end ? aside : normal;
        float beyond = (LAYER & SQUARE_CAPS) != 0 ? half_width : 0.0;
        vec2 extents = extents_along(ahead);
        caps = starts ? 0.5 + 0.5 * from_middle(run + beyond, extents) : 1.0;
        caps *= stops ? 0.5 + 0.5 * from_middle(rest + beyond, extents) : 1.0;
        if ((LAYER & SQUARE_CAPS) == 0) caps = far2 > 0.0 ? caps : 0.0;
    }
    vec2 extents = extents_along(normal);
    float wide = from_middle(half_width - off, extents) + from_middle(half_width + off, extents);
    return 0.5 * wide * caps;
}

// Only pixels that see ground beside a line have it: not those that see what hides it, or what is
// seen beyond it.
//
// Software drivers go through every loop's body at least once, whatever its condition, so what is
// done for features, and for entries that are read together, stands in loops of its own.
Stack strands_at(GroundPixel ground, RowList list) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    const bool one_paint = (LAYER & ONE_PAINT) != 0;
    const uint feature_bits = ~(LINE_STARTS | LINE_ENDS);
    Paint paint = paint_of(0u, 0u);
    float far = farthest(vec2(1.0, 0.0), vec2(0.0, 1.0));
    float depth = ground.sighting.depth;
    float deeper = depth * ground.sighting.change * (layer.outermost + 0.7072);
    bool together = read_together(list);
    uint step = together ? uint(LANES) : 1u;
    uint ahead = together ? gl_SubgroupInvocationID : 0u;
    // Of a feature that the entries before have had, too: what it covers so far, over so much of
    // what was there before, which lets a share of that through.
    uint feature = END;
    float so_far = 0.0;
    float hidden = 0.0;
    float share = 0.0;
    for (uint at = list.from; at < list.to; at += step) {
        Strand own = strand_of(layer_items[layer_rows[min(at + ahead, list.to - 1u)]]);
        uint count = min(step, list.to - at);
        uint lane = 0u;
        while (lane < count) {
            uint next = own.feature;
            uvec3 words = own.paint;
            if (together) {
                next = subgroupShuffle(own.feature, lane);
                words = paint_handed_on(own, lane);
            }
            next &= feature_bits;
            bool same = next == feature;
            feature = next;
            so_far = same ? so_far : 0.0;
            hidden = same ? hidden : stack.hidden;
            share = same ? share : stack.hidden > 0.0 ? stack.passed / stack.hidden : 0.0;
            if (!one_paint) paint = paint_in(words);
            // The nearest of its pieces covers the most.
            float least = far * far;
            vec2 way = vec2(1e9, 0.0);
            vec2 start = way;
            vec2 along = vec2(0.0);
            uint ends = 0u;
            bool goes_on = true;
            while (goes_on) {
                Strand strand = own;
                if (together) strand = handed_on(own, lane);
                vec2 off = strand.start - ground.place;
                float part = clamp(-dot(off, strand.along) * strand.inverse, 0.0, 1.0);
                vec2 to = off + part * strand.along;
                float distance2 = abs(strand.depth - depth) < deeper ? dot(to, to) : 1e18;
                bool nearer = distance2 < least;
                least = nearer ? distance2 : least;
                way = nearer ? to : way;
                start = nearer ? off : start;
                along = nearer ? strand.along : along;
                ends = nearer ? strand.feature : ends;
                lane += 1u;
                uint after = own.feature;
                if (together) after = subgroupShuffle(own.feature, min(lane, step - 1u));
                goes_on = lane < count && (after & feature_bits) == feature;
            }
            float cover = strand_cover(way, start, along, ends, paint.size);
            float most = max(cover, so_far);
            // Lines that run along each other cover the same.
            float over = min(most, hidden) - min(so_far, hidden);
            float open = most - so_far - over;
            so_far = most;
            over *= share;
            stack.light += paint.alpha * (open + over) * paint.light;
            stack.passed += open * (1.0 - paint.alpha) - paint.alpha * over;
            stack.hidden += open;
        }
    }
    return stack;
}
