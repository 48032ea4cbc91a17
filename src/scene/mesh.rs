//! Triangle meshes of rasters, for callers that draw with something else.

use super::heightfield::{Heightfield, check_spacing};
use crate::error::{Error, Result, try_vec};

/// A regular grid in the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// x east, y north, metres; row by row from the north-west.
    pub xy: Vec<[f32; 2]>,
    /// u east 0..=1, v south 0..=1, as in an image.
    pub uv: Vec<[f32; 2]>,
    /// Three per triangle, counter-clockwise seen from above.
    pub indices: Vec<u32>,
}

/// A heightfield's surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Mesh {
    /// World metres; z is NaN at a hole, and no triangle uses it.
    pub positions: Vec<[f32; 3]>,
    /// u east 0..=1, v south 0..=1, as in an image.
    pub uv: Vec<[f32; 2]>,
    /// Three per triangle, counter-clockwise seen from above.
    pub indices: Vec<u32>,
}

/// Where a grid's origin lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In its middle.
    Center,
    /// At its south-west corner.
    Corner,
}

impl Origin {
    /// `"center"` or `"corner"`.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "center" => Ok(Self::Center),
            "corner" => Ok(Self::Corner),
            _ => Err(Error::none_of("origin", name, &["center", "corner"])),
        }
    }
}

/// A grid of `nx` by `nz` vertices, `spacing` metres apart.
pub fn grid_generate(nx: usize, nz: usize, spacing: [f64; 2], origin: Origin) -> Result<Grid> {
    if nx < 2 || nz < 2 {
        return Err(Error::invalid(format!(
            "nx and nz must be >= 2; got nx {nx}, nz {nz}; a grid needs two vertices each way"
        )));
    }
    check_spacing(spacing)?;
    let vertices = vertex_count(nx, nz)?;
    check_room(vertices, size_of::<[f32; 2]>())?;
    let mut xy = try_vec(vertices, "grid positions")?;
    let mut uv = try_vec(vertices, "grid texture coordinates")?;
    let first = match origin {
        Origin::Center => [(nx - 1) as f64 / 2.0, (nz - 1) as f64 / 2.0],
        Origin::Corner => [0.0, (nz - 1) as f64],
    };
    for i in 0..nz {
        for j in 0..nx {
            xy.push([
                ((j as f64 - first[0]) * spacing[0]) as f32,
                ((first[1] - i as f64) * spacing[1]) as f32,
            ]);
            uv.push(uv_at(j, i, nx, nz));
        }
    }
    Ok(Grid { xy, uv, indices: triangles(nx, nz, |_, _| true)? })
}

/// The surface of a heightfield. A patch with a NaN corner has no triangles.
pub fn make_mesh(field: &Heightfield) -> Result<Mesh> {
    let (columns, rows) = (field.columns(), field.rows());
    let vertices = vertex_count(columns, rows)?;
    check_room(vertices, size_of::<[f32; 3]>())?;
    let mut positions = try_vec(vertices, "mesh positions")?;
    let mut uv = try_vec(vertices, "mesh texture coordinates")?;
    let ([dx, dy], middle) =
        (field.spacing(), [(columns - 1) as f64 / 2.0, (rows - 1) as f64 / 2.0]);
    for (i, row) in field.heights().chunks_exact(columns).enumerate() {
        let y = ((middle[1] - i as f64) * dy) as f32;
        for (j, height) in row.iter().enumerate() {
            let z = (f64::from(*height) * field.exaggeration()) as f32;
            positions.push([((j as f64 - middle[0]) * dx) as f32, y, z]);
            uv.push(uv_at(j, i, columns, rows));
        }
    }
    let ground = |i: usize, j: usize| {
        let corner =
            |i: usize, j: usize| field.heights().get(i * columns + j).is_some_and(|h| !h.is_nan());
        corner(i, j) && corner(i, j + 1) && corner(i + 1, j) && corner(i + 1, j + 1)
    };
    let holes = field.has_holes();
    let indices = triangles(columns, rows, |i, j| !holes || ground(i, j))?;
    Ok(Mesh { positions, uv, indices })
}

