//! Texts as coverage: fonts, shaping, outlines and masks. Knows no map and no terrain.
//!
//! Lengths of a shaped text are in ems, x to the right and y down, its first baseline at y = 0: a
//! text is shaped once and drawn at any size, since nothing is hinted. No font of the system is
//! ever looked at, so the bytes are the same everywhere.

mod blend;
mod coverage;
mod fonts;
mod mask;
mod outlines;
mod shaping;
mod texts;

pub use blend::{Canvas, lay, over};
pub use coverage::{Mask, inside};
pub use fonts::{FontFile, Fonts, NOTO_SANS};
pub use mask::Pen;
pub use outlines::Contours;
pub use shaping::{Glyph, Missing, Shaped};
pub use texts::{Drawn, Texts, Turned};

#[cfg(test)]
mod tests;
