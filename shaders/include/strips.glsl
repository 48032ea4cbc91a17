// The order in which workgroups take the tiles of a picture. Twin: src/render/strips.rs.
//
// A picture is drawn in strips, each from top to bottom: rays that follow each other meet the ground near each other, whose heights
// are in the cache and whose pages are known. Layer z of the workgroups is a strip. Software drivers give each core one run of
// consecutive workgroups, so the strips are not taken from left to right, but by turns from STRANDS parts of the picture:
// no core gets all the sky.

const uint STRIP = 64;          // pixels across
const uint STRANDS = 8;

// The first column of pixels of the strip in a layer; `strips` is how many a strand has.
uint first_column(uint layer, uint strips) {
    return ((layer % STRANDS) * strips + layer / STRANDS) * STRIP;
}
