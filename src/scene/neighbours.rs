//! Heights of a coarser raster, and at the rims of holes, from those beside them that are known.

use crate::error::{Result, try_vec};

/// The means of the known heights of each 2 x 2, of a raster whose sides are even; NaN where none
/// is known.
pub fn halved(heights: &[f32], columns: usize) -> Result<Vec<f32>> {
    let mut means = try_vec(heights.len() / 4, "a coarser DEM")?;
    for rows in heights.chunks_exact(2 * columns) {
        let (upper, lower) = rows.split_at(columns);
        let fours = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
        means.extend(fours.map(|(upper, lower)| {
            let all = [upper[0], upper[1], lower[0], lower[1]];
            let known = (all.iter().map(|&height| f64::from(height)).sum::<f64>() / 4.0) as f32;
            if known.is_nan() { mean(all.iter()) } else { known }
        }));
    }
    Ok(means)
}

/// The same heights, but that holes beside known heights have the mean of those.
pub fn with_rims(heights: &[f32], columns: usize) -> Result<Vec<f32>> {
    let mut filled = try_vec(heights.len(), "a DEM with the rims of its holes")?;
    filled.extend_from_slice(heights);
    let rows = heights.len() / columns.max(1);
    for (at, height) in filled.iter_mut().enumerate().filter(|(_, height)| height.is_nan()) {
        let (row, column) = (at / columns, at % columns);
        let across = column.saturating_sub(1)..columns.min(column + 2);
        let beside = (row.saturating_sub(1)..rows.min(row + 2)).flat_map(|row| {
            let start = row * columns;
            heights.get(start + across.start..start + across.end).unwrap_or_default()
        });
        *height = mean(beside);
    }
    Ok(filled)
}

/// Of what is no NaN; NaN if nothing is.
fn mean<'h>(heights: impl Iterator<Item = &'h f32>) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for height in heights.filter(|height| !height.is_nan()) {
        sum += f64::from(*height);
        count += 1.0;
    }
    (sum / count) as f32
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{halved, with_rims};

    const NAN: f32 = f32::NAN;

    #[test]
    fn a_mean_is_of_what_is_known() {
        let heights =
            [1.0, 3.0, NAN, 5.0, NAN, NAN, 7.0, 9.0, NAN, NAN, 1.0, 2.0, NAN, NAN, 3.0, 4.0];
        let found = halved(&heights, 4).unwrap();
        assert_eq!((found[0], found[1], found[3]), (2.0, 7.0, 2.5));
        assert!(found[2].is_nan());
    }

    #[test]
    fn rims_are_made_of_heights_that_were_known() {
        let found = with_rims(&[1.0, NAN, NAN, NAN, 3.0, NAN, NAN, NAN], 4).unwrap();
        assert_eq!((found[0], found[1], found[4], found[5]), (1.0, 2.0, 3.0, 2.0));
        assert!([2, 3, 6, 7].iter().all(|&far: &usize| found[far].is_nan()));
    }
}
