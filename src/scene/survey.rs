//! What is known of a DEM that stays where it is, found in one pass through all of it: its range,
//! its outline, statistics, and a coarse level of the maximum mipmap, from which all coarser ones
//! follow.

use super::fine_levels::{FINEST, FineLevels, put};
use super::levels::{Level, NOTHING, Part};
use super::outline::{Outline, PartOutline};
use super::percentiles::{Tally, percentiles};
use super::statistics::{Stats, extent};
use super::survey_order::{Order, PIECE, TOGETHER};
use super::survey_sums::{Numbers, Window};
use super::windows::{Windows, in_parallel};
use crate::error::{Error, Result, try_vec};
use std::sync::{Mutex, PoisonError};

/// Heights are looked at in this many places along each side to find about where they are.
const PROBES: usize = 5;
/// Samples of a DEM all of which count for percentiles.
const FEW: usize = 1 << 20;
/// The ends of colours with `robust`.
const ROBUST: [f64; 2] = [2.0, 98.0];

/// DEMs with a longer side are drawn in sheets, whatever the device.
pub const MOST_IN_MEMORY: usize = 16_384;

/// How a DEM is to be surveyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The level of the mipmap that is kept: its cells are 2^level patches a side. At most 8.
    pub level: u32,
    /// Cells of that level, padding included.
    pub cells: [usize; 2],
    /// From this one on finer levels stay known on the host; `level` if none do.
    pub fine: u32,
    /// Whether the reference height must be the middle of the range, as of a DEM in memory, which
    /// takes a pass of its own.
    pub exact: bool,
}

/// The level whose slopes are kept with level `kept`: the next one, or the finest that has any.
pub fn slopes_level(kept: u32) -> u32 {
    (kept + 1).max(FINEST)
}

impl Plan {
    /// Cells of the level whose slopes are kept.
    pub fn slopes_cells(&self) -> [usize; 2] {
        self.cells.map(|side| side >> (slopes_level(self.level) - self.level))
    }

    /// Whether what was surveyed by it is what `other` asks for. Levels on the host save time
    /// alone.
    pub fn serves(&self, other: &Self) -> bool {
        Self { fine: other.fine, ..*self } == *other
    }
}

/// What is known of the whole.
#[derive(Clone, Debug)]
pub struct Survey {
    /// How it was made.
    pub plan: Plan,
    /// (columns, rows) of the DEM.
    pub size: [usize; 2],
    /// Heights are relative to this one in `level`.
    pub reference: f32,
    /// The kept level, `plan.cells` of it: maxima, mirror image, means and reliefs.
    pub planes: [Vec<f32>; 4],
    /// Means and reliefs of the next coarser level, which follow from finer ones.
    pub coarser: [Vec<f32>; 2],
    /// Slopes of the level that `slopes_level` says.
    pub slopes: Vec<f32>,
    /// Levels `plan.fine` to `plan.level`.
    pub fine: FineLevels,
    /// Least and greatest height; None where all is hole.
    pub range: Option<[f32; 2]>,
    /// Is any height NaN?
    pub holes: bool,
    /// How far the ground reaches.
    pub outline: Outline,
    /// Statistics of the DEM's own heights.
    pub stats: Stats,
    /// The 2nd and 98th percentile: of few samples exact, else from a sixteenth of them, to a
    /// two-thousandth of how far they are from the middle of the heights.
    pub robust: Option<[f64; 2]>,
    /// The least height above 0; 0 where there is none.
    pub least_positive: f32,
}

/// What a pass gathers.
struct Gathered {
    planes: [Vec<f32>; 4],
    coarser: [Vec<f32>; 2],
    slopes: Vec<f32>,
    fine: FineLevels,
    range: [f32; 2],
    holes: bool,
    outline: Outline,
    count: u64,
    /// Of heights less the reference.
    sums: [f64; 2],
    tally: Tally,
    /// All heights, if they are few.
    few: Option<Vec<f32>>,
    least_positive: f32,
}

