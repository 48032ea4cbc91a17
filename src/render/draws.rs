//! The pipelines that draw a picture's tiles.

use super::constants::{constants, meeting};
use super::drape::DrapeLayer;
use super::far_cells::{Cells, Shares};
use super::layers::Layered;
use super::light::{shadows, shadows_of_patches};
use super::sun_map::SunMap;
use super::tiles::Share;
use super::{Engine, Terrain};
use crate::error::Result;
use crate::gpu::shaders::kinds::{Rays, Shadows, Shape, Stage};
use crate::gpu::shaders::numbers::layers as bit;
use crate::gpu::shaders::picture::Constants;
use crate::gpu::shaders::{average, fan, far_picture, picture};
use crate::gpu::{Buffer, Commands, Pipeline, Recipe};
use crate::scene::View;

/// What draws a share of the tiles.
pub(super) struct Draw {
    pub(super) share: Share,
    /// The depths at the pixels' centres.
    pub(super) centres: Option<Walks>,
    /// All samples of a pixel together.
    pub(super) fans: Option<Pipeline<fan::Shader>>,
    /// Ray by ray: all pixels, or those that fans leave.
    pub(super) rays: Walks,
    /// Where there are things over the ground: colours of what rays have met of it, and of them.
    pub(super) ground: Option<Walk>,
    pub(super) things: Option<Walk>,
    /// And of those that one sees through.
    pub(super) peeled: Option<Walk>,
    /// Where there are layers on the ground: colours of what they lie on.
    pub(super) colours: Option<Walk>,
    pub(super) average: Option<Pipeline<average::Shader>>,
    /// The same of pixels whose fans wait for layers.
    pub(super) layered_average: Option<Pipeline<average::Shader>>,
}

/// Rays that walk alone: all the way, or as far as there are patches, and then, those that the
/// first pass lists, over far cells.
pub(super) struct Walks {
    pub(super) first: Walk,
    pub(super) on: Option<Walk>,
}

/// A pass of rays.
pub(super) enum Walk {
    /// Over patches alone.
    Near(Pipeline<picture::Shader>),
    /// Where cells may be far.
    Far(Pipeline<far_picture::Shader>),
}

impl Walk {
    fn new(engine: &Engine, constants: &Constants, cells: Cells) -> Self {
        match cells {
            Cells::Patches => Self::Near(engine.pipeline(constants)),
            Cells::Mixed | Cells::Far => Self::Far(engine.pipeline(constants)),
        }
    }

    fn recipe(&self) -> &Recipe {
        match self {
            Self::Near(pipeline) => pipeline.recipe(),
            Self::Far(pipeline) => pipeline.recipe(),
        }
    }

    /// Records it for as many workgroups as are counted there.
    pub(super) fn record<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        groups: (&'r Buffer, u64),
        band: &picture::Band,
        bindings: &picture::Bindings<'r>,
    ) -> Result<()> {
        match self {
            Self::Near(pipeline) => commands.dispatch_indirect(pipeline, groups, band, bindings),
            Self::Far(pipeline) => commands.dispatch_indirect(pipeline, groups, band, bindings),
        }
    }
}

/// What the draws of a picture have in common.
struct Plan<'v> {
    engine: &'v Engine,
    view: &'v View,
    constants: Constants,
    layered: Layered,
    /// Things stand over the ground, and one sees through some.
    things: bool,
    through: bool,
}

impl Draw {
    /// What draws the shares of a view of `terrain`, with a map of the sun or without, layers on
    /// the ground, things over it, and some that one sees through.
    pub(super) fn all(
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        drape: Option<&DrapeLayer>,
        depth: bool,
        shares: &Shares,
        map: Option<&SunMap>,
        (layered, [things, through]): (Layered, [bool; 2]),
    ) -> Vec<Self> {
        let constants = constants(engine, terrain, view, drape, depth);
        let plan = Plan { engine, view, constants, layered, things, through };
        let near = shares.near.map(|cells| (Share::Near, cells));
        let far = shares.far.then_some((Share::Far, Cells::Far));
        let shares = near.into_iter().chain(far);
        shares.map(|(share, cells)| plan.draw(share, cells, shadows(view, share, map))).collect()
    }

