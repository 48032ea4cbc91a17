//! What a picture shows beside the bare ground. Everything is off unless asked for.

pub mod base;
pub mod contours;
pub mod haze;
pub mod sky;
pub mod water;

pub use base::Base;
pub use contours::Contours;
pub use haze::Haze;
pub use sky::Sky;
pub use water::Water;

use crate::error::Result;

/// Share of the light that comes through where an object can just be told from the air before it:
/// -ln of 5 %, Koschmieder's constant with the threshold of the meteorological optical range
/// (WMO-No. 8, chapter 9).
pub const KOSCHMIEDER: f64 = 2.995_732_273_553_991;

/// The options, each None where it was not asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenery {
    /// A solid block under the ground.
    pub base: Option<Base>,
    /// Lakes and seas.
    pub water: Option<Water>,
    /// Air that is not quite clear.
    pub haze: Option<Haze>,
    /// Lines of equal height.
    pub contours: Option<Contours>,
    /// In place of a plain background.
    pub sky: Option<Sky>,
}

impl Scenery {
    /// Checks every field's range.
    pub fn validate(&self) -> Result<()> {
        self.base.as_ref().map_or(Ok(()), Base::validate)?;
        self.water.as_ref().map_or(Ok(()), Water::validate)?;
        self.haze.as_ref().map_or(Ok(()), Haze::validate)?;
        self.contours.as_ref().map_or(Ok(()), Contours::validate)?;
        self.sky.as_ref().map_or(Ok(()), Sky::validate)
    }

    /// Level of water, where it stands at one.
    pub fn water_level(&self) -> Option<f64> {
        self.water.as_ref().and_then(Water::level)
    }
}
