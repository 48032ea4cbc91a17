//! The pipelines that draw a picture's tiles.

use super::constants::{Constants, Covering, RaySet, Shadows, sun_slices};
use super::drape::DrapeLayer;
use super::far_cells::{Cells, Shares};
use super::tiles::Share;
use super::view_block::has_rays_along_borders;
use super::{Engine, Terrain, scenery};
use crate::error::Result;
use crate::gpu::{Pipeline, Recipe, shaders};
use crate::scene::View;
use crate::scene::drape::Blend;
use std::sync::Arc;

/// What draws a share of the tiles: pipelines, or the recipes for them.
pub(super) struct Draw<P = Arc<Pipeline>> {
    pub(super) share: Share,
    /// The depths at the pixels' centres.
    pub(super) centres: Option<Walks<P>>,
    /// All samples of a pixel together.
    pub(super) fans: Option<P>,
    /// Ray by ray: all pixels, or those that fans leave.
    pub(super) rays: Walks<P>,
    pub(super) average: Option<P>,
}

/// RaySet that walk alone: all the way, or as far as there are patches, and then, those that the first pass lists, over far cells.
pub(super) struct Walks<P = Arc<Pipeline>> {
    pub(super) first: P,
    pub(super) on: Option<P>,
}

/// What the recipes of a picture have in common.
struct Cook<'v> {
    view: &'v View,
    constants: Constants,
    painted_holes: bool,
    loads: bool,
    along_borders: bool,
}

impl Draw<Recipe> {
    /// What draws the shares of a view of `terrain`; `mapped` if there is a map of the sun.
    pub(super) fn recipes(
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        drape: Option<&DrapeLayer>,
        depth: bool,
        shares: &Shares,
        mapped: bool,
    ) -> Vec<Self> {
        let painted_holes = terrain.painted_holes.is_some();
        let see_through_holes = painted_holes && view.bad.is_some_and(|bad| bad[3] < 1.0);
        let constants = Constants {
            shadows: Shadows::None,
            cells: Cells::Far,
            has_holes: terrain.has_holes,
            samples: view.samples,
            translucent: view.colormap.is_translucent() || see_through_holes,
            depth,
            lit: view.light.lit,
            shading: view.light.shading as u32,
            draped: Covering::of(drape),
            drape_blend: drape.map_or(Blend::Normal, DrapeLayer::blend) as u32,
            sun_slices: sun_slices(view),
            occlusion: view.light.has_occlusion(),
        };
        let loads = engine.device().limits().prefers_loads;
        let along_borders = has_rays_along_borders(terrain, view);
        let cook = Cook { view, constants, painted_holes, loads, along_borders };
        let near = shares.near.map(|cells| (Share::Near, cells));
        let far = shares.far.then_some((Share::Far, Cells::Far));
        let shares = near.into_iter().chain(far);
        shares.map(|(share, cells)| cook.draw(share, cells, Shadows::of(view, share, mapped))).collect()
    }

    /// All of them.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Recipe> {
        let walks = [self.centres.as_ref(), Some(&self.rays)].into_iter().flatten();
        let walks = walks.flat_map(|walks| [Some(&walks.first), walks.on.as_ref()]);
        walks.chain([self.fans.as_ref(), self.average.as_ref()]).flatten()
    }

    /// Has them made, or finds them made.
    pub(super) fn make(&self, engine: &Engine) -> Result<Draw> {
        let make = |recipe: &Recipe| engine.made(recipe);
        let walks = |walks: &Walks<Recipe>| {
            Ok(Walks { first: make(&walks.first)?, on: walks.on.as_ref().map(make).transpose()? })
        };
        Ok(Draw {
            share: self.share,
            centres: self.centres.as_ref().map(walks).transpose()?,
            fans: self.fans.as_ref().map(make).transpose()?,
            rays: walks(&self.rays)?,
            average: self.average.as_ref().map(make).transpose()?,
        })
    }
}

impl Cook<'_> {
    fn draw(&self, share: Share, cells: Cells, shadows: Shadows) -> Draw<Recipe> {
        let several = self.view.samples > 1;
        let constants = Constants { cells, shadows, ..self.constants };
        // A fan's thread would walk to the sun for every sample, and lavapipe ends its loops after so many turns in all.
        let few_walks = match shadows {
            Shadows::None | Shadows::Mapped => true,
            Shadows::Mixed => self.view.samples <= 4,
            Shadows::Walked => false,
        };
        // A base's walls are met in patches.
        let has_fans = several && cells == Cells::Far && self.view.scenery.base.is_none() && few_walks;
        let alone = if has_fans { RaySet::OfListedPixels } else { RaySet::OfTiles };
        let fan = Recipe::new(&shaders::fan::SHADER, self.specialised(constants, RaySet::OfTiles));
        let average = Recipe::new(&shaders::average::SHADER, vec![self.view.samples, has_fans.into()]);
        Draw {
            share,
            centres: (several && constants.depth)
                .then(|| self.walks(Constants { samples: 0, ..constants }, alone)),
            fans: has_fans.then_some(fan),
            rays: self.walks(constants, alone),
            average: several.then_some(average),
        }
    }

    fn walks(&self, constants: Constants, rays: RaySet) -> Walks<Recipe> {
        let pass =
            |constants: Constants, rays| {
            let shader = if constants.cells == Cells::Patches {
                &shaders::picture::SHADER
            } else {
                &shaders::far_picture::SHADER
            };
            Recipe::new(shader, self.specialised(constants, rays))
        };
        let scenery = &self.view.scenery;
        // A base's walls and the face of water are met in patches, however far.
        if constants.cells != Cells::Mixed || scenery.base.is_some() || scenery.water_level().is_some() {
            return Walks { first: pass(constants, rays), on: None };
        }
        let near = Constants { cells: Cells::Patches, shadows: constants.shadows.of_patches(), ..constants };
        let far = Constants { cells: Cells::Far, ..constants };
        Walks { first: pass(near, RaySet::OfTilesNearBy), on: Some(pass(far, RaySet::ListedFar)) }
    }

    /// The constants of `shaders/include/picture.glsl`.
    fn specialised(&self, constants: Constants, rays: RaySet) -> Vec<u32> {
        let mut all = constants.in_order().to_vec();
        all.extend(scenery::constants(self.view));
        let others = [self.painted_holes, constants.cells != Cells::Far, self.loads, self.along_borders];
        all.extend(others.map(u32::from));
        all.push(rays as u32);
        all.push((std::env::var("SMOOTH").is_ok_and(|v| v == "1") && constants.cells != Cells::Far).into());
        all
    }
}
