//! What lists have no room for.

/// Of pixels that want cells of any size up to some.
pub(super) const ANY_FINER: i32 = i32::MIN / 2;

/// A cell whose list has lost its lowest entries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lost {
    pub(super) cell: [i32; 2],
    /// It is 2^shift units wide.
    pub(super) shift: i32,
    /// The list serves pixels that want cells of one such width to another.
    pub(super) serves: [i32; 2],
    /// How many entries it would have.
    pub(super) entries: u32,
}

impl Lost {
    /// Low and high corner in cells of the DEM, of which units are 2^-bits.
    pub(super) fn corners(&self, bits: i32) -> [[f64; 2]; 2] {
        let wide = f64::from(self.shift - bits).exp2();
        [0, 1].map(|more| self.cell.map(|at| f64::from(at + more) * wide))
    }

    /// Whether pixels use it that want cells of one level to another.
    pub(super) fn serves(&self, bits: i32, [first, last]: [i32; 2]) -> bool {
        first + bits <= self.serves[1] && self.serves[0] <= last + bits
    }
}
