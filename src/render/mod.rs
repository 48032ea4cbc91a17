//! A scene becomes an image: one file per thing drawn, each with the shader of the same stem.

mod aov;
mod bands;
mod constants;
mod drape;
mod draws;
mod engine;
mod far_cells;
mod mosaic;
mod passes;
mod picture;
mod pyramid;
mod remainder;
mod scenery;
mod session;
mod sky;
mod strips;
mod sun_disc;
mod sun_map;
mod terrain;
mod tiles;
mod triangle;
mod view_block;

pub use aov::{Aov, AovValues};
pub use drape::DrapeLayer;
pub use engine::Engine;
pub use picture::{Frame, Metrics};
pub use session::{Drawing, Landmarks, Session};
pub use terrain::Terrain;

pub use crate::gpu::Interrupted;

/// Milliseconds since `start`.
fn ms_since(start: std::time::Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
