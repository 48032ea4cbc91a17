// Water: below a level, or where a mask has it. Needs water_block.glsl, exponential.glsl,
// differentials.glsl and sky.glsl.

uniform sampler2D water_mask;   // one sample for each height

const float SURFACE_OPACITY = 0.55;     // of water without depth, seen from above
const float SECTION_OPACITY = 0.3;      // the same where the DEM's edge cuts it

// What a ray meets of the water below the level.
struct Wet {
    bool found;
    bool surface;           // met from above, on its surface
    Hit hit;                // there
    float path;             // through the water, in the DEM's own heights
    float cover;            // of the pixel by water; a shore may run through it
};

Wet water_before(Ray ray, bool found, Hit hit) {
    Wet wet;
    vec3 o = ray.origin;
    vec3 d = ray.direction;
    // Where the ray is over the DEM.
    bvec2 still = equal(d.xy, vec2(0.0));
    vec2 inverse = 1.0 / mix(d.xy, vec2(1.0), still);
    vec2 a = -o.xy * inverse;
    vec2 b = (vec2(terrain.cells) - o.xy) * inverse;
    bvec2 outside = bvec2(uvec2(lessThan(o.xy, vec2(0.0)))
                          | uvec2(greaterThan(o.xy, vec2(terrain.cells))));
    vec2 enter = mix(min(a, b), mix(vec2(-NEVER), vec2(NEVER), outside), still);
    vec2 leave = mix(max(a, b), vec2(NEVER), still);
    float from = max(max(enter.x, enter.y), view.near);
    float to = min(min(leave.x, leave.y), view.far);
    if (found) to = min(to, hit.t);
    // Where it is in the water.
    float crossing = d.z == 0.0 ? NEVER : (water.level - o.z) / d.z;
    bool falls = d.z < 0.0;
    wet.surface = falls && crossing >= from;
    float start = wet.surface ? crossing : from;
    if (d.z > 0.0) to = min(to, crossing);
    float tolerance = 4.0 * height_error(ray);
    // Ground at the level may be a bed; a wall only below it, for its face above is dry.
    float slack = BASE && hit.face != TOP ? -tolerance : tolerance;
    bool bed = found && patch_height(hit.corners - terrain.reference_height, hit.at) <= water.level
        + slack;
    bool low = wet.surface || o.z + from * d.z < water.level;
    wet.found = low && (wet.surface && found ? bed : start < to);
    wet.path = max(to - start, 0.0) * water.path
        * sqrt(dot(d * terrain.world_scale, d * terrain.world_scale));

    // The ground where the ray enters.
    vec3 place = o + start * d;
    // Rays without water look at one place, which is in the cache; but a sheet that no ray has met
    // is not to be asked for.
    ivec2 cell = wet.found ? clamp(ivec2(floor(place.xy)), ivec2(0), terrain.cells - 1) : ivec2(0);
    vec2 local = clamp(place.xy - vec2(cell), 0.0, 1.0);
    vec4 corners = vec4(0.0);
    if (wet.found || !SHEETS) corners = patch_corners(cell);
    float ground = patch_height(corners - terrain.reference_height, local);
    wet.hit = Hit(start, cell, local, vec4(water.level + terrain.reference_height), 0, TOP);
    wet.cover = 1.0;
    if (HAS_HOLES && is_hole(corners)) {
        // Over a hole there is no water; ground beyond it lies in the water's depth all the same.
        wet.surface = false;
        wet.found = wet.found && bed && hit.face == TOP;
    } else if (wet.surface) {
        float per_pixel = change_per_pixel(patch_gradient(corners, local),
                                           footprint_on(vec3(0.0, 0.0, 1.0), d, start));
        wet.cover = clamp((water.level - ground + tolerance) / (per_pixel + tolerance), 0.0, 1.0);
    } else {
        // From the side, and not through the ground.
        wet.found = wet.found && place.z > ground - tolerance;
    }
    return wet;
}

// Share of the ground below that the water hides.
float water_opacity(Wet wet) {
    if (WATER == WATER_MASK) return wet.cover;
    float clear = exponential(-water.extinction * wet.path);
    return wet.cover * (1.0 - (1.0 - (wet.surface ? SURFACE_OPACITY : SECTION_OPACITY)) * clear);
}

// The same where a mask has the water, at the ground's own height: nothing is seen through it.
Wet water_of_mask(Ray ray, bool found, Hit hit) {
    vec2 place = hit.level > 0 ? (hit.at + 0.5) * float(1 << hit.level) : hit.at;
    ivec2 cell = clamp(hit.cell + ivec2(floor(place)), ivec2(0), terrain.cells - 1);
    vec2 local = clamp(place + vec2(hit.cell - cell), 0.0, 1.0);
    vec4 corners = textureGather(water_mask, vec2(cell + 1) * terrain.texel).wzxy;
    // Half-way between a sample that is water and one that is not.
    float per_pixel = change_per_pixel(patch_gradient(corners, local),
                                       footprint_of(hit, ray.direction));
    float cover = clamp(0.5 + (patch_height(corners, local) - 0.5) / max(per_pixel, 1e-6), 0.0,
                        1.0);
    return Wet(found && hit.face == TOP && cover > 0.0, true, hit, NEVER, cover);
}

// A normal made `share` upright.
vec3 towards_upright(vec3 normal, float share) {
    vec3 turned = mix(normal, vec3(0.0, 0.0, 1.0), share);
    return turned / sqrt(dot(turned, turned));
}

// The sun's reflection on level water, where it receives `light`: a power of the cosine between the
// upright and the direction half-way from the sun to the eye (Blinn, SIGGRAPH 1977).
vec3 glint(Ray ray, vec3 light) {
    vec3 direction = world_direction(ray);
    vec3 half_way = lighting.to_sun_world - direction / sqrt(dot(direction, direction));
    float cosine = max(half_way.z, 0.0) / sqrt(max(dot(half_way, half_way), 1e-12));
    for (int doubling = 0; doubling < 7; ++doubling) cosine *= cosine;
    return water.glint * cosine * max(light - lighting.exposure * lighting.ambient, 0.0);
}
