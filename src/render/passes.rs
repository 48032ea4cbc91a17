//! The passes of a picture over one band of its rows, and what they share.
//!
//! 1. `approach.comp`: the tiles in which something may be met, and how far the rays of each can go
//!    together. All that follows is done for these alone; the host gives the others the
//!    background's bytes.
//! 2. Several samples a pixel where all is far: `fan.comp` for every pixel. What follows is for
//!    those that it leaves.
//! 3. Several samples a pixel: `picture.comp` for the depths at the pixels' centres alone, if they
//!    are wanted.
//! 4. `picture.comp` for every ray. With layers on the ground, 2 and 4 list the pixels on which the
//!    layers' map has more than one colour. For these come `layer.comp`, once for each part of a
//!    layer, and `picture.comp` again for the colours.
//! 5. With things over the ground: `things_seen.comp` for every ray; `things_light.comp` and
//!    `picture.comp` for those that see one, or ground in shadow of some; for what is seen through
//!    one these two and `things_next.comp`, as often as there is any, and `things_over.comp`.
//! 6. Several samples a pixel: `average.comp`.
//!
//! Rows on which no layer can be seen are bands of their own, without the passes of layers.
//!
//! Where there are both patches and far cells, 3 and 4 are two passes each: over patches, and for
//! the rays that met none over far cells.

use super::blocks::blocks;
use super::colours::colormap_words;
use super::drape::DrapeOrBlank;
use super::draws::{Draw, Walks};
use super::far_cells::{Shares, has_far_cells};
use super::ground::Sent;
use super::layers::{HIT_BYTES, Hits, Layer, LayerDraws, Layered, RowLists};
use super::mosaic::Mosaic;
use super::pyramid::BASE_LEVEL;
use super::remainder::Remainder;
use super::space::{KNOWN_BYTES, ThingDraws};
use super::sun_map::SunMap;
use super::tiles::{Approach, TileList};
use super::{Engine, Interrupted, Region, Terrain, Tiles};
use crate::error::Result;
use crate::gpu::shaders::average;
use crate::gpu::shaders::picture::{Band, Bindings};
use crate::gpu::{Buffer, Commands, FloatImage, Lent, MemoryUse};
use crate::scene::View;
use bare_rows::BareRows;
use std::ops::Range;
use std::sync::Arc;
use things::{Groups, Met};

mod bare_rows;
mod things;

/// What the bands of a picture have in common.
pub(super) struct Passes<'e> {
    engine: &'e Engine,
    pub(super) terrain: &'e Terrain,
    samples: u32,
    /// Whether depths are wanted.
    depth: bool,
    /// The background's bytes.
    pub(super) background: [u8; 4],
    /// How much of the sky is seen.
    sky: &'e FloatImage,
    drape: DrapeOrBlank<'e>,
    blocks: Lent<'e>,
    colormap: Lent<'e>,
    /// Bytes of these two.
    pub(super) bytes_uploaded: u64,
    sun_map: Option<Arc<SunMap>>,
    approach: Approach,
    draws: Vec<Draw>,
    layers: Option<LayerDraws<'e>>,
    bare: Option<BareRows>,
    things: Option<ThingDraws<'e>>,
}

/// A finished band, in memory that the host reads: pixels and depths of the tiles that `mosaic`
/// knows.
pub(super) struct Drawn<'e> {
    pub(super) pixels: Lent<'e>,
    pub(super) depths: Lent<'e>,
    pub(super) mosaic: Mosaic,
    pub(super) gpu_ms: Option<f64>,
}

/// What is lent while some rows are drawn.
struct Lending<'e> {
    rows: Range<u32>,
    tiles: TileList<'e>,
    pixels: Lent<'e>,
    depths: Lent<'e>,
    samples: Lent<'e>,
    remainder: Remainder<'e>,
    hits: Option<Hits<'e>>,
    /// Which marks may lie where.
    row_lists: Option<Arc<RowLists<'e>>>,
    met: Option<Met<'e>>,
}

impl Lending<'_> {
    /// What rays have met, where that is kept.
    fn kept_hits(&self) -> Option<&Buffer> {
        let lone = self.met.as_ref().and_then(|met| met.hits.as_deref());
        self.hits.as_ref().map(|hits| &*hits.hits).or(lone)
    }
}

