//! The picture: colour and depth of every pixel.

use super::bands::bands;
use super::drape::{DrapeBlock, DrapeLayer};
use super::pyramid::DILATED_LEVEL;
use super::view_block::{TILE, ViewBlock};
use super::{Engine, Interrupted, Terrain, ms_since, scenery};
use crate::error::{Error, Result, try_vec};
use crate::gpu::{Binding, Commands, MemoryUse, gpu_struct, shaders};
use crate::scene::drape::Blend;
use crate::scene::{Colormap, View, srgb};
use bytemuck::bytes_of;
use std::time::Instant;

gpu_struct! {
    struct Band: picture::Band {
        first_row: u32,
        rows: u32,
    }
}

gpu_struct! {
    struct Tiles: approach::Tiles {
        first_row: u32,
        count: [u32; 2],
        texel: [f32; 2],
        base_cells: [i32; 2],
        base_level: i32,
    }
}

impl Tiles {
    fn new(terrain: &Terrain, first_row: u32, count: [u32; 2]) -> Self {
        let [width, height] = terrain.pyramid.layout.dilated_cells();
        Self {
            first_row,
            count,
            texel: [1.0 / width as f32, 0.5 / height as f32],
            base_cells: [width as i32, height as i32],
            base_level: DILATED_LEVEL as i32,
        }
    }
}

gpu_struct! {
    struct Average: average::Average {
        pixels: u32,
        width: u32,
    }
}

/// What a frame took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Metrics {
    /// Preparing and recording, in milliseconds.
    pub encode_ms: f64,
    /// The device's own time, from timestamps; `None` where it has no clock.
    pub gpu_ms: Option<f64>,
    /// Copying results out of device-visible memory.
    pub readback_ms: f64,
    /// Upload and pyramid of the terrain that was drawn.
    pub upload_ms: f64,
    /// From call to result, without the upload.
    pub total_ms: f64,
    /// Bytes sent to the device for this frame, the terrain's upload included when this frame did it.
    pub bytes_uploaded: u64,
    /// Bytes read back.
    pub bytes_read: u64,
}

/// A finished picture.
#[derive(Debug)]
pub struct Frame {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// sRGB bytes with straight alpha, row-major, four a pixel.
    pub rgba: Vec<u8>,
    /// View depth of the pixel's centre in metres, NaN where no ground is seen.
    pub depth: Vec<f32>,
    /// What it took.
    pub metrics: Metrics,
}

impl Engine {
    /// Draws `terrain` as `view` says, which must be valid.
    pub fn draw(
        &self,
        terrain: &Terrain,
        view: &View,
        drape: Option<&DrapeLayer>,
        interrupted: Interrupted<'_>,
    ) -> Result<Frame> {
        let start = Instant::now();
        view.validate()?;
        // A map's rays fall straight down, and there is nothing to skip.
        let tiled = !view.camera.is_map();
        let constants = constants(terrain, view, drape, tiled, interrupted)?;
        let pipeline = self.pipeline(&shaders::picture::SHADER, &constants)?;
        let approach = self.pipeline(&shaders::approach::SHADER, &[])?;
        let average = self.pipeline(&shaders::average::SHADER, &[view.samples])?;
        let block = ViewBlock::new(terrain, view)?;
        // Without occlusion nothing reads it, and any image will do.
        let sky = if view.light.has_occlusion() { &terrain.sky()?.image } else { &terrain.heights };
        let words = colormap_words(&view.colormap, view.bad);
        let colour_bytes: &[u8] = bytemuck::cast_slice(&words);
        let mut block_buffer =
            self.borrow_buffer("view", size_of::<ViewBlock>() as u64, MemoryUse::Upload)?;
        write_start(block_buffer.write()?, bytes_of(&block));
        let mut colormap = self.borrow_buffer("colormap", colour_bytes.len() as u64, MemoryUse::Upload)?;
        write_start(colormap.write()?, colour_bytes);

        let blank = if drape.is_none() { Some(self.no_drape(interrupted)?) } else { None };
        let layer = drape.or(blank.as_deref()).ok_or_else(|| Error::Internal("no drape at all".into()))?;
        let mut drape_block =
            self.borrow_buffer("drape", size_of::<DrapeBlock>() as u64, MemoryUse::Upload)?;
        write_start(drape_block.write()?, bytes_of(&layer.block(terrain)));
        let [drape_texels, drape_mips] = layer.images();

        let [width, height] = view.size.map(|side| side as usize);
        let mut frame = Frame {
            size: view.size,
            rgba: try_vec(4 * width * height, "the picture")?,
            depth: try_vec(width * height, "the picture's depth")?,
            metrics: Metrics {
                upload_ms: terrain.upload_ms(),
                bytes_uploaded: (size_of::<ViewBlock>() + colour_bytes.len()) as u64,
                ..Metrics::default()
            },
        };
        let mut gpu_ms = 0.0;
        let mut has_clock = true;
        for band in bands(
            view.size,
            view.samples,
            sample_bytes_per_pixel(view.samples),
            self.device().limits().max_storage_bytes,
        ) {
            if band.start > 0 && interrupted() {
                return Err(Error::Interrupted);
            }
            let recording = Instant::now();
            let rows = band.end - band.start;
            let bytes = 4 * width * rows as usize;
            let pixels = self.borrow_buffer("pixels", bytes as u64, MemoryUse::ReadBack)?;
            let depths = self.borrow_buffer("depths", bytes as u64, MemoryUse::ReadBack)?;
            let sample_bytes = sample_bytes_per_pixel(view.samples) * (bytes / 4) as u64;
            let samples = self.borrow_buffer("samples", sample_bytes, MemoryUse::Device)?;
            let tiles = [view.size[0].div_ceil(TILE), rows.div_ceil(TILE)];
            let starts = self.borrow_buffer(
                "starts",
                4 * u64::from(tiles[0]) * u64::from(tiles[1]),
                MemoryUse::Device,
            )?;
            let mut commands = Commands::new(self.device())?;
            if tiled {
                commands.dispatch(
                    &approach,
                    [tiles[0], tiles[1], 1],
                    bytes_of(&Tiles::new(terrain, band.start, tiles)),
                    &[
                        Binding::Buffer(&block_buffer),
                        Binding::Image(&terrain.pyramid.dilated),
                        Binding::Buffer(&starts),
                    ],
                )?;
            }
            let bindings = [
                Binding::Buffer(&block_buffer),
                Binding::Image(&terrain.heights),
                Binding::Image(&terrain.pyramid.maxima),
                Binding::Buffer(&colormap),
                Binding::Buffer(&pixels),
                Binding::Buffer(&depths),
                Binding::Buffer(&starts),
                Binding::Buffer(&samples),
                drape_texels,
                drape_mips,
                Binding::Buffer(&drape_block),
                Binding::Image(sky),
                Binding::Image(terrain.water_mask.as_ref().map_or(&terrain.heights, |(image, _)| image)),
                terrain.painted_holes.as_ref().map_or(drape_texels, Binding::Words),
            ];
            let parameters = Band { first_row: band.start, rows };
            let layers = if view.samples == 1 { 1 } else { view.samples + 1 };
            commands.dispatch(&pipeline, [view.size[0], rows, layers], bytes_of(&parameters), &bindings)?;
            if view.samples > 1 {
                let parameters = Average { pixels: view.size[0] * rows, width: view.size[0] };
                let bindings = [Binding::Buffer(&samples), Binding::Buffer(&pixels)];
                commands.dispatch(&average, [view.size[0], rows, 1], bytes_of(&parameters), &bindings)?;
            }
            frame.metrics.encode_ms += ms_since(recording);
            match commands.submit_and_wait(interrupted)? {
                Some(ms) => gpu_ms += ms,
                None => has_clock = false,
            }
            let reading = Instant::now();
            frame.rgba.extend_from_slice(pixels.read()?.get(..bytes).unwrap_or_default());
            frame
                .depth
                .extend_from_slice(bytemuck::cast_slice(depths.read()?.get(..bytes).unwrap_or_default()));
            frame.metrics.readback_ms += ms_since(reading);
            frame.metrics.bytes_read += 2 * bytes as u64;
        }
        frame.metrics.gpu_ms = has_clock.then_some(gpu_ms);
        frame.metrics.total_ms = ms_since(start);
        Ok(frame)
    }
}

