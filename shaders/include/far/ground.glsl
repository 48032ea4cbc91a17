// The ground that a far cell stands for: what colour, lines, water and images on it go by. Rays meet a surface through maxima, so that no
// ridge is lost; it lies above the ground. The one through the cells' means lies in the middle of it.
//
// Needs `means` (a texture, laid out as the maxima are), far/cells.glsl and differentials.glsl.

// The means of four cells, of which one at least has ground: for one that has none, the mean of the others.
vec4 four_means(ivec2 first) {
    vec4 means_of = four_cells(first + ivec2(view.base_cells.x, 0));
    vec4 known = mix(vec4(0.0), vec4(1.0), greaterThan(means_of, vec4(-1e38)));
    float mean = dot(mix(vec4(0.0), means_of, notEqual(known, vec4(0.0))), known) / max(dot(known, vec4(1.0)), 1.0);
    return mix(vec4(mean), means_of, notEqual(known, vec4(0.0)));
}

// Where a ray that has met a far cell comes to the ground in it: as far on as it takes on the plane that touches the surface through the
// means there, at most a cell's width. Any other hit stays what it is.
Hit ground_of(Ray ray, Hit hit) {
    bool far = hit.level > 0;
    int level = far ? hit.level : BASE_LEVEL;
    ivec2 size = view.base_cells >> (level - BASE_LEVEL);
    // Software Vulkan loads for all rays of a group; those that have met a patch load one and the same cell.
    vec4 means_of = four_means((far ? hit.cell >> level : ivec2(0)) + ivec2(0, size.y));
    float cell = float(1 << level);
    vec2 gradient = patch_gradient(means_of, hit.at) / cell;
    float above = (ray.origin.z + hit.t * ray.direction.z) - patch_height(means_of, hit.at);
    float nearing = dot(gradient, ray.direction.xy) - ray.direction.z;
    float furthest = cell / max(max(abs(ray.direction.x), abs(ray.direction.y)), 1e-6);
    float on = nearing > 0.0 ? clamp(above / nearing, 0.0, furthest) : 0.0;
    Hit ground = hit;
    ground.t += on;
    ground.at += on / cell * ray.direction.xy;
    ground.corners = means_of + view.reference_height;
    if (far) hit = ground;
    return hit;
}
