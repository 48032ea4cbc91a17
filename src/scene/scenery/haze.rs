//! Air that is not quite clear.

use crate::error::{Error, Result};
use crate::scene::colour::{Rgb, check_colour};

/// Visibility where none is given, as a multiple of the distance to the DEM's farthest corner: 86 %
/// of its light comes through.
const VISIBILITY_OF_FARTHEST: f64 = 20.0;

/// Haze: exponential by distance, thinning out exponentially with height.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Haze {
    /// Metres at which 5 % of the contrast is left, at the DEM's least height, > 0; None: derived
    /// from the scene.
    pub visibility_m: Option<f64>,
    /// Scale height, in the DEM's own heights, > 0: so much higher the haze is e times thinner.
    /// None: everywhere the same.
    pub height_m: Option<f64>,
    /// sRGB; None: the sky's at its horizon, else the background's where that is opaque, else a
    /// light grey blue.
    pub colour: Option<Rgb>,
}

impl Haze {
    /// Checks every field's range.
    pub fn validate(&self) -> Result<()> {
        check_length(
            self.visibility_m,
            "visibility",
            "metres at which 5 % of the contrast is left",
        )?;
        check_length(
            self.height_m,
            "height",
            "the heights of the DEM over which haze thins e times",
        )?;
        self.colour.map_or(Ok(()), |colour| check_colour(colour, "colour"))
    }

    /// Visibility in metres, where the DEM's farthest corner is `farthest` metres from the eye.
    pub fn visibility(&self, farthest: f64) -> f64 {
        self.visibility_m.unwrap_or(VISIBILITY_OF_FARTHEST * farthest)
    }
}

fn check_length(length: Option<f64>, name: &str, what: &str) -> Result<()> {
    match length {
        Some(length) if !(length > 0.0 && length <= f64::from(f32::MAX)) => Err(Error::invalid(
            format!("{name} must be finite and > 0; got {length}; pass {what}, or None"),
        )),
        _ => Ok(()),
    }
}
