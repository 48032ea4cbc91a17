// What a picture is told of water.

// Where water is.
const uint WATER_NONE = 0;
const uint WATER_LEVEL = 1;
const uint WATER_MASK = 2;

layout(constant_id = 13) const uint WATER = WATER_NONE;

layout(scalar) uniform Water {
    float level;            // minus the reference height
    float path;             // world metres to the DEM's own heights
    float extinction;       // for one of those
    float glint;
    vec3 colour;
} water;
