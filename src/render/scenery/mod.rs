//! What a picture shows beside the bare ground: of each option a file that knows its uniform block
//! and what shaders are specialised by.

mod base;
mod contours;
mod haze;
mod sky;
mod water;

pub(super) use base::floor;
pub(super) use water::{kind as water_kind, level as water_level};

use super::Terrain;
use crate::error::Result;
use crate::gpu::shaders::blocks::{All, Sky};
use crate::gpu::shaders::picture::Constants;
use crate::scene::View;
use bytemuck::Zeroable;

/// The blocks of these, and zeros for all others.
pub(super) fn blocks(terrain: &Terrain, view: &View) -> Result<All> {
    let scenery = &view.scenery;
    Ok(All {
        backdrop: sky::backdrop(view.background),
        base: base::block(scenery.base.as_ref()),
        contours: contours::block(terrain, view)?,
        haze: haze::block(terrain, view),
        sky: scenery.sky.as_ref().map_or_else(Sky::zeroed, sky::block),
        water: water::block(terrain, scenery.water.as_ref()),
        ..Zeroable::zeroed()
    })
}

/// The constants of these; all others are none or false.
pub(super) fn constants(view: &View) -> Constants {
    Constants {
        base: view.scenery.base.is_some(),
        contours: contours::kind(view),
        haze: haze::kind(view),
        sky: view.scenery.sky.is_some(),
        water: water::kind(view),
        ..Constants::default()
    }
}
