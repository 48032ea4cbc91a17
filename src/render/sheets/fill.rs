//! What a slot of the atlas holds: a square of heights, or of one plane of a fine level.

use super::cut::{Cut, Plane, Sheet};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::numbers::sheets::SHEET_BEFORE;
use crate::scene::levels::{Level, Part};
use crate::scene::{Survey, Windows};

/// Patches that are read at a time, down: what a Ctrl-C waits for.
const STRIP: usize = 128;

/// Fills the slot of a sheet whose first patch is `first`, unless it is to `stop`.
pub(super) fn fill(
    cut: &Cut,
    source: &dyn Windows,
    survey: &Survey,
    (sheet, first): (Sheet, [usize; 2]),
    slot: &mut [f32],
    stop: &dyn Fn() -> bool,
) -> Result<()> {
    let side = cut.slot as usize;
    if sheet.plane == Plane::Heights {
        let before = SHEET_BEFORE as usize;
        return read(source, first.map(|at| at as isize - before as isize), [side; 2], slot);
    }
    // One more cell.
    let cells = (1_usize << cut.side) + 1;
    let known = match sheet.plane {
        Plane::Maxima => survey.fine.maxima(sheet.level),
        Plane::Reliefs => survey.fine.reliefs(sheet.level),
        Plane::Heights | Plane::Mirror => None,
    };
    if let Some(known) = known {
        known.copy(first.map(|patch| patch >> sheet.level), cells, slot, side);
        return Ok(());
    }
    let strip = (STRIP >> sheet.level).max(1);
    for row in (0..cells).step_by(strip) {
        if stop() {
            return Err(Error::Interrupted);
        }
        let high = strip.min(cells - row);
        let patch = [first[0], first[1] + (row << sheet.level)];
        let samples = [cells, high].map(|cells| (cells << sheet.level) + 1);
        let mut heights = try_vec(samples[0] * samples[1], "a sheet of the DEM")?;
        heights.resize(samples[0] * samples[1], 0.0_f32);
        read(source, patch.map(|at| at as isize), samples, &mut heights)?;
        for square in squares([0, 0, cells, high]) {
            let [column, down, size] = square;
            let offset = [column, down].map(|cell| cell << sheet.level);
            let part = Part {
                heights: heights.get(offset[1] * samples[0] + offset[0]..).unwrap_or_default(),
                pitch: samples[0],
                patches: size << sheet.level,
                inside: [0, 1].map(|axis: usize| {
                    (cut.size[axis] - 1).saturating_sub(patch[axis] + offset[axis])
                }),
                holes: survey.holes,
            };
            let plane = plane_of(&part, sheet, survey.reference)?;
            let corner = (row + down) * side + column;
            place(&plane, size, slot.get_mut(corner..).unwrap_or_default(), side);
        }
    }
    Ok(())
}

/// The plane of a sheet, of that part of it.
fn plane_of(
    part: &Part<'_>,
    Sheet { plane, level, .. }: Sheet,
    reference: f32,
) -> Result<Vec<f32>> {
    let maxima = || part.maxima(level, reference);
    Ok(match plane {
        Plane::Heights | Plane::Maxima => maxima()?.maxima,
        Plane::Mirror => maxima()?.mirror,
        Plane::Reliefs => {
            part.levels(level, reference)?.pop().map_or_else(Vec::new, |level: Level| level.reliefs)
        }
    })
}

/// The rectangle [column, row, columns, rows] in squares: [column, row, side].
fn squares([mut column, mut row, mut columns, mut rows]: [usize; 4]) -> Vec<[usize; 3]> {
    let mut found = Vec::new();
    while columns > 0 && rows > 0 {
        let side = columns.min(rows);
        found.push([column, row, side]);
        if columns > rows {
            (column, columns) = (column + side, columns - side);
        } else {
            (row, rows) = (row + side, rows - side);
        }
    }
    found
}

/// A square piece of a plane, into rows of `width` texels.
fn place(plane: &[f32], side: usize, target: &mut [f32], width: usize) {
    for (row, line) in target.chunks_mut(width).zip(plane.chunks_exact(side)) {
        row.iter_mut().zip(line).for_each(|(texel, cell)| *texel = *cell);
    }
}

/// Heights of so many columns and rows from a sample on, which may lie outside; beyond the DEM's
/// edges its outermost samples are repeated.
fn read(
    source: &dyn Windows,
    first: [isize; 2],
    wanted: [usize; 2],
    target: &mut [f32],
) -> Result<()> {
    let size = source.size();
    let place = |axis: usize, at: usize| {
        first[axis].saturating_add_unsigned(at).clamp(0, size[axis] as isize - 1) as usize
    };
    let start = [0, 1].map(|axis| place(axis, 0));
    let [columns, rows] = [0, 1].map(|axis: usize| place(axis, wanted[axis] - 1) + 1 - start[axis]);
    let window = [start[0], start[1], columns, rows];
    if [columns, rows] == wanted {
        return source.read(window, target);
    }
    let mut inside = try_vec(columns * rows, "a sheet of the DEM")?;
    inside.resize(columns * rows, 0.0_f32);
    source.read(window, &mut inside)?;
    for (row, line) in target.chunks_exact_mut(wanted[0]).enumerate() {
        let from = (place(1, row) - start[1]) * columns;
        for (column, height) in line.iter_mut().enumerate() {
            *height = inside.get(from + place(0, column) - start[0]).copied().unwrap_or(f32::NAN);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::squares;

    #[test]
    fn squares_cover_a_rectangle_once() {
        for [columns, rows] in [[257, 64], [257, 1], [9, 9], [3, 8]] {
            let mut covered = vec![0; columns * rows];
            for [column, row, side] in squares([0, 0, columns, rows]) {
                for at in 0..side * side {
                    covered[(row + at / side) * columns + column + at % side] += 1;
                }
            }
            assert!(covered.iter().all(|&times| times == 1), "{columns} x {rows}");
        }
    }
}
