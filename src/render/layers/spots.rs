//! Marks as they lie on the ground.

use super::grid::Grid;
use super::surface::{Height, Surface};
use super::together::side_by_side;
use crate::error::{Result, try_vec};
use crate::render::{Interrupted, Terrain};

/// Marks that are looked up at a time.
const TOGETHER: usize = 16_384;

/// A mark on the ground.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// Its number.
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
        let units = f64::from(1 << grid.bits);
        let place = |mark: &[i32; 4]| [f64::from(mark[0]) / units, f64::from(mark[1]) / units];
        let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for at in marks.iter().map(place) {
            for axis in 0..2 {
                corners[0][axis] = corners[0][axis].min(at[axis] - beside);
                corners[1][axis] = corners[1][axis].max(at[axis] + beside);
            }
        }
        let mut all = Vec::new();
        if let Some(surface) = Surface::under(terrain, corners, interrupted)? {
            let groups = side_by_side(marks.len().div_ceil(TOGETHER), interrupted, |group| {
                let first = group * TOGETHER;
                let own = &marks[first..marks.len().min(first + TOGETHER)];
                let mut spots = try_vec(own.len(), "a layer's marks")?;
                for (item, at) in (first as u32..).zip(own.iter().map(place)) {
                    let height = surface.height(at, beside);
                    spots.extend(height.map(|height| Spot { item, at, height }));
                }
                Ok(spots)
            })?;
            all = try_vec(groups.iter().map(Vec::len).sum(), "a layer's marks")?;
            groups.into_iter().for_each(|spots: Vec<Spot>| all.extend(spots));
        }
        Ok(Self { all, beside })
    }
}
