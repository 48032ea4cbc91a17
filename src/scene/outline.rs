//! How far the ground reaches in each direction, without its samples: its heights in blocks.

use std::ops::Range;

use super::holes::fill;
use super::statistics::Extent;
use super::vector::Vec3;
use crate::error::{Result, try_vec};

/// Most blocks along a side of a DEM. What the ground is said to reach is right to a sample up to
/// this size, and beyond it at most a block, 1/512 of a side, too far.
const BLOCKS: usize = 512;
/// Below this many samples a second thread costs more than it saves.
const SPLIT: usize = 1 << 20;
/// Least and greatest height where there is no ground.
const NOTHING: [f32; 2] = [f32::INFINITY, f32::NEG_INFINITY];

/// The least and greatest height of each block of samples. A sample counts where it is the corner
/// of a patch that is no hole.
///
/// Patches lie within what their corners span, so the blocks' boxes span all of the ground.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    columns: usize,
    rows: usize,
    /// Samples along x and y in a block.
    step: [usize; 2],
    /// Blocks in a row of them.
    across: usize,
    blocks: Vec<[f32; 2]>,
    /// The same of whole rows of blocks.
    of_rows: Vec<[f32; 2]>,
}

impl Outline {
    /// That of at least 2 x 2 `heights`, row-major; with what one pass over all of them finds.
    /// Where that is an infinite height the outline is not to be relied on.
    pub fn new(heights: &[f32], columns: usize) -> Result<(Self, Extent)> {
        let size = [columns, heights.len() / columns.max(1)];
        let step = size.map(|side| side.div_ceil(BLOCKS).max(1));
        let [across, down] = [size[0].div_ceil(step[0]), size[1].div_ceil(step[1])];
        let half = if heights.len() < SPLIT { 0 } else { down / 2 };
        let all = Samples { heights, pitch: size[0], origin: [0, 0] };
        let rows = |part: Range<usize>| {
            let [first, end] = [part.start, part.end].map(|row| (row * step[1]).min(size[1]));
            [0, first, size[0], end - first]
        };
        let [north, south] = in_two([0..half, half..down], |part| all.measure(rows(part), step))?;
        let holes = north.1 || south.1;
        let mut parts = [north.0, south.0];
        let [min, max] = together(&parts.each_ref().map(|blocks| together(blocks)));
        if holes {
            parts = in_two([0..half, half..down], |part| all.measure_solid(rows(part), step))?;
        }
        let [mut blocks, mut south] = parts;
        blocks.append(&mut south);
        let [columns, rows] = size;
        let outline = Self { columns, rows, step, across, blocks, of_rows: Vec::new() }.with_rows();
        Ok((outline, Extent { min, max, holes }))
    }

    /// That of a DEM of which nothing is known yet, to [`take`](Self::take) part by part.
    pub fn unknown(columns: usize, rows: usize) -> Result<Self> {
        let step = [columns, rows].map(|side| side.div_ceil(BLOCKS).max(1));
        let [across, down] = [columns.div_ceil(step[0]), rows.div_ceil(step[1])];
        let mut blocks = try_vec(across * down, "the DEM's outline")?;
        blocks.resize(across * down, NOTHING);
        Ok(Self { columns, rows, step, across, blocks, of_rows: Vec::new() }.with_rows())
    }

    /// One of the same DEM without what it has found.
    pub fn unknown_like(other: &Self) -> Self {
        let Self { columns, rows, step, across, .. } = *other;
        Self { columns, rows, step, across, blocks: Vec::new(), of_rows: Vec::new() }
    }

    /// Least and greatest height of each block, rows of them one after the other.
    pub fn blocks(&self) -> &[[f32; 2]] {
        &self.blocks
    }

    /// The same with those blocks, if it is as many.
    pub fn with_blocks(self, blocks: &[[f32; 2]]) -> Option<Self> {
        (blocks.len() == self.blocks.len())
            .then(|| Self { blocks: blocks.to_vec(), ..self }.with_rows())
    }

    /// Widens the blocks by those of a part.
    pub fn take(&mut self, part: &PartOutline) {
        let rows = self.blocks.chunks_exact_mut(self.across).skip(part.first[1]);
        for (blocks, found) in rows.zip(part.blocks.chunks_exact(part.across)) {
            for (block, found) in blocks.iter_mut().skip(part.first[0]).zip(found) {
                let [low, high] = block;
                widen((low, high), *found);
            }
        }
    }