/// What a pass has to find.
#[derive(Clone, Copy)]
struct Task {
    numbers: bool,
    levels: bool,
    /// Whether the DEM has any, once that is known.
    holes: Option<bool>,
    reference: f32,
    /// Whether all samples count for percentiles.
    few: bool,
}

impl Survey {
    /// Reads all of `source`. `told` hears of the part that is done, 0..=1, now and then, and may
    /// refuse to go on.
    pub fn of(
        source: &dyn Windows,
        plan: Plan,
        interrupted: &dyn Fn() -> bool,
        told: &dyn Fn(f64) -> Result<()>,
    ) -> Result<Self> {
        let size = source.size();
        let [columns, rows] = size;
        let few = columns * rows <= FEW;
        let plane = |fill: f32, cells: usize| -> Result<Vec<f32>> {
            let mut plane = try_vec(cells, "a coarse level of the DEM")?;
            plane.resize(cells, fill);
            Ok(plane)
        };
        let all = plan.cells[0] * plan.cells[1];
        let gathered = Mutex::new(Gathered {
            planes: [
                plane(NOTHING, all)?,
                plane(NOTHING, all)?,
                plane(NOTHING, all)?,
                plane(0.0, all)?,
            ],
            coarser: [plane(NOTHING, all / 4)?, plane(0.0, all / 4)?],
            slopes: plane(0.0, plan.slopes_cells().iter().product())?,
            fine: FineLevels::unknown(plan.fine, plan.level, plan.cells)?,
            range: [f32::INFINITY, f32::NEG_INFINITY],
            holes: false,
            outline: Outline::unknown(columns, rows)?,
            count: 0,
            sums: [0.0; 2],
            tally: Tally::new(),
            few: few.then(Vec::new),
            least_positive: f32::INFINITY,
        });
        let mut reference = probe(source, interrupted)?;
        let order = Order::of(size, source.chunk());
        let pieces = order.pieces();
        let passes = if plan.exact { 2 } else { 1 };
        let pass = |number: usize, task: Task| {
            let share =
                |done: usize| (number as f64 + done as f64 / pieces as f64) / f64::from(passes);
            in_parallel(pieces, interrupted, &|done| told(share(done)), |piece, _| {
                measure(source, plan, order.first_patch(piece), task, &gathered)
            })
        };
        pass(0, Task { numbers: true, levels: !plan.exact, holes: None, reference, few })?;
        let shift = f64::from(reference);
        if plan.exact {
            let (range, holes) = {
                let gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
                (gathered.range, gathered.holes)
            };
            if range[0] <= range[1] {
                reference = range[0] * 0.5 + range[1] * 0.5;
            }
            pass(1, Task { numbers: false, levels: true, holes: Some(holes), reference, few })?;
        }
        let found = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        let range = (found.range[0] <= found.range[1]).then_some(found.range);
        let robust = found.robust(shift);
        Ok(Self {
            plan,
            size,
            reference,
            planes: found.planes,
            coarser: found.coarser,
            slopes: found.slopes,
            fine: found.fine,
            range,
            holes: found.holes,
            outline: found.outline.complete(),
            stats: statistics(range, found.count, found.sums, shift),
            robust,
            least_positive: if found.least_positive.is_finite() {
                found.least_positive
            } else {
                0.0
            },
        })
    }
}

fn statistics(range: Option<[f32; 2]>, count: u64, sums: [f64; 2], shift: f64) -> Stats {
    let Some([min, max]) = range.map(|range| range.map(f64::from)) else {
        return Stats { min: f64::NAN, max: f64::NAN, mean: f64::NAN, std: f64::NAN };
    };
    let [mean, square] = sums.map(|sum| sum / count as f64);
    Stats { min, max, mean: shift + mean, std: (square - mean * mean).max(0.0).sqrt() }
}