/// The specialisation constants of `picture.comp`, in their order.
fn constants(
    terrain: &Terrain,
    view: &View,
    drape: Option<&DrapeLayer>,
    tiled: bool,
    interrupted: Interrupted<'_>,
) -> Result<Vec<u32>> {
    let shadows = view.light.shadows && view.light.lit && view.light.is_up();
    let far_cells = far_cells(terrain, view, interrupted)?;
    let see_through_bad = terrain.painted_holes.is_some() && view.bad.is_some_and(|bad| bad[3] < 1.0);
    let translucent = is_translucent(&view.colormap) || see_through_bad;
    let mut constants = vec![
        shadows.into(),
        far_cells.into(),
        terrain.has_holes.into(),
        (view.samples == 1).into(),
        translucent.into(),
        tiled.into(),
        view.light.lit.into(),
        view.light.shading as u32,
        drape.is_some().into(),
        drape.map_or(Blend::Normal, DrapeLayer::blend) as u32,
        sun_slices(view),
        view.light.has_occlusion().into(),
    ];
    constants.extend(scenery::constants(view));
    constants.push(terrain.painted_holes.is_some().into());
    Ok(constants)
}

/// Planes through the sun's disc in which a sample looks for the horizon; 0 for a sun without a disc. Many samples, each
/// with its own, need fewer.
fn sun_slices(view: &View) -> u32 {
    match (view.light.has_soft_sun() && view.light.is_up(), view.samples) {
        (false, _) => 0,
        (true, ..=4) => 3,
        (true, _) => 2,
    }
}

/// Bytes of the largest buffer that a pixel takes part in.
fn sample_bytes_per_pixel(samples: u32) -> u64 {
    if samples == 1 { 4 } else { 8 * u64::from(samples) }
}

/// A DEM with more samples than this gets far cells. Smaller ones stay in the cache, where exact patches cost no more.
const FAR_CELLS_SAMPLES: usize = 1 << 22;

/// Whether cells smaller than a pixel are met as a whole. Not by a map, which looks straight down, so that nothing is
/// walked; and not from below the ground, whose underside the maxima do not describe.
fn far_cells(terrain: &Terrain, view: &View, interrupted: Interrupted<'_>) -> Result<bool> {
    let large = terrain.columns * terrain.rows > FAR_CELLS_SAMPLES;
    Ok(large && !view.camera.is_map() && !terrain.is_above(view.camera.eye(), interrupted)?)
}

fn colours(colormap: &Colormap) -> impl Iterator<Item = [f32; 4]> {
    colormap.entries().iter().copied().chain([colormap.under(), colormap.over()])
}

fn is_translucent(colormap: &Colormap) -> bool {
    colours(colormap).any(|rgba| rgba[3] < 1.0)
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
