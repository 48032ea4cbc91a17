//! Least, greatest, mean and deviation of heights, and heights brought to a common scale.

use crate::error::{Error, Result};

/// Statistics over the samples that are not NaN; all NaN where there are none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stats {
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// Arithmetic mean.
    pub mean: f64,
    /// Standard deviation of the population (divided by N).
    pub std: f64,
}

/// How heights are brought to a common scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Normalize {
    /// Linear, so that least and greatest become `range`. A flat DEM becomes `range[0]`.
    MinMax {
        /// New least and greatest.
        range: [f64; 2],
        /// Least difference of heights that is divided by.
        eps: f64,
    },
    /// (height − mean) / deviation. A flat DEM becomes 0.
    ZScore {
        /// Least deviation that is divided by.
        eps: f64,
    },
}

impl Normalize {
    /// `"minmax"` or `"zscore"`, with a range (used by minmax; default 0..1) and eps (default
    /// 1e-8), checked.
    pub fn parse(mode: &str, range: Option<[f64; 2]>, eps: Option<f64>) -> Result<Self> {
        let eps = eps.unwrap_or(1e-8);
        if !(eps.is_finite() && eps > 0.0) {
            return Err(Error::invalid(format!(
                "eps must be finite and > 0; got {eps}; pass e.g. 1e-8"
            )));
        }
        let range = range.unwrap_or([0.0, 1.0]);
        let representable = range.iter().all(|end| end.abs() <= f64::from(f32::MAX));
        if !(representable && range[0] < range[1]) {
            return Err(Error::invalid(format!(
                "range must be (min, max), finite in float32, with min < max; got ({}, {}); pass e.g. (0, 1)",
                range[0], range[1]
            )));
        }
        match mode {
            "minmax" => Ok(Self::MinMax { range, eps }),
            "zscore" => Ok(Self::ZScore { eps }),
            _ => Err(Error::none_of("mode", mode, &["minmax", "zscore"])),
        }
    }
}

/// What one pass over heights finds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Least height that is not NaN; +∞ where there is none.
    pub min: f32,
    /// Greatest height that is not NaN; −∞ where there is none.
    pub max: f32,
    /// Is any height NaN?
    pub holes: bool,
}

const LANES: usize = 16;
/// Below this many samples a second thread costs more than it saves.
const SPLIT: usize = 1 << 20;

/// Least and greatest height and whether there are holes; large rasters on two threads.
pub fn extent(heights: &[f32]) -> Extent {
    if heights.len() < SPLIT {
        return extent_of_part(heights);
    }
    let (left, right) = heights.split_at(heights.len() / 2);
    let (left, right) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, || extent_of_part(left));
        let right = extent_of_part(right);
        // No thread to be had, or one that died: the work is still ours.
        let left = thread
            .ok()
            .and_then(|thread| thread.join().ok())
            .unwrap_or_else(|| extent_of_part(left));
        (left, right)
    });
    Extent {
        min: left.min.min(right.min),
        max: left.max.max(right.max),
        holes: left.holes || right.holes,
    }
}

// Lanes of plain compares: the compiler makes vector minima of them, and a NaN never replaces a
// number.
fn extent_of_part(heights: &[f32]) -> Extent {
    let mut min = [f32::INFINITY; LANES];
    let mut max = [f32::NEG_INFINITY; LANES];
    let mut nan = [0_u32; LANES];
    let mut take = |chunk: &[f32]| {
        let lanes = min.iter_mut().zip(&mut max).zip(&mut nan);
        for (height, ((min, max), nan)) in chunk.iter().zip(lanes) {
            *min = if height < min { *height } else { *min };
            *max = if height > max { *height } else { *max };
            *nan |= u32::from(height.is_nan());
        }
    };
    let mut chunks = heights.chunks_exact(LANES);
    chunks.by_ref().for_each(&mut take);
    take(chunks.remainder());
    Extent {
        min: min.into_iter().fold(f32::INFINITY, f32::min),
        max: max.into_iter().fold(f32::NEG_INFINITY, f32::max),
        holes: nan.contains(&1),
    }
}

/// Statistics of `heights` · `exaggeration` over what is not NaN, in f64, in two passes (mean, then
/// deviation).
pub fn stats(heights: &[f32], exaggeration: f64) -> Stats {
    let extent = extent(heights);
    let (count, sum) = accumulate(heights, |height| height);
    if count == 0 {
        return Stats { min: f64::NAN, max: f64::NAN, mean: f64::NAN, std: f64::NAN };
    }
    let mean = sum / count as f64;
    let (_, squares) = accumulate(heights, |height| (height - mean) * (height - mean));
    let (min, max) = (f64::from(extent.min) * exaggeration, f64::from(extent.max) * exaggeration);
    Stats {
        min: min.min(max),
        max: max.max(min),
        mean: mean * exaggeration,
        std: (squares / count as f64).sqrt() * exaggeration.abs(),
    }
}