    /// Once all parts are taken.
    pub fn complete(self) -> Self {
        self.with_rows()
    }

    /// The blocks of the samples `own` = [column, row, columns, rows], found in a window whose
    /// first sample is `origin`, `pitch` samples a row: it has a sample more on each side, unless
    /// the DEM ends there.
    pub fn of_part(
        &self,
        heights: &[f32],
        pitch: usize,
        origin: [usize; 2],
        own: [usize; 4],
        holes: bool,
    ) -> Result<PartOutline> {
        let window = Samples { heights, pitch, origin };
        let blocks = if holes {
            window.measure_solid(own, self.step)?
        } else {
            window.measure(own, self.step)?.0
        };
        let first = [own[0] / self.step[0], own[1] / self.step[1]];
        let across = (own[0] + own[2]).div_ceil(self.step[0]) - first[0];
        Ok(PartOutline { first, across, blocks })
    }

    /// The same with the ground that is painted over holes; None where there is nothing to paint,
    /// or all is hole.
    pub fn painted(&self) -> Result<Option<Self>> {
        if self.range().is_none() || self.blocks.iter().all(is_ground) {
            return Ok(None);
        }
        let middles: Vec<f32> = self
            .blocks
            .iter()
            .map(|block| if is_ground(block) { block[0] / 2.0 + block[1] / 2.0 } else { f32::NAN })
            .collect();
        let filled = fill(&middles, self.across)?;
        let blocks = self.blocks.iter().zip(filled);
        let blocks = blocks
            .map(|(block, height)| if is_ground(block) { *block } else { [height; 2] })
            .collect();
        Ok(Some(Self { blocks, ..self.clone() }.with_rows()))
    }

    fn with_rows(self) -> Self {
        let of_rows = self.blocks.chunks_exact(self.across).map(together).collect();
        Self { of_rows, ..self }
    }

    /// Least and greatest height of the ground; None where all is hole.
    pub fn range(&self) -> Option<[f32; 2]> {
        Some(together(&self.of_rows)).filter(is_ground)
    }

    /// Half the length and width of the DEM between its outermost samples, metres.
    pub fn half(&self, spacing: [f64; 2]) -> [f64; 2] {
        [(self.columns - 1) as f64 * spacing[0] / 2.0, (self.rows - 1) as f64 * spacing[1] / 2.0]
    }

    /// The point of the blocks that is farthest in `direction`, in world metres; None where all is
    /// hole.
    pub fn farthest(&self, direction: Vec3, spacing: [f64; 2], exaggeration: f64) -> Option<Vec3> {
        let [east, south, up] = direction.map(|along| usize::from(along > 0.0));
        let x: Vec<f64> = (0..self.blocks.len().min(self.across))
            .map(|column| self.x(column, spacing)[east])
            .collect();
        let along_x: Vec<f64> = x.iter().map(|x| x * direction[0]).collect();
        let widest = along_x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let rise = exaggeration * direction[2];
        let mut best = (f64::NEG_INFINITY, None);
        for (row, (blocks, of_row)) in
            self.blocks.chunks_exact(self.across).zip(&self.of_rows).enumerate()
        {
            let y = self.y(row, spacing)[south];
            let from_row = y * direction[1];
            // A row whose box as a whole is nearer than what was found has nothing to offer.
            if !is_ground(of_row) || widest + from_row + rise * f64::from(of_row[up]) <= best.0 {
                continue;
            }
            // Without ground a block is endlessly near.
            let reach =
                |(along, block): (&f64, &[f32; 2])| along + from_row + rise * f64::from(block[up]);
            let farthest = along_x.iter().zip(blocks).map(reach).fold(f64::NEG_INFINITY, f64::max);
            if farthest > best.0 {
                let column = along_x.iter().zip(blocks).map(reach).position(|far| far == farthest);
                best = (farthest, column.map(|column| (column, row)));
            }
        }
        let (column, row) = best.1?;
        let height = self.blocks.get(row * self.across + column)?[up];
        Some([*x.get(column)?, self.y(row, spacing)[south], f64::from(height) * exaggeration])
    }

