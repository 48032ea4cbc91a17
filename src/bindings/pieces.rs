//! What layers are made of, as plain arrays: places, pieces, colours, numbers.

use pyo3::prelude::*;

use super::arrays::table;

/// Points, lines or rings as `vulkan_forge.vector` has them: an object with `xy` (N, 2) float64,
/// `offsets` (P + 1,) int64 from 0 to N, `rows` (P,) int64 and `holes` (P,) bool. Piece i is
/// ``xy[offsets[i]:offsets[i + 1]]``, of the feature `rows[i]`.
pub(super) struct Pieces {
    pub(super) xy: Vec<[f64; 2]>,
    pub(super) offsets: Vec<i64>,
    pub(super) rows: Vec<i64>,
    pub(super) holes: Vec<bool>,
}

impl Pieces {
    pub(super) fn read(pieces: &Bound<'_, PyAny>) -> PyResult<Self> {
        let part = |name| pieces.getattr(name);
        Ok(Self {
            offsets: integers(&part("offsets")?, "offsets")?,
            rows: integers(&part("rows")?, "rows")?,
            holes: flags(&part("holes")?, "holes")?,
            xy: pairs(&part("xy")?, "xy")?,
        })
    }
}

/// Places: float64 of shape (N, 2).
pub(super) fn pairs(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<[f64; 2]>> {
    Ok(bytemuck::allocation::cast_vec(table::<f64>(value, name, "float64", Some(2))?))
}

/// Colours: float32 of shape (N, 4).
pub(super) fn colours4(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<[f32; 4]>> {
    Ok(bytemuck::allocation::cast_vec(table::<f32>(value, name, "float32", Some(4))?))
}

/// float32 of shape (N,).
pub(super) fn singles(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<f32>> {
    table(value, name, "float32", None)
}

/// float64 of shape (N,).
pub(super) fn doubles(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<f64>> {
    table(value, name, "float64", None)
}

/// int64 of shape (N,).
pub(super) fn integers(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<i64>> {
    table(value, name, "int64", None)
}

/// bool of shape (N,).
pub(super) fn flags(value: &Bound<'_, PyAny>, name: &str) -> PyResult<Vec<bool>> {
    table(value, name, "bool", None)
}
