// The View block, shared by every shader that casts rays.
//
// Grid space: x = column, y = row (southward), z = DEM height minus reference_height. A ray is affine in the pixel's
// place, and its parameter t is the view depth in metres.

layout(scalar) uniform View {
    vec3 origin;
    vec3 origin_dx;
    vec3 origin_dy;
    vec3 direction;
    vec3 direction_dx;
    vec3 direction_dy;
    float near;
    float far;
    vec3 to_sun;            // grid space, per world metre
    vec3 to_sun_world;      // unit vector
    vec2 sun_ahead;         // grid space, per metre along the ground towards the sun
    vec2 sun_aside;         // from there to the disc's edge, to the right
    vec2 sun_rises;         // of the disc's lowest and highest points: height per metre ahead; the lowest is never below 0
    vec4 sun_turn;          // a rise r is (r x - y) / (z + r w) radii above the disc's middle
    vec3 sun_across;        // world: from the disc's middle to its edge, to the right
    vec3 sun_up;            // and up
    vec3 normal_scale;      // (exaggeration / dx, -exaggeration / dy, 1): grid gradient to world slope
    float reference_height;
    float cell_metres;      // the longer side of a patch
    float cell_height;      // as much in the DEM's own heights
    vec2 pixel;             // a pixel at view depth t covers x + y t metres
    vec2 height_bounds;     // of the finite samples, with a base from its floor, minus reference_height
    ivec2 cells;            // patches: (columns - 1, rows - 1)
    vec2 texel;             // 1 / (columns, rows)
    ivec2 base_cells;       // of the pyramid's finest level, padding included
    int top_level;
    float vmin;
    float value_range;      // vmax - vmin; infinite where they are the same
    int colours;            // entries of the colormap; `under` and `over` follow them
    float ambient;
    vec2 sky_place;         // a place in cells times x, plus y, is one in texels of the sky view
    ivec2 sky_size;         // its texels
    vec2 sky_texel;         // 1 / sky_size
    float sun_map_scale;    // cells of the sun's map in one of the DEM
    int sun_map_level;      // of the pyramid
    ivec2 sun_map_size;     // of a plane
    vec2 sun_map_texel;     // 1 / size of its image
    ivec2 sun_map_plane;    // from one of its planes to the next, in texels
    float exposure;
    int samples;
    vec2 sample_places[16]; // within a pixel, 0..1
    vec4 background;        // linear, premultiplied
    uint background_bytes;  // of a pixel that sees nothing else
    uvec2 size;             // of the whole picture
    float patches_to;       // a perspective's parameter up to which the pyramid's finest cells are larger than a pixel
    vec2 tile_reach;        // cells from a tile's middle ray to its outermost at parameter t: x + y t
    uint strips;            // see strips.glsl
    uint strip_leap;        // from one to the next, round and round
    float strip_share;      // 1 / strips
    // What lies on, in, before and behind the ground: src/render/scenery.rs. Colours are linear; heights are the DEM's own.
    vec3 world_scale;       // (dx, -dy, exaggeration): grid to world metres
    vec3 base_colour;
    float water_level;      // minus reference_height
    float water_path;       // world metres to the DEM's own heights
    float water_extinction; // for one of those
    float water_glint;
    vec3 water_colour;
    vec3 haze_colour;
    float haze_extinction;  // for a metre, at the DEM's least height
    float haze_thinning;    // 1 / scale height; 0 for none
    float haze_level;       // the DEM's least height, minus reference_height
    float haze_upwards;     // optical depth from there to the zenith
    vec2 contour_interval;  // and its reciprocal
    vec2 contour_index;     // the same between index contours
    float contour_base;
    float contour_width;    // pixels, half of it
    float contour_filter;   // pixels, half of it
    float contour_filter_share; // 1 / the whole of it
    float contour_least;    // change of height from pixel to pixel, squared, of ground that is not level
    vec4 contour_colour;    // straight alpha
    vec3 sky_zenith;
    vec3 sky_horizon;
    vec3 sky_below;
} view;
