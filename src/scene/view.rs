//! One picture's parameters.

use super::{Camera, Colormap, Detail, Light, Normals, Scenery};
use crate::error::{Error, Result};

/// Samples per pixel that a picture may have.
pub const SAMPLES: [u32; 5] = [1, 2, 4, 8, 16];
/// Greatest width and height of a picture in pixels.
pub const MAX_SIZE: u32 = 65_535;

/// Everything about a picture but the ground itself.
#[derive(Clone, Debug)]
pub struct View {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// Where it is taken from.
    pub camera: Camera,
    /// Colours by height.
    pub colormap: Colormap,
    /// vmin and vmax in the DEM's own heights; None: the DEM's least and greatest.
    pub range: Option<[f32; 2]>,
    /// sRGB with straight alpha of holes, which are ground then; None: one sees through them.
    pub bad: Option<[f32; 4]>,
    /// Sun and sky.
    pub light: Light,
    /// sRGB 0..=1 with straight alpha, where no ground is seen.
    pub background: [f32; 4],
    /// Samples per pixel: 1, 2, 4, 8 or 16.
    pub samples: u32,
    /// How cells are met that are no larger than a pixel.
    pub detail: Detail,
    /// What light falls on.
    pub normals: Normals,
    /// Base, water, haze, contours and sky.
    pub scenery: Scenery,
}

impl View {
    /// Checks every field's range; camera and colour map were checked when they were made.
    pub fn validate(&self) -> Result<()> {
        check_size(self.size)?;
        if let Some(range) = self.range {
            check_range(range)?;
        }
        self.light.validate()?;
        check_background(self.background)?;
        if let Some(bad) = self.bad {
            check_bad(bad)?;
        }
        self.scenery.validate()?;
        check_samples(self.samples)
    }
}

/// Width and height of a picture.
pub fn check_size(size: [u32; 2]) -> Result<()> {
    if size.iter().all(|side| (1..=MAX_SIZE).contains(side)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "size must be (width, height), each in 1..{MAX_SIZE}; got ({}, {}); pass e.g. size=(1920, 1080)",
        size[0], size[1]
    )))
}

/// vmin and vmax.
pub fn check_range(range: [f32; 2]) -> Result<()> {
    if range[0].is_finite() && range[1].is_finite() && range[0] < range[1] {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the colour range must be finite with min < max; got min {}, max {}; pass two different heights, least first",
        range[0], range[1]
    )))
}

/// sRGB with alpha, 0..=1 each.
pub fn check_background(background: [f32; 4]) -> Result<()> {
    if background.iter().all(|channel| (0.0..=1.0).contains(channel)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "background must be (red, green, blue, alpha), each in 0..1; got {background:?}; divide bytes by 255"
    )))
}

/// sRGB with alpha, 0..=1 each.
pub fn check_bad(bad: [f32; 4]) -> Result<()> {
    if bad.iter().all(|channel| (0.0..=1.0).contains(channel)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "bad must be (red, green, blue, alpha), each in 0..1; got {bad:?}; divide bytes by 255"
    )))
}

/// Samples per pixel.
pub fn check_samples(samples: u32) -> Result<()> {
    if SAMPLES.contains(&samples) {
        return Ok(());
    }
    Err(Error::invalid(format!("samples must be 1, 2, 4, 8 or 16; got {samples}; pass one of these")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn view() -> View {
        View {
            size: [64, 48],
            camera: Camera::map(None).unwrap(),
            colormap: Colormap::named("terrain").unwrap(),
            range: None,
            bad: None,
            light: Light::default(),
            background: [1.0; 4],
            samples: 4,
            detail: Detail::Auto,
            normals: Normals::Smooth,
            scenery: Scenery::default(),
        }
    }

    #[test]
    fn fields_are_checked() {
        assert!(view().validate().is_ok());
        let refuse = |view: View, text: &str| {
            let message = view.validate().unwrap_err().to_string();
            assert!(message.starts_with(text), "{message}");
        };
        refuse(View { size: [0, 5], ..view() }, "size must be (width, height)");
        refuse(View { size: [5, 65_536], ..view() }, "size must be (width, height)");
        refuse(View { range: Some([1.0, 1.0]), ..view() }, "the colour range must be finite");
        refuse(View { range: Some([f32::NAN, 1.0]), ..view() }, "the colour range must be finite");
        refuse(View { background: [0.0, 0.0, 0.0, 1.1], ..view() }, "background must be");
        refuse(View { background: [f32::NAN; 4], ..view() }, "background must be");
        refuse(View { samples: 3, ..view() }, "samples must be 1, 2, 4, 8 or 16");
        refuse(View { light: Light { exposure: -1.0, ..Light::default() }, ..view() }, "exposure must be");
    }
}
