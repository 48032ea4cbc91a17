//! The passes that draw a picture's layers.

use super::Layer;
use super::block::Block;
use super::upload::Uploaded;
use crate::error::Result;
use crate::gpu::{Binding, Buffer, Commands, Lent, MemoryUse, Pipeline, Recipe, gpu_struct, shaders};
use crate::render::passes::write_start;
use crate::render::tiles::{Share, TileList};
use crate::render::{Engine, Interrupted, Terrain};
use crate::scene::View;
use bytemuck::bytes_of;
use std::sync::Arc;

gpu_struct! {
    struct Band: layer::Band {
        first_row: u32,
        rows: u32,
        first_tile: i32,
        tile_step: i32,
    }
}

/// Bytes of a ray's hit, from one pass to the next, and of what layers put on it.
pub(in crate::render) const HIT_BYTES: u64 = 16;
const COVER_BYTES: u64 = 8;

/// All parts of a picture's layers.
pub(in crate::render) struct LayerDraws<'e> {
    /// The topmost first.
    parts: Vec<PartDraw<'e>>,
}

struct PartDraw<'e> {
    part: Arc<Uploaded>,
    block: Lent<'e>,
    recipe: Recipe,
    pipeline: Option<Arc<Pipeline>>,
}

/// What rays have met, and what layers put on it.
pub(in crate::render) struct Hits<'e> {
    pub(in crate::render) hits: Lent<'e>,
    pub(in crate::render) covers: Lent<'e>,
}

impl<'e> LayerDraws<'e> {
    /// Of layers in the order in which they were given; None if nothing of them is to be drawn.
    pub(in crate::render) fn new(
        engine: &'e Engine,
        terrain: &Terrain,
        view: &View,
        layers: &[Arc<Layer>],
        far_cells: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let mut ordered: Vec<&Arc<Layer>> = layers.iter().collect();
        ordered.sort_by(|a, b| a.scene.zorder.total_cmp(&b.scene.zorder));
        let mut parts = Vec::new();
        for layer in ordered {
            parts.extend(layer.parts(engine, terrain, view, interrupted)?);
        }
        let loads = u32::from(engine.device().limits().prefers_loads);
        let mut draws = Self { parts: Vec::with_capacity(parts.len()) };
        for part in parts.into_iter().rev() {
            let mut block = engine.borrow_buffer("layer", size_of::<Block>() as u64, MemoryUse::Upload)?;
            write_start(block.write()?, bytes_of(&part.block));
            let [layer, shape] = part.constants;
            let topmost = draws.parts.is_empty();
            let flags = [topmost, far_cells, terrain.has_holes, view.scenery.base.is_some()].map(u32::from);
            let constants = [layer, shape, view.samples].into_iter().chain(flags).chain([loads]).collect();
            let recipe = Recipe::new(&shaders::layer::SHADER, constants);
            draws.parts.push(PartDraw { part, block, recipe, pipeline: None });
        }
        Ok(Some(draws).filter(|draws| !draws.parts.is_empty()))
    }

    pub(in crate::render) fn recipes(&self) -> impl Iterator<Item = &Recipe> {
        self.parts.iter().map(|draw| &draw.recipe)
    }

    /// Finds the pipelines made.
    pub(in crate::render) fn make(&mut self, engine: &Engine) -> Result<()> {
        for draw in &mut self.parts {
            draw.pipeline = Some(engine.made(&draw.recipe)?);
        }
        Ok(())
    }

    /// Memory for what so many rays meet.
    pub(in crate::render) fn hits(&self, engine: &'e Engine, rays: u64) -> Result<Hits<'e>> {
        Ok(Hits {
            hits: engine.borrow_buffer("hits", HIT_BYTES * rays, MemoryUse::Device)?,
            covers: engine.borrow_buffer("covers", COVER_BYTES * rays, MemoryUse::Device)?,
        })
    }

    /// Draws them all over a share of a band's tiles, whose hits are there.
    #[allow(clippy::too_many_arguments)] // what a pass is about
    pub(in crate::render) fn record<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        terrain: &'r Terrain,
        view: &'r Buffer,
        tiles: &'r TileList<'_>,
        share: Share,
        hits: &'r Hits<'_>,
        rows: std::ops::Range<u32>,
    ) -> Result<()> {
        let [first_tile, tile_step] = tiles.entries(share);
        let band = Band { first_row: rows.start, rows: rows.end - rows.start, first_tile, tile_step };
        let (heights, maxima) = (Binding::Image(&terrain.heights), Binding::Image(&terrain.pyramid.maxima));
        for draw in &self.parts {
            let Some(pipeline) = &draw.pipeline else { continue };
            let bindings = [
                Binding::Buffer(view),
                tiles.binding(),
                heights,
                maxima,
                heights,
                maxima,
                Binding::Buffer(&hits.hits),
                Binding::Buffer(&hits.covers),
                Binding::Buffer(&draw.block),
                Binding::Buffer(&draw.part.index.words),
                Binding::Buffer(&draw.part.index.items),
                Binding::Buffer(&draw.part.paints),
            ];
            commands.dispatch_indirect(pipeline, tiles.pixel_groups(share), bytes_of(&band), &bindings)?;
        }
        Ok(())
    }
}