    /// The corners of all blocks with ground, seen from above, that may be corners of a convex
    /// polygon round them, metres.
    pub fn rims(&self, spacing: [f64; 2]) -> Vec<[f64; 2]> {
        let mut rims = Vec::new();
        for (row, blocks) in self.blocks.chunks_exact(self.across).enumerate() {
            let (first, last) =
                (blocks.iter().position(is_ground), blocks.iter().rposition(is_ground));
            if let (Some(first), Some(last)) = (first, last) {
                let [west, east] = [self.x(first, spacing)[0], self.x(last, spacing)[1]];
                rims.extend(self.y(row, spacing).into_iter().flat_map(|y| [[west, y], [east, y]]));
            }
        }
        rims
    }

    /// West and east of a column of blocks, metres.
    fn x(&self, column: usize, spacing: [f64; 2]) -> [f64; 2] {
        let x = |sample: usize| (sample as f64 - (self.columns - 1) as f64 / 2.0) * spacing[0];
        [x(column * self.step[0]), x(((column + 1) * self.step[0]).min(self.columns) - 1)]
    }

    /// South and north of a row of blocks, metres.
    fn y(&self, row: usize, spacing: [f64; 2]) -> [f64; 2] {
        let y = |sample: usize| ((self.rows - 1) as f64 / 2.0 - sample as f64) * spacing[1];
        [y(((row + 1) * self.step[1]).min(self.rows) - 1), y(row * self.step[1])]
    }
}

/// Blocks that some samples have a part in.
#[derive(Debug)]
pub struct PartOutline {
    /// Column and row of the first.
    first: [usize; 2],
    across: usize,
    blocks: Vec<[f32; 2]>,
}

/// What `work` makes of two parts, at the same time; the first may be nothing.
fn in_two<T: Send>(
    [first, second]: [Range<usize>; 2],
    work: impl Fn(Range<usize>) -> Result<T> + Sync,
) -> Result<[T; 2]> {
    let (first, second) = std::thread::scope(|scope| {
        let thread = (!first.is_empty())
            .then(|| std::thread::Builder::new().spawn_scoped(scope, || work(first.clone())).ok())
            .flatten();
        let second = work(second);
        // No thread to be had, or one that died: the work is still ours.
        let joined = thread.and_then(|thread| thread.join().ok());
        (joined.unwrap_or_else(|| work(first.clone())), second)
    });
    Ok([first?, second?])
}

/// Least and greatest samples of some rows, for each column: one line after the other, and not in
/// pairs, for vector instructions.
struct Lines {
    least: Vec<f32>,
    greatest: Vec<f32>,
}

impl Lines {
    fn new(columns: usize) -> Result<Self> {
        let line = || try_vec(columns, "a line of the DEM's outline");
        Ok(Self { least: line()?, greatest: line()? })
    }

    /// Of no rows yet.
    fn clear(&mut self, columns: usize) {
        for (line, nothing) in [&mut self.least, &mut self.greatest].into_iter().zip(NOTHING) {
            line.clear();
            line.resize(columns, nothing);
        }
    }

    fn ranges(&mut self) -> impl Iterator<Item = (&mut f32, &mut f32)> {
        self.least.iter_mut().zip(&mut self.greatest)
    }

    /// Adds the ranges of the first columns, if any, and of so many at a time of the others.
    fn add_blocks(&self, first: usize, step: usize, blocks: &mut Vec<[f32; 2]>) {
        let first = first.min(self.least.len());
        let (least, greatest) = (self.least.split_at(first), self.greatest.split_at(first));
        if first > 0 {
            blocks.push(whole((least.0, greatest.0)));
        }
        blocks.extend(least.1.chunks(step).zip(greatest.1.chunks(step)).map(whole));
    }
}

/// The range that least and greatest samples span.
fn whole((least, greatest): (&[f32], &[f32])) -> [f32; 2] {
    let mut range = NOTHING;
    let [low, high] = &mut range;
    least.iter().zip(greatest).for_each(|(least, most)| widen((low, high), [*least, *most]));
    range
}

/// Samples of a DEM, `pitch` in a row of them, of which the first is `origin`.
#[derive(Clone, Copy)]
struct Samples<'h> {
    heights: &'h [f32],
    pitch: usize,
    origin: [usize; 2],
}

