// What rays met, kept from one pass to the next in four words: parameter, cell, and the place in
// it, whose lowest four bits are the level, and which surface. The corners are loaded again.

// On level ground at the DEM's least height, where the walk ended: a face beyond those of
// base.glsl.
const int GROUNDED = 6;

// In place of a parameter, where a ray has met nothing: not a number.
const uint MET_NOTHING = 0x7fc00000u;
const uvec4 NO_HIT = uvec4(MET_NOTHING, 0u, 0u, 0u);

uvec4 store_hit(bool found, Hit hit) {
    bool grounded = hit.level > 0 && hit.corners
        == vec4(terrain.height_bounds.x + terrain.reference_height);
    uint face = grounded ? uint(GROUNDED) : uint(hit.face);
    uvec2 at = (floatBitsToUint(hit.at) & ~15u) | uvec2(uint(hit.level), face);
    return uvec4(found ? floatBitsToUint(hit.t) : MET_NOTHING,
                 uint(hit.cell.x) | uint(hit.cell.y) << 16, at);
}

bool stored_hit(uvec4 words, Ray ray, out Hit hit) {
    bool found = (words.x & 0xffff0000u) != MET_NOTHING;
    float t = uintBitsToFloat(words.x);
    uint face = found ? words.w & 15u : 0u;
    int level = found ? int(words.z & 15u) : 0;
    ivec2 cell = found ? ivec2(words.y & 0xffffu, words.y >> 16) : ivec2(0);
    vec4 corners = vec4(0.0);
    // Software Vulkan loads for all rays of a group; those that have met a far cell load one and
    // the same. A sheet that no ray has met is not to be asked for.
    bool is_far_cell = FAR_CELLS && level > 0;
    if ((PATCHES || BASE) && (!SHEETS || (found && !is_far_cell)))
        corners = patch_corners(is_far_cell ? ivec2(0) : cell);
    if (FAR_CELLS && (level > 0 || !PATCHES)) {
        ivec2 size = terrain.base_cells >> max(level - BASE_LEVEL, 0);
        ivec2 first = clamp(cell >> level, ivec2(0), max(size - 2, ivec2(0)));
        vec4 far = four_of_level(first, max(level, BASE_LEVEL), 0, size.y);
        float lowest = min(min(far.x, far.y), min(far.z, far.w));
        float highest = max(max(far.x, far.y), max(far.z, far.w));
        bool patch_met = (PATCHES || BASE) && level == 0;
        corners = patch_met ? corners : (lowest < -1e38 ? vec4(highest) : far)
            + terrain.reference_height;
        if (face == uint(GROUNDED))
            corners = vec4(terrain.height_bounds.x + terrain.reference_height);
    }
    bool solid = BASE && face != uint(TOP) && face != uint(GROUNDED);
    if (solid) corners = vec4(ray.origin.z + t * ray.direction.z + terrain.reference_height);
    vec2 at = uintBitsToFloat(words.zw & ~15u);
    hit = Hit(found ? t : 1.0, cell, found ? at : vec2(0.5), corners, level,
              solid ? int(face) : TOP);
    return found;
}
