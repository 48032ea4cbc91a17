//! The input of every analysis: borrowed heights with the size of a cell.

use crate::error::{Error, Result};
use crate::scene::heightfield::{check_exaggeration, check_spacing, infinite};

/// WGS 84: semi-major axis in metres, and first eccentricity squared.
const SEMI_MAJOR_M: f64 = 6_378_137.0;
const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_3e-3;

/// How long a step between two cells is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Ground {
    /// (dx, dy) in metres, the same everywhere.
    Metres([f64; 2]),
    /// (dx, dy) in degrees of longitude and latitude; the middle of row 0 lies at `north_deg`.
    Degrees {
        /// Degrees between columns and rows.
        spacing: [f64; 2],
        /// Latitude of the first row's cell centres.
        north_deg: f64,
    },
}

/// Floats of a node.
const NODE: usize = 4;

/// How the ground lies under a raster whose cells differ in size and in bearing from place to
/// place, in nodes over it. `shaders/include/places.glsl` says what a node holds.
#[derive(Clone, Copy, Debug)]
pub struct Places<'h> {
    nodes: &'h [f32],
    size: [usize; 2],
    per_cell: [f64; 2],
    evenly: bool,
}

impl<'h> Places<'h> {
    /// Floats of a node.
    pub const NODE: usize = NODE;

    /// Nodes, row-major, `across` of them in a row, from the middle of the first cell on; (columns,
    /// rows) of nodes in a cell; and whether they are a lattice so coarse that sixteen columns lie
    /// between two of them, else one for each cell.
    pub fn new(nodes: &'h [f32], across: usize, per_cell: [f64; 2], evenly: bool) -> Result<Self> {
        let down = nodes.len() / (Self::NODE * across.max(1));
        if across < 2
            || down < 2
            || per_cell.iter().any(|step| !(*step > 0.0 && *step <= 1.0))
            || nodes.len() != down * across * Self::NODE
        {
            return Err(Error::invalid(format!(
                "places must be a lattice of at least 2 x 2 nodes of {} numbers; got {} numbers in rows of {across} nodes; \
                 pass what Ground.lattice makes",
                Self::NODE,
                nodes.len()
            )));
        }
        Ok(Self { nodes, size: [across, down], per_cell, evenly })
    }

    /// All nodes.
    pub fn nodes(&self) -> &'h [f32] {
        self.nodes
    }

    /// Nodes across and down.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// (columns, rows) of nodes in a cell.
    pub fn per_cell(&self) -> [f64; 2] {
        self.per_cell
    }

    /// Whether nodes are a lattice.
    pub fn evenly(&self) -> bool {
        self.evenly
    }

    /// The node interpolated at a cell, as the shader does.
    pub fn at(&self, column: usize, row: usize) -> [f32; NODE] {
        let [x, y] = [column as f64 * self.per_cell[0], row as f64 * self.per_cell[1]];
        let [left, top] = [(x as usize).min(self.size[0] - 2), (y as usize).min(self.size[1] - 2)];
        let [across, down] = [x - left as f64, y - top as f64];
        std::array::from_fn(|part| {
            let value = |column: usize, row: usize| {
                let at = (row * self.size[0] + column) * Self::NODE + part;
                f64::from(self.nodes.get(at).copied().unwrap_or_default())
            };
            let line = |row| value(left, row) + (value(left + 1, row) - value(left, row)) * across;
            (line(top) + (line(top + 1) - line(top)) * down) as f32
        })
    }
}

/// Row-major heights, row 0 = north, NaN = hole, with the size of their cells. At least 1 x 1.
#[derive(Clone, Copy, Debug)]
pub struct Dem<'h> {
    heights: &'h [f32],
    columns: usize,
    rows: usize,
    ground: Ground,
    exaggeration: f64,
    places: Option<Places<'h>>,
}

impl<'h> Dem<'h> {
    /// `heights` (rows · columns of them), with a factor on heights. That no height is infinite is
    /// checked where they are copied, see [`Dem::check_copy`].
    pub fn new(
        heights: &'h [f32],
        columns: usize,
        rows: usize,
        ground: Ground,
        exaggeration: f64,
    ) -> Result<Self> {
        if columns == 0 || rows == 0 {
            return Err(Error::invalid(format!(
                "dem must have at least one cell; expected shape (H, W) with H, W >= 1, got ({rows}, {columns}); \
                 pass a raster that is not empty"
            )));
        }
        let most = i32::MAX as usize / 4;
        if columns > most || rows > most || columns.checked_mul(rows) != Some(heights.len()) {
            return Err(Error::invalid(format!(
                "dem must hold rows x columns cells, at most {most} along a side; expected {rows} x {columns}, got \
                 {} heights; pass all of them, or tiles of the raster",
                heights.len()
            )));
        }
        check_exaggeration(exaggeration)?;
        match ground {
            Ground::Metres(spacing) => check_spacing(spacing)?,
            Ground::Degrees { spacing, north_deg } => {
                check_spacing(spacing)?;
                let south_deg = north_deg - spacing[1] * (rows - 1) as f64;
                // Rows may lie on the poles, but for what additions have rounded.
                let most = 90.0 + 1e-6 * spacing[1];
                if !(north_deg <= most && south_deg >= -most) {
                    return Err(Error::invalid(format!(
                        "latitudes of rows must lie between the poles; expected -90 <= latitude <= 90, got rows from \
                         {north_deg} down to {south_deg}; pass the latitude of the first row's centre, and spacing in degrees"
                    )));
                }
            }
        }
        Ok(Self { heights, columns, rows, ground, exaggeration, places: None })
    }

