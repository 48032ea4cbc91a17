// The solid block under the ground: its walls at the DEM's edge and round holes, and its floor.
// Needs ray.glsl and block.glsl.

layout(constant_id = 12) const bool BASE = true;

layout(scalar) uniform Base {
    vec3 colour;
} base;

// What of the solid a ray meets: its top, which is the ground, a wall that faces that way, or the
// floor.
const int TOP = 0;
const int WEST = 1;
const int EAST = 2;
const int NORTH = 3;
const int SOUTH = 4;
const int FLOOR = 5;

// The outward unit normal in the world of a wall or the floor.
vec3 face_normal(int face) {
    float west_east = face == WEST ? -1.0 : face == EAST ? 1.0 : 0.0;
    float north_south = face == NORTH ? 1.0 : face == SOUTH ? -1.0 : 0.0;
    return vec3(west_east, north_south, face == FLOOR ? -1.0 : 0.0);
}

// The face through which a ray comes into the solid at parameter t. The border between patches that
// it crosses there is the one whose own parameter is t, to the bit.
int face_entered(Ray ray, Path path, float t) {
    float height = ray.origin.z + t * ray.direction.z;
    if (ray.direction.z > 0.0 && height <= terrain.height_bounds.x + 8.0 * height_error(ray))
        return FLOOR;
    vec2 border = floor(ray.origin.xy + t * ray.direction.xy + 0.5);
    vec2 off = abs((border - path.from) * path.inverse - t);
    bool across_x = !path.still.x && (path.still.y || off.x <= off.y);
    return across_x ? (path.back.x ? EAST : WEST) : (path.back.y ? SOUTH : NORTH);
}

// Linear colour of a wall or the floor. Layers, a little lighter and darker in turn, and darker
// downwards: so it reads as a cut through ground.
vec3 face_colour(float height) {
    float up = clamp((height - terrain.height_bounds.x)
                     / (terrain.height_bounds.y - terrain.height_bounds.x), 0.0, 1.0);
    float wave = abs(2.0 * fract(5.0 * up) - 1.0);
    wave = wave * wave * (3.0 - 2.0 * wave);
    return base.colour * (0.6 + 0.4 * up) * (0.88 + 0.12 * wave);
}
