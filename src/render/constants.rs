//! What `picture.comp` and `fan.comp` are specialised by: `shaders/include/picture.glsl`.

use super::drape::DrapeLayer;
use super::far_cells::{Cells, shows_facets};
use super::tiles::Share;
use super::view_block::has_rays_along_borders;
use super::{Engine, Terrain, drape, scenery};
use crate::gpu::shaders::kinds::{Blend, Draped, Rays, Shadows};
use crate::gpu::shaders::picture::Constants;
use crate::scene::{Normals, View};

/// Those that all passes of a picture have in common, and of one that casts no shadows over far cells for all the rest.
pub(super) fn constants(
    engine: &Engine,
    terrain: &Terrain,
    view: &View,
    layer: Option<&DrapeLayer>,
    depths: bool,
) -> Constants {
    let painted_holes = terrain.painted_holes.is_some();
    let see_through_holes = painted_holes && view.bad.is_some_and(|bad| bad[3] < 1.0);
    let scenery = &view.scenery;
    Constants {
        shadows: Shadows::None,
        rays: Rays::OfTiles,
        smooth_normals: view.light.lit && view.normals == Normals::Smooth && shows_facets(terrain, view),
        patches: false,
        has_holes: terrain.has_holes,
        painted_holes,
        along_borders: has_rays_along_borders(terrain, view),
        loads: engine.device().limits().prefers_loads,
        samples: view.samples as i32,
        translucent: view.colormap.is_translucent() || see_through_holes,
        depths,
        lit: view.light.lit,
        shading: drape::blend_kind(view.light.shading),
        draped: covering(layer),
        drape_blend: layer.map_or(Blend::Normal, DrapeLayer::blend),
        sun_slices: sun_slices(view),
        ambient_occlusion: view.light.has_occlusion(),
        base: scenery.base.is_some(),
        water: scenery::water(view),
        haze: scenery::haze(view),
        contours: scenery::contours(view),
        sky: scenery.sky.is_some(),
    }
}

/// The same for a pass that meets such cells.
pub(super) fn meeting(constants: Constants, cells: Cells, shadows: Shadows) -> Constants {
    Constants {
        smooth_normals: constants.smooth_normals && cells != Cells::Far,
        patches: cells != Cells::Far,
        shadows,
        ..constants
    }
}

/// How shadows are found; `mapped` if there is a map of the sun.
pub(super) fn shadows(view: &View, share: Share, mapped: bool) -> Shadows {
    match share {
        _ if !view.light.casts_shadows() => Shadows::None,
        _ if !mapped => Shadows::Walked,
        Share::Near => Shadows::Mixed,
        Share::Far => Shadows::Mapped,
    }
}

/// The same where no far cell is met, which are all that the sun's map knows.
pub(super) fn shadows_of_patches(shadows: Shadows) -> Shadows {
    match shadows {
        Shadows::Mapped | Shadows::Mixed => Shadows::Walked,
        other => other,
    }
}

fn covering(layer: Option<&DrapeLayer>) -> Draped {
    match layer {
        None => Draped::None,
        Some(layer) if layer.is_opaque() => Draped::Opaque,
        Some(_) => Draped::Translucent,
    }
}

/// Planes through the sun's disc in which a sample looks for the horizon; 0 for a sun without a disc. Many samples, each
/// with its own, need fewer.
fn sun_slices(view: &View) -> i32 {
    match (view.light.has_soft_sun() && view.light.is_up(), view.samples) {
        (false, _) => 0,
        (true, ..=4) => 3,
        (true, _) => 2,
    }
}
