// Where a coordinate that is not known exactly lies in an interval.

const float NOWHERE = 3e38;

// Least and greatest parameter at which a coordinate o + t d that is uncertain by reach.x + reach.y
// t is in [low, high].
vec2 slab(float o, float d, vec2 reach, float low, float high) {
    // The two edges of what it may be move at d + reach.y and d - reach.y.
    float up = d + reach.y;
    float down = d - reach.y;
    float from = -NOWHERE;
    float to = NOWHERE;
    // Upper edge above `low`, and lower edge below `high`.
    float a = low - (o + reach.x);
    float b = high - (o - reach.x);
    if (up > 0.0) from = a / up;
    else if (up < 0.0) to = a / up;
    else if (a > 0.0) from = NOWHERE;
    if (down < 0.0) from = max(from, b / down);
    else if (down > 0.0) to = min(to, b / down);
    else if (b < 0.0) from = NOWHERE;
    return vec2(from, to);
}
