//! A DEM becomes a raster: one file for each analysis, with the shader of the same stem.
//!
//! A DEM here may have any shape from one cell up, and need not fit the device: see [`blocks`].

mod blocks;
mod dem;
mod local;
mod operator;
mod rim;

pub use blocks::{Budget, blocks};
pub use dem::{Dem, Ground};
pub use local::local;
pub use operator::{Method, Operator, Sun};
pub use rim::Edges;
