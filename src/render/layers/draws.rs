//! The passes that draw a picture's layers.

use super::Layer;
use super::map::LayerMap;
use super::upload::Uploaded;
use crate::error::Result;
use crate::gpu::shaders::blocks;
use crate::gpu::shaders::kinds::Shape;
use crate::gpu::shaders::layer::{Band, Bindings, Constants, Shader};
use crate::gpu::{Buffer, Commands, Lent, MemoryUse, Pipeline, Recipe};
use crate::render::far_cells::{Cells, Shares};
use crate::render::remainder::Remainder;
use crate::render::tiles::{Share, TileList};
use crate::render::{Engine, Interrupted, Terrain};
use crate::scene::View;
use std::sync::Arc;

/// Bytes of a ray's hit, from one pass to the next, and of what layers put on it.
pub(in crate::render) const HIT_BYTES: u64 = 16;
const COVER_BYTES: u64 = 8;

/// All parts of a picture's layers.
pub(in crate::render) struct LayerDraws<'e> {
    /// The topmost first.
    parts: Vec<PartDraw<'e>>,
    /// The only one, where it is drawn as rays end: nothing is kept for it.
    inline: Option<Arc<Uploaded>>,
    map: Arc<LayerMap>,
}

/// What of its layers a picture's own shaders draw.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::render) enum Layered {
    /// There are none.
    No,
    /// What their map tells; the other pixels wait.
    Listed,
    /// All of the one part that there is, of such a kind.
    Inline(i32, Shape),
}

struct PartDraw<'e> {
    part: Arc<Uploaded>,
    /// For near and far tiles.
    pipelines: [Pipeline<Shader>; 2],
    /// Once the view's are known.
    blocks: Option<Lent<'e>>,
}

/// Pixels that wait for layers: what their rays have met, and what layers put on it.
pub(in crate::render) struct Hits<'e> {
    pub(in crate::render) listed: Remainder<'e>,
    /// A word of bits for each pixel: which of its samples wait.
    pub(in crate::render) waiting: Lent<'e>,
    pub(in crate::render) hits: Lent<'e>,
    pub(in crate::render) covers: Lent<'e>,
}

impl Hits<'_> {
    /// None waits any more; 64 pixels will take `samples` workgroups of a thread a ray.
    pub(in crate::render) fn record_clear<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        samples: u32,
    ) -> Result<()> {
        self.listed.record_clear(commands, samples)?;
        if samples > 1 { commands.clear(&self.waiting) } else { Ok(()) }
    }
}

impl<'e> LayerDraws<'e> {
    /// Of layers in the order in which they were given; None if nothing of them is to be drawn.
    /// With `inline` a part that is alone may be drawn as rays end: where many pixels would wait
    /// for it, that is less than to keep what they have met.
    pub(in crate::render) fn new(
        engine: &'e Engine,
        terrain: &Terrain,
        view: &View,
        layers: &[Arc<Layer>],
        (shares, inline): (&Shares, bool),
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let mut ordered: Vec<&Arc<Layer>> = layers.iter().collect();
        ordered.sort_by(|a, b| a.scene.zorder.total_cmp(&b.scene.zorder));
        let topmost = ordered.last().copied();
        let mut uploaded = Vec::new();
        for layer in ordered {
            uploaded.extend(layer.parts(engine, terrain, view, interrupted)?);
        }
        uploaded.reverse();
        let Some(topmost) = topmost.filter(|_| !uploaded.is_empty()) else { return Ok(None) };
        let map = topmost.map(&uploaded, terrain, view, interrupted)?;
        if let ([part], true) = (&uploaded[..], inline && view.samples == 1)
            && part.index.lists.len() == 1
            && map.crowded
        {
            return Ok(Some(Self { parts: Vec::new(), inline: Some(part.clone()), map }));
        }
        let mut parts = Vec::with_capacity(uploaded.len());
        for part in uploaded {
            let (layer, shape) = part.constants;
            let constants = |cells: Cells| Constants {
                layer,
                shape,
                samples: view.samples as i32,
                topmost: parts.is_empty(),
                // Nothing is walked.
                along_borders: false,
                straight_down: false,
                far_cells: cells != Cells::Patches,
                patches: cells != Cells::Far,
                has_holes: terrain.extent.has_holes,
                sheets: terrain.sheets.is_some(),
                base: view.scenery.base.is_some(),
                loads: engine.device().limits().prefers_loads,
            };
            let pipelines = [shares.near.unwrap_or(Cells::Far), Cells::Far]
                .map(|cells| engine.pipeline(&constants(cells)));
            parts.push(PartDraw { part, pipelines, blocks: None });
        }
        Ok(Some(Self { parts, inline: None, map }))
    }

