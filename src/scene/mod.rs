//! What to draw: plain validated data. No GPU, no Python, no files.
//!
//! World axes: x east, y north, z up, metres, origin at the DEM's centre. Angles enter in degrees.
//! Input is checked once, on entering a type of this room; what holds such a value may trust it.

pub mod camera;
pub mod colormap;
pub mod colour;
pub mod drape;
pub mod fine_levels;
pub mod fit;
pub mod heightfield;
pub mod holes;
pub mod layers;
pub mod levels;
pub mod light;
pub mod mesh;
pub mod neighbours;
pub mod outline;
pub mod percentiles;
pub mod projection;
pub mod roughness;
pub mod rows;
pub mod scenery;
pub mod soundings;
pub mod space;
pub mod srgb;
pub mod statistics;
pub mod surface;
pub mod survey;
mod survey_bytes;
mod survey_order;
mod survey_sums;
pub mod symbol;
pub mod vector;
pub mod view;
pub mod viewpoint;
pub mod windows;

pub use camera::{Camera, Rays};
pub use colormap::Colormap;
pub use drape::Drape;
pub use heightfield::Heightfield;
pub use layers::GroundLayer;
pub use light::Light;
pub use projection::ClipSpace;
pub use scenery::*;
pub use space::SpaceLayer;
pub use statistics::{Normalize, Stats};
pub use surface::{Detail, Normals};
pub use survey::Survey;
pub use symbol::Symbol;
pub use view::{Scene, View};
pub use viewpoint::Viewpoint;
pub use windows::Windows;
