//! The passes of a picture over one band of its rows, and what they share.
//!
//! 1. `approach.comp`: the tiles in which something may be met, and how far the rays of each can go together. All that
//!    follows is done for these alone; the host gives the others the background's bytes.
//! 2. Several samples a pixel where all is far: `fan.comp` for every pixel. What follows is for those that it leaves.
//! 3. Several samples a pixel: `picture.comp` for the depths at the pixels' centres alone, if they are wanted.
//! 4. `picture.comp` for every ray. With layers on the ground it stores what they meet, then come `layer.comp` for each part of a layer, and
//!    `picture.comp` again for the colours.
//! 5. Several samples a pixel: `average.comp`.
//!
//! Where there are both patches and far cells, 3 and 4 are two passes each: over patches, and for the rays that met none over far cells.

use super::drape::{DrapeBlock, DrapeLayer};
use super::draws::{Draw, Walks};
use super::far_cells::{Shares, has_far_cells};
use super::layers::{HIT_BYTES, Layer, LayerDraws};
use super::mosaic::Mosaic;
use super::pyramid::BASE_LEVEL;
use super::remainder::Remainder;
use super::sun_map::SunMap;
use super::tiles::Approach;
use super::view_block::ViewBlock;
use super::{Engine, Interrupted, Terrain};
use crate::error::Result;
use crate::gpu::{Binding, Commands, FloatImage, Lent, MemoryUse, gpu_struct, shaders};
use crate::scene::{Colormap, View, srgb};
use bytemuck::bytes_of;
use std::ops::Range;
use std::sync::Arc;

gpu_struct! {
    struct Band: picture::Band {
        first_row: u32,
        rows: u32,
        first_tile: i32,
        tile_step: i32,
    }
}

gpu_struct! {
    struct Rows: average::Band {
        rows: u32,
        first_tile: i32,
        tile_step: i32,
    }
}

/// What the bands of a picture have in common.
pub(super) struct Passes<'e> {
    engine: &'e Engine,
    terrain: &'e Terrain,
    samples: u32,
    /// Whether depths are wanted.
    depth: bool,
    /// The background's bytes.
    pub(super) background: [u8; 4],
    /// How much of the sky is seen.
    sky: &'e FloatImage,
    drape: Laid<'e>,
    drape_block: Lent<'e>,
    block: Lent<'e>,
    colormap: Lent<'e>,
    /// Bytes of these two.
    pub(super) bytes_uploaded: u64,
    sun_map: Option<Arc<SunMap>>,
    approach: Approach,
    draws: Vec<Draw>,
    layers: Option<LayerDraws<'e>>,
}

/// The image on the ground; where there is none the shader still wants one.
enum Laid<'e> {
    Given(&'e DrapeLayer),
    Blank(Arc<DrapeLayer>),
}

impl std::ops::Deref for Laid<'_> {
    type Target = DrapeLayer;

    fn deref(&self) -> &DrapeLayer {
        match self {
            Self::Given(layer) => layer,
            Self::Blank(layer) => layer,
        }
    }
}

/// A finished band, in memory that the host reads: pixels and depths of the tiles that `mosaic` knows.
pub(super) struct Drawn<'e> {
    pub(super) pixels: Lent<'e>,
    pub(super) depths: Lent<'e>,
    pub(super) mosaic: Mosaic,
    pub(super) gpu_ms: Option<f64>,
}

