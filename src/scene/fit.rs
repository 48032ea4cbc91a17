//! A camera that is to have a DEM in frame, before it is known of what shape the picture is.
//!
//! With the eye's axes given, the eye's place is exact: that a point is in frame is four linear
//! conditions on the place,
//! |p·right − x| <= reach·depth and |p·up − y| <= reach·depth. The pair that needs the greater
//! distance decides it, and the other direction is centred. Only a few points of the ground can
//! decide either: corners of what it is, seen from above the picture (right, forward) and from
//! beside it (up, forward).

use super::camera::{Camera, check_direction, orbit_axes};
use super::outline::Outline;
use super::projection::{Axes, check_aspect, check_fov};
use super::vector::{Vec3, add_scaled, dot, length, scale};
use crate::error::{Error, Result};

/// Share of the frame that the ground fills, in the direction in which it fills more.
const FILL: f64 = 0.97;
/// Least depth of the ground, as a share of its size.
const NEAREST: f64 = 1e-3;
/// What two points may leave out between them, as a share of the DEM's size.
const TOLERANCE: f64 = 1e-4;
/// Turns after which a place in the frame is found to the last bit.
const HALVINGS: usize = 64;

/// What of a DEM decides how far off a camera has to be, and from where it looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Compass bearing from which the DEM is seen, degrees.
    pub azimuth: f64,
    /// Eye above the horizon, degrees.
    pub altitude: f64,
    /// Vertical field of view, degrees.
    pub fov: f64,
    /// Half the DEM's length and width, metres.
    pub half: [f64; 2],
    /// Least and greatest z of the ground.
    pub range: [f64; 2],
    /// Points of the ground, or a little outside, that may be at the frame's edge.
    pub points: Vec<Vec3>,
    /// The same where holes are painted as ground; empty where that makes no difference.
    pub painted: Vec<Vec3>,
    /// Corners of a convex polygon round the ground, seen from above.
    pub footprint: Vec<[f64; 2]>,
}

/// What a picture shows beside a DEM's surface.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'s> {
    /// z of the floor on which its walls stand.
    pub floor: Option<f64>,
    /// z of water.
    pub water: Option<f64>,
    /// Are holes drawn as ground?
    pub painted: bool,
    /// Corners of things over the ground.
    pub things: &'s [Vec3],
}

impl Fit {
    /// The whole of a DEM, from compass bearing `azimuth` and `altitude` above its horizon,
    /// degrees.
    pub fn new(
        outline: &Outline,
        spacing: [f64; 2],
        exaggeration: f64,
        [azimuth, altitude, fov]: [f64; 3],
    ) -> Result<Self> {
        let half = outline.half(spacing);
        let ends = outline.range().unwrap_or([0.0; 2]);
        if !ends.iter().all(|height| height.is_finite()) {
            return Err(Error::invalid(format!(
                "dem must be finite in float32, or NaN where there is no ground; got heights from {} to {}; replace infinite \
                 ones with NaN",
                ends[0], ends[1]
            )));
        }
        let range = ends.map(|height| f64::from(height) * exaggeration);
        let footprint = convex(outline.rims(spacing));
        let [points, painted] = [Vec::new(), Vec::new()];
        let empty =
            Self { azimuth, altitude, fov, half, range, points, painted, footprint }.checked()?;
        let axes = orbit_axes(azimuth, altitude);
        let points = |outline: &Outline| -> Vec<Vec3> {
            let farthest = |direction| outline.farthest(direction, spacing, exaggeration);
            let front = |side| front(side, axes.forward, TOLERANCE * empty.size(), farthest);
            [axes.right, axes.up].into_iter().flat_map(front).collect()
        };
        let painted = outline.painted()?.map(|outline| points(&outline)).unwrap_or_default();
        let mut points = points(outline);
        if points.is_empty() {
            points.extend(empty.corners().map(|[x, y]| [x, y, 0.0]));
        }
        Ok(Self { points, painted, ..empty })
    }

    /// The same, if all its numbers are such as [`Fit::new`] makes.
    pub fn checked(self) -> Result<Self> {
        check_direction(self.azimuth, self.altitude)?;
        check_fov(self.fov)?;
        let size = self.size();
        let numbers = self
            .points
            .iter()
            .chain(&self.painted)
            .flatten()
            .chain(self.footprint.iter().flatten());
        let finite = numbers.chain(&self.range).all(|number| number.is_finite());
        if !(finite && size.is_finite() && self.half.iter().all(|half| *half > 0.0)) {
            return Err(Error::invalid(format!(
                "the DEM's box must be finite and not empty; expected spacing > 0 and finite heights, got {:?} metres each way \
                 from its middle and heights {:?}; check spacing and vert_exag",
                self.half, self.range
            )));
        }
        Ok(self)
    }