/// About the middle of the range: between the least and the greatest of a few heights.
fn probe(source: &dyn Windows, interrupted: &dyn Fn() -> bool) -> Result<f32> {
    let size = source.size();
    let range = Mutex::new([f32::INFINITY, f32::NEG_INFINITY]);
    in_parallel(PROBES * PROBES, interrupted, &|_| Ok(()), |probe, _| {
        let places = [probe % PROBES, probe / PROBES];
        let side = size.map(|side| side.min(64));
        let first =
            [0, 1].map(|axis: usize| (size[axis] - side[axis]) * places[axis] / (PROBES - 1));
        let mut heights = vec![0.0; side[0] * side[1]];
        source.read([first[0], first[1], side[0], side[1]], &mut heights)?;
        let found = extent(&heights);
        let mut range = range.lock().unwrap_or_else(PoisonError::into_inner);
        *range = [range[0].min(found.min), range[1].max(found.max)];
        Ok(())
    })?;
    let range = range.into_inner().unwrap_or_else(PoisonError::into_inner);
    let middle = range[0] * 0.5 + range[1] * 0.5;
    Ok(if middle.is_finite() { middle } else { 0.0 })
}

/// Measures pieces beside each other, from the patch `first` on.
fn measure(
    source: &dyn Windows,
    plan: Plan,
    first: [usize; 2],
    task: Task,
    gathered: &Mutex<Gathered>,
) -> Result<()> {
    let size = source.size();
    let patches = [0, 1].map(|axis: usize| {
        let most = if axis == 0 { PIECE * TOGETHER } else { PIECE };
        most.min(size[axis] - 1 - first[axis])
    });
    // A sample before the first patch, where the DEM has one, for the outline.
    let origin = first.map(|at| at.saturating_sub(1));
    let end = [0, 1].map(|axis: usize| first[axis] + patches[axis] + 1);
    let [columns, rows] = [0, 1].map(|axis: usize| end[axis] - origin[axis]);
    let mut heights: Vec<f32> = try_vec(columns * rows, "a part of the DEM")?;
    heights.resize(columns * rows, 0.0);
    source.read([origin[0], origin[1], columns, rows], &mut heights)?;
    let found = extent(&heights);
    if found.min.is_infinite() && found.min < 0.0 || found.max == f32::INFINITY {
        return Err(infinite(&heights, columns, origin));
    }
    if task.numbers {
        let own = [0, 1].map(|axis: usize| patches[axis] + usize::from(end[axis] == size[axis]));
        let window = Window {
            heights: &heights,
            columns,
            origin,
            own: [first[0], first[1], own[0], own[1]],
        };
        let numbers = window.numbers(task.reference, task.few);
        let outline = {
            let gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
            Outline::unknown_like(&gathered.outline)
        };
        let part = outline.of_part(&heights, columns, origin, window.own, found.holes)?;
        let mut gathered = gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.add(&numbers, &part, found.holes, [found.min, found.max]);
    }
    if task.levels {
        for column in (0..patches[0]).step_by(PIECE) {
            let start = (first[1] - origin[1]) * columns + first[0] - origin[0] + column;
            let inside = [patches[0] - column, patches[1]].map(|patches| patches.min(PIECE));
            let heights = heights.get(start..).unwrap_or_default();
            let levels = levels_of(
                heights,
                columns,
                inside,
                task.holes.unwrap_or(found.holes),
                plan.level,
                task.reference,
            )?;
            let first = [first[0] + column, first[1]];
            gathered.lock().unwrap_or_else(PoisonError::into_inner).place(&levels, first, plan);
        }
    }
    Ok(())
}

