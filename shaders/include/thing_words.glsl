// What a ray sees of things, as the passes that colour it take it. Needs space.glsl,
// thing_hits.glsl, and `space_colours`.

uvec4 words_of(Ray ray, Seen seen, float alpha) {
    uint colour = space_colours[2u * seen.row];
    if (IMAGES) colour = picture_colour(ray, seen, colour);
    return store_thing(seen.t, normal_of(ray, seen), colour, alpha);
}

float alpha_of(Seen seen) {
    return uintBitsToFloat(space_colours[2u * seen.row + 1u]);
}
