//! A solid block under the ground: walls and a floor.

use crate::error::{Error, Result};
use crate::scene::colour::{Rgb, check_colour};

/// Depth of the block below the DEM's least height where none is given: a share of the height
/// range, ...
const DEPTH_OF_RANGE: f64 = 0.2;
/// ... and at least a share of the DEM's longer side, so that level ground stands on a slab and not
/// on paper.
const DEPTH_OF_SIDE: f64 = 0.03;

/// The block that the ground is the top of. Holes go right through it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Base {
    /// From the DEM's least height down to the floor, in the DEM's own heights, > 0; None: derived
    /// from the DEM.
    pub depth_m: Option<f64>,
    /// sRGB of walls and floor.
    pub colour: Rgb,
}

impl Default for Base {
    fn default() -> Self {
        Self { depth_m: None, colour: [0.60, 0.53, 0.46] }
    }
}

impl Base {
    /// Checks every field's range.
    pub fn validate(&self) -> Result<()> {
        if let Some(depth) = self.depth_m
            && !(depth > 0.0 && depth <= f64::from(f32::MAX))
        {
            return Err(Error::invalid(format!(
                "depth must be finite and > 0; got {depth}; pass the DEM's own heights between its lowest point and the floor, \
                 or None"
            )));
        }
        check_colour(self.colour, "colour")
    }

    /// Height of the floor for a DEM whose heights are in `range` and whose longer side is `side`
    /// of those heights long.
    pub fn floor(&self, range: [f64; 2], side: f64) -> f64 {
        let derived = (DEPTH_OF_RANGE * (range[1] - range[0])).max(DEPTH_OF_SIDE * side);
        range[0] - self.depth_m.unwrap_or(derived)
    }
}
