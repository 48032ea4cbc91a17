//! 4 x 4 matrices, row-major, for column vectors: clip = projection · view · world.
//!
//! View space looks along −z with y up. Clip y is up in every clip space; they differ in z alone.

use super::vector::{Vec3, cross, dot, is_finite, normalized, sub};
use crate::error::{Error, Result, cut_short};

/// Row-major, for column vectors.
pub type Mat4 = [[f64; 4]; 4];

/// Range of clip z / w between the clip planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClipSpace {
    /// 0 at near, 1 at far; also Vulkan's.
    Wgpu,
    /// −1 at near, 1 at far.
    Gl,
}

impl ClipSpace {
    /// `"wgpu"` (alias `"vulkan"`) or `"gl"`.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "wgpu" | "vulkan" => Ok(Self::Wgpu),
            "gl" => Ok(Self::Gl),
            _ => Err(Error::invalid(format!(
                "clip_space must be 'wgpu' or 'gl'; got '{}'; pass clip_space=\"wgpu\" for z in 0..1 or \
                 clip_space=\"gl\" for z in -1..1",
                cut_short(name)
            ))),
        }
    }
}

/// Right, up and forward of an eye: unit vectors, mutually perpendicular.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axes {
    /// To the right in the picture.
    pub right: Vec3,
    /// Upwards in the picture.
    pub up: Vec3,
    /// Into the picture.
    pub forward: Vec3,
}

impl Axes {
    /// Axes of an eye that looks at `target`, `up` pointing upwards in the picture.
    pub fn looking(eye: Vec3, target: Vec3, up: Vec3) -> Result<Self> {
        if !(is_finite(eye) && is_finite(target) && is_finite(up) && is_finite(sub(target, eye))) {
            return Err(Error::invalid(format!(
                "eye/target/up components must be finite; got eye {eye:?}, target {target:?}, up {up:?}; \
                 pass three numbers of ordinary size for each"
            )));
        }
        let colinear = || {
            Error::invalid(format!(
                "up vector must not be colinear with view direction; got up {up:?} looking from {eye:?} to \
                 {target:?}; keep eye and target apart, and pass up=(0, 1, 0) to look straight down"
            ))
        };
        let forward = normalized(sub(target, eye)).ok_or_else(colinear)?;
        let side = cross(forward, normalized(up).ok_or_else(colinear)?);
        // Below this sine the side vector is mostly rounding error of its two factors.
        if dot(side, side) < 1e-20 {
            return Err(colinear());
        }
        let right = normalized(side).ok_or_else(colinear)?;
        let up = normalized(cross(right, forward)).ok_or_else(colinear)?;
        Ok(Self { right, up, forward })
    }

    /// View matrix of an eye with these axes.
    pub fn view(&self, eye: Vec3) -> Mat4 {
        let row = |axis: Vec3| [axis[0], axis[1], axis[2], 0.0 - dot(axis, eye)];
        let back = self.forward.map(|component| 0.0 - component);
        [row(self.right), row(self.up), row(back), [0.0, 0.0, 0.0, 1.0]]
    }
}

/// `fovy_deg`, checked.
pub fn check_fov(fovy_deg: f64) -> Result<f64> {
    if fovy_deg.is_finite() && fovy_deg > 0.0 && fovy_deg < 180.0 {
        return Ok(fovy_deg);
    }
    Err(Error::invalid(format!(
        "fovy_deg must be finite and in (0, 180); got {fovy_deg}; pass the vertical field of view in degrees, e.g. 35"
    )))
}

/// Clip planes of a perspective, checked; `far` may be infinite where the caller says so.
pub fn check_clip(near: f64, far: f64) -> Result<()> {
    if !(near.is_finite() && near > 0.0) {
        return Err(Error::invalid(format!(
            "znear must be finite and > 0; got {near}; pass a distance from the eye in metres, e.g. 0.1"
        )));
    }
    if !(far.is_finite() && far > near) {
        return Err(Error::invalid(format!(
            "zfar must be finite and > znear; got zfar {far} with znear {near}; pass a distance beyond znear"
        )));
    }
    Ok(())
}

/// `aspect` (width / height), checked.
pub fn check_aspect(aspect: f64) -> Result<f64> {
    if aspect.is_finite() && aspect > 0.0 {
        return Ok(aspect);
    }
    Err(Error::invalid(format!(
        "aspect must be finite and > 0; got {aspect}; pass width / height of the picture"
    )))
}

