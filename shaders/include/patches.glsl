// From patch to patch. Needs base.glsl.

// Patches that a ray from the ground goes through before it looks at blocks: what hides the sun is mostly near. All rays go through as
// many, whatever they find, so that neighbouring ones need not wait for each other.
const int FIRST_RUN = 6;

// Where a ray that is in the patch `cell` at `t` leaves it, no later than at `to`; and whether through a border across x.
float border_of(Path path, float t, float to, ivec2 cell, out bool across_x) {
    vec2 border = (vec2(cell + path.ahead - path.base) - path.from) * path.inverse;
    across_x = border.x <= border.y;
    float next = across_x ? border.x : border.y;
    next = next < to ? next : to;
    return next > t ? next : t;
}

// From a patch to the one beyond that border. In a loop this must come last, after all ways out: lavapipe 22.3 computes anew in each
// turn, for lanes that have left it as well, what is used after the loop, and for those nothing may have changed since.
ivec2 step_across(Path path, bool across_x) {
    return ivec2(across_x ? path.step.x : 0, across_x ? 0 : path.step.y);
}

// The patch of `child`, a cell of the finest level, in which a ray at `t` is.
ivec2 first_patch(Ray ray, Path path, float t, ivec2 child) {
    ivec2 first = child << BASE_LEVEL;
    ivec2 last = first + ((1 << BASE_LEVEL) - 1);
    // Rounding may put a ray that comes in at the far edge beyond it, where there is nothing to be inside of.
    if (BASE) last = min(last, terrain.cells - 1);
    return clamp(patch_under(ray, path, t), first, last);
}
