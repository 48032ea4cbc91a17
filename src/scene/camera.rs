//! Where a picture is taken from: a value made of numbers that were checked when it was made.

use super::projection::{
    Axes, ClipSpace, Mat4, check_aspect, check_clip, check_fov, orthographic, perspective_unchecked,
};
use super::vector::{
    Vec3, add_scaled, cross, direction_deg, dot, is_finite, length, scale, sin_cos_deg, sub,
};
use crate::error::{Error, Result};

/// Near plane of a projection that was given none, as a share of the distance to the target.
const DEFAULT_NEAR: f64 = 1e-3;
/// Depth range of a map's projection that was given none, metres either side of z = 0.
const DEFAULT_MAP_DEPTH: f64 = 1e5;

/// How a camera was made: its parameters, in world metres and degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// [`Camera::look_at`].
    LookAt {
        /// Place of the eye.
        eye: Vec3,
        /// Point in the middle of the picture.
        target: Vec3,
        /// Upwards in the picture.
        up: Vec3,
        /// Vertical field of view, degrees.
        fov: f64,
    },
    /// [`Camera::orbit`], and what a [`Fit`](super::fit::Fit) gives.
    Orbit {
        /// Point in the middle of the picture.
        target: Vec3,
        /// From target to eye, metres.
        distance: f64,
        /// Compass bearing from which the target is seen, degrees.
        azimuth: f64,
        /// Eye above the target's horizon, degrees.
        altitude: f64,
        /// Vertical field of view, degrees.
        fov: f64,
    },
    /// [`Camera::map`].
    Map {
        /// (xmin, ymin, xmax, ymax) in metres; None: the DEM's footprint.
        bounds: Option<[f64; 4]>,
    },
}

/// A camera: perspective, or orthographic straight down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    kind: Kind,
    clip: Option<[f64; 2]>,
    eye: Vec3,
    axes: Axes,
}

/// Rays of a picture, affine in pixel coordinates: for the point (px, py) of the picture (centre of
/// the first pixel 0.5, 0.5; py down), `origin + px·origin_dx + py·origin_dy`, and the direction
/// likewise.
///
/// The direction is not normalised: its component along the view direction is 1, so that the ray
/// parameter is the view depth in metres. A perspective has one origin, the eye. A map has one
/// direction, (0, 0, −1), and its origins lie in the plane z = 0, so that depth = −z.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rays {
    /// Origin at (0, 0), the picture's upper left corner.
    pub origin: Vec3,
    /// Step of the origin per pixel to the right.
    pub origin_dx: Vec3,
    /// Step of the origin per pixel downwards.
    pub origin_dy: Vec3,
    /// Direction at (0, 0).
    pub direction: Vec3,
    /// Step of the direction per pixel to the right.
    pub direction_dx: Vec3,
    /// Step of the direction per pixel downwards.
    pub direction_dy: Vec3,
    /// Least depth seen; without clip planes 0, or −∞ for a map.
    pub near: f64,
    /// Greatest depth seen; without clip planes ∞.
    pub far: f64,
}

impl Rays {
    /// Origin, its steps right and down, direction, its steps.
    pub fn affine(&self) -> [Vec3; 6] {
        [
            self.origin,
            self.origin_dx,
            self.origin_dy,
            self.direction,
            self.direction_dx,
            self.direction_dy,
        ]
    }

    /// Where the ray through the picture's place `pixel` (the centre of pixel 0 is 0.5) is at
    /// parameter `depth`.
    pub fn at(&self, [px, py]: [f64; 2], depth: f64) -> Vec3 {
        let affine = |at: Vec3, dx: Vec3, dy: Vec3| add_scaled(add_scaled(at, px, dx), py, dy);
        let direction = affine(self.direction, self.direction_dx, self.direction_dy);
        add_scaled(affine(self.origin, self.origin_dx, self.origin_dy), depth, direction)
    }

    /// The place in the picture and the depth at which a point is seen; None behind the eye.
    pub fn project(&self, point: Vec3) -> Option<([f64; 2], f64)> {
        let parallel = self.direction_dx == [0.0; 3];
        let [dx, dy] = if parallel {
            [self.origin_dx, self.origin_dy]
        } else {
            [self.direction_dx, self.direction_dy]
        };
        // Cramer's rule for point − origin = depth · direction + a · dx + b · dy.
        let way = sub(point, self.origin);
        let determinant = dot(self.direction, cross(dx, dy));
        let depth = dot(way, cross(dx, dy)) / determinant;
        let a = dot(self.direction, cross(way, dy)) / determinant;
        let b = dot(self.direction, cross(dx, way)) / determinant;
        let place = if parallel { [a, b] } else { [a / depth, b / depth] };
        let seen = (parallel || depth > 0.0) && place.iter().all(|at| at.is_finite());
        seen.then_some((place, depth))
    }
}

