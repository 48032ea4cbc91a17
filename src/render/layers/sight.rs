//! How a picture sees its layers: where their ground is seen, and what of marks and far lines.

use super::band::MOST_ENTRIES;
use super::grid::Grid;
use super::laid::Laid;
use super::lens::{Lens, Pixels};
use super::lost::Lost;
use super::rows::Seen;
use super::upload::Uploaded;
use crate::error::Result;
use crate::gpu::shaders::blocks;
use crate::render::far_cells::depths;
use crate::render::mosaic::TILE;
use crate::render::{Interrupted, Terrain};
use crate::scene::View;
use std::sync::Arc;

/// How many times as far as a pixel looks around itself, and how many pixels farther, lines and
/// areas may be from where their ground is seen: pixels see them on the plane that touches what
/// they have met.
const AROUND: f64 = 2.0;
const BESIDE: f64 = 8.0;
/// Pixels by which a piece's place is rounded, and more.
const ROUNDING: f64 = 0.01;

/// A picture's projection.
pub(super) struct Sight {
    grid: Grid,
    lens: Lens,
    view: View,
    /// Rows of eight pixels beside each other.
    pub(super) across: usize,
}

impl Sight {
    pub(super) fn new(terrain: &Terrain, view: &View) -> Self {
        let extent = &terrain.extent;
        let grid = Grid::new(extent.columns, extent.rows, extent.spacing);
        let footprint = [0, 1].map(|axis| f64::from(grid.cells[axis] + 1) * grid.spacing[axis]);
        let rays = view.camera.rays(view.size, footprint);
        let lens = Lens::new(extent, &rays, view.size, depths(terrain, view));
        Self { grid, lens, view: view.clone(), across: view.size[0].div_ceil(TILE) as usize }
    }

    /// The pixels on which lines and areas of some parts may be seen.
    pub(super) fn pixels(&self, parts: &[Arc<Uploaded>], [low, high]: [f32; 2]) -> Option<Pixels> {
        let of_part = |part: &Arc<Uploaded>| {
            let [from, to] = part.ground(&self.grid)?;
            let corners = [[from[0], from[1], low.into()], [to[0], to[1], high.into()]];
            self.lens.pixels_of_box(corners, AROUND * part.around_px() + BESIDE)
        };
        parts.iter().filter_map(of_part).reduce(Pixels::with)
    }

    /// How many entries a part's lists could have, and the longest would have that has lost some, of
    /// those that the picture reads.
    pub(super) fn lost(&self, part: &Uploaded, range: [f32; 2]) -> Option<[u32; 2]> {
        let lost = part.by_cell()?.lost.iter().filter(|lost| self.reads(part, lost, range));
        lost.map(|lost| [MOST_ENTRIES, lost.entries]).max()
    }

    /// Whether pixels read a cell's list, if its ground is level.
    fn reads(&self, part: &Uploaded, lost: &Lost, [low, high]: [f32; 2]) -> bool {
        let [from, to] = lost.corners(part.grid.bits);
        let corners = [[from[0], from[1], low.into()], [to[0], to[1], high.into()]];
        if self.lens.pixels_of_box(corners, 0.0).is_none() {
            return false;
        }
        let places =
            (0..8_usize).map(|at| [0, 1, 2].map(|axis: usize| corners[at >> axis & 1][axis]));
        let Some(index) = part.by_cell() else { return false };
        let levels = places.filter_map(|place| {
            let sides = self.lens.sides_at(place)?;
            Some(index.levels.of_pixel(part.part(), &part.grid, sides))
        });
        let levels: Vec<i32> = levels.collect();
        let both = levels.iter().min().zip(levels.iter().max());
        both.is_some_and(|(first, last)| lost.serves(part.grid.bits, [*first, *last]))
    }

    /// A part's marks in the picture; None if it has none.
    pub(super) fn marks(
        &self,
        part: &Uploaded,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Seen>> {
        if let Some(lines) = part.strands() {
            let reach = part.around_px() + ROUNDING;
            return lines.seen(&self.lens, reach, interrupted).map(Some);
        }
        let seen = |laid: &Laid| laid.marks(part.part(), &self.grid, &self.lens, interrupted);
        part.by_row().map(seen).transpose()
    }

    /// The block of a part in the picture.
    pub(super) fn block(&self, part: &Uploaded) -> blocks::Layer {
        let [nearest, step] =
            [self.lens.depths[0], self.lens.depth_step()].map(|depth| depth as f32);
        let [first_level, levels] = part.by_cell().map_or([0; 2], |index| {
            index.levels_for(part.part(), &part.grid, self.lens.depths, &self.view)
        });
        blocks::Layer { nearest, depth_step: step, first_level, levels, ..part.block }
    }
}
