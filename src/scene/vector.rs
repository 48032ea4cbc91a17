//! Three numbers at a time, in f64, and angles in degrees that are exact where they can be.

/// x, y, z.
pub type Vec3 = [f64; 3];

/// a · b.
pub fn dot(a: Vec3, b: Vec3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// a × b, right-handed.
pub fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// a − b.
pub fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// a + s·b.
pub fn add_scaled(a: Vec3, s: f64, b: Vec3) -> Vec3 {
    [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]]
}

/// s·a, without negative zeros.
pub fn scale(s: f64, a: Vec3) -> Vec3 {
    a.map(|component| s * component + 0.0)
}

/// Length of `a`; infinite only where the length itself is beyond f64.
pub fn length(a: Vec3) -> f64 {
    let largest = a.iter().fold(0.0_f64, |most, component| most.max(component.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let unit = a.map(|component| component / largest);
    largest * dot(unit, unit).sqrt()
}

/// `a` at length 1; None where it has no direction. Axis-parallel input gives exact zeros and ones.
pub fn normalized(a: Vec3) -> Option<Vec3> {
    let largest = a.iter().fold(0.0_f64, |most, component| most.max(component.abs()));
    if largest == 0.0 || !largest.is_finite() || a.iter().any(|component| component.is_nan()) {
        return None;
    }
    let unit = a.map(|component| component / largest);
    let norm = dot(unit, unit).sqrt();
    Some(unit.map(|component| component / norm + 0.0))
}

/// Are all components finite?
pub fn is_finite(a: Vec3) -> bool {
    a.iter().all(|component| component.is_finite())
}

/// Sine and cosine of an angle in degrees; exactly 0 and ±1 at multiples of 90.
///
/// The reduction to −45..=45 is exact, so the result is within 1 ulp or so of the truth at any
/// finite angle.
pub fn sin_cos_deg(angle: f64) -> (f64, f64) {
    let turn = angle % 360.0;
    let quadrant = (turn / 90.0).round();
    let (sin, cos) = (turn - 90.0 * quadrant).to_radians().sin_cos();
    let (sin, cos) = match (quadrant as i32).rem_euclid(4) {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    };
    (sin + 0.0, cos + 0.0)
}

/// Unit vector towards compass bearing `azimuth`, `altitude` above the horizon (degrees):
/// (cos alt · sin az, cos alt · cos az, sin alt).
pub fn direction_deg(azimuth: f64, altitude: f64) -> Vec3 {
    let (sin_azimuth, cos_azimuth) = sin_cos_deg(azimuth);
    let (sin_altitude, cos_altitude) = sin_cos_deg(altitude);
    [cos_altitude * sin_azimuth + 0.0, cos_altitude * cos_azimuth + 0.0, sin_altitude]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_angles_are_exact() {
        for turns in [-4.0, -1.0, 0.0, 1.0, 3.0, 1e6] {
            let base = turns * 360.0;
            assert_eq!(sin_cos_deg(base), (0.0, 1.0));
            assert_eq!(sin_cos_deg(base + 90.0), (1.0, 0.0));
            assert_eq!(sin_cos_deg(base + 180.0), (0.0, -1.0));
            assert_eq!(sin_cos_deg(base + 270.0), (-1.0, 0.0));
        }
        for angle in [90.0, 180.0, 270.0, 360.0] {
            let (sin, cos) = sin_cos_deg(angle);
            assert!(sin.to_bits() != (-0.0_f64).to_bits() && cos.to_bits() != (-0.0_f64).to_bits());
        }
    }

    #[test]
    fn other_angles_agree_with_libm() {
        for step in -720..720 {
            let angle = f64::from(step) * 0.77;
            let (sin, cos) = sin_cos_deg(angle);
            assert!((sin - angle.to_radians().sin()).abs() < 4e-15);
            assert!((cos - angle.to_radians().cos()).abs() < 4e-15);
        }
    }

    #[test]
    fn lengths_survive_extremes() {
        assert!((length([3e200, 4e200, 0.0]) / 5e200 - 1.0).abs() < 1e-15);
        assert!((length([3e-200, 0.0, 4e-200]) / 5e-200 - 1.0).abs() < 1e-15);
        assert_eq!(length([0.0, -7.0, 0.0]), 7.0);
        assert_eq!(normalized([0.0, 0.0, -7.0]), Some([0.0, 0.0, -1.0]));
        assert_eq!(normalized([0.0; 3]), None);
        assert_eq!(normalized([f64::NAN, 1.0, 0.0]), None);
    }

    #[test]
    fn directions_are_compass_bearings() {
        assert_eq!(direction_deg(0.0, 0.0), [0.0, 1.0, 0.0]);
        assert_eq!(direction_deg(90.0, 0.0), [1.0, 0.0, 0.0]);
        assert_eq!(direction_deg(225.0, 90.0), [0.0, 0.0, 1.0]);
        let half = 0.5_f64.sqrt();
        let northwest = direction_deg(315.0, 45.0);
        for (got, expected) in northwest.iter().zip([-0.5, 0.5, half]) {
            assert!((got - expected).abs() < 1e-15);
        }
    }
}
