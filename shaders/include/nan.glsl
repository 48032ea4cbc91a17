bool is_nan(float value) {
    // On bits, because a driver may assume that NaN does not occur.
    return (floatBitsToUint(value) << 1) > 0xff000000u;
}
