//! Lines of equal height.

use crate::error::{Error, Result};
use crate::scene::colour::check_colour;

/// Lines between the DEM's least and greatest height, about, where no interval is given.
const LINES: f64 = 16.0;
/// More than a float can tell apart on any DEM.
const MOST_LINES: f64 = 1e6;

/// Contour lines on the ground.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contours {
    /// Between neighbouring lines, in the DEM's own heights, > 0; None: a round number derived from
    /// the DEM.
    pub interval_m: Option<f64>,
    /// Every so-manieth line is an index contour, twice as wide; 0: none is.
    pub index: u32,
    /// Of an ordinary line, in pixels, > 0.
    pub width_px: f64,
    /// sRGB with the lines' opacity.
    pub colour: [f32; 4],
    /// A height that has a line, an index contour.
    pub base_m: f64,
}

impl Default for Contours {
    fn default() -> Self {
        Self {
            interval_m: None,
            index: 5,
            width_px: 0.8,
            colour: [0.25, 0.16, 0.08, 0.7],
            base_m: 0.0,
        }
    }
}

impl Contours {
    /// Checks every field's range.
    pub fn validate(&self) -> Result<()> {
        if let Some(interval) = self.interval_m
            && !(interval > 0.0 && interval <= f64::from(f32::MAX))
        {
            return Err(Error::invalid(format!(
                "interval must be finite and > 0; got {interval}; pass the DEM's own heights between two lines, or None"
            )));
        }
        if self.index > 1000 {
            return Err(Error::invalid(format!(
                "index must be in 0..1000; got {}; pass 5 to make every fifth line wider, 0 for none",
                self.index
            )));
        }
        if !(self.width_px > 0.0 && self.width_px <= 100.0) {
            return Err(Error::invalid(format!(
                "width must be above 0 and at most 100; got {}; pass the width of a line in pixels",
                self.width_px
            )));
        }
        if !(self.base_m.is_finite() && self.base_m.abs() <= f64::from(f32::MAX)) {
            return Err(Error::invalid(format!(
                "base must be finite in float32; got {}; pass a height that has a line, such as 0",
                self.base_m
            )));
        }
        check_colour(self.colour, "colour")
    }

    /// The interval for heights in `range`: the one given, else 1, 2 or 5 times a power of ten.
    pub fn interval(&self, range: [f64; 2]) -> Result<f64> {
        let relief = range[1] - range[0];
        let Some(interval) = self.interval_m else { return Ok(round_interval(relief / LINES)) };
        if relief / interval > MOST_LINES {
            return Err(Error::invalid(format!(
                "interval must leave at most a million lines; got {interval} for heights from {} to {}; pass a larger one",
                range[0], range[1]
            )));
        }
        Ok(interval)
    }
}

/// 1, 2 or 5 times the power of ten that is nearest above `least`; 1 for level ground.
fn round_interval(least: f64) -> f64 {
    if least <= 0.0 {
        return 1.0;
    }
    let power = 10.0_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0].into_iter().find(|step| step * power >= least).unwrap_or(10.0);
    step * power
}

#[cfg(test)]
mod tests {
    use super::round_interval;

    #[test]
    fn intervals_are_round() {
        let rounded = [0.0, 0.7, 1.0, 1.1, 2.0, 3.0, 60.0, 430.0].map(round_interval);
        assert_eq!(rounded, [1.0, 1.0, 1.0, 2.0, 2.0, 5.0, 100.0, 500.0]);
    }
}