impl Camera {
    /// An eye that looks at `target`, `up` pointing upwards in the picture; `fov` vertical,
    /// degrees.
    pub fn look_at(eye: Vec3, target: Vec3, up: Vec3, fov: f64) -> Result<Self> {
        let axes = Axes::looking(eye, target, up)?;
        check_fov(fov)?;
        Ok(Self { kind: Kind::LookAt { eye, target, up, fov }, clip: None, eye, axes })
    }

    /// An eye `distance` metres from `target`, on compass bearing `azimuth` as seen from there and
    /// `altitude` degrees above its horizon. At altitude ±90 north is upwards in the picture,
    /// whatever the azimuth.
    pub fn orbit(
        target: Vec3,
        distance: f64,
        azimuth: f64,
        altitude: f64,
        fov: f64,
    ) -> Result<Self> {
        if !is_finite(target) {
            return Err(Error::invalid(format!(
                "eye/target/up components must be finite; got target {target:?}; pass (x, y, z) in world metres"
            )));
        }
        if !(distance.is_finite() && distance > 0.0) {
            return Err(Error::invalid(format!(
                "distance must be finite and > 0; got {distance}; pass metres from target to eye"
            )));
        }
        check_direction(azimuth, altitude)?;
        check_fov(fov)?;
        let outwards = direction_deg(azimuth, altitude);
        let eye = add_scaled(target, distance, outwards);
        if !is_finite(eye) || sub(eye, target) == [0.0; 3] {
            return Err(Error::invalid(format!(
                "distance must be finite and > 0 beside the target's size; got distance {distance} from \
                 {target:?}; use coordinates near the DEM's centre"
            )));
        }
        let axes = orbit_axes(azimuth, altitude);
        Ok(Self {
            kind: Kind::Orbit { target, distance, azimuth, altitude, fov },
            clip: None,
            eye,
            axes,
        })
    }

