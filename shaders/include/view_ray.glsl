// A ray of the view. Needs view.glsl and ray.glsl.

// `start` is a parameter up to which the ray is known to meet nothing.
Ray view_ray(vec2 place, float start) {
    Ray ray;
    ray.origin = view.origin + place.x * view.origin_dx + place.y * view.origin_dy;
    ray.direction = view.direction + place.x * view.direction_dx + place.y * view.direction_dy;
    ray.base = ivec2(0);
    ray.from = max(view.near, start);
    ray.to = view.far;
    ray.pixel = view.pixel;
    return ray;
}
