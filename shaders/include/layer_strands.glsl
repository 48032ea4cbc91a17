// Lines over ground whose cells are smaller than pixels, as pieces in the picture: each row of
// eight pixels lists those that may lie on it, the topmost first. src/render/layers/strands.rs
// makes them.

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
        strand.paint = FOUR(layer_paints, min(feature, layer.paints - 1u)).xyz;
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

// The pixel's extents along a direction: the longer one, and the shorter.
vec2 extents_along(vec2 normal) {
    vec2 sides = abs(normal);
    float wide = max(sides.x, sides.y);
    return vec2(wide, max(min(sides.x, sides.y), 1e-4 * wide));
}

// Twice the share of the pixel from its middle to `at` along a direction, below 0 if that is before
// it: `below` of layers.glsl, without its half, and so that both sides of a strip share the
// extents.
float from_middle(float at, vec2 extents) {
    float end = 0.5 * (extents.x + extents.y);
    float off = min(abs(at), end);
    float rest = end - off;
    float part = off < end - extents.y ? 2.0 * off : extents.x - rest * rest / extents.y;
    return (at < 0.0 ? -part : part) / extents.x;
}

// The nearest of a feature's pieces, from the pixel's middle.
struct Nearest {
    float distance2;
    vec2 way;               // to its nearest place
    vec2 start;
    vec2 along;
    uint ends;
};

// The nearer of a piece, where it is as deep as what the pixel sees, and what there is.
void take_nearer(inout Nearest nearest, Strand strand, vec2 middle, bool as_deep) {
    vec2 off = strand.start - middle;
    float part = clamp(-dot(off, strand.along) * strand.inverse, 0.0, 1.0);
    vec2 way = off + part * strand.along;
    float distance2 = as_deep ? dot(way, way) : 1e18;
    bool nearer = distance2 < nearest.distance2;
    nearest.distance2 = nearer ? distance2 : nearest.distance2;
    nearest.way = nearer ? way : nearest.way;
    nearest.start = nearer ? off : nearest.start;
    nearest.along = nearer ? strand.along : nearest.along;
    nearest.ends = nearer ? strand.feature : nearest.ends;
}

// Share of the pixel that a piece covers: as cover_of of layer_strokes.glsl.
float strand_cover(Nearest nearest, float half_width) {
    vec2 way = nearest.way;
    vec2 start = nearest.start;
    vec2 along = nearest.along;
    float far2 = dot(along, along);
    vec2 ahead = far2 > 0.0 ? along / sqrt(max(far2, 1e-18)) : vec2(1.0, 0.0);
    vec2 aside = vec2(-ahead.y, ahead.x);
    float distance2 = dot(way, way);
    float off = sqrt(distance2);
    vec2 normal = distance2 < 1e-9 ? aside : way / max(off, 1e-9);
    float caps = 1.0;
    if ((LAYER & ROUND_CAPS) == 0) {
        float run = -dot(start, ahead);
        float rest = dot(start + along, ahead);
        bool starts = (nearest.ends & LINE_STARTS) != 0u;
        bool stops = (nearest.ends & LINE_ENDS) != 0u;
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

uint feature_of(Strand own, bool together, uint lane) {
    uint number = own.feature;
    if (together) number = subgroupShuffle(own.feature, lane);
    return number & ~(LINE_STARTS | LINE_ENDS);
}

// A feature under those of a stack, over as much of them as can be: lines that run along each other
// cover the same.
void put_strand(inout Stack stack, Paint paint, Nearest nearest) {
    float cover = strand_cover(nearest, paint.size);
    put_under(stack, paint, cover, min(cover, stack.hidden));
}

// Only pixels that see ground beside a line have it: not those that see what hides it, or what is
// seen beyond it.
//
// Software drivers go through a loop's body at least once, whatever its condition (once.glsl): so
// what is done for a feature, and for entries that are read together, stands in loops around those
// of the entries. A feature is put on the stack when the next one begins: its pieces may have been
// read in several turns, and what they cover must not depend on which.
Stack strands_at(GroundPixel ground, RowList list) {
    Stack stack = Stack(vec3(0.0), 0.0, 0.0);
    Paint paint = paint_in(layer.paint);
    float far = farthest(vec2(1.0, 0.0), vec2(0.0, 1.0));
    float depth = ground.sighting.depth;
    float deeper = depth * ground.sighting.change * (layer.outermost + 0.7072);
    bool together = list.together;
    uint step = together ? uint(LANES) : 1u;
    uint ahead = together ? gl_SubgroupInvocationID : 0u;
    Nearest nothing = Nearest(far * far, vec2(1e9, 0.0), vec2(0.0), vec2(0.0), 0u);
    Nearest nearest = nothing;
    uint feature = END;
    for (uint at = list.from; at < list.to; at += step) {
        Strand own = strand_of(FOUR(layer_items, WORD(layer_rows, min(at + ahead, list.to - 1u))));
        uint count = min(step, list.to - at);
        uint lane = 0u;
        while (lane < count) {
            uint number = feature_of(own, together, lane);
            if (number != feature) {
                put_strand(stack, paint, nearest);
                nearest = nothing;
            }
            feature = number;
            uvec3 words = own.paint;
            if (together) words = handed_on(own.paint, lane);
            if ((LAYER & ONE_PAINT) == 0) paint = paint_in(words);
            bool goes_on = true;
            while (goes_on) {
                Strand strand = own;
                if (together) strand = handed_on(own, lane);
                take_nearer(nearest, strand, ground.place, abs(strand.depth - depth) < deeper);
                lane += 1u;
                uint next = feature_of(own, together, min(lane, step - 1u));
                goes_on = lane < count && next == feature;
            }
        }
    }
    put_strand(stack, paint, nearest);
    return stack;
}
