//! Percentiles of heights: exact, in two passes, without sorting or copying.
//!
//! A finite float's bits, turned so that they ascend with its value, are a key. The first pass
//! counts keys by their upper half, which tells in which of 65,536 bins each wanted rank lies; the
//! second counts the lower halves within those bins.

/// Bins of a pass: the values that half a key may have.
const BINS: usize = 1 << 16;
/// Below this many samples a second thread costs more than it saves.
const SPLIT: usize = 1 << 20;

/// Percentiles (each in 0..=100) of what is finite in `heights`, interpolated linearly between
/// samples as `numpy.percentile` does; None where nothing is finite.
pub fn percentiles<const N: usize>(heights: &[f32], percents: [f64; N]) -> Option<[f64; N]> {
    let by_upper_half = count(heights, |key| Some(key >> 16));
    let finite: u64 = by_upper_half.iter().sum();
    let last = finite.checked_sub(1)?;
    let select = |rank: u64| {
        let (upper, before) = bin_of(&by_upper_half, rank);
        let within = count(heights, |key| (key >> 16 == upper).then_some(key & 0xffff));
        let (lower, _) = bin_of(&within, rank - before);
        value(upper << 16 | lower)
    };
    Some(percents.map(|percent| {
        let place = percent.clamp(0.0, 100.0) / 100.0 * last as f64;
        let rank = place.floor();
        let low = f64::from(select(rank as u64));
        if place == rank {
            return low;
        }
        let high = f64::from(select((rank as u64 + 1).min(last)));
        low + (high - low) * (place - rank)
    }))
}

/// Bits of a key that a tally leaves out: what is left tells a number to a two-thousandth of it.
const LEFT_OUT: u32 = 12;

/// Counts of numbers, for percentiles that need not be exact.
pub struct Tally {
    counts: Vec<u64>,
}

impl Default for Tally {
    fn default() -> Self {
        Self::new()
    }
}

impl Tally {
    /// Nothing counted yet.
    pub fn new() -> Self {
        Self { counts: vec![0; 1 << (32 - LEFT_OUT)] }
    }

    /// Counts numbers.
    pub fn add(&mut self, numbers: &[f32]) {
        for key in numbers.iter().filter_map(|number| key(*number)) {
            if let Some(count) = self.counts.get_mut((key >> LEFT_OUT) as usize) {
                *count += 1;
            }
        }
    }

    /// Percentiles of what was counted; None where nothing was finite.
    pub fn percentiles<const N: usize>(&self, percents: [f64; N]) -> Option<[f64; N]> {
        let last = self.counts.iter().sum::<u64>().checked_sub(1)?;
        Some(percents.map(|percent| {
            let place = percent.clamp(0.0, 100.0) / 100.0 * last as f64;
            let (bin, before) = bin_of(&self.counts, place as u64);
            let count = self.counts.get(bin as usize).copied().unwrap_or(1).max(1);
            let share = (place - before as f64 + 0.5) / count as f64;
            let ends = [bin << LEFT_OUT, bin << LEFT_OUT | ((1 << LEFT_OUT) - 1)]
                .map(|key| f64::from(value(key)));
            ends[0] + (ends[1] - ends[0]) * share.clamp(0.0, 1.0)
        }))
    }
}

/// Bits that ascend with the value; None of what is not finite.
fn key(height: f32) -> Option<u32> {
    let bits = height.to_bits();
    height.is_finite().then_some(if bits >> 31 == 1 { !bits } else { bits | 1 << 31 })
}

fn value(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key })
}

/// The bin that holds the sample of a rank, and how many samples stand before that bin.
fn bin_of(counts: &[u64], rank: u64) -> (u32, u64) {
    let mut before = 0;
    for (bin, count) in (0..).zip(counts) {
        if before + count > rank {
            return (bin, before);
        }
        before += count;
    }
    (0, 0)
}

/// Samples in each bin; large rasters on two threads.
fn count(heights: &[f32], bin: impl Fn(u32) -> Option<u32> + Sync) -> Vec<u64> {
    let part = |heights: &[f32]| {
        let mut counts = vec![0_u64; BINS];
        for found in heights.iter().filter_map(|height| key(*height)).filter_map(&bin) {
            if let Some(count) = counts.get_mut(found as usize) {
                *count += 1;
            }
        }
        counts
    };
    if heights.len() < SPLIT {
        return part(heights);
    }
    let (left, right) = heights.split_at(heights.len() / 2);
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().spawn_scoped(scope, || part(left));
        let mut counts = part(right);
        // No thread to be had, or one that died: the work is still ours.
        let other = thread.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| part(left));
        counts.iter_mut().zip(other).for_each(|(count, more)| *count += more);
        counts
    })
}

#[cfg(test)]
mod tests {
    use super::{SPLIT, percentiles};

    #[test]
    fn ranks_and_what_lies_between() {
        let heights = [5.0, f32::NAN, -1.0, 3.0, f32::INFINITY, 0.0, -0.0];
        assert_eq!(percentiles(&heights, [0.0, 25.0, 50.0, 100.0]), Some([-1.0, 0.0, 0.0, 5.0]));
        assert_eq!(percentiles(&heights, [87.5]), Some([4.0]));
        assert_eq!(percentiles(&[f32::NAN; 3], [50.0]), None);
        assert_eq!(percentiles(&[], [50.0]), None);
        assert_eq!(percentiles(&[7.5], [2.0, 98.0]), Some([7.5; 2]));
    }

    #[test]
    fn as_a_sort_finds_them_on_one_thread_and_on_two() {
        for count in [1000, SPLIT + 3] {
            let heights: Vec<f32> = (0..count as u32)
                .map(|i| (i.wrapping_mul(2_654_435_761) >> 7) as f32 - 1.6e7)
                .collect();
            let mut sorted = heights.clone();
            sorted.sort_by(f32::total_cmp);
            let expected = [2.0, 98.0].map(|percent| {
                let place = percent / 100.0 * (count - 1) as f64;
                let [low, high] =
                    [sorted[place as usize], sorted[place as usize + 1]].map(f64::from);
                low + (high - low) * place.fract()
            });
            assert_eq!(percentiles(&heights, [2.0, 98.0]), Some(expected));
        }
    }
}
