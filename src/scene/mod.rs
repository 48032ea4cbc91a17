//! What to draw: plain validated data. No GPU, no Python, no files.
//!
//! World axes: x east, y north, z up, metres, origin at the DEM's centre. Angles enter in degrees. Input is
//! checked once, on entering a type of this room; what holds such a value may trust it.

pub mod camera;
pub mod colormap;
pub mod drape;
pub mod heightfield;
pub mod light;
pub mod mesh;
pub mod percentiles;
pub mod projection;
pub mod srgb;
pub mod statistics;
pub mod vector;
pub mod view;

pub use camera::{Camera, Rays};
pub use colormap::Colormap;
pub use drape::Drape;
pub use heightfield::Heightfield;
pub use light::Light;
pub use projection::ClipSpace;
pub use statistics::{Normalize, Stats};
pub use view::View;
