//! Holes as ground: heights for missing samples, for drawing alone, and which patches they are.
//!
//! The surface over a hole is what a soap film through its rim would be, nearly: heights are
//! averaged to half the samples again and again until no hole is left, and on the way back each
//! hole takes the coarser heights, interpolated, which a few rounds of averaging with the
//! neighbours then fit to the rim. So it costs little more than reading the DEM, whatever the size
//! of its holes, and no height is beyond those round about.

use crate::error::{Result, try_vec};

/// Rounds of averaging on each level.
const ROUNDS: usize = 4;

/// Which patches have a missing corner: a bit each, 32 to a word, rows in whole words.
#[derive(Clone, Debug, PartialEq)]
pub struct HoleMask {
    /// Patch (row, column) is bit column % 32 of word row · width + column / 32.
    pub words: Vec<u32>,
    /// Words of a row.
    pub width: usize,
}

impl HoleMask {
    /// The mask of a raster of heights.
    pub fn new(heights: &[f32], columns: usize) -> Result<Self> {
        let rows = heights.len() / columns.max(1);
        let width = (columns - 1).div_ceil(32);
        let mut words = try_vec(width * rows, "the mask of holes")?;
        for (north, south) in
            heights.chunks_exact(columns).zip(heights.chunks_exact(columns).skip(1))
        {
            let first = words.len();
            words.resize(first + width, 0_u32);
            let corners = north.windows(2).zip(south.windows(2));
            for (column, (north, south)) in corners.enumerate() {
                let hole = north.iter().chain(south).any(|height| height.is_nan());
                if let Some(word) = words.get_mut(first + column / 32) {
                    *word |= u32::from(hole) << (column % 32);
                }
            }
        }
        Ok(Self { words, width })
    }
}

/// `heights` with numbers in place of NaN; 0 where there is no number at all.
pub fn fill(heights: &[f32], columns: usize) -> Result<Vec<f32>> {
    let rows = heights.len() / columns.max(1);
    let mut filled = try_vec(heights.len(), "filled holes")?;
    filled.extend_from_slice(heights);
    let holes: Vec<bool> =
        heights.chunks_exact(columns).map(|row| row.iter().any(|h| h.is_nan())).collect();
    if !holes.contains(&true) {
        return Ok(filled);
    }
    if heights.len() == 1 {
        return Ok(vec![0.0]);
    }
    let coarse_columns = columns.div_ceil(2);
    let coarse = fill(&halve(heights, columns)?, coarse_columns)?;
    let coarse_at = |row: usize, column: usize| coarse.get(row * coarse_columns + column).copied();
    let last = [coarse_columns - 1, coarse.len() / coarse_columns - 1];
    for (row, line) in filled.chunks_exact_mut(columns).enumerate().filter(|(row, _)| holes[*row]) {
        let (north, south, down) = between(row, last[1]);
        for (column, height) in line.iter_mut().enumerate().filter(|(_, height)| height.is_nan()) {
            let (west, east, across) = between(column, last[0]);
            let along = |row| Some((coarse_at(row, west)?, coarse_at(row, east)?));
            if let (Some((a, b)), Some((c, d))) = (along(north), along(south)) {
                *height = (a + (b - a) * across) * (1.0 - down) + (c + (d - c) * across) * down;
            }
        }
    }
    for _ in 0..ROUNDS {
        for row in (0..rows).filter(|row| holes[*row]) {
            for column in 0..columns {
                let at = row * columns + column;
                if heights[at].is_nan() {
                    filled[at] = mean_of_neighbours(&filled, [columns, rows], [column, row]);
                }
            }
        }
    }
    Ok(filled)
}

/// The two coarser samples on either side of a finer one, and how far it is from the first.
fn between(fine: usize, last: usize) -> (usize, usize, f32) {
    // The middle of a coarser sample lies half-way between two finer ones.
    let place = (fine as f32 * 0.5 - 0.25).clamp(0.0, last as f32);
    let first = place as usize;
    (first, (first + 1).min(last), place - first as f32)
}

fn mean_of_neighbours(
    heights: &[f32],
    [columns, rows]: [usize; 2],
    [column, row]: [usize; 2],
) -> f32 {
    let at = row * columns + column;
    let (mut sum, mut count) = (0.0, 0.0);
    let mut add = |there: bool, index: usize| {
        if there {
            sum += heights[index];
            count += 1.0;
        }
    };
    add(column > 0, at.wrapping_sub(1));
    add(column + 1 < columns, at + 1);
    add(row > 0, at.wrapping_sub(columns));
    add(row + 1 < rows, at + columns);
    sum / count
}

/// Means of 2 x 2 samples, of those that are there.
fn halve(heights: &[f32], columns: usize) -> Result<Vec<f32>> {
    let rows = heights.len() / columns;
    let mut coarse = try_vec(rows.div_ceil(2) * columns.div_ceil(2), "filled holes")?;
    for pair in heights.chunks(2 * columns) {
        let (north, south) = pair.split_at(columns);
        for column in (0..columns).step_by(2) {
            let end = (column + 2).min(columns);
            let known = north.get(column..end).into_iter().chain(south.get(column..end)).flatten();
            let (sum, count) = known
                .filter(|height| !height.is_nan())
                .fold((0.0_f64, 0.0_f64), |(sum, count), height| {
                    (sum + f64::from(*height), count + 1.0)
                });
            coarse.push((sum / count) as f32); // NaN of none
        }
    }
    Ok(coarse)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{HoleMask, fill};

    const SIZE: usize = 61;

    fn plane() -> Vec<f32> {
        (0..SIZE * SIZE).map(|at| (at % SIZE) as f32 * 3.0 - (at / SIZE) as f32 * 2.0).collect()
    }

    #[test]
    fn known_heights_stay_and_filled_ones_go_on_from_the_rim() {
        let plane = plane();
        let mut holed = plane.clone();
        for (row, column) in (20..35).flat_map(|row| (15..45).map(move |column| (row, column))) {
            holed[row * SIZE + column] = f32::NAN;
        }
        let filled = fill(&holed, SIZE).unwrap();
        for ((filled, holed), plane) in filled.iter().zip(&holed).zip(&plane) {
            assert!(holed.is_nan() || filled == holed);
            // A soap film over a plane is that plane; the relief of the hole's rim is 120.
            assert!((filled - plane).abs() < 6.0, "{filled} {plane}");
        }
    }

    #[test]
    fn a_border_of_nothing_and_nothing_at_all() {
        let mut holed = plane();
        let known = SIZE / 2 * SIZE + 5;
        let level = holed[known];
        holed.iter_mut().enumerate().for_each(|(at, height)| {
            if at != known {
                *height = f32::NAN;
            }
        });
        assert!(fill(&holed, SIZE).unwrap().iter().all(|height| (height - level).abs() < 1e-3));
        assert!(fill(&[f32::NAN; 6], 3).unwrap().iter().all(|height| *height == 0.0));
    }

    #[test]
    fn patches_beside_a_missing_sample_are_in_the_mask() {
        let mut heights = vec![0.0; 3 * 40];
        heights[40 + 33] = f32::NAN;
        let mask = HoleMask::new(&heights, 40).unwrap();
        assert_eq!((mask.width, mask.words.len()), (2, 4));
        assert_eq!(mask.words, [0, 0b11, 0, 0b11]); // columns 32 and 33 of both rows of patches
    }
}
