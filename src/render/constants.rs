//! What `picture.comp` and `fan.comp` are specialised by: `shaders/include/picture.glsl`.

use super::drape::DrapeLayer;
use super::far_cells::{Cells, shows_facets};
use super::layers::lanes;
use super::view::has_rays_along_borders;
use super::{Engine, Terrain, drape, scenery, sun_disc};
use crate::gpu::shaders::kinds::{Blend, Draped, Rays, Shadows, Shape, Stage};
use crate::gpu::shaders::picture::Constants;
use crate::scene::{Normals, View};

/// Those that all passes of a picture have in common. What a pass meets, how it finds shadows and
/// which rays it draws is its own: [`meeting`] and `draws.rs` put that in their place.
pub(super) fn constants(
    engine: &Engine,
    terrain: &Terrain,
    view: &View,
    layer: Option<&DrapeLayer>,
    depths: bool,
) -> Constants {
    let painted_holes = terrain.painted_holes.is_some();
    let see_through_holes = painted_holes && view.bad.is_some_and(|bad| bad[3] < 1.0);
    Constants {
        shadows: Shadows::None,
        sheets: terrain.sheets.is_some(),
        rays: Rays::OfTiles,
        stage: Stage::Whole,
        layer: 0,
        shape: Shape::Disc,
        lanes: lanes(engine),
        smooth_normals: view.light.lit
            && view.normals == Normals::Smooth
            && shows_facets(terrain, view),
        things: false,
        peeled: false,
        patches: false,
        has_holes: terrain.extent.has_holes,
        painted_holes,
        along_borders: has_rays_along_borders(terrain, view),
        straight_down: view.camera.is_map(),
        loads: engine.device().limits().prefers_loads,
        samples: view.samples as i32,
        translucent: view.colormap.is_translucent() || see_through_holes,
        depths,
        lit: view.light.lit,
        shading: drape::blend_kind(view.light.shading),
        draped: layer.map_or(Draped::None, DrapeLayer::covering),
        drape_blend: layer.map_or(Blend::Normal, DrapeLayer::blend),
        sun_slices: sun_disc::slices(view),
        ambient_occlusion: view.light.has_occlusion(),
        ..scenery::constants(view)
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