/// View matrix: `gluLookAt`'s.
pub fn look_at(eye: Vec3, target: Vec3, up: Vec3) -> Result<Mat4> {
    Ok(Axes::looking(eye, target, up)?.view(eye))
}

/// Perspective projection with all parameters checked: `gluPerspective`'s, or its twin with z in
/// 0..1.
pub fn perspective(
    fovy_deg: f64,
    aspect: f64,
    near: f64,
    far: f64,
    clip: ClipSpace,
) -> Result<Mat4> {
    check_fov(fovy_deg)?;
    check_aspect(aspect)?;
    check_clip(near, far)?;
    Ok(perspective_unchecked(fovy_deg, aspect, near, far, clip))
}

/// [`perspective`] of checked parameters; `far` may be infinite.
pub fn perspective_unchecked(
    fovy_deg: f64,
    aspect: f64,
    near: f64,
    far: f64,
    clip: ClipSpace,
) -> Mat4 {
    let focal = 1.0 / (fovy_deg.to_radians() / 2.0).tan();
    // 1 / (1 − far/near ...) written with near/far, which is 0 for an infinite far plane.
    let ratio = near / far;
    let (scale, offset) = match clip {
        ClipSpace::Wgpu => (1.0 / (ratio - 1.0), near / (ratio - 1.0)),
        ClipSpace::Gl => ((1.0 + ratio) / (ratio - 1.0), 2.0 * near / (ratio - 1.0)),
    };
    [
        [focal / aspect, 0.0, 0.0, 0.0],
        [0.0, focal, 0.0, 0.0],
        [0.0, 0.0, scale, offset],
        [0.0, 0.0, -1.0, 0.0],
    ]
}

/// Orthographic projection of the view-space rectangle `bounds` = (xmin, ymin, xmax, ymax), depths
/// near..far.
pub fn orthographic(bounds: [f64; 4], near: f64, far: f64, clip: ClipSpace) -> Mat4 {
    let [left, bottom, right, top] = bounds;
    let depth = near - far;
    let (scale, offset) = match clip {
        ClipSpace::Wgpu => (1.0 / depth, near / depth),
        ClipSpace::Gl => (2.0 / depth, (near + far) / depth),
    };
    [
        [2.0 / (right - left), 0.0, 0.0, -(right + left) / (right - left) + 0.0],
        [0.0, 2.0 / (top - bottom), 0.0, -(top + bottom) / (top - bottom) + 0.0],
        [0.0, 0.0, scale, offset + 0.0],
        [0.0, 0.0, 0.0, 1.0],
    ]
}

/// a · b.
pub fn multiply(a: &Mat4, b: &Mat4) -> Mat4 {
    let mut product = [[0.0; 4]; 4];
    for (row, left) in product.iter_mut().zip(a) {
        for (column, cell) in row.iter_mut().enumerate() {
            *cell = left.iter().zip(b).map(|(factor, other)| factor * other[column]).sum();
        }
    }
    product
}

