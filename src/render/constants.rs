//! What `picture.comp` and `fan.comp` are specialised by, but for the scenery's part of it: `shaders/include/picture.glsl`.

use super::drape::DrapeLayer;
use super::far_cells::Cells;
use super::tiles::Share;
use crate::scene::View;

/// How shadows are found: SHADOWS of the shaders.
#[derive(Clone, Copy)]
pub(super) enum Shadows {
    None,
    Walked,
    Mapped,
    Mixed,
}

impl Shadows {
    pub(super) fn of(view: &View, share: Share, mapped: bool) -> Self {
        match share {
            _ if !view.light.casts_shadows() => Self::None,
            _ if !mapped => Self::Walked,
            Share::Near => Self::Mixed,
            Share::Far => Self::Mapped,
        }
    }

    /// The same where no far cell is met, which are all that the sun's map knows.
    pub(super) fn of_patches(self) -> Self {
        match self {
            Self::Mapped | Self::Mixed => Self::Walked,
            other => other,
        }
    }
}

/// What an image on the ground lets through: DRAPED of the shaders.
#[derive(Clone, Copy)]
pub(super) enum Covering {
    /// There is none.
    None,
    Translucent,
    /// Nothing, but for its opacity.
    Opaque,
}

impl Covering {
    pub(super) fn of(drape: Option<&DrapeLayer>) -> Self {
        match drape {
            None => Self::None,
            Some(layer) if layer.is_opaque() => Self::Opaque,
            Some(_) => Self::Translucent,
        }
    }
}

/// Which rays a dispatch of `picture.comp` draws: RAYS of the shaders.
#[derive(Clone, Copy)]
pub(super) enum RaySet {
    /// All of the listed tiles.
    OfTiles,
    /// Those only as far as cells are larger than a pixel; the others it lists.
    OfTilesNearBy,
    /// On from there, those that were listed.
    ListedFar,
    /// All of the pixels that `fan.comp` listed.
    OfListedPixels,
}

/// How much of it: STAGE of the shaders.
#[derive(Clone, Copy)]
pub(super) enum Stage {
    /// All at once.
    Whole,
    /// What is met.
    Hits,
    /// The colour of what was met.
    Colours,
}

/// The specialisation constants, before those of the scenery.
#[derive(Clone, Copy)]
pub(super) struct Constants {
    pub(super) shadows: Shadows,
    pub(super) cells: Cells,
    pub(super) has_holes: bool,
    pub(super) samples: u32,
    pub(super) translucent: bool,
    pub(super) depth: bool,
    pub(super) lit: bool,
    pub(super) shading: u32,
    pub(super) draped: Covering,
    pub(super) drape_blend: u32,
    pub(super) sun_slices: u32,
    pub(super) occlusion: bool,
}

impl Constants {
    pub(super) fn in_order(self) -> [u32; 12] {
        [
            self.shadows as u32,
            (self.cells != Cells::Patches).into(),
            self.has_holes.into(),
            self.samples,
            self.translucent.into(),
            self.depth.into(),
            self.lit.into(),
            self.shading,
            self.draped as u32,
            self.drape_blend,
            self.sun_slices,
            self.occlusion.into(),
        ]
    }
}

/// Planes through the sun's disc in which a sample looks for the horizon; 0 for a sun without a disc. Many samples, each
/// with its own, need fewer.
pub(super) fn sun_slices(view: &View) -> u32 {
    match (view.light.has_soft_sun() && view.light.is_up(), view.samples) {
        (false, _) => 0,
        (true, ..=4) => 3,
        (true, _) => 2,
    }
}
