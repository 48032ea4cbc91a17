// The exponential function, because drivers round theirs differently.

// e^x for |x| <= 87, clamped beyond; off by less than 5e-7 of its value. By a power of two, made of
// bits, and the series on the rest.
float exponential(float x) {
    x = clamp(x, -87.0, 87.0);
    float twos = floor(x * 1.44269504 + 0.5);
    // ln 2 in two parts: the first has few bits, so that its multiples are exact.
    float rest = (x - twos * 0.693359375) + twos * 2.12194440e-4;
    float series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (0.16666667 + rest * (0.041666668
        + rest * (0.0083333338 + rest * 0.0013888889)))));
    return series * intBitsToFloat((int(twos) + 127) << 23);
}