/// m · p, all four clip coordinates.
pub fn transform(m: &Mat4, p: Vec3) -> [f64; 4] {
    m.map(|row| row[0] * p[0] + row[1] * p[1] + row[2] * p[2] + row[3])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn depth(m: &Mat4, z: f64) -> f64 {
        let clip = transform(m, [0.0, 0.0, -z]);
        clip[2] / clip[3]
    }

    #[test]
    fn clip_planes_map_to_their_ends() {
        for (clip, near_end) in [(ClipSpace::Wgpu, 0.0), (ClipSpace::Gl, -1.0)] {
            let m = perspective(60.0, 1.5, 0.5, 100.0, clip).unwrap();
            assert!((depth(&m, 0.5) - near_end).abs() < 1e-12);
            assert!((depth(&m, 100.0) - 1.0).abs() < 1e-12);
            let o = orthographic([-2.0, -1.0, 4.0, 3.0], -5.0, 7.0, clip);
            assert!((depth(&o, -5.0) - near_end).abs() < 1e-12);
            assert!((depth(&o, 7.0) - 1.0).abs() < 1e-12);
            assert_eq!(transform(&o, [4.0, 3.0, 0.0])[..2], [1.0, 1.0]);
            assert_eq!(transform(&o, [-2.0, -1.0, 0.0])[..2], [-1.0, -1.0]);
        }
    }

    #[test]
    fn matches_the_textbook() {
        let m = perspective(90.0, 2.0, 1.0, 3.0, ClipSpace::Wgpu).unwrap();
        assert!((m[0][0] - 0.5).abs() < 1e-15 && (m[1][1] - 1.0).abs() < 1e-15);
        assert!((m[2][2] - 3.0 / -2.0).abs() < 1e-15 && (m[2][3] - 3.0 / -2.0).abs() < 1e-15);
        let g = perspective(90.0, 2.0, 1.0, 3.0, ClipSpace::Gl).unwrap();
        assert!((g[2][2] - 4.0 / -2.0).abs() < 1e-15 && (g[2][3] - 6.0 / -2.0).abs() < 1e-15);
        let infinite = perspective_unchecked(90.0, 1.0, 1.0, f64::INFINITY, ClipSpace::Wgpu);
        assert_eq!(infinite[2], [0.0, 0.0, -1.0, -1.0]);
    }

    #[test]
    fn view_puts_the_target_ahead() {
        let view = look_at([3.0, -4.0, 5.0], [1.0, 2.0, 3.0], [0.0, 0.0, 1.0]).unwrap();
        let eye = transform(&view, [3.0, -4.0, 5.0]);
        let target = transform(&view, [1.0, 2.0, 3.0]);
        assert!(eye.iter().take(3).all(|component| component.abs() < 1e-12));
        assert!(target[0].abs() < 1e-12 && target[1].abs() < 1e-12);
        assert!((target[2] + 44.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn nadir_view_is_exact() {
        let view = look_at([2.0, 3.0, 10.0], [2.0, 3.0, 0.0], [0.0, 1.0, 0.0]).unwrap();
        assert_eq!(
            view,
            [
                [1.0, 0.0, 0.0, -2.0],
                [0.0, 1.0, 0.0, -3.0],
                [0.0, 0.0, 1.0, -10.0],
                [0.0, 0.0, 0.0, 1.0]
            ]
        );
    }

    #[test]
    fn product_applies_right_factor_first() {
        let a = [
            [2.0, 0.0, 0.0, 0.0],
            [0.0, 2.0, 0.0, 0.0],
            [0.0, 0.0, 2.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ];
        let b = [
            [1.0, 0.0, 0.0, 5.0],
            [0.0, 1.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 0.0],
            [0.0, 0.0, 0.0, 1.0],
        ];
        assert_eq!(transform(&multiply(&a, &b), [1.0, 0.0, 0.0])[0], 12.0);
    }

    #[test]
    fn messages_begin_as_documented() {
        let starts = |result: Result<Mat4>, text: &str| {
            let message = result.unwrap_err().to_string();
            assert!(message.starts_with(text), "{message}");
        };
        let p = |fov, aspect, near, far| perspective(fov, aspect, near, far, ClipSpace::Wgpu);
        for fov in [0.0, 180.0, -1.0, f64::NAN, f64::INFINITY] {
            starts(p(fov, 1.0, 0.1, 1.0), "fovy_deg must be finite and in (0, 180)");
        }
        starts(p(45.0, 0.0, 0.1, 1.0), "aspect must be finite and > 0");
        starts(p(45.0, 1.0, 0.0, 1.0), "znear must be finite and > 0");
        starts(p(45.0, 1.0, 1.0, 1.0), "zfar must be finite and > znear");
        starts(p(45.0, 1.0, 1.0, f64::INFINITY), "zfar must be finite and > znear");
        let up = [0.0, 0.0, 1.0];
        starts(
            look_at([f64::NAN, 0.0, 0.0], [0.0; 3], up),
            "eye/target/up components must be finite",
        );
        starts(
            look_at([1e308, 0.0, 0.0], [-1e308, 0.0, 0.0], up),
            "eye/target/up components must be finite",
        );
        starts(
            look_at([0.0, 0.0, 5.0], [0.0; 3], up),
            "up vector must not be colinear with view direction",
        );
        starts(
            look_at([0.0; 3], [0.0; 3], up),
            "up vector must not be colinear with view direction",
        );
        starts(
            look_at([1.0; 3], [0.0; 3], [0.0; 3]),
            "up vector must not be colinear with view direction",
        );
        let message = ClipSpace::parse("d3d").unwrap_err().to_string();
        assert!(message.starts_with("clip_space must be 'wgpu' or 'gl'; got 'd3d'"), "{message}");
        assert_eq!(ClipSpace::parse("vulkan").unwrap(), ClipSpace::Wgpu);
    }
}