    /// What its pipelines are made of.
    pub(super) fn recipes(&self) -> impl Iterator<Item = &Recipe> {
        let walks = [self.centres.as_ref(), Some(&self.rays)].into_iter().flatten();
        let walks = walks.flat_map(|walks| [Some(&walks.first), walks.on.as_ref()]).flatten();
        let colours = [&self.ground, &self.things, &self.peeled, &self.colours].map(Option::as_ref);
        let others = [
            self.fans.as_ref().map(Pipeline::recipe),
            self.average.as_ref().map(Pipeline::recipe),
            self.layered_average.as_ref().map(Pipeline::recipe),
        ];
        walks
            .chain(colours.into_iter().flatten())
            .map(Walk::recipe)
            .chain(others.into_iter().flatten())
    }
}

impl Plan<'_> {
    fn draw(&self, share: Share, cells: Cells, shadows: Shadows) -> Draw {
        let samples = self.view.samples;
        let several = samples > 1;
        let constants = meeting(self.constants, cells, shadows);
        // A fan's thread would walk to the sun for every sample, and lavapipe ends its loops after
        // so many turns in all.
        let few_walks = match shadows {
            Shadows::None | Shadows::Mapped | Shadows::Sampled => true,
            Shadows::Mixed => samples <= 4,
            Shadows::Walked => false,
        };
        // A base's walls are met in patches, and things want to know what each sample has met.
        let has_fans =
            !self.things && several && cells == Cells::Far && !constants.base && few_walks;
        let (stage, layer, shape) = match self.layered {
            Layered::No => (Stage::Whole, 0, Shape::Disc),
            Layered::Listed { marks } => {
                (Stage::Mapped, if marks { bit::MARKS } else { 0 }, Shape::Disc)
            }
            Layered::Inline(layer, shape) => (Stage::Layered, layer, shape),
        };
        let listed = matches!(self.layered, Layered::Listed { .. });
        let known = Constants {
            things: self.things,
            depths: constants.depths && !self.things,
            ..constants
        };
        let coloured = Constants { stage: Stage::Colours, rays: Rays::OfListedPixels, ..known };
        // Where layers lie on the ground its colours wait for them; else those in the shadow of
        // things are found again.
        let stored = self.things && self.layered == Layered::No;
        let rays = if stored { Rays::InShade } else { Rays::OfTiles };
        let ground = Constants { stage, layer, rays, ..known };
        // The sun's map knows the ground alone: from a thing a ray looks for what hides the sun,
        // over patches.
        let shadows = shadows_of_patches(shadows);
        let of_things = Constants { stage: Stage::Whole, rays: Rays::OfThings, ..known };
        let of_things = meeting(of_things, Cells::Patches, shadows);
        let peeled = Constants { peeled: true, ..of_things };
        let stage = match (self.things, stored) {
            (false, _) => stage,
            (true, false) => Stage::Hits,
            (true, true) => Stage::Kept,
        };
        let constants = Constants { stage, layer, shape, ..constants };
        let alone = Constants {
            rays: if has_fans { Rays::OfListedPixels } else { Rays::OfTiles },
            ..constants
        };
        let loads = self.engine.device().limits().prefers_loads;
        let average = average::Constants { loads, samples, remainder: has_fans, layered: false };
        let of_layers = average::Constants { layered: true, ..average };
        Draw {
            share,
            centres: (several && constants.depths)
                .then(|| self.walks(Constants { samples: 0, ..alone }, cells)),
            fans: has_fans.then(|| self.engine.pipeline(&constants)),
            rays: self.walks(alone, cells),
            ground: self.things.then(|| Walk::new(self.engine, &ground, cells)),
            things: self.things.then(|| Walk::new(self.engine, &of_things, Cells::Patches)),
            peeled: self.through.then(|| Walk::new(self.engine, &peeled, Cells::Patches)),
            colours: listed.then(|| Walk::new(self.engine, &coloured, cells)),
            average: several.then(|| self.engine.pipeline(&average)),
            layered_average: (has_fans && listed).then(|| self.engine.pipeline(&of_layers)),
        }
    }

    fn walks(&self, constants: Constants, cells: Cells) -> Walks {
        let pass = |constants, cells| Walk::new(self.engine, &constants, cells);
        // A base's walls and the face of water are met in patches, however far.
        if cells != Cells::Mixed || constants.base || self.view.scenery.water_level().is_some() {
            return Walks { first: pass(constants, cells), on: None };
        }
        let near = meeting(constants, Cells::Patches, shadows_of_patches(constants.shadows));
        let far = meeting(constants, Cells::Far, constants.shadows);
        Walks {
            first: pass(Constants { rays: Rays::OfTilesNearBy, ..near }, Cells::Patches),
            on: Some(pass(Constants { rays: Rays::ListedFar, ..far }, Cells::Far)),
        }
    }
}