/// The levels of a piece that has `inside` patches, down to the next coarser one than `level`, and
/// to the one whose slopes are kept.
fn levels_of(
    heights: &[f32],
    pitch: usize,
    inside: [usize; 2],
    holes: bool,
    level: u32,
    reference: f32,
) -> Result<Vec<Level>> {
    let whole = inside == [PIECE; 2];
    let squared = if whole {
        Vec::new()
    } else {
        square(heights, pitch, inside.map(|side| side + 1), PIECE + 1)?
    };
    let part = Part {
        heights: if whole { heights } else { &squared },
        pitch: if whole { pitch } else { PIECE + 1 },
        patches: PIECE,
        inside,
        holes,
    };
    let mut levels = part.levels(slopes_level(level), reference)?;
    if let (1, [finest, coarser, ..]) = (level, levels.as_mut_slice()) {
        // Level 1 has no means of its own; those of level 2 are near enough for what stands in for
        // sheets.
        let place = |cell: usize| cell / finest.side / 2 * coarser.side + cell % finest.side / 2;
        let cells = 0..finest.side * finest.side;
        finest.means =
            cells.map(|cell| coarser.means.get(place(cell)).copied().unwrap_or(NOTHING)).collect();
    }
    Ok(levels)
}

/// A square of `side` samples, the last of the given (columns, rows) repeated.
pub fn square(heights: &[f32], pitch: usize, given: [usize; 2], side: usize) -> Result<Vec<f32>> {
    let mut squared = try_vec(side * side, "a part of the DEM")?;
    for row in 0..side {
        let start = row.min(given[1] - 1) * pitch;
        let line = heights.get(start..start + given[0]).unwrap_or_default();
        squared.extend(line.iter().take(side));
        squared.resize((row + 1) * side, line.last().copied().unwrap_or(f32::NAN));
    }
    Ok(squared)
}

fn infinite(heights: &[f32], columns: usize, origin: [usize; 2]) -> Error {
    let first = heights.iter().position(|height| height.is_infinite()).unwrap_or(0);
    Error::invalid(format!(
        "heightmap must be finite in float32, or NaN where there is no ground; got an infinite value at row {}, column \
         {}; replace it with NaN",
        origin[1] + first / columns,
        origin[0] + first % columns
    ))
}

impl Gathered {
    fn add(&mut self, numbers: &Numbers, outline: &PartOutline, holes: bool, range: [f32; 2]) {
        self.range = [self.range[0].min(range[0]), self.range[1].max(range[1])];
        self.holes |= holes;
        self.count += numbers.count;
        self.sums = [0, 1].map(|at: usize| self.sums[at] + numbers.sums[at]);
        self.least_positive = self.least_positive.min(numbers.least_positive);
        match &mut self.few {
            Some(few) => few.extend(&numbers.heights),
            None => self.tally.add(&numbers.heights),
        }
        self.outline.take(outline);
    }

    /// The ends of colours; tallied heights are less `shift`.
    fn robust(&self, shift: f64) -> Option<[f64; 2]> {
        if let Some(heights) = &self.few {
            return percentiles(heights, ROBUST);
        }
        let [low, high] = self.range.map(f64::from);
        let offsets = self.tally.percentiles(ROBUST)?;
        Some(offsets.map(|offset| (shift + offset).clamp(low, high)))
    }

    /// Puts a piece's levels, whose first patch is `first`, where they belong.
    fn place(&mut self, levels: &[Level], first: [usize; 2], plan: Plan) {
        let at = plan.level as usize - 1;
        let Some([level, coarser]) = levels.get(at..at + 2) else { return };
        let [across, _] = plan.cells;
        let [column, row] = first.map(|patch| patch >> plan.level);
        let kept = [&level.maxima, &level.mirror, &level.means, &level.reliefs];
        for (plane, piece) in self.planes.iter_mut().zip(kept) {
            put(plane, across, [column, row], piece, level.side);
        }
        for (plane, piece) in self.coarser.iter_mut().zip([&coarser.means, &coarser.reliefs]) {
            put(plane, across / 2, [column / 2, row / 2], piece, coarser.side);
        }
        if let Some(sloped) = levels.get(slopes_level(plan.level) as usize - 1) {
            let [across, _] = plan.slopes_cells();
            let place = first.map(|patch| patch >> slopes_level(plan.level));
            put(&mut self.slopes, across, place, &sloped.slopes, sloped.side);
        }
        self.fine.take(levels, first.map(|patch| patch >> plan.fine));
    }
}

#[cfg(test)]
#[path = "survey_tests.rs"]
mod tests;
