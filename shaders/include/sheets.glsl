// Ground cut into sheets: a DEM that is too large for one image, or for memory. Its coarse levels
// are whole; heights, and each finer level by itself, come in sheets of 2^side cells a side, as
// rays need them: of far ground coarse ones, each of which reaches far. src/render/sheets tells how
// they lie in the atlas.
//
// Of a sheet that is not there the mean heights of the finest whole level stand in, each for all of
// its cell: rays go on over them to where the ground must be about, every sheet on the way is noted
// as missed, and the host draws again once it has brought those. What a picture shows in the end,
// no stand-in has had a part in.
//
// Needs terrain.glsl. `heights` and `maxima` are both the atlas then.

layout(constant_id = 27) const bool SHEETS = false;

#define SHEETED_GROUND

uniform sampler2D heights;
layout(r32f) uniform readonly image2D height_texels;    // the same to load from
// For each sheet the column and row of its slot, 64 columns a row; below 0 where it is not there.
uniform sampler2D directory;
layout(r32f) uniform readonly image2D directory_texels;
layout(scalar) writeonly buffer SheetUse { uint sheet_use[]; };

// What becomes of a sheet in a pass.
const uint SHEET_USED = 1;
const uint SHEET_MISSED = 2;

layout(scalar) uniform Sheets {
    int side;               // log2 of a sheet's cells a side
    int whole_level;        // the finest level of the pyramid that is whole
    ivec2 whole_cells;      // of that
    ivec2 count;            // sheets of heights across and down, padded so that they halve exactly
    ivec2 first_slot;       // texel of the atlas where slots begin
    int slot;               // texels of a slot, a side
    vec2 texel;             // 1 / size of the atlas
} sheets;

// What lies at each place of the whole level, and has sheets of its own below it: planes beside
// each other.
const int PLANE_MAXIMA = 0;
const int PLANE_MIRROR = 1;
const int PLANE_MEANS = 2;      // only of the whole level
const int PLANE_RELIEFS = 3;

// Samples of a sheet of heights before its first patch, and more than patches. Of levels it has one
// cell more.
const int SHEET_BEFORE = 1;
const int SHEET_MORE = 3;

// A texel of the atlas and from it to the next one; that is 0 where one stands for all of a sheet
// that is not there.
struct Spot {
    ivec2 place;
    int step;
};

float texel_of(ivec2 place) {
    return LOADS ? imageLoad(height_texels, place).x : texelFetch(heights, place, 0).x;
}

// Four texels from a spot: its own, that to the east, to the south, and both.
vec4 four_texels(Spot spot) {
    if (LOADS) {
        return vec4(imageLoad(height_texels, spot.place).x,
                    imageLoad(height_texels, spot.place + ivec2(spot.step, 0)).x,
                    imageLoad(height_texels, spot.place + ivec2(0, spot.step)).x,
                    imageLoad(height_texels, spot.place + spot.step).x);
    }
    vec4 gathered = textureGather(heights, vec2(spot.place + 1) * sheets.texel);
    return spot.step == 0 ? gathered.wwww : gathered.wzxy;
}

// One ray of so many notes what it uses. A sheet of which that leaves nothing known may go, and is
// brought again.
const uint SHEET_NOTERS = 16;

// The slot of a sheet, by its place in the directory, which is noted if that is `wanted`; below 0
// if it is not there.
int slot_of(ivec2 entry, bool wanted) {
    int slot = int(LOADS ? imageLoad(directory_texels, entry).x
                   : texelFetch(directory, entry, 0).x);
    // A store is a loop over its lanes in software Vulkan: 14 % of a frame, if all of them note.
    if (wanted && (slot < 0 || gl_LocalInvocationIndex % SHEET_NOTERS == 0)) {
        sheet_use[entry.y * sheets.count.x + entry.x] = slot < 0 ? SHEET_MISSED : SHEET_USED;
    }
    return slot;
}

ivec2 corner_of(int slot) {
    return sheets.first_slot + ivec2(slot & 63, slot >> 6) * sheets.slot;
}

// The sheet of a level that has a cell; of level 0 they are of heights.
ivec2 sheet_at(ivec2 cell, int level) {
    return clamp(cell >> sheets.side, ivec2(0), (sheets.count >> level) - 1);
}

// Its place in the directory, where levels lie as in the pyramid: level L, h sheets high, in rows h
// to 2h.
ivec2 entry_of(ivec2 sheet, int level, int plane) {
    // The mirror image begins at level 2, reliefs at level 3; each has half of what is left.
    int column = plane == PLANE_MAXIMA ? 0 : plane == PLANE_MIRROR ? sheets.count.x / 2
        : sheets.count.x / 4 * 3;
    return sheet + ivec2(column, sheets.count.y >> level);
}

// Where the corners of a patch are.
Spot spot_of_patch(ivec2 cell) {
    ivec2 sheet = sheet_at(cell, 0);
    int slot = slot_of(entry_of(sheet, 0, PLANE_MAXIMA), true);
    ivec2 within = clamp(cell - (sheet << sheets.side), ivec2(-1), ivec2(1 << sheets.side))
        + SHEET_BEFORE;
    ivec2 mean = clamp(cell >> sheets.whole_level, ivec2(0), sheets.whole_cells - 1)
        + ivec2(PLANE_MEANS * sheets.whole_cells.x, sheets.whole_cells.y);
    return slot < 0 ? Spot(mean, 0) : Spot(corner_of(slot) + within, 1);
}

// A height of the atlas: of a stand-in what is relative there, and NaN where it is no ground.
vec4 heights_at(Spot spot, vec4 texels) {
    vec4 ground = mix(texels + terrain.reference_height, vec4(uintBitsToFloat(0x7fc00000u)),
                      lessThan(texels, vec4(-1e38)));
    return spot.step == 0 ? ground : texels;
}

// Corners of a patch.
vec4 corners_in_sheet(ivec2 cell) {
    Spot spot = spot_of_patch(cell);
    return heights_at(spot, four_texels(spot));
}

// Where a cell of `level` is, or the mean that stands in for it. Without a branch: software Vulkan
// takes both ways of each.
Spot spot_of_cell(ivec2 cell, int level, int plane) {
    bool whole = level >= sheets.whole_level;
    int finer = whole ? 0 : level;
    ivec2 entry = entry_of(sheet_at(cell, finer), finer, whole ? PLANE_MAXIMA : plane);
    int slot = slot_of(entry, !whole);
    bool here = !whole && slot >= 0;
    ivec2 within = cell & ((1 << sheets.side) - 1);
    int shift = max(sheets.whole_level - level, 0);
    ivec2 coarse = cell >> shift;
    coarse += ivec2((whole ? plane : PLANE_MEANS) * sheets.whole_cells.x,
                    sheets.whole_cells.y >> (level + shift - sheets.whole_level));
    return Spot(here ? corner_of(slot) + within : coarse, here || whole ? 1 : 0);
}

// The maxima of a cell and its neighbours to the east, the south and both, or the same of the
// mirror image.
vec4 four_in_sheet(ivec2 first, int level, bool mirrored) {
    Spot spot = spot_of_cell(first, level, mirrored ? PLANE_MIRROR : PLANE_MAXIMA);
    vec4 texels = four_texels(spot);
    // A stand-in is a height; upside down it is its opposite. Where there is no ground there is
    // nothing in either.
    return mirrored && spot.step == 0 ? mix(-texels, texels, lessThan(texels, vec4(-1e38)))
        : texels;
}
