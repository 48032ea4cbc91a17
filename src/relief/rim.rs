//! Rows of a DEM with a rim, so that no cell is special on the device: one row and four columns
//! more on each side.

use super::Dem;
use crate::error::{Error, Result};

/// What happens to cells that lack neighbours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edges {
    /// The raster goes on as the line through its last two cells does, and a hole beside a cell
    /// counts as the cell's own height: `gdaldem -compute_edges`.
    Extend,
    /// They are holes.
    Nan,
    /// The raster goes on as lines, at corners too, where gdaldem repeats the nearer column: the
    /// one-sided differences of `numpy.gradient`. A cell beside a hole is a hole.
    Line,
}

impl Edges {
    /// As users spell it.
    pub fn named(word: &str) -> Result<Self> {
        match word {
            "extend" => Ok(Self::Extend),
            "nan" => Ok(Self::Nan),
            "line" => Ok(Self::Line),
            _ => Err(Error::none_of("edges", word, &["extend", "nan"])),
        }
    }
}

/// Columns before the first of a row, so that each row's cells start at a multiple of four floats.
const BEFORE: usize = 4;
/// Columns that one invocation of `shaders/local.comp` has.
pub(super) const SIXTEEN: usize = 16;

/// Floats of a row with its rim.
pub(super) fn pitch(columns: usize) -> usize {
    columns.next_multiple_of(SIXTEEN) + 2 * BEFORE
}

/// Copies rows `first`.. of the DEM, with their rim, over `target` (rows of [`pitch`] floats, at
/// least three, the first of them row `first` − 1). Refuses infinite heights; tells whether there
/// are holes.
pub(super) fn copy(dem: &Dem<'_>, first: usize, target: &mut [f32]) -> Result<bool> {
    let pitch = pitch(dem.columns());
    let mut has_holes = false;
    for (index, row) in target.chunks_exact_mut(pitch).enumerate() {
        // Row 0 of the target lies one north of `first`; outside the raster lies the line through
        // the last two rows.
        let (near, far) = match (first + index).checked_sub(1) {
            None => (0, Some(1)),
            Some(inside) if inside < dem.rows() => (inside, None),
            Some(_) => (dem.rows() - 1, Some(dem.rows() - 2)),
        };
        let cells = row.get_mut(BEFORE..BEFORE + dem.columns()).ok_or_else(too_small)?;
        cells.copy_from_slice(dem.row(near));
        has_holes |= dem.check_copy(cells)?;
        if let Some(far) = far {
            let beyond = dem.row(far);
            dem.check_copy(beyond)?;
            cells.iter_mut().zip(beyond).for_each(|(near, far)| *near = 2.0 * *near - far);
        }
        let &[west, inner_west, ..] = &*cells else { return Err(too_small()) };
        let &[.., inner_east, east] = &*cells else { return Err(too_small()) };
        row.get_mut(..BEFORE).ok_or_else(too_small)?.fill(2.0 * west - inner_west);
        row.get_mut(BEFORE + dem.columns()..).ok_or_else(too_small)?.fill(2.0 * east - inner_east);
    }
    Ok(has_holes)
}

/// Rows of [`corners`], its rim included.
pub(super) const CORNER_ROWS: usize = 12;

/// The four corners' windows one below the other, as a raster of one column, for outside a corner
/// GDAL repeats the nearer column where it extends rows. `target` is as that of [`copy`]; rows 0,
/// 3, 6 and 9 of the results are the corners' own: north-west, north-east, south-west, south-east.
pub(super) fn corners(dem: &Dem<'_>, target: &mut [f32]) {
    let (columns, rows) = (dem.columns(), dem.rows());
    let at = |row: usize, column: usize| dem.row(row).get(column).copied().unwrap_or(f32::NAN);
    let places = [(0, 0), (0, columns - 1), (rows - 1, 0), (rows - 1, columns - 1)];
    for ((row, column), window) in places.into_iter().zip(target.chunks_exact_mut(3 * pitch(1))) {
        let inner = if row == 0 { 1 } else { row - 1 };
        let beside = [column.saturating_sub(1), column, (column + 1).min(columns - 1)];
        let beyond = beside.map(|column| 2.0 * at(row, column) - at(inner, column));
        let (own, inner) =
            (beside.map(|column| at(row, column)), beside.map(|column| at(inner, column)));
        let lines = if row == 0 { [beyond, own, inner] } else { [inner, own, beyond] };
        for (line, target) in lines.iter().zip(window.chunks_exact_mut(pitch(1))) {
            target.fill(0.0);
            target
                .iter_mut()
                .skip(BEFORE - 1)
                .zip(line)
                .for_each(|(target, height)| *target = *height);
        }
    }
}

fn too_small() -> Error {
    Error::Internal("a row with its rim is too small".into())
}