impl<'e> Passes<'e> {
    /// For a view that is valid. Without `depth` the depths of [`Drawn`] may be anything.
    pub(super) fn new(
        engine: &'e Engine,
        sent: &Sent<'e>,
        view: &View,
        layers: &[Arc<Layer>],
        depth: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let &Sent { terrain, layer: drape, space, .. } = sent;
        let has_far_cells = has_far_cells(terrain, view, interrupted)?;
        let sun_map = SunMap::of(engine, terrain, view, has_far_cells, interrupted)?;
        let walks = view.light.casts_shadows() && sun_map.is_none();
        let finest = sun_map.as_ref().map_or(BASE_LEVEL, |map| map.level);
        let shares = Shares::of(terrain, view, has_far_cells, finest, walks);
        // Things want to know what rays have met before layers are drawn on it.
        let inline = (&shares, space.is_none());
        let layers = LayerDraws::new(engine, terrain, view, layers, inline, interrupted)?;
        let layered = layers.as_ref().map_or(Layered::No, LayerDraws::layered);
        let things = space
            .map(|space| {
                let wanted = [depth, layered == Layered::No];
                ThingDraws::new(engine, space, (terrain, view), wanted, interrupted)
            })
            .transpose()?;
        let through = things.as_ref().is_some_and(ThingDraws::sees_through);
        let seam = (layered, [things.is_some(), through]);
        let map = sun_map.as_deref();
        let all = |seam| Draw::all(engine, terrain, view, drape, depth, &shares, map, seam);
        let draws = all(seam);
        // Of a DEM in sheets parts are drawn again and again.
        let may_cut = space.is_none() && terrain.sheets.is_none();
        let bare = layers.as_ref().filter(|_| may_cut).and_then(|layers| {
            BareRows::new(layers, view.size[1], || all((Layered::No, [false; 2])))
        });
        let approach = Approach::new(engine, terrain, view, shares.far_from, space);
        let of_layers = layers.iter().flat_map(|layers| layers.recipes(&shares));
        let of_things = things.iter().flat_map(ThingDraws::recipes);
        let own = draws.iter().flat_map(Draw::recipes).chain([approach.recipe()]);
        engine.prepare(own.chain(of_layers).chain(of_things))?;
        let drape = match drape {
            Some(layer) => DrapeOrBlank::Given(layer),
            None => DrapeOrBlank::Blank(engine.no_drape(interrupted)?),
        };
        let mut numbers = blocks(terrain, view, sun_map.as_deref(), &drape)?;
        if let Some(layers) = &layers {
            layers.put_blocks(&mut numbers);
        }
        let colours = colormap_words(&view.colormap, view.bad);
        Ok(Self {
            engine,
            terrain,
            samples: view.samples,
            depth,
            background: numbers.backdrop.bytes.to_ne_bytes(),
            // Without occlusion nothing reads it, and any image will do.
            sky: if view.light.has_occlusion() {
                &terrain.sky_view()?.image
            } else {
                &terrain.heights
            },
            drape,
            blocks: engine.lend_value("blocks", &numbers)?,
            colormap: engine.lend_values("colormap", &colours)?,
            bytes_uploaded: (size_of_val(&numbers) + size_of_val(colours.as_slice())) as u64,
            sun_map,
            approach,
            draws,
            bare,
            layers: layers.map(|layers| layers.with_blocks(engine, &numbers)).transpose()?,
            things: things
                .map(|things| things.with_blocks(engine, terrain, view, &numbers))
                .transpose()?,
        })
    }

    /// Bytes of the largest buffer that a pixel takes part in.
    pub(super) fn bytes_per_pixel(&self) -> u64 {
        let layered = self.layers.as_ref().map(LayerDraws::layered);
        let lists = matches!(layered, Some(Layered::Listed { .. }));
        let keeps_hits = lists || self.things.is_some();
        let through = self.things.as_ref().is_some_and(ThingDraws::sees_through);
        let ray = match (through, keeps_hits) {
            (true, _) => KNOWN_BYTES,
            (false, true) => HIT_BYTES,
            (false, false) => 8,
        };
        if self.samples == 1 && !keeps_hits { 4 } else { ray * u64::from(self.samples) }
    }

