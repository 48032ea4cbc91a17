//! Cells in which many things lie over each other: of those that hide the same the first is enough,
//! and there is an end to how many a ray may look at.

use super::grid::Grid;
use super::lists::{CELLS_AT_ONCE, Lists, go_on};
use crate::error::{Error, Result};
use crate::gpu::Interrupted;
use crate::gpu::shaders::numbers::space as bit;
use std::collections::HashSet;
use std::ops::Range;

/// Entries of a cell from which on it is looked at.
const MANY: usize = 64;
/// Entries of a cell at most: a thread may look at them for each of 24 places of the sun, and
/// lavapipe ends its loops after 65,535 turns in all.
const MOST: usize = 2048;

/// An entry without the row of its colour.
type Form = ([u32; 8], u32);

impl Lists {
    /// Without what is hidden by its like, cell by cell.
    pub(super) fn thinned(mut self, grid: &Grid, interrupted: Interrupted<'_>) -> Result<Self> {
        let crowded =
            |cells: &[u32]| cells.windows(2).any(|ends| (ends[1] - ends[0]) as usize > MANY);
        if !crowded(&self.cells) {
            return Ok(self);
        }
        let mut end = 0;
        for cell in 0..self.cells.len() - 1 {
            if cell % CELLS_AT_ONCE == 0 {
                go_on(interrupted)?;
            }
            let list = self.cells[cell] as usize..self.cells[cell + 1] as usize;
            self.cells[cell] = end as u32;
            let many = list.len() > MANY;
            let mut seen = HashSet::new();
            let mut next = list.start;
            while next < list.end {
                let thing = self.thing(next, list.end);
                next = thing.end;
                if many && self.is_opaque(&thing) && !seen.insert(self.forms(&thing)) {
                    continue;
                }
                self.shapes.copy_within(thing.clone(), end);
                self.marks.copy_within(thing.clone(), end);
                end += thing.len();
            }
            let left = end - self.cells[cell] as usize;
            if left > MOST {
                return Err(too_many(grid, cell, left));
            }
        }
        if let Some(last) = self.cells.last_mut() {
            *last = end as u32;
        }
        self.shapes.truncate(end);
        self.marks.truncate(end);
        Ok(self)
    }

    /// A tube, or all walls of a prism in a cell.
    fn thing(&self, first: usize, end: usize) -> Range<usize> {
        let marks = self.marks.get(first..end).unwrap_or_default();
        let last = marks.iter().position(|mark| mark & (bit::TUBE | bit::LAST_WALL) != 0);
        first..last.map_or(end, |last| first + last + 1)
    }

    fn is_opaque(&self, thing: &Range<usize>) -> bool {
        self.marks.get(thing.start).is_some_and(|mark| mark & bit::THROUGH == 0)
    }

    fn forms(&self, thing: &Range<usize>) -> Vec<Form> {
        let marks = self.marks.get(thing.clone()).unwrap_or_default();
        let shapes = self.shapes.get(thing.clone()).unwrap_or_default();
        let form = |(shape, mark): (&[[f32; 4]; 2], &u32)| {
            (
                bytemuck::cast(shape.map(|part| part.map(f32::to_bits))),
                mark & ((1 << bit::ROW_SHIFT) - 1),
            )
        };
        shapes.iter().zip(marks).map(form).collect()
    }
}

fn too_many(grid: &Grid, cell: usize, count: usize) -> Error {
    let width = grid.padded[0] as usize;
    let size = f64::from(grid.level).exp2();
    let [column, row] = [(cell % width, 0), (cell / width, 1)]
        .map(|(at, axis)| (grid.corner[axis] + (at as f64 + 0.5) * size).round());
    Error::invalid(format!(
        "things in space must not lie over each other by the thousand; expected at most {MOST} pieces of them in one place, got \
         {count} around column {column}, row {row} of the DEM; draw fewer or smaller ones there"
    ))
}