    /// Of the tiles that there are.
    pub(in crate::render) fn recipes(&self, shares: &Shares) -> impl Iterator<Item = &Recipe> {
        let (any_near, any_far) = (shares.near.is_some(), shares.far);
        self.parts.iter().flat_map(move |PartDraw { pipelines: [near, far], .. }| {
            let near = any_near.then(|| near.recipe());
            near.into_iter().chain(any_far.then(|| far.recipe()))
        })
    }

    /// With the blocks of each part's shader, which has the view's too.
    pub(in crate::render) fn with_blocks(
        mut self,
        engine: &'e Engine,
        of_view: &blocks::All,
    ) -> Result<Self> {
        for draw in &mut self.parts {
            let numbers = blocks::All { layer: draw.part.block, ..*of_view };
            draw.blocks = Some(engine.lend_value("layer", &numbers)?);
        }
        Ok(self)
    }

    /// The words of the layers' map.
    pub(in crate::render) fn map_words(&self) -> &Buffer {
        &self.map.words
    }

    /// What a picture's own shaders draw.
    pub(in crate::render) fn layered(&self) -> Layered {
        self.inline.as_ref().map_or(Layered::Listed, |part| {
            let (layer, shape) = part.constants;
            Layered::Inline(layer, shape)
        })
    }

    /// The numbers that these want.
    pub(in crate::render) fn put_blocks(&self, blocks: &mut blocks::All) {
        blocks.layer_map = self.map.block();
        if let Some(part) = &self.inline {
            blocks.layer = part.block;
        }
    }

    /// The part's buffers that these read: words, lists, items, paints.
    pub(in crate::render) fn inline_buffers(&self) -> Option<[&Buffer; 4]> {
        let part = self.inline.as_ref()?;
        let (_, lists) = part.index.lists.first()?;
        Some([&part.index.words, lists, &part.index.items, &part.paints])
    }

    /// Memory for so many pixels that wait; None where none will.
    pub(in crate::render) fn hits(
        &self,
        engine: &'e Engine,
        pixels: u64,
        samples: u32,
    ) -> Result<Option<Hits<'e>>> {
        if self.inline.is_some() {
            return Ok(None);
        }
        let rays = pixels * u64::from(samples);
        let masks = if samples > 1 { 4 * pixels } else { 4 };
        Ok(Some(Hits {
            listed: Remainder::new(engine, pixels)?,
            waiting: engine.borrow_buffer("layered samples", masks, MemoryUse::Device)?,
            hits: engine.borrow_buffer("hits", HIT_BYTES * rays, MemoryUse::Device)?,
            covers: engine.borrow_buffer("covers", COVER_BYTES * rays, MemoryUse::Device)?,
        }))
    }

    /// Draws them all on the pixels of a share of a band's tiles that wait.
    pub(in crate::render) fn record<'r>(
        &'r self,
        commands: &mut Commands<'r>,
        terrain: &'r Terrain,
        tiles: &'r TileList<'_>,
        share: Share,
        hits: &'r Hits<'_>,
        first_row: u32,
    ) -> Result<()> {
        for PartDraw { part, pipelines: [near, far], blocks } in &self.parts {
            let Some(blocks) = blocks else { continue };
            let pipeline = if share == Share::Near { near } else { far };
            for (levels, lists) in &part.index.lists {
                let bindings = Bindings {
                    blocks,
                    covers: &hits.covers,
                    directory: terrain.directory(),
                    directory_texels: terrain.directory(),
                    height_texels: &terrain.heights,
                    heights: &terrain.heights,
                    hits: &hits.hits,
                    layer_items: &part.index.items,
                    layer_lists: lists,
                    layer_paints: &part.paints,
                    layer_words: &part.index.words,
                    layered: hits.listed.buffer(),
                    layered_samples: &hits.waiting,
                    maxima: terrain.maxima(),
                    maxima_texels: terrain.maxima(),
                    sheet_use: terrain.usage(&hits.covers),
                    tiles: tiles.buffer(),
                };
                let band = Band { first_row, first_level: levels.start, end_level: levels.end };
                commands.dispatch_indirect(
                    pipeline,
                    hits.listed.pixel_groups(),
                    &band,
                    &bindings,
                )?;
            }
        }
        Ok(())
    }
}
