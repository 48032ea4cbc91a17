// The order in which workgroups take the tiles of a picture, or list them.
//
// A picture is drawn in strips, each from top to bottom: rays that follow each other meet the
// ground near each other, whose heights are in the cache and whose pages are known. Layer z of the
// workgroups is a strip. Software drivers give each core one run of consecutive workgroups, so the
// strips are not taken from left to right but in leaps: no core gets all the sky.

layout(scalar) uniform Strips {
    uint count;
    uint leap;              // from one to the next, round and round
    float share;            // 1 / count
} strips;

const uint STRIP = 64;          // pixels across

// The first column of pixels of the strip in a layer.
uint first_column(uint layer) {
    uint place = layer * strips.leap;
    // The remainder without a division: half a strip is more than rounding can be.
    uint rounds = uint((float(place) + 0.5) * strips.share);
    return (place - rounds * strips.count) * STRIP;
}