impl<'h> Samples<'h> {
    /// A row of them.
    fn line(&self, row: usize) -> &'h [f32] {
        self.heights.get(row * self.pitch..(row + 1) * self.pitch).unwrap_or_default()
    }

    /// The blocks of `step` samples along x and y that `own` = [column, row, columns, rows] of the
    /// DEM have a part in, by what `widen_by` makes of some of the rows here.
    fn blocks(
        &self,
        own: [usize; 4],
        step: [usize; 2],
        mut widen_by: impl FnMut(&mut Lines, Range<usize>),
    ) -> Result<Vec<[f32; 2]>> {
        let blocks_along =
            |axis: usize| own[axis] / step[axis]..(own[axis] + own[axis + 2]).div_ceil(step[axis]);
        let count = blocks_along(0).len() * blocks_along(1).len();
        let mut blocks = try_vec(count, "the DEM's outline")?;
        let mut lines = Lines::new(own[2])?;
        for row in blocks_along(1) {
            let band = (row * step[1]).max(own[1])..((row + 1) * step[1]).min(own[1] + own[3]);
            lines.clear(own[2]);
            widen_by(&mut lines, band.start - self.origin[1]..band.end - self.origin[1]);
            lines.add_blocks(own[0].next_multiple_of(step[0]) - own[0], step[0], &mut blocks);
        }
        Ok(blocks)
    }

    /// Those of all samples; and whether some of these are NaN.
    fn measure(&self, own: [usize; 4], step: [usize; 2]) -> Result<(Vec<[f32; 2]>, bool)> {
        let skipped = own[0] - self.origin[0];
        let mut holes = 0;
        let blocks = self.blocks(own, step, |lines, rows| {
            for row in rows {
                let known = self.line(row).get(skipped..).unwrap_or_default();
                for (range, height) in lines.ranges().zip(known) {
                    // A NaN widens nothing.
                    widen(range, [*height; 2]);
                    holes |= u32::from(height.is_nan());
                }
            }
        })?;
        Ok((blocks, holes != 0))
    }

    /// Those of the samples that count where there are holes. Around `own` it looks at a sample
    /// more on each side.
    fn measure_solid(&self, own: [usize; 4], step: [usize; 2]) -> Result<Vec<[f32; 2]>> {
        let skipped = own[0] - self.origin[0];
        let count = self.heights.len() / self.pitch.max(1);
        let mut solid: Vec<u32> = try_vec(self.pitch + 1, "a line of the DEM's outline")?;
        self.blocks(own, step, |lines, rows| {
            // The rows of patches that have a corner in these.
            for north in rows.start.saturating_sub(1)..rows.end.min(count - 1) {
                find_solid(&mut solid, self.line(north), self.line(north + 1));
                for row in [north, north + 1].into_iter().filter(|row| rows.contains(row)) {
                    let there = solid.iter().zip(&solid[1..]).map(|(west, east)| west | east != 0);
                    let known = self.line(row).iter().zip(there).skip(skipped);
                    lines.ranges().zip(known).for_each(|(range, (height, there))| {
                        widen(range, if there { [*height; 2] } else { NOTHING });
                    });
                }
            }
        })
    }
}

// Plain compares: the compiler makes vector minima of them.
fn widen((low, high): (&mut f32, &mut f32), [least, greatest]: [f32; 2]) {
    *low = if least < *low { least } else { *low };
    *high = if greatest > *high { greatest } else { *high };
}

// Which patches of a row are no holes, with nothing on either side.
fn find_solid(solid: &mut Vec<u32>, north: &[f32], south: &[f32]) {
    solid.clear();
    solid.push(0);
    // NaN is all that makes such a sum NaN: no height is infinite, and a sum that becomes so stays
    // so.
    let west = north.iter().zip(south).map(|(north, south)| north + south);
    let east = north.iter().zip(south).skip(1).map(|(north, south)| north + south);
    solid.extend(west.zip(east).map(|(west, east)| u32::from(!(west.is_nan() || east.is_nan()))));
    solid.push(0);
}

fn together(ranges: &[[f32; 2]]) -> [f32; 2] {
    let mut all = NOTHING;
    let [low, high] = &mut all;
    ranges.iter().for_each(|range| widen((low, high), *range));
    all
}

fn is_ground([least, greatest]: &[f32; 2]) -> bool {
    least <= greatest
}
