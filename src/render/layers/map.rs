//! The layers' map: what all lines and areas of a picture together put on each cell, where that is
//! one colour: see `shaders/include/layer_map.glsl`.

use super::band::Cell;
use super::grid::Grid;
use super::index::Kinds;
use super::items::LAYER;
use super::lens::Pixels;
use super::levels::{Levels, MOST_CELLS, level_of, reaches_around};
use super::upload::Uploaded;
use super::window::{Reached, Window};
use crate::error::{Result, try_zeros};
use crate::gpu::shaders::blocks;
use crate::gpu::{Buffer, Interrupted};
use crate::render::Terrain;
use crate::render::far_cells::depths;
use crate::render::upload::upload;
use crate::scene::View;
use rustc_hash::FxHashMap;
use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::Range;
use std::sync::{Arc, Weak};

/// `MANY_LAYERS` of the shader.
const MANY: u32 = u32::MAX;
/// Of so many cells of the finest level one that the map cannot tell makes it crowded.
const CROWDED: usize = 16;

/// Levels of cells from the finest to the coarsest, and how many pixels around a pixel a cell's
/// width stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extent {
    finest: i32,
    coarsest: i32,
    reach: f64,
}

/// The map of some parts, in their order.
pub(super) struct LayerMap {
    /// They may be gone: which they were is all that is asked of them.
    parts: Vec<Weak<Uploaded>>,
    extent: Extent,
    reached: Reached,
    colours: u32,
    bits: i32,
    /// Whether there is more than it can tell in no small part of its cells.
    pub(super) crowded: bool,
    pub(super) words: Buffer,
}

/// Colours by number, the first of nothing; and which number a part's paint over another makes.
struct Palette {
    colours: Vec<[f64; 4]>,
    made: FxHashMap<(u32, usize, u32), u32>,
}

impl LayerMap {
    /// Of parts from the topmost to the lowest, for a view; `kept` if it serves.
    pub(super) fn of(
        parts: &[Arc<Uploaded>],
        kept: Option<Arc<Self>>,
        grid: &Grid,
        terrain: &Terrain,
        view: &View,
        interrupted: Interrupted<'_>,
    ) -> Result<Arc<Self>> {
        let extent = Extent::of(parts, grid, terrain, view);
        let same = |map: &Arc<Self>| {
            map.extent.reach == extent.reach
                && (map.extent.finest..=map.extent.coarsest).contains(&extent.finest)
                && map.extent.coarsest >= extent.coarsest
                && map.parts.len() == parts.len()
                && map
                    .parts
                    .iter()
                    .zip(parts)
                    .all(|(mine, part)| mine.as_ptr() == Arc::as_ptr(part))
        };
        match kept.filter(same) {
            Some(map) => Ok(map),
            None => Ok(Arc::new(Self::new(parts, grid, extent, interrupted)?)),
        }
    }

    fn new(
        parts: &[Arc<Uploaded>],
        grid: &Grid,
        extent: Extent,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let mut palette = Palette { colours: vec![[0.0; 4]], made: FxHashMap::default() };
        let levels: Vec<i32> = (extent.finest..=extent.coarsest).collect();
        let reached = reached_by(parts, grid);
        let mut words: Vec<Vec<u32>> = vec![Vec::with_capacity(levels.len())];
        let mut colours_at = levels.len() as u32;
        let mut crowded = false;
        for (index, &level) in levels.iter().enumerate() {
            let window = reached.window(grid, level);
            let mut cells = try_zeros(window.count(), "the map of the layers")?;
            for (number, part) in parts.iter().enumerate().rev() {
                let Some(index) = part.by_cell() else { continue };
                let levels = index.levels;
                let coarser = coarser(&levels, part.around_px(), extent.reach);
                let serves = |l: &i32| f64::from(*l - level) >= coarser;
                let of_part = levels.each().find(serves).unwrap_or(levels.coarsest);
                let of = &index.kinds[(of_part - levels.finest) as usize];
                let whole = Window::whole(&part.grid, of_part).size;
                palette.put((&mut cells, window), (of, whole), of_part - level, (number, part));
            }
            let many = cells.iter().filter(|cell| **cell == MANY).count();
            let of_all = Window::whole(grid, level).count();
            crowded = crowded || (index == 0 && many > of_all / CROWDED);
            words[0].push(colours_at);
            colours_at += cells.len() as u32;
            words.push(cells);
        }
        words.push(palette.words());
        let Some(device) = parts.first().map(|part| part.device()) else {
            return Err(crate::error::Error::Internal("a map of no layers".into()));
        };
        let words: Vec<&[u8]> = words.iter().map(|own| bytemuck::cast_slice(own)).collect();
        let words = upload(device, LAYER, "map of the layers", &words, interrupted)?;
        Ok(Self {
            parts: parts.iter().map(Arc::downgrade).collect(),
            extent,
            reached,
            colours: colours_at,
            bits: grid.bits,
            crowded,
            words,
        })
    }

    /// For a picture that shows something of it on such pixels alone.
    pub(super) fn block(&self, seen: Option<Pixels>) -> blocks::LayerMap {
        let from_and_to = |Pixels { columns, rows }: Pixels| {
            [columns[0], rows[0], columns[1], rows[1]].map(u32::from)
        };
        blocks::LayerMap {
            seen: seen.map_or([u32::MAX, u32::MAX, 0, 0], from_and_to),
            bits: self.bits,
            finest: self.extent.finest,
            levels: self.extent.coarsest - self.extent.finest + 1,
            reach: self.extent.reach as f32,
            low: self.reached.low,
            high: self.reached.high,
            around: self.reached.around,
            colours: self.colours,
        }
    }
}

