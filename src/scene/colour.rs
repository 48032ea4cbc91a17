//! Colours as users give them: sRGB, each channel 0..=1.

use crate::error::{Error, Result};

/// Red, green, blue.
pub type Rgb = [f32; 3];

/// Refuses a channel outside 0..=1; `name` is the argument's.
pub fn check_colour<const N: usize>(colour: [f32; N], name: &str) -> Result<()> {
    if colour.iter().all(|channel| (0.0..=1.0).contains(channel)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{name} must have every channel in 0..1; got {colour:?}; divide bytes by 255, or pass \"#rrggbb\""
    )))
}