    /// Draws a part of the picture, or some of its tiles, and waits for it. `recorded` is called
    /// when the device gets to work.
    pub(super) fn draw(
        &self,
        region: &Region,
        which: Tiles,
        interrupted: Interrupted<'_>,
        recorded: impl FnOnce(),
    ) -> Result<Drawn<'e>> {
        let band = self.lend(region, which, interrupted)?;
        let mut gpu_ms = Some(0.0);
        {
            let mut commands = Commands::timed(self.engine.device())?;
            self.terrain.record_start(&mut commands)?;
            self.approach.record(
                &mut commands,
                &band.tiles,
                self.terrain,
                &self.blocks,
                (region, which),
                self.samples,
            )?;
            let bindings = self.bindings(&band);
            for draw in self.draws_of(&region.rows) {
                let so_far = (commands, &mut gpu_ms, interrupted);
                commands = self.record(draw, &band, &bindings, so_far)?;
            }
            band.tiles.record_copy(&mut commands)?;
            recorded();
            let last_ms = commands.submit_and_wait(interrupted)?;
            gpu_ms = gpu_ms.zip(last_ms).map(|(all, last)| all + last);
        }
        let mosaic = band.tiles.mosaic()?;
        Ok(Drawn { pixels: band.pixels, depths: band.depths, mosaic, gpu_ms })
    }

    /// The buffers that a part takes.
    fn lend(
        &self,
        region: &Region,
        which: Tiles,
        interrupted: Interrupted<'_>,
    ) -> Result<Lending<'e>> {
        let engine = self.engine;
        let rows = region.rows.clone();
        let tiles = self.approach.list(engine, region, which)?;
        let count = tiles.pixels();
        let lend = |name, bytes, memory| engine.borrow_buffer(name, bytes, memory);
        let pixels = lend("pixels", 4 * count, MemoryUse::ReadBack)?;
        let depths = lend("depths", if self.depth { 4 * count } else { 4 }, MemoryUse::ReadBack)?;
        let all_rays = u64::from(self.samples) * count;
        let sample_bytes = if self.samples > 1 { 8 * all_rays } else { 4 };
        let samples = lend("samples", sample_bytes, MemoryUse::Device)?;
        let (draws, layers) = (self.draws_of(&rows), self.layers_on(&rows));
        let any_fans = draws.iter().any(|draw| draw.fans.is_some());
        let any_go_on = draws.iter().any(|draw| draw.rays.on.is_some());
        let all_go = any_go_on || self.things.is_some();
        let listed = if all_go { all_rays } else { u64::from(any_fans) * count };
        let remainder = Remainder::new(engine, listed)?;
        let hits =
            layers.map(|layers| layers.hits(engine, count, self.samples)).transpose()?.flatten();
        let met = match &self.things {
            Some(things) => {
                let own = || lend("hits", HIT_BYTES * all_rays, MemoryUse::Device);
                let own = hits.is_none().then(own).transpose()?;
                Some(Met::new(engine, things, all_rays, own)?)
            }
            None => None,
        };
        let of_layers = layers.map(|layers| layers.row_lists(engine, &rows, interrupted));
        let row_lists = of_layers.transpose()?;
        Ok(Lending { rows, tiles, pixels, depths, samples, remainder, hits, row_lists, met })
    }

    /// What `picture.comp` and its kin read and write.
    fn bindings<'b>(&'b self, band: &'b Lending<'e>) -> Bindings<'b> {
        let mask = self
            .terrain
            .caches
            .water_mask
            .as_ref()
            .map_or(&*self.terrain.heights, |(image, _)| image);
        let drape_texels = self.drape.texels();
        let sun_map = self.sun_map.as_ref().map_or(&*self.terrain.heights, |map| &map.image);
        let Lending { tiles, pixels, depths, samples, remainder, hits, row_lists, .. } = band;
        let part = self.layers.as_ref().and_then(LayerDraws::inline_buffers);
        let [layer_words, layer_lists, layer_items, layer_paints] = part.unwrap_or([&**samples; 4]);
        Bindings {
            blocks: &self.blocks,
            layer_items,
            layer_lists,
            layer_paints,
            layer_rows: row_lists.as_ref().and_then(|lists| lists.seen()).unwrap_or(samples),
            layer_words,
            covers: hits.as_ref().map_or(samples, |hits| &*hits.covers),
            hits: band.kept_hits().unwrap_or(samples),
            layer_cells: self.layers.as_ref().map_or(samples, |layers| layers.map_words()),
            layered: hits.as_ref().map_or(remainder.buffer(), |hits| hits.listed.buffer()),
            layered_samples: hits.as_ref().map_or(samples, |hits| &*hits.waiting),
            colormap: &self.colormap,
            depths,
            directory: self.terrain.directory(),
            directory_texels: self.terrain.directory(),
            drape_texels,
            drape_words: drape_texels,
            height_texels: &self.terrain.heights,
            heights: &self.terrain.heights,
            maxima: self.terrain.maxima(),
            maxima_texels: self.terrain.maxima(),
            painted_holes: self.terrain.painted_holes.as_ref().unwrap_or(drape_texels),
            pixels,
            remainder: remainder.buffer(),
            samples,
            sheet_use: self.terrain.usage(samples),
            sky_view: self.sky,
            sun_left: band.met.as_ref().map_or(samples, Met::sun_left),
            sun_map,
            sun_map_texels: sun_map,
            tiles: tiles.buffer(),
            water_mask: mask,
        }
    }

    /// The passes over one share of the tiles, after what is recorded so far. Some of it may be
    /// done, and its milliseconds counted, on the way.
    fn record<'b>(
        &'b self,
        draw: &'b Draw,
        lending: &'b Lending<'e>,
        bindings: &Bindings<'b>,
        (mut commands, ms, interrupted): (Commands<'b>, &mut Option<f64>, Interrupted<'_>),
    ) -> Result<Commands<'b>> {
        let Draw { share, centres, fans, rays, colours, average, layered_average, .. } = draw;
        let Lending { rows, tiles, pixels, samples, remainder, hits, row_lists, .. } = lending;
        let height = rows.end - rows.start;
        let [first_tile, tile_step] = tiles.entries(*share);
        let band = Band { first_row: rows.start, rows: height, first_tile, tile_step };
        let mut pixel_groups = tiles.pixel_groups(*share);
        let mut ray_groups = tiles.ray_groups(*share);
        if let Some(hits) = hits {
            hits.record_clear(&mut commands, self.samples)?;
        }
        if let Some(pipeline) = fans {
            remainder.record_clear(&mut commands, self.samples)?;
            commands.dispatch_indirect(pipeline, pixel_groups, &band, bindings)?;
            (pixel_groups, ray_groups) = (remainder.pixel_groups(), remainder.ray_groups());
        }
        for (walks, groups, parts) in
            [(centres.as_ref(), pixel_groups, 1), (Some(rays), ray_groups, self.samples)]
        {
            let Some(Walks { first, on }) = walks else { continue };
            if on.is_some() {
                remainder.record_clear(&mut commands, parts)?;
            }
            first.record(&mut commands, groups, &band, bindings)?;
            if let Some(pipeline) = on {
                pipeline.record(&mut commands, remainder.ray_groups(), &band, bindings)?;
            }
        }
        let groups = Groups { band, pixels: pixel_groups, rays: ray_groups };
        self.record_things(draw, lending, groups, bindings, &mut commands)?;
        if let (Some(pipeline), Some(layers), Some(hits), Some(row_lists)) =
            (colours, self.layers_on(rows), hits, row_lists)
        {
            let lists = (hits, &**row_lists);
            layers.record(&mut commands, self.terrain, tiles, *share, lists, rows.start)?;
            // The listed pixels are these.
            let bindings = Bindings { remainder: hits.listed.buffer(), ..*bindings };
            pipeline.record(&mut commands, hits.listed.ray_groups(), &band, &bindings)?;
        }
        let so_far = (commands, ms, interrupted);
        commands = self.record_through(draw, lending, band, bindings, so_far)?;
        let averaged = [
            average.as_ref().map(|pipeline| (pipeline, remainder.buffer(), pixel_groups)),
            layered_average.as_ref().zip(hits.as_ref()).map(|(pipeline, hits)| {
                (pipeline, hits.listed.buffer(), hits.listed.pixel_groups())
            }),
        ];
        for (pipeline, remainder, groups) in averaged.into_iter().flatten() {
            let waiting = hits.as_ref().map(|hits| (hits.listed.buffer(), &*hits.waiting));
            let (layered, layered_samples) = waiting.unwrap_or((remainder, samples));
            let bindings = average::Bindings {
                blocks: &self.blocks,
                layered,
                layered_samples,
                pixels,
                remainder,
                samples,
                tiles: tiles.buffer(),
            };
            let rows = average::Band { rows: height, first_tile, tile_step };
            commands.dispatch_indirect(pipeline, groups, &rows, &bindings)?;
        }
        Ok(commands)
    }
}