/// Where any part that is found by cells has anything, and as far around it as a cell tells.
fn reached_by(parts: &[Arc<Uploaded>], grid: &Grid) -> Reached {
    let of_parts = parts.iter().filter_map(|part| {
        let reached = part.by_cell()?.levels.reached;
        Some(reached.in_units_of(part.grid.bits - grid.bits))
    });
    let nothing = Reached { low: [0; 2], high: [0; 2], around: 1 };
    of_parts.reduce(|one, other| one.with(&other)).unwrap_or(nothing)
}

/// By how many levels a part's cells must be coarser than the map's to tell of as much around them,
/// where a pixel looks as far as `around`.
fn coarser(levels: &Levels, around: f64, reach: f64) -> f64 {
    (levels.spread * around / reach).log2() - 1e-9
}

impl Extent {
    fn of(parts: &[Arc<Uploaded>], grid: &Grid, terrain: &Terrain, view: &View) -> Self {
        let by_cell = parts.iter().filter(|part| part.by_cell().is_some());
        let reach = by_cell.map(|part| part.around_px()).fold(0.0, f64::max);
        let [low, high] = reaches_around(reach, false, grid, depths(terrain, view), view);
        let top = level_of(f64::from(grid.cells[0].max(grid.cells[1])));
        // No finer than a map of so many cells.
        let mut limit = top;
        while grid.bits + limit > 8 && Window::whole(grid, limit - 1).count() as i64 <= MOST_CELLS {
            limit -= 1;
        }
        if reach == 0.0 {
            return Self { finest: top, coarsest: top, reach };
        }
        // And no finer than any part can tell.
        let told = parts.iter().filter_map(|part| {
            let levels = part.by_cell()?.levels;
            Some(levels.finest - coarser(&levels, part.around_px(), reach).ceil() as i32)
        });
        limit = limit.max(told.min().unwrap_or(limit));
        let coarsest = level_of(1.001 * high).clamp(limit, top.max(limit));
        Self { finest: level_of(0.999 * low).clamp(limit, coarsest), coarsest, reach }
    }
}

impl Palette {
    /// As the shader reads its colours: two words each.
    fn words(&self) -> Vec<u32> {
        let of = |colour: &[f64; 4]| {
            let bits = colour.map(|channel| (channel.clamp(0.0, 1.0) * 65_535.0).round() as u32);
            [bits[0] | bits[1] << 16, bits[2] | bits[3] << 16]
        };
        self.colours.iter().flat_map(of).collect()
    }

    /// Puts a part over what `cells` have. Cells of the part are `2^coarser` times as wide, and there
    /// in a window alone, of a level with `whole` columns and rows.
    fn put(
        &mut self,
        (cells, window): (&mut [u32], Window),
        (of, whole): (&Kinds, [i32; 2]),
        coarser: i32,
        (number, part): (usize, &Arc<Uploaded>),
    ) {
        let mut last = (0, Cell::EMPTY, 0);
        let [columns, rows] = [0, 1].map(|axis: usize| {
            let Range { start, end } = of.window.span(axis);
            let ends = if coarser >= 0 {
                [start << coarser, end << coarser]
            } else {
                [start >> -coarser, ((end - 1) >> -coarser) + 1]
            };
            let Range { start, end } = window.span(axis);
            ends[0].max(start)..ends[1].min(end)
        });
        for row in rows {
            let Some(first) = window.index([columns.start, row]) else { continue };
            let own = &mut cells[first..first + columns.len()];
            for (below, column) in own.iter_mut().zip(columns.clone()) {
                let cell = if coarser >= 0 {
                    of.at([column >> coarser, row >> coarser])
                } else {
                    all_of(of, whole, [column, row], -coarser)
                };
                if cell == Cell::EMPTY || *below == MANY {
                    continue;
                }
                if (*below, cell) != (last.0, last.1) {
                    last = (*below, cell, self.over(*below, cell, number, part));
                }
                *below = last.2;
            }
        }
    }

    /// The number of a part's cell over a colour.
    fn over(&mut self, below: u32, cell: Cell, number: usize, part: &Uploaded) -> u32 {
        let Some(feature) = cell.feature() else { return MANY };
        let Some(under) = self.colours.get(below as usize).copied() else { return MANY };
        let colours = &mut self.colours;
        *self.made.entry((below, number, feature)).or_insert_with(|| {
            match part.flat_paint(feature) {
                None => MANY,
                Some(paint) if paint[3] == 0.0 => below,
                Some(paint) => {
                    colours.push([0, 1, 2, 3].map(|at| paint[at] + (1.0 - paint[3]) * under[at]));
                    colours.len() as u32 - 1
                }
            }
        })
    }
}

/// What 2^finer cells each way have in common, of a level of so many columns and rows.
fn all_of(of: &Kinds, whole: [i32; 2], [column, row]: [i32; 2], finer: i32) -> Cell {
    let first = of.at([column << finer, row << finer]);
    let mut same = true;
    for y in row << finer..((row + 1) << finer).min(whole[1]) {
        for x in column << finer..((column + 1) << finer).min(whole[0]) {
            same = same && of.at([x, y]) == first;
        }
    }
    if same { first } else { Cell::MANY }
}

impl Uploaded {
    /// Pixels around a pixel's middle that it looks at.
    pub(super) fn around_px(&self) -> f64 {
        f64::from(self.block.reach) + FRAC_1_SQRT_2
    }
}
