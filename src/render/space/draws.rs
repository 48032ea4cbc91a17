//! The passes of things over a picture's rays.

use super::Space;
use super::peels::Peels;
use super::rays::{Rays, Through};
use crate::error::Result;
use crate::gpu::shaders::{blocks, things_light, things_seen};
use crate::gpu::{Buffer, Commands, Lent, MemoryUse, Pipeline, Recipe};
use crate::render::remainder::Remainder;
use crate::render::scenery::water_kind;
use crate::render::{Engine, Interrupted, Terrain};
use crate::scene::View;
use std::sync::Arc;

/// Bytes of what a ray's hit has of the sun.
const SUN_BYTES: u64 = 4;
/// Places of a sun's disc that all samples of a pixel ask for together, and one of several at
/// least.
const SUN_PLACES: i32 = 24;
const LEAST_PLACES: i32 = 4;

/// What draws things into pictures of a view.
pub(in crate::render) struct ThingDraws<'e> {
    pub(super) space: &'e Space,
    /// The depths at the pixels' centres, where those have no ray of their own.
    centres: Option<Pipeline<things_seen::Shader>>,
    seen: Pipeline<things_seen::Shader>,
    /// Of all that rays see, and of ground alone. None where nothing casts a shadow.
    light: Option<[Pipeline<things_light::Shader>; 2]>,
    /// None where one sees through nothing.
    pub(super) peels: Option<Peels>,
    /// Once the view's are known.
    pub(super) blocks: Option<Lent<'e>>,
    /// Where the sun is free of things, if that is known.
    clear: Option<Arc<Buffer>>,
}

impl<'e> ThingDraws<'e> {
    /// `coloured`: what rays have met is, before things are asked for.
    pub(in crate::render) fn new(
        engine: &'e Engine,
        space: &'e Space,
        (terrain, view): (&Terrain, &View),
        [depths, coloured]: [bool; 2],
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let casts = view.light.casts_shadows();
        let clear = casts.then(|| space.clear(engine, terrain, &view.light, interrupted));
        let clear = clear.transpose()?.flatten();
        let samples = view.samples as i32;
        let loads = engine.device().limits().prefers_loads;
        let from_within = space.starts_within(terrain, view);
        let constants = things_seen::Constants {
            samples,
            depths,
            together: space.rise.is_some(),
            cast_shadows: casts,
            coloured,
            clear: clear.is_some(),
            from_within,
            water: water_kind(view),
            loads,
            prisms: space.prisms,
            tubes: space.tubes,
            seen_through: space.through > 0,
            boards: space.boards,
            images: space.images.is_some(),
        };
        let seen = |samples| engine.pipeline(&things_seen::Constants { samples, ..constants });
        let places =
            if view.light.has_soft_sun() { (SUN_PLACES / samples).max(LEAST_PLACES) } else { 0 };
        let light = |ground| {
            engine.pipeline(&things_light::Constants {
                samples,
                sun_places: places,
                ground,
                lists: ground && coloured,
                clear: clear.is_some(),
                from_within,
                water: constants.water,
                loads,
                prisms: space.prisms,
                tubes: space.tubes,
                seen_through: space.through > 0,
                boards: space.boards,
                images: space.images.is_some(),
            })
        };
        Ok(Self {
            space,
            centres: (samples > 1 && depths).then(|| seen(0)),
            seen: seen(samples),
            light: casts.then(|| [light(false), light(true)]),
            peels: Peels::new(engine, space, &constants),
            blocks: None,
            clear,
        })
    }

    pub(in crate::render) fn recipes(&self) -> impl Iterator<Item = &Recipe> {
        let centres = self.centres.as_ref().map(Pipeline::recipe);
        let light = self.light.iter().flatten().map(Pipeline::recipe);
        let peels = self.peels.iter().flat_map(Peels::recipes);
        [centres, Some(self.seen.recipe())].into_iter().flatten().chain(light).chain(peels)
    }

    /// With the blocks of its shaders, which are the view's but for the grid.
    pub(in crate::render) fn with_blocks(
        mut self,
        engine: &'e Engine,
        terrain: &Terrain,
        view: &View,
        of_view: &blocks::All,
    ) -> Result<Self> {
        self.blocks =
            Some(engine.lend_value("things", &self.space.blocks(terrain, view, of_view))?);
        Ok(self)
    }

