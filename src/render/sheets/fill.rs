//! What a slot of the atlas holds: a sheet's heights and its finest levels.

use super::Cut;
use crate::error::{Result, try_vec};
use crate::gpu::shaders::numbers::sheets::SHEET_MORE;
use crate::scene::Windows;
use crate::scene::levels::{Level, NOTHING, Part};

/// Of a sheet beyond the DEM.
pub(super) fn nothing(cut: &Cut, slot: &mut [f32]) {
    let side = (1 << cut.sheet_level) + SHEET_MORE as usize;
    for row in slot.chunks_exact_mut(cut.slot[0] as usize) {
        let (heights, levels) = row.split_at_mut(side);
        heights.fill(f32::NAN);
        levels.fill(NOTHING);
    }
}

/// Of the sheet whose first patch that is.
pub(super) fn sheet(
    cut: &Cut,
    source: &dyn Windows,
    first: [usize; 2],
    reference: f32,
    holes: bool,
    slot: &mut [f32],
) -> Result<()> {
    let patches = 1_usize << cut.sheet_level;
    let levels = cut.layout.finest - 1;
    // One more cell of each level.
    let beyond = if levels > 0 { 1 << levels } else { 1 };
    let side = Cut::before() + patches + beyond + 1;
    let heights = read(source, cut.size, first, side)?;
    let width = cut.slot[0] as usize;
    let of_sheet = patches + SHEET_MORE as usize;
    for (row, line) in slot.chunks_exact_mut(width).zip(heights.chunks_exact(side)) {
        row.iter_mut().zip(line).take(of_sheet).for_each(|(texel, height)| *texel = *height);
    }
    if levels == 0 {
        return Ok(());
    }
    let part = Part {
        heights: heights.get(Cut::before() * (side + 1)..).unwrap_or_default(),
        pitch: side,
        patches: patches + beyond,
        inside: [0, 1].map(|axis: usize| cut.size[axis] - 1 - first[axis]),
        holes,
    };
    let mut row = 0;
    for (number, level) in part.levels(levels, reference)?.iter().enumerate() {
        let cells = (patches >> (number + 1)) + 1;
        let planes: &[&[f32]] = if number == 0 {
            &[&level.maxima]
        } else {
            &[&level.maxima, &level.mirror, &level.reliefs]
        };
        for (at, plane) in planes.iter().enumerate() {
            let corner = row * width + of_sheet + at * (patches / 4 + 1);
            place(plane, level, cells, slot.get_mut(corner..).unwrap_or_default(), width);
        }
        row += cells;
    }
    Ok(())
}

/// The first `cells` rows and columns of a plane, into rows of `width` texels.
fn place(plane: &[f32], level: &Level, cells: usize, target: &mut [f32], width: usize) {
    for (row, line) in target.chunks_mut(width).zip(plane.chunks_exact(level.side)).take(cells) {
        row.iter_mut().zip(line).take(cells).for_each(|(texel, cell)| *texel = *cell);
    }
}

/// A square of heights that begins one sample before the patch `first`; beyond the DEM's edges its
/// outermost samples are repeated.
fn read(
    source: &dyn Windows,
    size: [usize; 2],
    first: [usize; 2],
    side: usize,
) -> Result<Vec<f32>> {
    let place = |axis: usize, at: usize| {
        (first[axis] + at).saturating_sub(Cut::before()).min(size[axis] - 1)
    };
    let start = [0, 1].map(|axis| place(axis, 0));
    let [columns, rows] = [0, 1].map(|axis| place(axis, side - 1) + 1 - start[axis]);
    let mut window = try_vec(columns * rows, "a sheet of the DEM")?;
    window.resize(columns * rows, 0.0_f32);
    source.read([start[0], start[1], columns, rows], &mut window)?;
    if [columns, rows] == [side; 2] {
        return Ok(window);
    }
    let mut squared = try_vec(side * side, "a sheet of the DEM")?;
    for row in 0..side {
        let line = (place(1, row) - start[1]) * columns;
        squared.extend((0..side).map(|column| {
            window.get(line + place(0, column) - start[0]).copied().unwrap_or(f32::NAN)
        }));
    }
    Ok(squared)
}
