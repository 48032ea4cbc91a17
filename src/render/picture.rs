//! The picture: colour and depth of every pixel.

use super::bands::{bands, block};
use super::ground::Sent;
use super::mosaic::TILE;
use super::passes::{Drawn, Passes};
use super::view::{start, to_depths};
use super::{
    Aov, AovValues, Engine, Frame, Ground, Interrupted, Layer, Metrics, Region, ShownLabel, Tiles,
    Whole, ms_since,
};
use crate::error::{Error, Result, try_zeros};
use crate::host_memory::check_room;
use crate::scene::view::check_size;
use crate::scene::{Scene, View};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

/// What is wanted of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Width and height in pixels.
    pub size: [u32; 2],
    /// Whether the depths are.
    pub depth: bool,
    /// The arrays beside it.
    pub aovs: &'a [Aov],
}

impl Wanted<'_> {
    /// Bytes of all that is wanted.
    fn bytes(&self) -> u64 {
        let floats: usize =
            usize::from(self.depth) + self.aovs.iter().map(|aov| aov.channels()).sum::<usize>();
        let [width, height] = self.size.map(u64::from);
        width * height * 4 * (1 + floats as u64)
    }
}

/// A picture with all that was asked for, and what it is of.
pub struct Drawing {
    /// Pixels and depths.
    pub frame: Frame,
    /// The arrays asked for.
    pub aovs: Vec<AovValues>,
    /// What was drawn.
    pub view: View,
    /// (W·dx, H·dy) of the terrain in metres.
    pub footprint: [f64; 2],
    /// The labels that are on it.
    pub labels: Vec<ShownLabel>,
}

impl Engine {
    /// A picture of the ground with layers on it. This is the way of every picture: what the ground
    /// needs on the device is sent, and kept there; then it is drawn.
    pub fn picture(
        &self,
        ground: &mut Ground,
        scene: &Scene,
        layers: &[Arc<Layer>],
        wanted: &Wanted<'_>,
        interrupted: Interrupted<'_>,
    ) -> Result<Drawing> {
        // Before anything is sent.
        check_size(wanted.size)?;
        check_room(wanted.size, wanted.bytes())?;
        scene.validate()?;
        let framed = ground.framed(self, scene, interrupted)?;
        let view = scene.view(ground.field(), wanted.size, &framed)?;
        self.device().check()?;
        let footprint = ground.footprint();
        let sent = ground.send(self, scene, &view, interrupted)?;
        let before = sent.terrain.bytes_uploaded();
        let beside = !wanted.aovs.is_empty();
        let mut frame = self.draw(&sent, &view, layers, wanted.depth && !beside, interrupted)?;
        let mut aovs = Vec::new();
        if beside {
            (aovs, frame.depth) =
                self.aovs(&sent, &view, wanted.aovs, wanted.depth, interrupted)?;
            frame.metrics.bytes_read += size_of_val(frame.depth.as_slice()) as u64;
        }
        let labels = self.draw_labels(&sent, &view, footprint, &mut frame, interrupted)?;
        frame.metrics.bytes_uploaded += sent.bytes + sent.terrain.bytes_uploaded() - before;
        frame.metrics.total_ms += sent.ms;
        Ok(Drawing { frame, aovs, view, footprint, labels })
    }

