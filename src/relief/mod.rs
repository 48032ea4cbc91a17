//! A DEM becomes a raster: one file for each analysis, with the shader of the same stem.
//!
//! A DEM here may have any shape from one cell up, and need not fit the device: see [`blocks`].

mod blocks;
mod dem;
mod dominance;
mod hands;
mod horizon;
mod local;
mod margin;
mod operator;
mod path;
mod rim;
mod shadow;
mod viewshed;

pub use blocks::{Budget, blocks};
pub use dem::{Dem, Ground, Places};
pub use dominance::local_dominance;
pub use horizon::{Horizon, Quantity, horizon, horizon_angles};
pub use local::local;
pub use operator::{Method, Operator, Sun};
pub use rim::Edges;
pub use shadow::{Band, shadow_band, shadow_mask, shadow_order};
pub use viewshed::{Observer, viewshed};