impl<'e> Passes<'e> {
    /// For a view that is valid. Without `depth` the depths of [`Drawn`] may be anything.
    pub(super) fn new(
        engine: &'e Engine,
        terrain: &'e Terrain,
        view: &View,
        drape: Option<&'e DrapeLayer>,
        layers: &[Arc<Layer>],
        depth: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let has_far_cells = has_far_cells(terrain, view, interrupted)?;
        let sun_map = if has_far_cells { SunMap::of(engine, terrain, view, interrupted)? } else { None };
        let walks = view.light.casts_shadows() && sun_map.is_none();
        let finest = sun_map.as_ref().map_or(BASE_LEVEL, |map| map.level);
        let shares = Shares::of(terrain, view, has_far_cells, finest, walks);
        let mut layers = LayerDraws::new(engine, terrain, view, layers, has_far_cells, interrupted)?;
        let recipes =
            Draw::recipes(engine, terrain, view, drape, depth, &shares, sun_map.is_some(), layers.is_some());
        let approach = Approach::recipe(engine, view);
        let of_layers = layers.iter().flat_map(LayerDraws::recipes);
        engine.prepare(recipes.iter().flat_map(Draw::parts).chain([&approach]).chain(of_layers))?;
        if let Some(layers) = &mut layers {
            layers.make(engine)?;
        }
        let draws = recipes.iter().map(|recipe| recipe.make(engine)).collect::<Result<Vec<_>>>()?;
        let block = ViewBlock::new(terrain, view, sun_map.as_deref())?;
        let mut block_buffer =
            engine.borrow_buffer("view", size_of::<ViewBlock>() as u64, MemoryUse::Upload)?;
        write_start(block_buffer.write()?, bytes_of(&block));
        let drape = match drape {
            Some(layer) => Laid::Given(layer),
            None => Laid::Blank(engine.no_drape(interrupted)?),
        };
        let mut drape_block =
            engine.borrow_buffer("drape", size_of::<DrapeBlock>() as u64, MemoryUse::Upload)?;
        write_start(drape_block.write()?, bytes_of(&drape.block(terrain)));
        let words = colormap_words(&view.colormap, view.bad);
        let colours: &[u8] = bytemuck::cast_slice(&words);
        let mut colormap = engine.borrow_buffer("colormap", colours.len() as u64, MemoryUse::Upload)?;
        write_start(colormap.write()?, colours);
        Ok(Self {
            engine,
            terrain,
            samples: view.samples,
            depth,
            background: block.background_bytes.to_ne_bytes(),
            // Without occlusion nothing reads it, and any image will do.
            sky: if view.light.has_occlusion() { &terrain.sky()?.image } else { &terrain.heights },
            drape,
            drape_block,
            block: block_buffer,
            colormap,
            bytes_uploaded: (size_of::<ViewBlock>() + colours.len()) as u64,
            sun_map,
            approach: Approach::new(engine, &approach, view, shares.far_from)?,
            draws,
            layers,
        })
    }

    /// Bytes of the largest buffer that a pixel takes part in.
    pub(super) fn bytes_per_pixel(&self) -> u64 {
        let ray = if self.layers.is_some() { HIT_BYTES } else { 8 };
        if self.samples == 1 && self.layers.is_none() { 4 } else { ray * u64::from(self.samples) }
    }

