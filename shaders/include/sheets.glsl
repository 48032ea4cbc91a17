// Ground cut into sheets: a DEM that is too large for one image, or for memory. Its coarse levels
// are whole; heights and the levels below come in sheets of 2^level patches a side, as rays need
// them. src/render/sheets tells how they lie in the atlas.
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
    int level;              // a sheet is 2^level patches a side
    int whole_level;        // the finest level of the pyramid that is whole
    ivec2 whole_cells;      // of that
    ivec2 count;            // sheets, those beyond the DEM's far edges included
    ivec2 first_slot;       // texel of the atlas where slots begin
    ivec2 slot;             // texels of a slot
    vec2 texel;             // 1 / size of the atlas
} sheets;

// What lies at each place of the whole level, and of those of a sheet: planes beside each other.
const int PLANE_MAXIMA = 0;
const int PLANE_MIRROR = 1;
const int PLANE_MEANS = 2;      // only of the whole level
const int PLANE_RELIEFS = 3;

// Samples of a sheet before its first patch, and more than patches.
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

// The slot of a sheet, noted; below 0 if it is not there.
int slot_of(ivec2 sheet) {
    int slot = int(LOADS ? imageLoad(directory_texels, sheet).x
                   : texelFetch(directory, sheet, 0).x);
    sheet_use[sheet.y * sheets.count.x + sheet.x] = slot < 0 ? SHEET_MISSED : SHEET_USED;
    return slot;
}

// The spot `within` a sheet's slot; the mean of the whole level's `cell` if the sheet is not there.
Spot spot_of(ivec2 sheet, ivec2 within, ivec2 cell) {
    int slot = slot_of(sheet);
    ivec2 corner = sheets.first_slot + ivec2(slot & 63, slot >> 6) * sheets.slot;
    ivec2 mean = clamp(cell, ivec2(0), sheets.whole_cells - 1)
        + ivec2(PLANE_MEANS * sheets.whole_cells.x, sheets.whole_cells.y);
    return slot < 0 ? Spot(mean, 0) : Spot(corner + within, 1);
}

ivec2 sheet_at(ivec2 place, int level) {
    return clamp(place >> (sheets.level - level), ivec2(0), sheets.count - 1);
}

// Where the corners of a patch are.
Spot spot_of_patch(ivec2 cell) {
    ivec2 sheet = sheet_at(cell, 0);
    ivec2 within = clamp(cell - (sheet << sheets.level), ivec2(-1), ivec2(1 << sheets.level))
        + SHEET_BEFORE;
    return spot_of(sheet, within, cell >> sheets.whole_level);
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

// Where a cell of `level` is.
Spot spot_of_cell(ivec2 cell, int level, int plane) {
    bool whole = level >= sheets.whole_level;
    int rows = sheets.whole_cells.y >> max(level - sheets.whole_level, 0);
    ivec2 coarse = cell + ivec2(plane * sheets.whole_cells.x, rows);
    // All rays of a group look into the directory; those that need not, at one and the same place.
    int finer = whole ? 0 : level;
    ivec2 sheet = whole ? ivec2(0) : sheet_at(cell, finer);
    int side = 1 << (sheets.level - finer);
    ivec2 within = clamp(cell - sheet * side, ivec2(0), ivec2(side - 1));
    // Level 1 has one plane, the others three, reliefs in place of means.
    int third = min(plane, 2);
    within += ivec2((1 << sheets.level) + SHEET_MORE + third * ((1 << sheets.level) / 4 + 1),
                    (1 << sheets.level) - 2 * side + finer - 1);
    if (whole) return Spot(coarse, 1);
    return spot_of(sheet, within, cell >> (sheets.whole_level - finer));
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
