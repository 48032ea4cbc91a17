// How rough ground is, in words of a float image: a number, of whose lowest bits another one has
// the place, that is 0 to 1. So both come with one load, and any word is a number.
//
// On the host they are made by src/scene/roughness.rs, to the same bits.

const int LOW_BITS = 4095;
// Smaller numbers are none, so that no word is denormal.
const float LEAST_WORD = 1e-30;

float word_of(float number, float part) {
    int low = int(clamp(part, 0.0, 1.0) * float(LOW_BITS) + 0.5);
    return number < LEAST_WORD ? 0.0
        : intBitsToFloat((floatBitsToInt(number) & ~LOW_BITS) | low);
}

float number_of(float word) {
    return intBitsToFloat(floatBitsToInt(word) & ~LOW_BITS);
}

float part_of(float word) {
    return float(floatBitsToInt(word) & LOW_BITS) * (1.0 / float(LOW_BITS));
}

// Slopes of patches: the mean of their squares, and of that the part which is the square of the
// mean of their sizes: 1 where all are as steep, 2/pi where they lie as in Gauss's curve about
// level ground, little where few are steep.
float slopes_word(vec2 squares_and_sizes) {
    return word_of(squares_and_sizes.x, squares_and_sizes.y * squares_and_sizes.y
                                            / max(squares_and_sizes.x, LEAST_WORD));
}

vec2 slopes_in(float word) {
    float squares = number_of(word);
    return vec2(squares, sqrt(part_of(word) * squares));
}

// How far slopes deviate from those of a surface the mean of whose squares is `surface`, for a
// column or a row. Where few are steep, in steps and on walls, they have no deviation that a curve
// like Gauss's would tell: none.
const float FEW_STEEP = 0.35;
const float PER_MORE_STEEP = 5.0;       // all count from 0.55 on

float deviation_from(float surface, vec2 slopes) {
    float part = slopes.y * slopes.y / max(slopes.x, LEAST_WORD);
    float share = clamp((part - FEW_STEEP) * PER_MORE_STEEP, 0.0, 1.0);
    return sqrt(max(slopes.x - surface, 0.0) * (0.5 * share));
}

// The most that slopes deviate on the average, as height for a patch, in parts of a relief.
const float MOST_DEVIATION = 4.0;

// A relief, and how far slopes deviate.
float relief_word(float relief, float deviation) {
    float part = deviation / max(MOST_DEVIATION * relief, LEAST_WORD);
    // Roots, since coarse cells' are small.
    return word_of(relief, sqrt(part));
}

float deviation_of(float word) {
    float root = part_of(word);
    return MOST_DEVIATION * number_of(word) * (root * root);
}
