// A tile of the list. Needs tiles.glsl and texels.glsl.

TEXELS(tiles);

uvec2 listed_tile(uint entry) {
    const uint words_before = 12u;
    return LOADS ? TWO_TEXELS(tiles, words_before + 2u * entry) : tiles.listed[entry];
}
