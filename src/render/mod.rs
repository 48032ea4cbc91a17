//! A scene becomes an image: one file per thing drawn, each with the shader of the same stem.

mod anchors;
mod aov;
mod bands;
mod blocks;
mod colours;
mod constants;
mod drape;
mod draws;
mod engine;
mod enlarge;
mod extent;
mod far_cells;
mod frame;
mod ground;
mod labels;
mod layers;
mod light;
mod mosaic;
mod passes;
mod picture;
mod poster;
mod presenter;
mod pyramid;
mod remainder;
mod scenery;
mod session;
mod sheets;
mod sky_view;
mod space;
mod strips;
mod sun_disc;
mod sun_map;
mod terrain;
mod tiles;
mod triangle;
mod upload;
mod view;

pub use aov::{Aov, AovValues};
use drape::DrapeLayer;
pub use engine::Engine;
pub use frame::{Frame, Metrics};
pub use ground::Ground;
pub use labels::ShownLabel;
pub use layers::Layer;
pub use picture::{Drawing, Wanted};
pub use poster::{Heading, Part, Strip};
pub use presenter::Presenter;
pub use session::{Landmarks, Session};
pub use sheets::{Cut, Source, Wish};
use sheets::{Region, Sheets, Tiles, Whole};
use terrain::Terrain;

pub use crate::gpu::Interrupted;

/// Milliseconds since `start`.
fn ms_since(start: std::time::Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}
