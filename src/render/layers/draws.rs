//! The passes that draw a picture's layers.

use super::Layer;
use super::lens::Pixels;
use super::map::LayerMap;
use super::row_lists::RowLists;
use super::rows::Seen;
use super::sight::Sight;
use super::upload::Uploaded;
use crate::error::{Error, Result};
use crate::gpu::shaders::blocks;
use crate::gpu::shaders::kinds::Shape;
use crate::gpu::shaders::layer::{Band, Bindings, Constants, Shader};
use crate::gpu::{Buffer, Commands, Lent, MemoryUse, Pipeline, Recipe};
use crate::render::far_cells::{Cells, Shares};
use crate::render::remainder::Remainder;
use crate::render::tiles::{Share, TileList};
use crate::render::{Engine, Interrupted, Terrain};
use crate::scene::View;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a ray's hit, from one pass to the next, and of what layers put on it.
pub(in crate::render) const HIT_BYTES: u64 = 16;
const COVER_BYTES: u64 = 8;

/// What a list of a cell has.
const ENTRIES: &str = "edges, or pieces of lines, around a pixel";

/// All parts of a picture's layers.
pub(in crate::render) struct LayerDraws<'e> {
    /// The topmost first.
    parts: Vec<PartDraw<'e>>,
    /// The only one, where it is drawn as rays end: nothing is kept for it.
    inline: Option<Arc<Uploaded>>,
    /// Of which each part is.
    layers: Vec<Arc<Layer>>,
    map: Arc<LayerMap>,
    /// Where lines and areas may be seen.
    seen: Option<Pixels>,
    sight: Sight,
    /// Of each part, the one that is alone last, its marks, or pieces of lines, in the picture.
    marks: Vec<Option<Seen>>,
    /// On the device, what those of lines number.
    pieces: Vec<Option<Lent<'e>>>,
    /// Of the rows that were asked for last: blocks beside each other have the same.
    row_lists: Mutex<Option<(Range<u32>, Arc<RowLists<'e>>)>>,
}

/// What of its layers a picture's own shaders draw.
#[derive(Clone, Copy, PartialEq)]
pub(in crate::render) enum Layered {
    /// There are none.
    No,
    /// What their map tells; the other pixels wait, and those of rows with marks if there are any.
    Listed { marks: bool },
    /// All of the one part that there is, of such a kind.
    Inline(i32, Shape),
}

struct PartDraw<'e> {
    part: Arc<Uploaded>,
    /// For near and far tiles.
    pipelines: [Pipeline<Shader>; 2],
    /// For its lists after the first: under what is there.
    lower: [Pipeline<Shader>; 2],
    /// Once the view's are known.
    blocks: Option<Lent<'e>>,
}

impl PartDraw<'_> {
    /// Of a part that is the topmost of all or is not.
    fn new(
        engine: &Engine,
        terrain: &Terrain,
        view: &View,
        (part, topmost): (Arc<Uploaded>, bool),
        shares: &Shares,
    ) -> Self {
        let (layer, shape) = part.constants;
        let constants = |cells: Cells, topmost: bool| Constants {
            layer,
            shape,
            samples: view.samples as i32,
            topmost,
            lanes: lanes(engine),
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
        let [pipelines, lower] = [topmost, false].map(|topmost| {
            [shares.near.unwrap_or(Cells::Far), Cells::Far]
                .map(|cells| engine.pipeline(&constants(cells, topmost)))
        });
        Self { part, pipelines, lower, blocks: None }
    }
}

/// What the parts' pieces are, on the device.
fn lend_pieces<'e>(engine: &'e Engine, seen: &[Option<Seen>]) -> Result<Vec<Option<Lent<'e>>>> {
    let most = engine.device().limits().max_storage_bytes;
    let lend = |seen: &Seen| {
        let bytes = size_of_val(seen.pieces.as_slice()) as u64;
        if bytes > most {
            return Err(Error::invalid(format!(
                "a layer's lines have too many pieces in one picture; expected at most {most} bytes of them, got {bytes}; make several layers of it"
            )));
        }
        engine.lend_values("layer's pieces", &seen.pieces)
    };
    let pieces = seen.iter().map(|seen| seen.as_ref().filter(|seen| !seen.pieces.is_empty()));
    pieces.map(|seen| seen.map(lend).transpose()).collect()
}

