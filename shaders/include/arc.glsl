// Arcs without the driver's own functions, which differ between drivers: polynomials of Abramowitz
// and Stegun, absolute error below 3e-8 (4.4.49 and 4.4.46), in operations that every device rounds
// alike.

const float HALF_PI = 1.57079632679;

// Of values in 0..1.
vec4 arc_tangent_unit(vec4 t) {
    precise vec4 s = t * t;
    precise vec4 p = vec4(0.0028662257);
    p = p * s - 0.0161657367;
    p = p * s + 0.0429096138;
    p = p * s - 0.0752896400;
    p = p * s + 0.1065626393;
    p = p * s - 0.1420889944;
    p = p * s + 0.1999355085;
    p = p * s - 0.3333314528;
    p = t + t * s * p;
    return p;
}

// Of values >= 0.
vec4 arc_tangent(vec4 t) {
    bvec4 steep = greaterThan(t, vec4(1));
    precise vec4 inner = mix(t, vec4(1), steep) / mix(vec4(1), t, steep);
    precise vec4 angle = arc_tangent_unit(inner);
    precise vec4 outer = HALF_PI - angle;
    return mix(angle, outer, steep);
}

// The angle of (x, y) from the x axis, for y >= 0: 0..pi, and 0 where both are 0.
vec4 arc_of(vec4 y, vec4 x) {
    precise vec4 width = abs(x);
    bvec4 steep = greaterThan(y, width);
    precise vec4 longer = mix(width, y, steep);
    longer = mix(longer, vec4(1), equal(longer, vec4(0)));
    precise vec4 angle = arc_tangent_unit(mix(y, width, steep) / longer);
    precise vec4 folded = HALF_PI - angle;
    angle = mix(angle, folded, steep);
    precise vec4 turned = 2.0 * HALF_PI - angle;
    return mix(angle, turned, lessThan(x, vec4(0)));
}

// Of values in -1..1.
vec4 arc_cosine(vec4 c) {
    precise vec4 s = min(abs(c), vec4(1));
    precise vec4 p = vec4(-0.0012624911);
    p = p * s + 0.0066700901;
    p = p * s - 0.0170881256;
    p = p * s + 0.0308918810;
    p = p * s - 0.0501743046;
    p = p * s + 0.0889789874;
    p = p * s - 0.2145988016;
    p = p * s + 1.5707963050;
    p = p * sqrt(1.0 - s);
    precise vec4 turned = 2.0 * HALF_PI - p;
    return mix(p, turned, lessThan(c, vec4(0)));
}
