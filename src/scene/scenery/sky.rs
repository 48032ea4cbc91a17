//! A sky behind the ground.

use crate::error::Result;
use crate::scene::colour::{Rgb, check_colour};

/// Three colours, one running into the next by the altitude of the line of sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sky {
    /// sRGB straight up.
    pub zenith: Rgb,
    /// sRGB at the horizon.
    pub horizon: Rgb,
    /// sRGB straight down, where there is no ground.
    pub below: Rgb,
}

impl Default for Sky {
    fn default() -> Self {
        Self { zenith: [0.22, 0.44, 0.74], horizon: [0.84, 0.90, 0.95], below: [0.55, 0.60, 0.66] }
    }
}

impl Sky {
    /// Checks every colour.
    pub fn validate(&self) -> Result<()> {
        check_colour(self.zenith, "zenith")?;
        check_colour(self.horizon, "horizon")?;
        check_colour(self.below, "below")
    }
}