    /// The same, with places that operators of a cell and its neighbours take in place of `ground`.
    pub fn placed(self, places: Option<Places<'h>>) -> Self {
        Self { places, ..self }
    }

    /// How the ground lies, where it is not the same everywhere.
    pub fn places(&self) -> Option<Places<'h>> {
        self.places
    }

    /// All heights, row-major.
    pub fn heights(&self) -> &'h [f32] {
        self.heights
    }

    /// W.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// H.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Factor on heights.
    pub fn exaggeration(&self) -> f64 {
        self.exaggeration
    }

    /// How long a step is.
    pub fn ground(&self) -> Ground {
        self.ground
    }

    /// One row of heights.
    pub fn row(&self, row: usize) -> &'h [f32] {
        self.heights.get(row * self.columns..(row + 1) * self.columns).unwrap_or_default()
    }

    /// (dx, dy) in metres at a row: the same for all rows, or those of the ellipsoid WGS 84 at the
    /// row's latitude. A row on a pole is a cap half a cell deep, and has the width of its middle:
    /// at the pole itself all steps would be infinitely steep.
    pub fn spacing_at(&self, row: usize) -> [f64; 2] {
        match self.ground {
            Ground::Metres(spacing) => spacing,
            Ground::Degrees { spacing, north_deg } => {
                let middle_of_cap = 90.0 - 0.25 * spacing[1];
                let latitude = north_deg - spacing[1] * row as f64;
                let latitude = latitude.clamp(-middle_of_cap, middle_of_cap).to_radians();
                let squared = 1.0 - ECCENTRICITY_SQUARED * latitude.sin().powi(2);
                let prime_vertical = SEMI_MAJOR_M / squared.sqrt();
                let meridian = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / squared;
                let [dx, dy] = spacing.map(f64::to_radians);
                [dx * prime_vertical * latitude.cos(), dy * meridian]
            }
        }
    }

    /// Whether a copy of some heights, as the device will see it, has holes. An infinite height in
    /// it is refused with count and first place in the whole DEM.
    pub fn check_copy(&self, copy: &[f32]) -> Result<bool> {
        // A loop without a way out vectorises; only where it finds something is there a closer
        // look.
        let odd = copy.iter().fold(0, |odd, height| {
            odd | u32::from(height.to_bits() & INFINITE_BITS == INFINITE_BITS)
        });
        if odd == 0 {
            return Ok(false);
        }
        if !copy.iter().any(|height| height.is_infinite()) {
            return Ok(true);
        }
        // The copy counts, even where someone has written over the original since.
        let original = self.heights.iter().any(|height| height.is_infinite());
        Err(infinite(if original { self.heights } else { copy }, self.columns))
    }
}

/// Bits that infinity and NaN have, and no number.
const INFINITE_BITS: u32 = 0x7f80_0000;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn degrees_become_the_metres_of_each_row() {
        let heights = [0.0; 181];
        let ground = Ground::Degrees { spacing: [1.0, 1.0], north_deg: 60.0 };
        let dem = Dem::new(&heights, 1, 61, ground, 1.0);
        assert!(dem.is_err(), "181 heights are not 61 rows");
        let dem = Dem::new(&heights[..61], 1, 61, ground, 1.0).unwrap();
        // Lengths of a degree on WGS 84, from the literature: at 60 and at 0 degrees.
        for (row, wanted) in [(0, [55_800.0, 111_412.0]), (60, [111_320.0, 110_574.0])] {
            let found = dem.spacing_at(row);
            assert!(
                (found[0] - wanted[0]).abs() < 1.0 && (found[1] - wanted[1]).abs() < 1.0,
                "{found:?}"
            );
        }
        let pole = Ground::Degrees { spacing: [1.0, 1.0], north_deg: 90.0 };
        let cap = Dem::new(&heights[..181], 1, 181, pole, 1.0).unwrap();
        let width = 111_694.0 * 0.25_f64.to_radians().sin(); // of a degree at 89.75 degrees
        assert!((cap.spacing_at(0)[0] - width).abs() < 1.0, "{:?}", cap.spacing_at(0));
        assert!((cap.spacing_at(180)[0] - cap.spacing_at(0)[0]).abs() < 1e-6);
        let beyond = Ground::Degrees { spacing: [1.0, 1.0], north_deg: 90.5 };
        assert!(
            Dem::new(&heights[..3], 1, 3, beyond, 1.0).unwrap_err().to_string().contains("poles")
        );
    }

    #[test]
    fn infinite_heights_are_refused_by_count_and_place() {
        let mut heights = [1.0; 12];
        let dem = Dem::new(&heights, 4, 3, Ground::Metres([1.0; 2]), 1.0).unwrap();
        assert!(dem.check_copy(&[f32::NAN, f32::MAX, 0.0, -0.0]).unwrap());
        assert!(!dem.check_copy(&[f32::MIN, f32::MAX, 0.0, -0.0]).unwrap());
        heights[6] = f32::NEG_INFINITY;
        heights[7] = f32::INFINITY;
        let dem = Dem::new(&heights, 4, 3, Ground::Metres([1.0; 2]), 1.0).unwrap();
        let text = dem.check_copy(&heights).unwrap_err().to_string();
        assert!(text.contains("2 infinite values, the first at row 1, column 2"), "{text}");
    }
}