    /// Orthographic, straight down, north up. `bounds` = (xmin, ymin, xmax, ymax) in world metres,
    /// stretched to the picture; None means the DEM's W·dx by H·dy footprint.
    pub fn map(bounds: Option<[f64; 4]>) -> Result<Self> {
        if let Some([xmin, ymin, xmax, ymax]) = bounds {
            let (width, height) = (xmax - xmin, ymax - ymin);
            if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
                return Err(Error::invalid(format!(
                    "bounds must be (xmin, ymin, xmax, ymax), finite, with xmin < xmax and ymin < ymax; got \
                     ({xmin}, {ymin}, {xmax}, {ymax}); pass world metres from the DEM's centre"
                )));
            }
        }
        let axes = Axes { right: [1.0, 0.0, 0.0], up: [0.0, 1.0, 0.0], forward: [0.0, 0.0, -1.0] };
        Ok(Self { kind: Kind::Map { bounds }, clip: None, eye: [0.0; 3], axes })
    }

    /// The same camera that sees only depths `near`..`far`, metres; for a map depth is −z, and any
    /// sign will do.
    pub fn with_clip(self, near: f64, far: f64) -> Result<Self> {
        if !self.is_map() {
            check_clip(near, far)?;
        } else if !(near.is_finite() && far.is_finite() && near < far) {
            return Err(Error::invalid(format!(
                "zfar must be finite and > znear; got zfar {far} with znear {near}; a map's depth is -z in metres"
            )));
        }
        Ok(Self { clip: Some([near, far]), ..self })
    }

    /// The parameters it was made from.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Clip planes, where it has them.
    pub fn clip(&self) -> Option<[f64; 2]> {
        self.clip
    }

    /// Is it [`Camera::map`]'s?
    pub fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map { .. })
    }

    /// Place of the eye; the origin for a map.
    pub fn eye(&self) -> Vec3 {
        self.eye
    }

    /// Right, up and forward.
    pub fn axes(&self) -> Axes {
        self.axes
    }

    /// View matrix. A map's is the identity: its eye is in the plane z = 0.
    pub fn view(&self) -> Mat4 {
        self.axes.view(self.eye)
    }

    /// Projection for a picture of width / height = `aspect`.
    ///
    /// Without clip planes a perspective's near plane is a thousandth of the distance to the target
    /// and its far plane infinite; a map's are 100 km above and below z = 0. A map is stretched, so
    /// its aspect is only checked.
    pub fn projection(&self, aspect: f64, clip: ClipSpace) -> Result<Mat4> {
        check_aspect(aspect)?;
        let (fov, distance) = match self.kind {
            Kind::LookAt { eye, target, fov, .. } => (fov, length(sub(target, eye))),
            Kind::Orbit { distance, fov, .. } => (fov, distance),
            Kind::Map { bounds } => {
                let bounds = bounds.ok_or_else(|| {
                    Error::invalid(
                        "a map camera's projection needs its bounds; expected Camera.map(bounds), got a map of \
                         whatever DEM it is used with; pass bounds=(xmin, ymin, xmax, ymax)",
                    )
                })?;
                let [near, far] = self.clip.unwrap_or([-DEFAULT_MAP_DEPTH, DEFAULT_MAP_DEPTH]);
                return Ok(orthographic(bounds, near, far, clip));
            }
        };
        let [near, far] = self.clip.unwrap_or([DEFAULT_NEAR * distance, f64::INFINITY]);
        Ok(perspective_unchecked(fov, aspect, near, far, clip))
    }

    /// Rays of a picture of `size` (width, height) pixels over a DEM whose footprint is (W·dx,
    /// H·dy) metres.
    ///
    /// A map without bounds and with `size` = (W, H) has its pixel centres on the samples: exactly
    /// so where the spacing has few bits (30, 0.25, ...), else within an ulp or two of the
    /// footprint.
    pub fn rays(&self, size: [u32; 2], footprint: [f64; 2]) -> Rays {
        let [width, height] = size.map(|pixels| f64::from(pixels.max(1)));
        let fov = match self.kind {
            Kind::LookAt { fov, .. } | Kind::Orbit { fov, .. } => fov,
            Kind::Map { bounds } => return self.map_rays(bounds, [width, height], footprint),
        };
        let half = (fov.to_radians() / 2.0).tan();
        let pixel = 2.0 * half / height;
        let corner = add_scaled(self.axes.forward, -half * width / height, self.axes.right);
        let [near, far] = self.clip.unwrap_or([0.0, f64::INFINITY]);
        Rays {
            origin: self.eye,
            origin_dx: [0.0; 3],
            origin_dy: [0.0; 3],
            direction: add_scaled(corner, half, self.axes.up),
            direction_dx: scale(pixel, self.axes.right),
            direction_dy: scale(-pixel, self.axes.up),
            near,
            far,
        }
    }

    fn map_rays(&self, bounds: Option<[f64; 4]>, size: [f64; 2], footprint: [f64; 2]) -> Rays {
        let [x, y] = footprint.map(|extent| extent / 2.0);
        let [xmin, ymin, xmax, ymax] = bounds.unwrap_or([-x, -y, x, y]);
        let [near, far] = self.clip.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        Rays {
            origin: [xmin, ymax, 0.0],
            origin_dx: [(xmax - xmin) / size[0], 0.0, 0.0],
            origin_dy: [0.0, (ymin - ymax) / size[1], 0.0],
            direction: [0.0, 0.0, -1.0],
            direction_dx: [0.0; 3],
            direction_dy: [0.0; 3],
            near,
            far,
        }
    }
}

/// Axes of an eye on bearing `azimuth`, `altitude` above the horizon, that looks at the centre, z
/// up.
///
/// right = forward × z = (−cos az, sin az, 0) at any altitude. Straight up or down no bearing is
/// left of the view, so north is taken for up, which is the picture from the south.
pub(super) fn orbit_axes(azimuth: f64, altitude: f64) -> Axes {
    let (sin_altitude, cos_altitude) = sin_cos_deg(altitude);
    let (sin_azimuth, cos_azimuth) = if cos_altitude == 0.0 {
        // Seen from below, north up puts east to the left.
        (0.0, -sin_altitude)
    } else {
        sin_cos_deg(azimuth)
    };
    let clean = |v: Vec3| v.map(|component| component + 0.0);
    let up = if cos_altitude == 0.0 {
        [0.0, 1.0, 0.0]
    } else {
        clean([-sin_altitude * sin_azimuth, -sin_altitude * cos_azimuth, cos_altitude])
    };
    Axes {
        right: clean([-cos_azimuth, sin_azimuth, 0.0]),
        up,
        forward: clean([-cos_altitude * sin_azimuth, -cos_altitude * cos_azimuth, -sin_altitude]),
    }
}

/// Azimuth and altitude, degrees.
pub(super) fn check_direction(azimuth: f64, altitude: f64) -> Result<()> {
    if !azimuth.is_finite() {
        return Err(Error::invalid(format!(
            "azimuth must be finite; got {azimuth}; pass the compass bearing in degrees from which the target is seen"
        )));
    }
    if !(altitude.is_finite() && (-90.0..=90.0).contains(&altitude)) {
        return Err(Error::invalid(format!(
            "altitude must be finite and in -90..90; got {altitude}; pass degrees above the horizon, 90 for straight down"
        )));
    }
    Ok(())
}

#[cfg(test)]
#[path = "camera_tests.rs"]
mod tests;