// Sums of blocks are added up last, which keeps the rounding error of 10⁸ samples near that of one
// block.
fn accumulate(heights: &[f32], value: impl Fn(f64) -> f64) -> (usize, f64) {
    let mut count = 0;
    let mut total = 0.0;
    for block in heights.chunks(1 << 14) {
        let mut sums = [0.0_f64; 8];
        let mut counts = [0_u32; 8];
        let mut take = |chunk: &[f32]| {
            for ((height, sum), seen) in chunk.iter().zip(&mut sums).zip(&mut counts) {
                let valid = !height.is_nan();
                *sum += if valid { value(f64::from(*height)) } else { 0.0 };
                *seen += u32::from(valid);
            }
        };
        let mut chunks = block.chunks_exact(8);
        chunks.by_ref().for_each(&mut take);
        take(chunks.remainder());
        count += counts.iter().sum::<u32>() as usize;
        total += sums.iter().sum::<f64>();
    }
    (count, total)
}

/// Brings `heights` to the scale of `mode`, in place; NaN stays. Returns the statistics from
/// before.
pub fn normalize(heights: &mut [f32], mode: Normalize) -> Stats {
    let before = stats(heights, 1.0);
    match mode {
        Normalize::MinMax { range: [low, high], eps } => {
            let scale = 1.0 / (before.max - before.min).max(eps);
            for height in heights {
                let share = (f64::from(*height) - before.min) * scale;
                // Written so that 0 and 1 give the ends exactly.
                *height = ((1.0 - share) * low + share * high) as f32;
            }
        }
        Normalize::ZScore { eps } => {
            let scale = 1.0 / before.std.max(eps);
            for height in heights {
                *height = ((f64::from(*height) - before.mean) * scale) as f32;
            }
        }
    }
    before
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn closed_forms() {
        // 0..n−1: mean (n−1)/2, variance (n²−1)/12.
        let heights: Vec<f32> = (0..1000).map(|i| i as f32).collect();
        let found = stats(&heights, 2.0);
        assert_eq!((found.min, found.max, found.mean), (0.0, 1998.0, 999.0));
        assert!((found.std - 2.0 * ((1e6_f64 - 1.0) / 12.0).sqrt()).abs() < 1e-9);
        let with_holes: Vec<f32> = heights.iter().flat_map(|h| [*h, f32::NAN]).collect();
        assert_eq!(stats(&with_holes, 2.0), found);
        assert!(stats(&[f32::NAN; 4], 1.0).mean.is_nan());
        assert_eq!(stats(&[7.5; 9], 1.0), Stats { min: 7.5, max: 7.5, mean: 7.5, std: 0.0 });
    }

    #[test]
    fn large_offsets_keep_their_deviation() {
        let heights: Vec<f32> = (0..100_000).map(|i| 8_000_000.0 + (i % 2) as f32).collect();
        let found = stats(&heights, 1.0);
        assert!((found.std - 0.5).abs() < 1e-9 && (found.mean - 8_000_000.5).abs() < 1e-6);
    }

    #[test]
    fn extent_ignores_nan_wherever_it_stands() {
        for length in [1, 15, 16, 17, 100, SPLIT + 5] {
            for place in [0, length / 2, length - 1] {
                let mut heights: Vec<f32> =
                    (0..length).map(|i| (i % 1000) as f32 - 500.0).collect();
                let clean = extent(&heights);
                assert!(!clean.holes);
                heights[place] = f32::NAN;
                let found = extent(&heights);
                assert!(found.holes);
                if length > 2000 {
                    assert_eq!((found.min, found.max), (-500.0, 499.0));
                }
            }
        }
        let none = extent(&[f32::NAN; 33]);
        assert_eq!((none.min, none.max, none.holes), (f32::INFINITY, f32::NEG_INFINITY, true));
    }

    #[test]
    fn normalized_ends_are_exact() {
        let mut heights = vec![-3.3, 0.1, f32::NAN, 777.7];
        let before =
            normalize(&mut heights, Normalize::parse("minmax", Some([0.1, 0.7]), None).unwrap());
        assert_eq!((before.min, before.max), (f64::from(-3.3_f32), f64::from(777.7_f32)));
        assert_eq!((heights[0], heights[3]), (0.1, 0.7));
        assert!(heights[2].is_nan());
        normalize(&mut heights, Normalize::parse("zscore", None, None).unwrap());
        let after = stats(&heights, 1.0);
        assert!(after.mean.abs() < 1e-6 && (after.std - 1.0).abs() < 1e-6);
        let mut flat = vec![5.0; 4];
        normalize(&mut flat, Normalize::parse("minmax", Some([2.0, 3.0]), None).unwrap());
        assert_eq!(flat, [2.0; 4]);
        normalize(&mut flat, Normalize::parse("zscore", None, None).unwrap());
        assert_eq!(flat, [0.0; 4]);
    }

    #[test]
    fn parameters_are_checked() {
        let message =
            |mode, range, eps| Normalize::parse(mode, range, eps).unwrap_err().to_string();
        assert!(
            message("max", None, None)
                .starts_with("mode must be one of \"minmax\", \"zscore\"; got \"max\"")
        );
        assert!(message("minmax", Some([1.0, 1.0]), None).starts_with("range must be"));
        assert!(message("minmax", Some([0.0, f64::NAN]), None).starts_with("range must be"));
        assert!(message("minmax", Some([0.0, 1e300]), None).starts_with("range must be"));
        assert!(message("zscore", None, Some(0.0)).starts_with("eps must be finite and > 0"));
    }
}
