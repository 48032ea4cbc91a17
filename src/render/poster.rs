//! A picture in strips of whole rows, of which none is kept: for pictures that are larger than
//! memory.
//!
//! They are the bands that [`Engine::picture`] draws, with the labels that it places, so the bytes
//! are those of one picture.

use super::mosaic::TILE;
use super::passes::Passes;
use super::{Engine, Ground, Interrupted, Layer, Metrics, Region, ShownLabel};
use crate::error::{Error, Result, try_zeros};
use crate::scene::view::check_size;
use crate::scene::{Scene, View};
use crate::text::Canvas;
use std::ops::Range;
use std::sync::Arc;

/// What is known of a picture before its first row is drawn.
#[derive(Debug)]
pub struct Heading {
    /// What will be drawn.
    pub view: View,
    /// (W·dx, H·dy) of the terrain in metres.
    pub footprint: [f64; 2],
    /// The labels that will be on it.
    pub labels: Vec<ShownLabel>,
}

/// Which rows of a picture are wanted.
#[derive(Clone, Debug)]
pub struct Strip {
    /// From the first row of a tile on.
    pub rows: Range<u32>,
    /// Handed over at once.
    pub most_rows: u32,
}

impl Strip {
    fn check(&self, [_, height]: [u32; 2]) -> Result<()> {
        let Range { start, end } = self.rows;
        if start % TILE != 0 || start >= end || end > height {
            return Err(Error::invalid(format!(
                "rows must be (first, end) with 0 <= first < end <= {height} and first a multiple of {TILE}; got ({start}, \
                 {end}); pass e.g. (0, {height})"
            )));
        }
        Ok(())
    }
}

/// A picture, piece by piece.
#[derive(Debug)]
pub enum Part {
    /// The first.
    Heading(Box<Heading>),
    /// Then rows from the top on: sRGB bytes with straight alpha, four a pixel.
    Rows(Vec<u8>),
}

impl Engine {
    /// Draws the ground with layers on it in strips of rows, and hands each part to `take`.
    pub fn poster(
        &self,
        ground: &mut Ground,
        scene: &Scene,
        layers: &[Arc<Layer>],
        size: [u32; 2],
        strip: &Strip,
        take: &mut dyn FnMut(Part) -> Result<()>,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        check_size(size)?;
        scene.validate()?;
        strip.check(size)?;
        let framed = ground.framed(self, scene, interrupted)?;
        let view = scene.view(ground.field(), size, &framed)?;
        self.device().check()?;
        let footprint = ground.footprint();
        let sent = ground.send(self, scene, &view, interrupted)?;
        let (sheet, labels) = self.label_sheet(&sent, &view, footprint, interrupted)?;
        take(Part::Heading(Box::new(Heading { view: view.clone(), footprint, labels })))?;
        let passes = Passes::new(self, &sent, &view, layers, false, interrupted)?;
        let width = size[0] as usize;
        let mut rgba: Vec<u8> = Vec::new();
        let mut drawn_pixels = 0;
        let Strip { rows, most_rows } = strip.clone();
        self.draw_bands(
            &passes,
            &view,
            rows,
            most_rows,
            &mut Metrics::default(),
            interrupted,
            |band, Region { rows, columns }, drawn| {
                if drawn_pixels == 0 {
                    rgba = try_zeros(4 * width * band.len(), "rows of the picture")?;
                }
                let tiled = bytemuck::cast_slice(drawn.pixels.read()?);
                let all: &mut [[u8; 4]] = bytemuck::cast_slice_mut(&mut rgba);
                let place = [rows.start, rows.end].map(|row| width * (row - band.start) as usize);
                let target = all.get_mut(place[0]..place[1]).unwrap_or_default();
                drawn.mosaic.lay_out(tiled, passes.background, width, columns, target);
                drawn_pixels += columns.len() * rows.len();
                if drawn_pixels < width * band.len() {
                    return Ok(());
                }
                drawn_pixels = 0;
                let size = [width, band.len()];
                sheet.lay_on(&mut Canvas { rgba: &mut rgba, size }, band.start);
                take(Part::Rows(std::mem::take(&mut rgba)))
            },
        )
    }
}
