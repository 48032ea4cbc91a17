//! Marks as they lie on the ground.

use super::grid::Grid;
use super::surface::{Height, Surface};
use super::together::side_by_side;
use crate::error::{Result, try_vec};
use crate::render::{Interrupted, Terrain};
use crate::scene::Windows;

/// Marks that are looked up at a time.
const TOGETHER: usize = 16_384;

/// Samples along a side of what is read together of a DEM that is not in memory.
const SQUARE: usize = 256;

/// Where there is no ground.
const NOWHERE: Height = Height { middle: 0.0, off: f32::NEG_INFINITY };

/// Pixels around a mark whose far cells may have it seem higher.
const AROUND: f64 = 3.0;

/// A mark on the ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// Its number; of one that stands upright its feature.
    pub(super) item: u32,
    /// Column and row.
    pub(super) at: [f64; 2],
    pub(super) height: Height,
}

/// Those under which there is ground, in order.
pub(super) struct Spots {
    pub(super) all: Vec<Spot>,
    /// Cells around each that it may cover.
    pub(super) beside: f64,
    /// The ground under all of them, if that matters beyond their own.
    surface: Option<Surface>,
}

/// Finds the heights of spots on a DEM that is not in memory, of which what was kept tells no more
/// than between which they are, square by square; those under which there is no ground go.
fn sound(spots: &mut Vec<Spot>, windows: &dyn Windows, interrupted: Interrupted<'_>) -> Result<()> {
    let square = |spot: &Spot| spot.at.map(|along| along.max(0.0) as usize / SQUARE);
    let mut order: Vec<usize> = try_vec(spots.len(), "a layer's marks")?;
    order.extend(0..spots.len());
    order.sort_unstable_by_key(|at| (square(&spots[*at]), *at));
    let squares: Vec<_> = order.chunk_by(|a, b| square(&spots[*a]) == square(&spots[*b])).collect();
    let found = side_by_side(squares.len(), interrupted, |number| {
        let own = squares[number];
        let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for at in own.iter().map(|spot| spots[*spot].at) {
            corners[0] = [0, 1].map(|axis| corners[0][axis].min(at[axis]));
            corners[1] = [0, 1].map(|axis| corners[1][axis].max(at[axis]));
        }
        let surface = Surface::read(windows, corners)?;
        Ok(own.iter().map(|spot| surface.height(spots[*spot].at, 0.0)).collect::<Vec<_>>())
    })?;
    for (spot, height) in order.iter().zip(found.into_iter().flatten()) {
        spots[*spot].height = height.unwrap_or(NOWHERE);
    }
    spots.retain(|spot| spot.height != NOWHERE);
    Ok(())
}

impl Spots {
    /// Of marks, in units of the grid.
    pub(super) fn new(
        marks: &[[i32; 4]],
        grid: &Grid,
        terrain: &Terrain,
        beside: f64,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        // In kept cells without ground one sample of it may lie at the edge, on which a mark lies.
        let sounded = terrain.sheets.as_ref().filter(|_| beside == 0.0);
        let around = if sounded.is_some() { 1.0 } else { beside };
        let units = f64::from(1 << grid.bits);
        let place = |mark: &[i32; 4]| [f64::from(mark[0]) / units, f64::from(mark[1]) / units];
        let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for at in marks.iter().map(place) {
            for axis in 0..2 {
                corners[0][axis] = corners[0][axis].min(at[axis] - around);
                corners[1][axis] = corners[1][axis].max(at[axis] + around);
            }
        }
        let mut all = Vec::new();
        let surface = Surface::under(terrain, corners, beside > 0.0, interrupted)?;
        if let Some(surface) = &surface {
            let groups = side_by_side(marks.len().div_ceil(TOGETHER), interrupted, |group| {
                let first = group * TOGETHER;
                let own = &marks[first..marks.len().min(first + TOGETHER)];
                let mut spots = try_vec(own.len(), "a layer's marks")?;
                for (item, at) in (first as u32..).zip(own.iter().map(place)) {
                    let height = surface.height(at, around);
                    spots.extend(height.map(|height| Spot { item, at, height }));
                }
                Ok(spots)
            })?;
            all = try_vec(groups.iter().map(Vec::len).sum(), "a layer's marks")?;
            groups.into_iter().for_each(|spots: Vec<Spot>| all.extend(spots));
        }
        if let Some(sheets) = sounded {
            sound(&mut all, sheets.windows(), interrupted)?;
        }
        let surface = surface.filter(|_| beside > 0.0).map(Surface::coarse);
        Ok(Self { all, beside, surface })
    }

    /// How high the ground is that a mark may be seen on, where a pixel is so many cells wide: what
    /// is in metres lies where rays end, and these may meet cells that are no wider than that, and
    /// higher than the ground in them.
    pub(super) fn height(&self, spot: &Spot, pixel: f64) -> Height {
        let wide = self.surface.as_ref().filter(|_| pixel >= 1.0);
        wide.and_then(|surface| surface.height(spot.at, self.beside + AROUND * pixel))
            .unwrap_or(spot.height)
    }
}
