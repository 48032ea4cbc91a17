//! How a picture sees its layers: where their ground is seen, and what of marks and far lines.

use super::grid::Grid;
use super::laid::Laid;
use super::lens::{Lens, Pixels};
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
