// Where a picture is seen from, in grid space: x = column, y = row (southward), z = DEM height
// minus the terrain's reference height. A ray is affine in the pixel's place, and its parameter t
// is the view depth in metres, counted from `start`.

layout(scalar) uniform View {
    vec3 origin;
    vec3 origin_dx;
    vec3 origin_dy;
    vec3 direction;
    vec3 direction_dx;
    vec3 direction_dy;
    float start;            // 0, but for a DEM that is far off: there all rays begin before it
    float near;             // parameters
    float far;
    vec2 pixel;             // a pixel at parameter t covers x + y t metres
    uvec2 size;             // of the whole picture
    int samples;
    vec2 sample_places[16]; // within a pixel, 0..1
    // A perspective's parameter up to which the pyramid's finest cells are larger than a pixel.
    float patches_to;
    // Cells from a tile's middle ray to its outermost at parameter t: x + y t.
    vec2 tile_reach;
} view;
