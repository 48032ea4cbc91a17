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

// Farther than any pixel looks, in pixels.
const float ENDLESS = 1e6;

// From a pixel's middle to its farthest corner, a little more, in pixels.
const float REACH = 0.7072;

// Pixels by which places are off, so that none is exactly on a line and its way tells the line's.
const vec2 BESIDE = vec2(1.1e-4, 0.7e-4);

// A piece as it is read, from the first pixel's middle of the row of eight.
struct Strand {
    vec2 start;
    vec2 ahead;             // of length 1
    float far;              // how long it is
    // Where along it the line starts and ends flatly: without an end far outside.
    vec2 ends;
    float depth;
    uint feature;
    uvec3 paint;            // its feature's words
};

Strand strand_of(uvec4 words, vec2 first_middle) {
    const float pixels = 1.0 / float(PLACES_PER_PIXEL);
    vec2 along = vec2(ivec2(words.z << 16, words.z) >> 16) * pixels;
    float far2 = dot(along, along);
    float inverse = inversesqrt(max(far2, 1e-9));
    Strand strand;
    ivec2 from = ivec2((first_middle + float(PLACES_BEFORE)) * float(PLACES_PER_PIXEL));
    strand.start = vec2(ivec2(words.xy >> 8) - from) * pixels + BESIDE;
    strand.ahead = far2 > 0.0 ? along * inverse : vec2(1.0, 0.0);
    strand.far = far2 * inverse;
    bool starts = (words.w & LINE_STARTS) != 0u;
    bool stops = (words.w & LINE_ENDS) != 0u;
    strand.ends = vec2(starts ? 0.0 : -ENDLESS, stops ? strand.far : ENDLESS);
    // What has no length covers nothing between flat ends.
    if ((LAYER & SQUARE_CAPS) == 0 && far2 == 0.0) strand.ends.x = ENDLESS;
    strand.depth = layer.nearest
        + layer.depth_step * float((words.x & 255u) << 8 | (words.y & 255u));
    strand.feature = words.w & ~(LINE_STARTS | LINE_ENDS);
    if ((LAYER & ONE_PAINT) == 0)
        strand.paint = FOUR(layer_paints, min(strand.feature, layer.paints - 1u)).xyz;
    return strand;
}

// All but the feature and its paint.
Strand handed_on(Strand own, uint lane) {
    Strand strand = own;
    if (LANES > 1) {
        strand.start = handed_on(own.start, lane);
        strand.ahead = handed_on(own.ahead, lane);
        strand.far = handed_on(own.far, lane);
        if (FLAT_CAPS) strand.ends = handed_on(own.ends, lane);
        strand.depth = handed_on(own.depth, lane);
    }
    return strand;
}

// The nearest of a feature's pieces, from the pixel's middle.
struct Nearest {
    float distance2;
    vec2 way;               // to its nearest place, beyond a flat end to its straight on
    vec2 inside;            // how far after the line's start that is, and before its end
    // The same of the nearest piece that all of the pixel is beside: it may cover what the nearest
    // leaves beyond its flat end.
    float beside2;
};

// The nearer of a piece, where it is as deep as what the pixel sees, and what there is.
void take_nearer(inout Nearest nearest, Strand strand, float half_width, vec2 middle,
                 bool as_deep) {
    // Square caps are as if the line went on.
    float longer = (LAYER & SQUARE_CAPS) != 0 ? half_width : 0.0;
    vec2 off = strand.start - middle;
    float run = -dot(off, strand.ahead);
    // Beyond a flat end the straight goes on.
    vec2 bounds = vec2(-ENDLESS - strand.ends.x, ENDLESS - strand.ends.y + strand.far);
    float at = (LAYER & SQUARE_CAPS) == 0 ? clamp(run, 0.0, strand.far)
        : clamp(run, max(bounds.x, -longer), min(bounds.y, strand.far + longer));
    float straight = FLAT_CAPS ? clamp(run, bounds.x, bounds.y) : at;
    vec2 way = off + straight * strand.ahead;
    // What the straight goes on is at right angles to its way.
    float distance2 = as_deep ? dot(way, way) + (straight - at) * (straight - at) : 1e18;
    bool nearer = distance2 < nearest.distance2;
    nearest.way = nearer ? way : nearest.way;
    if (FLAT_CAPS) {
        vec2 inside = vec2(run - strand.ends.x, strand.ends.y - run) + longer;
        nearest.inside = nearer ? inside : nearest.inside;
        bool beside = run == at && min(inside.x, inside.y) >= REACH;
        nearest.beside2 = beside ? min(nearest.beside2, distance2) : nearest.beside2;
    }
    nearest.distance2 = nearer ? distance2 : nearest.distance2;
}