fn vertex_count(columns: usize, rows: usize) -> Result<usize> {
    columns.checked_mul(rows).filter(|count| u32::try_from(*count).is_ok()).ok_or_else(|| {
        Error::invalid(format!(
            "a mesh must have fewer than 2^32 vertices; got {columns} x {rows}; make it in parts"
        ))
    })
}

/// Asks for everything at once and gives it back, so that a mesh beyond memory is refused before
/// any of it is touched: a system that grants each part by itself would end the process later.
fn check_room(vertices: usize, position_bytes: usize) -> Result<()> {
    let per_vertex = position_bytes + size_of::<[f32; 2]>() + 6 * size_of::<u32>();
    let bytes = vertices.saturating_mul(per_vertex);
    try_vec::<u8>(bytes, "a mesh").map(drop)
}

fn uv_at(j: usize, i: usize, columns: usize, rows: usize) -> [f32; 2] {
    [(j as f64 / (columns - 1) as f64) as f32, (i as f64 / (rows - 1) as f64) as f32]
}

fn triangles(
    columns: usize,
    rows: usize,
    wanted: impl Fn(usize, usize) -> bool,
) -> Result<Vec<u32>> {
    let mut indices = try_vec((columns - 1) * (rows - 1) * 6, "mesh indices")?;
    for i in 0..rows - 1 {
        for j in 0..columns - 1 {
            if wanted(i, j) {
                // vertex_count has checked that all of these fit.
                let northwest = (i * columns + j) as u32;
                let (northeast, southwest) = (northwest + 1, northwest + columns as u32);
                indices.extend([
                    northwest,
                    southwest,
                    northeast,
                    northeast,
                    southwest,
                    southwest + 1,
                ]);
            }
        }
    }
    Ok(indices)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn grid_is_centred_and_counter_clockwise() {
        let grid = grid_generate(4, 3, [10.0, 5.0], Origin::Center).unwrap();
        assert_eq!((grid.xy.len(), grid.uv.len(), grid.indices.len()), (12, 12, 36));
        assert_eq!((grid.xy[0], grid.xy[11]), ([-15.0, 5.0], [15.0, -5.0]));
        assert_eq!((grid.uv[0], grid.uv[11]), ([0.0, 0.0], [1.0, 1.0]));
        let mut area = 0.0;
        for triangle in grid.indices.chunks_exact(3) {
            let [a, b, c] = [0, 1, 2].map(|k| grid.xy[triangle[k] as usize]);
            let twice = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
            assert!(twice > 0.0);
            area += twice / 2.0;
        }
        assert_eq!(area, 30.0 * 10.0);
        let corner = grid_generate(4, 3, [10.0, 5.0], Origin::Corner).unwrap();
        assert_eq!((corner.xy[0], corner.xy[8]), ([0.0, 10.0], [0.0, 0.0]));
    }

    #[test]
    fn mesh_follows_heights_and_leaves_holes() {
        let mut heights: Vec<f32> = (0..12).map(|i| i as f32).collect();
        let full =
            make_mesh(&Heightfield::new(heights.clone(), 4, 3, [10.0, 5.0], 2.0).unwrap()).unwrap();
        assert_eq!(full.indices.len(), 36);
        assert_eq!(
            (full.positions[0], full.positions[11]),
            ([-15.0, 5.0, 0.0], [15.0, -5.0, 22.0])
        );
        heights[0] = f32::NAN;
        let holed = make_mesh(&Heightfield::new(heights, 4, 3, [10.0, 5.0], 2.0).unwrap()).unwrap();
        assert_eq!(holed.indices.len(), 30);
        assert!(!holed.indices.contains(&0) && holed.positions[0][2].is_nan());
    }

    #[test]
    fn impossible_grids_are_refused() {
        let center = Origin::Center;
        assert!(
            grid_generate(1, 5, [1.0; 2], center)
                .unwrap_err()
                .to_string()
                .contains("nx and nz must be >= 2")
        );
        assert!(grid_generate(1 << 20, 1 << 20, [1.0; 2], center).is_err());
        assert!(grid_generate(usize::MAX, 2, [1.0; 2], center).is_err());
        assert!(grid_generate(2, 2, [0.0, 1.0], center).is_err());
        assert!(Origin::parse("middle").unwrap_err().to_string().starts_with("origin must be"));
    }
}
