//! Lakes and seas: all that lies below a level, or the samples of a mask.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::scene::colour::{Rgb, check_colour};

/// Clarity where none is given: a share of the height between the DEM's lowest point and the level.
const CLARITY_OF_DEPTH: f64 = 0.4;

/// Which samples of a DEM are water: row-major, 1 or 0 each.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// Samples, as floats because that is what images hold.
    pub samples: Vec<f32>,
    /// W.
    pub columns: usize,
    /// H.
    pub rows: usize,
}

/// Where there is water.
#[derive(Clone, Debug, PartialEq)]
pub enum Where {
    /// Wherever the ground is below this, in the DEM's own heights.
    Level(f64),
    /// At these samples, at the DEM's own height.
    Mask(Arc<Mask>),
}

/// Water of one colour, with the sun in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Water {
    /// Its place.
    pub place: Where,
    /// sRGB of deep water.
    pub colour: Rgb,
    /// The DEM's own heights of water through which 5 % of the ground's light comes, > 0; None:
    /// derived from the DEM.
    pub clarity_m: Option<f64>,
    /// Brightness of the sun's reflection, >= 0, as a multiple of sunlit white.
    pub glint: f64,
}

impl Mask {
    /// It has one sample for each of a DEM of this size.
    pub fn check_size(&self, [columns, rows]: [usize; 2]) -> Result<()> {
        if [self.columns, self.rows] == [columns, rows] {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "water mask must have the DEM's shape; expected ({rows}, {columns}), got ({}, {}); pass one bool for each sample",
            self.rows, self.columns
        )))
    }
}

impl Water {
    /// Colour of deep water where none is given, sRGB.
    pub const COLOUR: Rgb = [0.13, 0.31, 0.44];
    /// Brightness of the sun's reflection where none is given.
    pub const GLINT: f64 = 0.8;

    /// Water at `place` that is otherwise as usual.
    pub fn at(place: Where) -> Self {
        Self { place, colour: Self::COLOUR, clarity_m: None, glint: Self::GLINT }
    }

    /// Checks every field's range.
    pub fn validate(&self) -> Result<()> {
        match &self.place {
            Where::Level(level) if !(level.is_finite() && level.abs() <= f64::from(f32::MAX)) => {
                return Err(Error::invalid(format!(
                    "water level must be finite in float32; got {level}; pass a height of the DEM, before vert_exag"
                )));
            }
            Where::Mask(mask)
                if mask.columns.checked_mul(mask.rows) != Some(mask.samples.len()) =>
            {
                return Err(Error::invalid(format!(
                    "water mask must hold rows x columns samples; expected {} x {}, got {}; pass all of them",
                    mask.rows,
                    mask.columns,
                    mask.samples.len()
                )));
            }
            _ => {}
        }
        if let Some(clarity) = self.clarity_m
            && !(clarity > 0.0 && clarity <= f64::from(f32::MAX))
        {
            return Err(Error::invalid(format!(
                "clarity must be finite and > 0; got {clarity}; pass how deep one sees into the water, or None"
            )));
        }
        if !(self.glint >= 0.0 && self.glint <= f64::from(f32::MAX)) {
            return Err(Error::invalid(format!(
                "glint must be finite and >= 0; got {}; pass 0 for water without the sun in it",
                self.glint
            )));
        }
        check_colour(self.colour, "colour")
    }

    /// The mask, where that is what there is.
    pub fn mask(&self) -> Option<&Arc<Mask>> {
        match &self.place {
            Where::Mask(mask) => Some(mask),
            Where::Level(_) => None,
        }
    }

    /// Its level, where it has one.
    pub fn level(&self) -> Option<f64> {
        if let Where::Level(level) = self.place { Some(level) } else { None }
    }

    /// Heights of water through which 5 % of the light comes, above a DEM whose least height is
    /// `lowest`.
    pub fn clarity(&self, lowest: f64) -> f64 {
        let depth = match self.place {
            Where::Level(level) => (level - lowest).max(0.0),
            Where::Mask(_) => 0.0,
        };
        self.clarity_m.unwrap_or(CLARITY_OF_DEPTH * depth).max(f64::from(f32::MIN_POSITIVE))
    }
}
