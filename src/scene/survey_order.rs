//! The pieces in which a DEM is surveyed, and the order of them.

/// Patches along a side of what one thread measures at a time, and how many of these it reads
/// together, beside each other.
pub(super) const PIECE: usize = 512;
pub(super) const TOGETHER: usize = 4;

/// The order in which pieces are measured: those that lie in one chunk of the source after each
/// other, so that each chunk is wanted once for all of them.
pub(super) struct Order {
    /// Pieces across and down.
    count: [usize; 2],
    /// Pieces across and down that lie in one chunk.
    together: [usize; 2],
}

impl Order {
    pub(super) fn of(size: [usize; 2], chunk: [usize; 2]) -> Self {
        let piece = [PIECE * TOGETHER, PIECE];
        let count = [0, 1].map(|axis: usize| (size[axis] - 1).div_ceil(piece[axis]));
        let together =
            [0, 1].map(|axis: usize| (chunk[axis] / piece[axis]).clamp(1, count[axis].max(1)));
        Self { count, together }
    }

    pub(super) fn pieces(&self) -> usize {
        self.count[0] * self.count[1]
    }

    /// The first patch of the piece that is the `piece`th.
    pub(super) fn first_patch(&self, piece: usize) -> [usize; 2] {
        let ([across, down], [wide, high]) = (self.count, self.together);
        let top = piece / (across * high) * high;
        let high = high.min(down - top);
        let within = piece - across * top;
        let left = within / (wide * high) * wide;
        let wide = wide.min(across - left);
        let within = within - left * high;
        [(left + within % wide) * PIECE * TOGETHER, (top + within / wide) * PIECE]
    }
}
