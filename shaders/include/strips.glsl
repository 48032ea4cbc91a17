// The order in which workgroups take the tiles of a picture, or list them.
//
// A picture is drawn in strips, each from top to bottom: rays that follow each other meet the ground near each other, whose heights
// are in the cache and whose pages are known. Layer z of the workgroups is a strip. Software drivers give each core one run of
// consecutive workgroups, so the strips are not taken from left to right but in leaps: no core gets all the sky.

const uint STRIP = 64;          // pixels across

// The first column of pixels of the strip in a layer. Needs view.glsl.
uint first_column(uint layer) {
    uint place = layer * view.strip_leap;
    // The remainder without a division: half a strip is more than rounding can be.
    uint rounds = uint((float(place) + 0.5) * view.strip_share);
    return (place - rounds * view.strips) * STRIP;
}