    /// Draws some rows and waits for them. `recorded` is called when the device gets to work.
    pub(super) fn draw(
        &self,
        rows: Range<u32>,
        interrupted: Interrupted<'_>,
        recorded: impl FnOnce(),
    ) -> Result<Drawn<'e>> {
        let engine = self.engine;
        let height = rows.end - rows.start;
        let tiles = self.approach.list(engine, height)?;
        let count = tiles.pixels();
        let lend = |name, bytes, memory| engine.borrow_buffer(name, bytes, memory);
        let pixels = lend("pixels", 4 * count, MemoryUse::ReadBack)?;
        let depths = lend("depths", if self.depth { 4 * count } else { 4 }, MemoryUse::ReadBack)?;
        let rays = u64::from(self.samples) * count;
        let sample_bytes = if self.samples > 1 { 8 * rays } else { 4 };
        let samples = lend("samples", sample_bytes, MemoryUse::Device)?;
        let any_fans = self.draws.iter().any(|draw| draw.fans.is_some());
        let any_go_on = self.draws.iter().any(|draw| draw.rays.on.is_some());
        let listed = if any_go_on { u64::from(self.samples) * count } else { u64::from(any_fans) * count };
        let remainder = Remainder::new(engine, listed)?;
        let hits = self.layers.as_ref().map(|layers| layers.hits(engine, rays)).transpose()?;
        let gpu_ms = {
            let mut commands = Commands::timed(engine.device())?;
            self.approach.record(
                &mut commands,
                &tiles,
                self.terrain,
                &self.block,
                rows.start,
                self.samples,
            )?;
            let mask = self.terrain.water_mask.as_ref().map_or(&self.terrain.heights, |(image, _)| image);
            let drape_texels = self.drape.texels();
            let sun_map =
                Binding::Image(self.sun_map.as_ref().map_or(&self.terrain.heights, |map| &map.image));
            let bindings = [
                Binding::Buffer(&self.block),
                Binding::Image(&self.terrain.heights),
                Binding::Image(&self.terrain.pyramid.maxima),
                Binding::Buffer(&self.colormap),
                Binding::Buffer(&pixels),
                tiles.binding(),
                drape_texels,
                Binding::Buffer(&self.drape_block),
                Binding::Image(self.sky),
                Binding::Image(mask),
                self.terrain.painted_holes.as_ref().map_or(drape_texels, Binding::Words),
                sun_map,
                Binding::Image(&self.terrain.heights),
                Binding::Image(&self.terrain.pyramid.maxima),
                drape_texels,
                sun_map,
                remainder.binding(),
                Binding::Buffer(&depths),
                Binding::Buffer(&samples),
                Binding::Buffer(hits.as_ref().map_or(&*samples, |hits| &*hits.hits)),
                Binding::Buffer(hits.as_ref().map_or(&*samples, |hits| &*hits.covers)),
            ];
            let of_fans = &bindings[..shaders::fan::SHADER.bindings.len()];
            for Draw { share, centres, fans, rays, colours, average } in &self.draws {
                let [first_tile, tile_step] = tiles.entries(*share);
                let band = Band { first_row: rows.start, rows: height, first_tile, tile_step };
                let mut pixel_groups = tiles.pixel_groups(*share);
                let mut ray_groups = tiles.ray_groups(*share);
                if let Some(pipeline) = fans {
                    remainder.record_clear(&mut commands, self.samples)?;
                    commands.dispatch_indirect(pipeline, pixel_groups, bytes_of(&band), of_fans)?;
                    (pixel_groups, ray_groups) = (remainder.pixel_groups(), remainder.ray_groups());
                }
                for (walks, groups, parts) in
                    [(centres.as_ref(), pixel_groups, 1), (Some(rays), ray_groups, self.samples)]
                {
                    let Some(Walks { first, on }) = walks else { continue };
                    if on.is_some() {
                        remainder.record_clear(&mut commands, parts)?;
                    }
                    commands.dispatch_indirect(first, groups, bytes_of(&band), &bindings)?;
                    if let Some(pipeline) = on {
                        commands.dispatch_indirect(
                            pipeline,
                            remainder.ray_groups(),
                            bytes_of(&band),
                            &bindings,
                        )?;
                    }
                }
                if let (Some(pipeline), Some(layers), Some(hits)) = (colours, &self.layers, &hits) {
                    layers.record(
                        &mut commands,
                        self.terrain,
                        &self.block,
                        &tiles,
                        *share,
                        hits,
                        rows.clone(),
                    )?;
                    commands.dispatch_indirect(pipeline, ray_groups, bytes_of(&band), &bindings)?;
                }
                if let Some(pipeline) = average {
                    let bindings = [
                        Binding::Buffer(&self.block),
                        tiles.binding(),
                        Binding::Buffer(&samples),
                        Binding::Buffer(&pixels),
                        remainder.binding(),
                    ];
                    let rows = Rows { rows: height, first_tile, tile_step };
                    commands.dispatch_indirect(pipeline, pixel_groups, bytes_of(&rows), &bindings)?;
                }
            }
            tiles.record_copy(&mut commands)?;
            recorded();
            commands.submit_and_wait(interrupted)?
        };
        let mosaic = tiles.mosaic()?;
        Ok(Drawn { pixels, depths, mosaic, gpu_ms })
    }
}

fn colours(colormap: &Colormap) -> impl Iterator<Item = [f32; 4]> {
    colormap.entries().iter().copied().chain([colormap.under(), colormap.over()])
}

/// The entries, then `under` and `over`, as `shaders/include/colour.glsl` unpacks them; then their alphas; then `bad`, and
/// its alpha.
fn colormap_words(colormap: &Colormap, bad: Option<[f32; 4]>) -> Vec<u32> {
    let word = |[red, green, blue, _]: [f32; 4]| {
        let bits = |channel: f32, most: f64| (srgb::decode_unit(channel.into()).sqrt() * most).round() as u32;
        bits(red, 2047.0) | bits(green, 2047.0) << 11 | bits(blue, 1023.0) << 22
    };
    let bad = bad.unwrap_or_default();
    let alphas = colours(colormap).map(|rgba| rgba[3].to_bits());
    colours(colormap).map(word).chain(alphas).chain([word(bad), bad[3].to_bits()]).collect()
}

pub(super) fn write_start(target: &mut [u8], bytes: &[u8]) {
    if let Some(start) = target.get_mut(..bytes.len()) {
        start.copy_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::colormap_words;
    use crate::scene::{Colormap, srgb};

    #[test]
    fn packed_colours_come_back_as_the_same_bytes() {
        let bytes: Vec<[f32; 4]> = (0..=255_u8).map(|b| [f32::from(b) / 255.0; 4]).collect();
        let Ok(colormap) = Colormap::from_rgba(bytes) else { unreachable!("256 valid colours") };
        for (byte, word) in (0..=255_u8).zip(colormap_words(&colormap, None)) {
            let roots = [
                (word & 0x7ff) as f32 / 2047.0,
                (word >> 11 & 0x7ff) as f32 / 2047.0,
                (word >> 22) as f32 / 1023.0,
            ];
            assert_eq!(roots.map(|root| srgb::encode(root * root)), [byte; 3]);
        }
    }
}
