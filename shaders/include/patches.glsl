// From patch to patch. Needs BASE (a constant) and block.glsl.

// Patches that a ray from the ground goes through before it looks at blocks: what hides the sun is mostly near. All rays go through as
// many, whatever they find, so that neighbouring ones need not wait for each other.
const int FIRST_RUN = 6;

// Where a ray leaves a patch, and the patch there.
struct Border {
    float t;
    ivec2 beyond;
};

// Of the patch `cell`, in which the ray is at `t`; no later than at `to`.
Border border_of(Path path, float t, float to, ivec2 cell) {
    vec2 border = (vec2(cell + path.ahead - path.base) - path.from) * path.inverse;
    bool next_x = border.x <= border.y;
    float next = next_x ? border.x : border.y;
    next = next < to ? next : to;
    next = next > t ? next : t;
    return Border(next, cell + ivec2(next_x ? path.step.x : 0, next_x ? 0 : path.step.y));
}

// The patch of `child`, a cell of the finest level, in which a ray at `t` is.
ivec2 first_patch(Ray ray, Path path, float t, ivec2 child) {
    ivec2 first = child << BASE_LEVEL;
    ivec2 last = first + ((1 << BASE_LEVEL) - 1);
    // Rounding may put a ray that comes in at the far edge beyond it, where there is nothing to be inside of.
    if (BASE) last = min(last, view.cells - 1);
    return clamp(patch_under(ray, path, t), first, last);
}