    /// The camera for pictures of width / height = `aspect`.
    pub fn camera(&self, aspect: f64, surroundings: &Surroundings<'_>) -> Result<Camera> {
        check_aspect(aspect)?;
        let axes = orbit_axes(self.azimuth, self.altitude);
        let seen = self.seen(&axes, surroundings);
        let reach = FILL * (self.fov.to_radians() / 2.0).tan();
        let most =
            |value: &dyn Fn(&Vec3) -> f64| seen.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
        let nearest = -most(&|point| -point[2]);
        let mut eye = nearest - NEAREST * self.size();
        for (side, reach) in [reach * aspect, reach].into_iter().enumerate() {
            let ends = most(&|p| p[side] - reach * p[2]) + most(&|p| -p[side] - reach * p[2]);
            eye = eye.min(-ends / (2.0 * reach));
        }
        let [x, y] = [0, 1].map(|side| centre(&seen, side, eye));
        let middle = nearest / 2.0 + most(&|point| point[2]) / 2.0;
        let target = add_scaled(add_scaled(scale(x, axes.right), y, axes.up), middle, axes.forward);
        Camera::orbit(target, middle - eye, self.azimuth, self.altitude, self.fov)
    }

    /// Every point that may be at the frame's edge, along right, up and forward.
    fn seen(&self, axes: &Axes, surroundings: &Surroundings<'_>) -> Vec<Vec3> {
        let corners = self.corners();
        let painted = surroundings.painted && !self.painted.is_empty();
        let (mut points, footprint) = if painted {
            (self.painted.clone(), corners.as_slice())
        } else {
            (self.points.clone(), self.footprint.as_slice())
        };
        let water = surroundings.water.filter(|level| *level > self.range[0]);
        for z in [surroundings.floor, water].into_iter().flatten() {
            points.extend(footprint.iter().map(|[x, y]| [*x, *y, z]));
        }
        let farthest = |direction: Vec3| {
            let along = |point: &&Vec3| dot(**point, direction);
            let things = surroundings.things.iter();
            things.max_by(|a, b| along(a).total_cmp(&along(b))).copied()
        };
        for side in [axes.right, axes.up] {
            points.extend(front(side, axes.forward, TOLERANCE * self.size(), farthest));
        }
        points
            .iter()
            .map(|p| [dot(*p, axes.right), dot(*p, axes.up), dot(*p, axes.forward)])
            .collect()
    }

    fn corners(&self) -> [[f64; 2]; 4] {
        let [x, y] = self.half;
        [[-x, -y], [x, -y], [x, y], [-x, y]]
    }

    fn size(&self) -> f64 {
        length([self.half[0], self.half[1], (self.range[1] - self.range[0]) / 2.0])
    }
}

/// Where along `side` an eye at depth `eye` has to be, so that as much is free on the one side of
/// the frame as on the other.
fn centre(seen: &[Vec3], side: usize, eye: f64) -> f64 {
    let most =
        |value: &dyn Fn(&Vec3) -> f64| seen.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
    let (mut low, mut high) = (-most(&|p| -p[side]), most(&|p| p[side]));
    for _ in 0..HALVINGS {
        let middle = low / 2.0 + high / 2.0;
        let slope = |point: &Vec3| (point[side] - middle) / (point[2] - eye);
        if most(&slope) > most(&|point| -slope(point)) { low = middle } else { high = middle }
    }
    low / 2.0 + high / 2.0
}

/// Corners of what lies before the eye, in the plane of `side` and `forward`, found by the farthest
/// point in one direction after another.
fn front(
    side: Vec3,
    forward: Vec3,
    tolerance: f64,
    farthest: impl Fn(Vec3) -> Option<Vec3>,
) -> Vec<Vec3> {
    let mut points = Vec::new();
    let [Some(first), Some(last)] = [1.0, -1.0].map(|sign| farthest(scale(sign, side))) else {
        return points;
    };
    points.push(first);
    let mut edges = vec![[first, last]];
    while let Some([from, to]) = edges.pop() {
        let along = |point: Vec3, axis: Vec3| dot(point, axis) - dot(from, axis);
        let [across, deeper] = [along(to, side), along(to, forward)];
        let span = across.hypot(deeper);
        let outwards =
            |point: Vec3| (across * along(point, forward) - deeper * along(point, side)) / span;
        let direction = add_scaled(scale(across, forward), -deeper, side);
        match farthest(direction) {
            Some(between) if outwards(between) > tolerance => {
                edges.extend([[between, to], [from, between]])
            }
            _ => points.push(to),
        }
    }
    points
}

/// The convex polygon round `points`, by Andrew's monotone chains.
pub fn convex(mut points: Vec<[f64; 2]>) -> Vec<[f64; 2]> {
    points.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    points.dedup();
    let chain = |points: &mut dyn Iterator<Item = [f64; 2]>| {
        let mut chain: Vec<[f64; 2]> = Vec::new();
        for point in points {
            while let [.., a, b] = chain.as_slice()
                && (b[0] - a[0]) * (point[1] - a[1]) <= (b[1] - a[1]) * (point[0] - a[0])
            {
                chain.pop();
            }
            chain.push(point);
        }
        chain
    };
    let mut polygon = chain(&mut points.iter().copied());
    polygon.pop();
    polygon.extend(chain(&mut points.iter().rev().copied()));
    polygon.pop();
    polygon
}
