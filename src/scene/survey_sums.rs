//! What a piece of a DEM adds to the statistics of the whole.

/// Of this many samples one counts for percentiles, along each side.
const THINNED: usize = 4;

/// Heights that were read, and the samples of them that count here: [column, row, columns, rows].
pub(super) struct Window<'h> {
    pub heights: &'h [f32],
    pub columns: usize,
    pub origin: [usize; 2],
    pub own: [usize; 4],
}

/// Numbers of own samples.
pub(super) struct Numbers {
    pub count: u64,
    pub sums: [f64; 2],
    pub least_positive: f32,
    /// Of the thinned heights less the reference; of few samples the heights of all.
    pub heights: Vec<f32>,
}

impl Window<'_> {
    pub(super) fn numbers(&self, reference: f32, few: bool) -> Numbers {
        let [column, row, columns, rows] = self.own;
        let mut numbers = Numbers {
            count: 0,
            sums: [0.0; 2],
            least_positive: f32::INFINITY,
            heights: Vec::new(),
        };
        for at in row..row + rows {
            let start = (at - self.origin[1]) * self.columns + column - self.origin[0];
            let line = self.heights.get(start..start + columns).unwrap_or_default();
            let mut lanes = [(0_u64, 0.0_f64, 0.0_f64, f32::INFINITY); 8];
            for samples in line.chunks(8) {
                for (height, (count, sum, square, least)) in samples.iter().zip(&mut lanes) {
                    let known = !height.is_nan();
                    let off = if known { f64::from(*height) - f64::from(reference) } else { 0.0 };
                    *count += u64::from(known);
                    *sum += off;
                    *square += off * off;
                    *least = if *height > 0.0 && *height < *least { *height } else { *least };
                }
            }
            for (count, sum, square, least) in lanes {
                numbers.count += count;
                numbers.sums[0] += sum;
                numbers.sums[1] += square;
                numbers.least_positive = numbers.least_positive.min(least);
            }
            if few {
                numbers.heights.extend(line);
            } else if at % THINNED == 0 {
                let first = column.next_multiple_of(THINNED) - column;
                let thinned = line.iter().skip(first).step_by(THINNED);
                numbers.heights.extend(thinned.map(|height| height - reference));
            }
        }
        numbers
    }
}