    /// Draws the ground as `view` says, with what stands on it and layers; with the depths if
    /// `depth`.
    fn draw(
        &self,
        sent: &Sent<'_>,
        view: &View,
        layers: &[Arc<Layer>],
        depth: bool,
        interrupted: Interrupted<'_>,
    ) -> Result<Frame> {
        let begun = Instant::now();
        let passes = Passes::new(self, sent, view, layers, depth, interrupted)?;
        let width = view.size[0] as usize;
        let pixels = width * view.size[1] as usize;
        let mut frame = Frame {
            size: view.size,
            rgba: try_zeros(4 * pixels, "the picture")?,
            depth: try_zeros(if depth { pixels } else { 0 }, "the picture's depth")?,
            metrics: Metrics {
                gpu_ms: Some(0.0),
                encode_ms: ms_since(begun),
                upload_ms: sent.terrain.upload_ms(),
                bytes_uploaded: passes.bytes_uploaded,
                ..Metrics::default()
            },
        };
        let mut metrics = frame.metrics;
        let mut read = 0;
        self.draw_bands(
            &passes,
            view,
            0..view.size[1],
            u32::MAX,
            &mut metrics,
            interrupted,
            |_, Region { rows, columns }, drawn| {
                let place = width * rows.start as usize..width * rows.end as usize;
                let rgba: &mut [[u8; 4]] = bytemuck::cast_slice_mut(&mut frame.rgba);
                if let Some(target) = rgba.get_mut(place.clone()) {
                    let tiled = bytemuck::cast_slice(drawn.pixels.read()?);
                    drawn.mosaic.lay_out(tiled, passes.background, width, columns, target);
                    read += size_of_val(target) as u64;
                }
                if let Some(target) = frame.depth.get_mut(place) {
                    let tiled = bytemuck::cast_slice(drawn.depths.read()?);
                    drawn.mosaic.lay_out(tiled, f32::NAN, width, columns, target);
                    read += size_of_val(target) as u64;
                }
                Ok(())
            },
        )?;
        to_depths(start(sent.terrain, view), &mut frame.depth);
        frame.metrics = Metrics { bytes_read: read, ..metrics };
        frame.metrics.total_ms = ms_since(begun);
        Ok(frame)
    }

    /// Draws rows of a view, of which the first is the first of a tile, band after band, of
    /// `most_rows` at most each, or of a row of tiles; `each` takes a band's rows and what was drawn
    /// of it: of a DEM in sheets perhaps a part of it.
    pub(super) fn draw_bands(
        &self,
        passes: &Passes<'_>,
        view: &View,
        rows: Range<u32>,
        most_rows: u32,
        metrics: &mut Metrics,
        interrupted: Interrupted<'_>,
        mut each: impl FnMut(&Range<u32>, &Region, &Drawn<'_>) -> Result<()>,
    ) -> Result<()> {
        let most_bytes = self.device().limits().max_storage_bytes;
        // What is met depends, to the last bit, on where tiles lie.
        let most_rows = most_rows.max(TILE);
        let mut recording = Instant::now();
        // Parts of a band in sheets have buffers of their own, but for a few tiles of all of it.
        let (samples, bytes_per_pixel) = match passes.terrain.sheets {
            Some(_) => (1, passes.bytes_per_pixel().div_ceil(8)),
            None => (view.samples, passes.bytes_per_pixel()),
        };
        let bands = bands(view.size, rows, samples, bytes_per_pixel, most_bytes, most_rows);
        for rows in bands.flat_map(|band| passes.cut(band)) {
            if rows.start > 0 && interrupted() {
                return Err(Error::Interrupted);
            }
            let (mut encode_ms, mut gpu_ms, mut readback_ms) = (0.0, Some(0.0), 0.0);
            let draw = |region: &Region, tiles: Tiles| {
                let recorded = || encode_ms += ms_since(recording);
                let drawn = passes.draw(region, tiles, interrupted, recorded)?;
                gpu_ms = gpu_ms.zip(drawn.gpu_ms).map(|(all, part): (f64, f64)| all + part);
                recording = Instant::now();
                Ok(drawn)
            };
            let region = Region { rows: rows.clone(), columns: 0..view.size[0] };
            let whole =
                Whole { region, least: TILE, block: Some(block(view.size[0], view.samples)) };
            passes.terrain.in_parts(self, &whole, interrupted, draw, |region, drawn| {
                let reading = Instant::now();
                each(&rows, region, &drawn)?;
                readback_ms += ms_since(reading);
                Ok(())
            })?;
            recording = Instant::now();
            metrics.encode_ms += encode_ms;
            metrics.gpu_ms = metrics.gpu_ms.zip(gpu_ms).map(|(all, band)| all + band);
            metrics.readback_ms += readback_ms;
        }
        Ok(())
    }
}