// A pixel as it is along a direction, in which its density is a trapezoid: from its middle to its
// end, to where it gets thinner, and what its shares are multiplied by.
struct Trapezoid {
    float end;
    float thinner;
    float per_wide;
    float per_area;
};

Trapezoid trapezoid_along(vec2 normal) {
    vec2 sides = abs(normal);
    float wide = max(sides.x, sides.y);
    float narrow = max(min(sides.x, sides.y), 1e-4 * wide);
    float per_wide = 1.0 / wide;
    return Trapezoid(0.5 * (wide + narrow), 0.5 * (wide - narrow), per_wide, per_wide / narrow);
}

// Twice the share of the pixel from its middle to `at`, below 0 if that is before it: `below` of
// layers.glsl, without its half.
float from_middle(float at, Trapezoid pixel) {
    float off = min(abs(at), pixel.end);
    float rest = pixel.end - off;
    float part = off < pixel.thinner ? 2.0 * pixel.per_wide * off
        : 1.0 - rest * rest * pixel.per_area;
    return at < 0.0 ? -part : part;
}

// Share of the pixel that a feature covers: as cover_of of layer_strokes.glsl. A line's flat ends
// are across its way, so that the pixel is as wide along it; and so it is taken to be across the
// piece beside that covers more.
float strand_cover(Nearest nearest, float half_width) {
    vec2 way = nearest.way;
    float distance2 = dot(way, way);
    float inverse = inversesqrt(max(distance2, 1e-12));
    float off = distance2 * inverse;
    Trapezoid pixel = trapezoid_along(distance2 < 1e-12 ? vec2(1.0, 0.0) : way * inverse);
    vec2 inside = nearest.inside;
    if (FLAT_CAPS) {
        float off_beside = sqrt(nearest.beside2);
        bool beside = min(inside.x, inside.y) < min(half_width - off_beside, REACH);
        off = beside ? off_beside : off;
        inside = beside ? vec2(REACH) : inside;
    }
    float wide = from_middle(half_width - off, pixel) + from_middle(half_width + off, pixel);
    float caps = 1.0;
    if (FLAT_CAPS) {
        caps = (0.5 + 0.5 * from_middle(inside.x, pixel))
            * (0.5 + 0.5 * from_middle(inside.y, pixel));
    }
    return 0.5 * wide * caps;
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
    float deeper = depth * ground.sighting.change * (layer.outermost + REACH);
    uint own_lane = LANES > 1 ? gl_SubgroupInvocationID : 0u;
    uint step = list.together ? uint(LANES) : 1u;
    uint ahead = list.together ? own_lane : 0u;
    vec2 middle = vec2(mod(ground.place.x - 0.5, float(TILE)), 0.0);
    vec2 first_middle = ground.place - middle;
    Nearest nothing = Nearest(far * far, vec2(1e9, 0.0), vec2(0.0), far * far);
    Nearest nearest = nothing;
    uint feature = END;
    uint at = list.from;
    for (;;) {
        if (at >= list.to) break;
        uint number = WORD(layer_rows, min(at + ahead, list.to - 1u));
        Strand own = strand_of(FOUR(layer_items, number), first_middle);
        uint count = min(step, list.to - at);
        uint entry = 0u;
        uint lane = list.together ? 0u : own_lane;
        for (;;) {
            uint next = handed_on(own.feature, lane);
            if (next != feature) {
                put_strand(stack, paint, nearest);
                nearest = nothing;
            }
            feature = next;
            if ((LAYER & ONE_PAINT) == 0) paint = paint_in(handed_on(own.paint, lane));
            for (;;) {
                Strand strand = handed_on(own, lane);
                take_nearer(nearest, strand, paint.size, middle,
                            abs(strand.depth - depth) < deeper);
                entry += 1u;
                lane = list.together ? min(entry, step - 1u) : own_lane;
                if (entry >= count || handed_on(own.feature, lane) != feature) break;
            }
            if (entry >= count) break;
        }
        at += step;
        if (at >= list.to) break;
    }
    put_strand(stack, paint, nearest);
    return stack;
}
