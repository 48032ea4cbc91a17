//! Headless terrain renderer on Vulkan: elevation arrays in, pictures and numbers out.
//!
//! Rooms, with arrows that only run down: `bindings` → `render` and `relief` → `scene` and `gpu` →
//! `error`.
//!
//! Conventions, true everywhere: a DEM is row-major, row 0 = north, column 0 = west. The world is
//! right-handed in metres, x east, y north, z up, its origin at the DEM's centre. Angles are
//! degrees at the border; an azimuth is the compass bearing from which a thing is seen or lit.

mod cores;
pub mod error;
#[allow(unsafe_code)]
pub mod gpu;
pub mod labels;
pub mod relief;
pub mod render;
pub mod scene;
pub mod text;

#[cfg(feature = "python")]
mod bindings;
mod host_memory;
pub mod image_file;

pub use error::{Error, Result};
