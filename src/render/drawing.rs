//! A finished drawing, and the camera of one that names none.

use super::{AovValues, Frame, ShownLabel};
use crate::error::Result;
use crate::scene::{Camera, Heightfield, View};

/// A picture with all that was asked for, and what it is of.
pub struct Drawing {
    /// Pixels and depths.
    pub frame: Frame,
    /// The arrays asked for.
    pub aovs: Vec<AovValues>,
    /// What was drawn.
    pub view: View,
    /// (W·dx, H·dy) of the terrain in metres.
    pub footprint: [f64; 2],
    /// The labels that are on it.
    pub labels: Vec<ShownLabel>,
}

/// Azimuth, altitude and field of view of the camera that is used when none is set.
const DEFAULT_FIT: [f64; 3] = [225.0, 35.0, 35.0];

/// The camera that has all of `field` in frame.
pub fn fitting_camera(field: &Heightfield, azimuth: Option<f64>) -> Result<Camera> {
    let [usual, altitude, fov] = DEFAULT_FIT;
    let azimuth = azimuth.unwrap_or(usual);
    let heights = field.range().unwrap_or([0.0; 2]).map(|height| f64::from(height) * field.exaggeration());
    Camera::fit(field.columns(), field.rows(), field.spacing(), heights, azimuth, altitude, fov)
}
