//! Roots of functions of one variable, found for certain.

/// The root between two values at which `f` has different signs: Ridders' steps, which halve at
/// worst.
///
/// Where the signs do not differ, the end that is nearer to a root.
pub(crate) fn bracketed(f: impl Fn(f64) -> f64, low: f64, high: f64, tolerance: f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a), f(b));
    if fa == 0.0 || fa * fb > 0.0 {
        return if fa.abs() <= fb.abs() { a } else { b };
    }
    for _ in 0..100 {
        let m = 0.5 * (a + b);
        let fm = f(m);
        let root = (fm * fm - fa * fb).sqrt();
        if root == 0.0 || (b - a).abs() <= tolerance {
            return m;
        }
        let x = m + (m - a) * (fa - fb).signum() * fm / root;
        let fx = f(x);
        if fx == 0.0 {
            return x;
        }
        if fm * fx < 0.0 {
            (a, fa) = (m, fm);
            (b, fb) = (x, fx);
        } else if fa * fx < 0.0 {
            (b, fb) = (x, fx);
        } else {
            (a, fa) = (x, fx);
        }
    }
    0.5 * (a + b)
}