    /// Memory for what so many rays' hits have of the sun.
    pub(in crate::render) fn sun_left(&self, engine: &'e Engine, rays: u64) -> Result<Lent<'e>> {
        let bytes = if self.light.is_some() { SUN_BYTES * rays } else { SUN_BYTES };
        engine.borrow_buffer("sun left by things", bytes, MemoryUse::Device)
    }

    /// Puts things before the ground at the pixels' centres, of which `rays` has the depths: as
    /// many workgroups as are counted in `groups`.
    pub(in crate::render) fn record_centres<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        groups: (&'r Buffer, u64),
    ) -> Result<()> {
        match &self.centres {
            Some(pipeline) => self.record(commands, pipeline, rays, groups),
            None => Ok(()),
        }
    }

    /// The same for all rays, and lists those that go on.
    pub(in crate::render) fn record_seen<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        groups: (&'r Buffer, u64),
    ) -> Result<()> {
        self.record(commands, &self.seen, rays, groups)
    }

    fn record<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        pipeline: &'r Pipeline<things_seen::Shader>,
        rays: &Rays<'r>,
        groups: (&'r Buffer, u64),
    ) -> Result<()> {
        let Some(blocks) = &self.blocks else { return Ok(()) };
        let Rays { tiles, hits, depths, sun_left, lists, through, .. } = *rays;
        let seen = lists.seen.buffer();
        // What is looked for by no shader may be any.
        let [known, through_hits, covers, beyond] = match through {
            Some(Through { known, hits, covers, rays, .. }) => [known, hits, covers, rays.buffer()],
            None => [seen; 4],
        };
        let bindings = things_seen::Bindings {
            blocks,
            clear: self.clear.as_deref().unwrap_or(&self.space.cells),
            covers,
            depths,
            hits,
            known,
            maxima: &self.space.tops,
            maxima_texels: &self.space.tops,
            remainder: seen,
            shaded: lists.shaded.buffer(),
            space_cells: &self.space.cells,
            space_images: self.space.images.as_ref().unwrap_or(&self.space.cells),
            space_colours: &self.space.colours,
            space_marks: &self.space.marks,
            space_shapes: &self.space.shapes,
            sun_left,
            through: beyond,
            through_hits,
            tiles,
        };
        commands.dispatch_indirect(pipeline, groups, &rays.band, &bindings)
    }

    /// Finds how much of the sun is left to what the rays of a list have met.
    pub(in crate::render) fn record_light<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        list: &'r Remainder<'_>,
    ) -> Result<()> {
        match &self.light {
            Some([pipeline, _]) => self.record_light_by(pipeline, commands, rays, list),
            None => Ok(()),
        }
    }

    /// The same of those that see ground, and lists where that is less than all.
    pub(in crate::render) fn record_shade<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
    ) -> Result<()> {
        match &self.light {
            Some([_, pipeline]) => {
                self.record_light_by(pipeline, commands, rays, rays.lists.shaded)
            }
            None => Ok(()),
        }
    }

    fn record_light_by<'r>(
        &'r self,
        pipeline: &'r Pipeline<things_light::Shader>,
        commands: &mut Commands<'r>,
        rays: &Rays<'r>,
        list: &'r Remainder<'_>,
    ) -> Result<()> {
        let Some(blocks) = &self.blocks else { return Ok(()) };
        let bindings = things_light::Bindings {
            blocks,
            clear: self.clear.as_deref().unwrap_or(&self.space.cells),
            hits: rays.hits,
            maxima: &self.space.tops,
            maxima_texels: &self.space.tops,
            queue: list.buffer(),
            remainder: rays.lists.dimmed.buffer(),
            space_cells: &self.space.cells,
            space_images: self.space.images.as_ref().unwrap_or(&self.space.cells),
            space_colours: &self.space.colours,
            space_marks: &self.space.marks,
            space_shapes: &self.space.shapes,
            sun_left: rays.sun_left,
            tiles: rays.tiles,
        };
        commands.dispatch_indirect(pipeline, list.ray_groups(), &rays.band, &bindings)
    }
}