/// LANES: how many threads may read a list together.
pub(in crate::render) fn lanes(engine: &Engine) -> i32 {
    engine.device().limits().subgroup_lanes.map_or(1, |lanes| lanes as i32)
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
        commands.clear(&self.waiting)
    }
}

impl<'e> LayerDraws<'e> {
    /// Of layers in the order in which they were given; None if nothing of them is to be drawn.
    /// With `inline` a part that is alone, of marks, far lines or on many pixels, is drawn as rays end
    /// if they are one a pixel: that is less than to keep what they have met.
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
        let (mut uploaded, mut layers) = (Vec::new(), Vec::new());
        for layer in ordered {
            uploaded.extend(layer.parts(engine, terrain, view, interrupted)?);
            layers.resize(uploaded.len(), layer.clone());
        }
        uploaded.reverse();
        layers.reverse();
        let Some(topmost) = topmost.filter(|_| !uploaded.is_empty()) else { return Ok(None) };
        let map = topmost.map(&uploaded, terrain, view, interrupted)?;
        let sight = Sight::new(terrain, view);
        let seen = sight.pixels(&uploaded, terrain.extent.range);
        for (part, layer) in uploaded.iter().zip(&layers) {
            layer.tell_lost(ENTRIES, || sight.lost(part, terrain.extent.range));
        }
        let marks = uploaded.iter().map(|part| sight.marks(part, interrupted));
        let mut marks = marks.collect::<Result<Vec<_>>>()?;
        let pieces = lend_pieces(engine, &marks)?;
        let mut all = Self {
            parts: Vec::new(),
            inline: None,
            layers,
            map,
            seen,
            sight,
            marks: Vec::new(),
            pieces,
            row_lists: Mutex::default(),
        };
        if let ([part], true) = (&uploaded[..], inline && view.samples == 1)
            && part.by_cell().is_none_or(|index| index.lists.len() == 1 && all.map.crowded)
            && all.has_room(view, &mut marks, interrupted)?
        {
            all.inline = Some(part.clone());
        } else {
            let draws = (0..).zip(uploaded).map(|(number, part)| {
                PartDraw::new(engine, terrain, view, (part, number == 0), shares)
            });
            all.parts = draws.collect();
        }
        all.marks = marks;
        Ok(Some(all))
    }

    /// Whether each list of marks has room for all.
    fn has_room(
        &self,
        view: &View,
        marks: &mut [Option<Seen>],
        interrupted: Interrupted<'_>,
    ) -> Result<bool> {
        let lists = (view.size[1], self.sight.across);
        let mut all = marks.iter_mut().flatten();
        all.try_fold(true, |fit, seen| Ok(seen.fits(lists, interrupted)? && fit))
    }

    /// Of the tiles that there are.
    pub(in crate::render) fn recipes(&self, shares: &Shares) -> impl Iterator<Item = &Recipe> {
        let (any_near, any_far) = (shares.near.is_some(), shares.far);
        // Those for later lists are made when there are any.
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
        let Self { parts, sight, .. } = &mut self;
        for draw in parts {
            let numbers = blocks::All { layer: sight.block(&draw.part), ..*of_view };
            draw.blocks = Some(engine.lend_value("layer", &numbers)?);
        }
        Ok(self)
    }

    /// The words of the layers' map.
    pub(in crate::render) fn map_words(&self) -> &Buffer {
        &self.map.words
    }

    /// The rows of the picture on which they may be seen.
    pub(in crate::render) fn rows(&self) -> Range<u32> {
        let of_map = self.seen.map(|Pixels { rows, .. }| rows);
        let of_marks = self.marks.iter().flatten().filter_map(Seen::rows);
        let both = |a: [u16; 2], b: [u16; 2]| [a[0].min(b[0]), a[1].max(b[1])];
        let all = of_map.into_iter().chain(of_marks).reduce(both);
        all.map_or(0..0, |[first, last]| u32::from(first)..u32::from(last) + 1)
    }

    /// What a picture's own shaders draw.
    pub(in crate::render) fn layered(&self) -> Layered {
        let marks = self.parts.iter().any(|draw| draw.part.by_cell().is_none());
        self.inline.as_ref().map_or(Layered::Listed { marks }, |part| {
            let (layer, shape) = part.constants;
            Layered::Inline(layer, shape)
        })
    }

    /// The numbers that these want.
    pub(in crate::render) fn put_blocks(&self, blocks: &mut blocks::All) {
        blocks.layer_map = self.map.block(self.seen);
        if let Some(part) = &self.inline {
            blocks.layer = self.sight.block(part);
        }
    }

    /// The part's buffers that these read: words, lists, items, paints.
    pub(in crate::render) fn inline_buffers(&self) -> Option<[&Buffer; 4]> {
        let part = self.inline.as_ref()?;
        let [words, items] = part.buffers();
        let lists = part.by_cell().and_then(|index| index.lists.first());
        let items = self.pieces.first().and_then(Option::as_deref).unwrap_or(items);
        Some([words, lists.map_or(words, |(_, lists)| lists), items, &part.paints])
    }

    /// Lists of what may lie on some rows of the picture.
    pub(in crate::render) fn row_lists(
        &self,
        engine: &'e Engine,
        rows: &Range<u32>,
        interrupted: Interrupted<'_>,
    ) -> Result<Arc<RowLists<'e>>> {
        let mut last = self.row_lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, lists)) = &*last
            && of == rows
        {
            return Ok(lists.clone());
        }
        let marks = (&self.marks[..], &self.layers[..]);
        let (of, inline) = ((rows, self.sight.across), self.inline.is_some());
        let lists = Arc::new(RowLists::of(engine, marks, of, inline, interrupted)?);
        *last = Some((rows.clone(), lists.clone()));
        Ok(lists)
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
        Ok(Some(Hits {
            listed: Remainder::new(engine, pixels)?,
            waiting: engine.borrow_buffer("layered samples", 4 * pixels, MemoryUse::Device)?,
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
        (hits, rows): (&'r Hits<'_>, &'r RowLists<'_>),
        first_row: u32,
    ) -> Result<()> {
        let rows = rows.parts.iter().zip(&self.pieces);
        for (PartDraw { part, pipelines, lower, blocks }, (rows, pieces)) in
            self.parts.iter().zip(rows)
        {
            let Some(blocks) = blocks else { continue };
            let [words, items] = part.buffers();
            let by_cell = part.by_cell().map(|index| &index.lists[..]).unwrap_or_default();
            let of_levels =
                by_cell.iter().map(|(levels, lists)| (levels.clone(), lists, words, pipelines));
            let of_rows = (0..).zip(rows).map(|(turn, rows)| {
                (0..1, words, &**rows, if turn == 0 { pipelines } else { lower })
            });
            for (levels, lists, rows, [near, far]) in of_levels.chain(of_rows) {
                let pipeline = if share == Share::Near { near } else { far };
                let bindings = Bindings {
                    blocks,
                    covers: &hits.covers,
                    directory: terrain.directory(),
                    directory_texels: terrain.directory(),
                    height_texels: &terrain.heights,
                    heights: &terrain.heights,
                    hits: &hits.hits,
                    layer_items: pieces.as_deref().unwrap_or(items),
                    layer_lists: lists,
                    layer_paints: &part.paints,
                    layer_rows: rows,
                    layer_words: words,
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
