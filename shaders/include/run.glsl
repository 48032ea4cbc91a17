// From patch to patch. Once a ray is near the ground it is led through a run of patches before it looks at blocks again: neighbouring
// rays of software Vulkan wait for each other before each look, with runs alike they seldom do, and the patches that a ray need not have
// gone through cost less than that.
//
// Needs BASE (a constant) and block.glsl.

const int RUN = 8;
const int FIRST_RUN = 6;    // of a ray that starts on the ground

// Where a ray leaves a patch, and the patch there.
struct Border {
    float t;
    ivec2 beyond;
};

// Of the patch `cell`, in which the ray is at `t`.
Border border_of(Path path, float t, ivec2 cell) {
    vec2 border = (vec2(cell + path.ahead - path.base) - path.from) * path.inverse;
    bool next_x = border.x <= border.y;
    float next = next_x ? border.x : border.y;
    next = next < path.to ? next : path.to;
    next = next > t ? next : t;
    return Border(next, cell + ivec2(next_x ? path.step.x : 0, next_x ? 0 : path.step.y));
}

bool is_patch(ivec2 cell) {
    return uint(cell.x) < uint(view.cells.x) && uint(cell.y) < uint(view.cells.y);
}

// The patch of the child `child`, of the finest level, in which a ray at `t` is.
ivec2 first_patch(Ray ray, Path path, float t, ivec2 child) {
    ivec2 first = child << BASE_LEVEL;
    ivec2 last = first + ((1 << BASE_LEVEL) - 1);
    // Rounding may put a ray that comes in at the far edge beyond it, where there is nothing to be inside of.
    if (BASE) last = min(last, view.cells - 1);
    return clamp(patch_under(ray, path, t), first, last);
}
