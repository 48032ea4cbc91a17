//! Where heights come from: something that gives whole rows of them, block by block.

use super::Heightfield;
use crate::error::{Error, Result};

/// A raster that need not be in memory as one piece.
pub trait Rows: Sync {
    /// (columns, rows).
    fn size(&self) -> [usize; 2];

    /// Fills `target`, which is whole rows, with those from `first` on.
    fn read(&self, first: usize, target: &mut [f32]) -> Result<()>;
}

/// A DEM on the host, as long as its heights are there.
impl Rows for Heightfield {
    fn size(&self) -> [usize; 2] {
        [self.columns(), self.rows()]
    }

    fn read(&self, first: usize, target: &mut [f32]) -> Result<()> {
        let start = first * self.columns();
        let rows = self.heights().get(start..start + target.len());
        target.copy_from_slice(
            rows.ok_or_else(|| Error::Internal(format!("no rows from {first} on")))?,
        );
        Ok(())
    }
}
