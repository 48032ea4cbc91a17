//! Functions that need no device: meshes, statistics, colour map names, PNG files.

use numpy::ndarray::{Ix1, Ix2, Ix3};
use numpy::{PyArray, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::arguments::{path, real_or, reals, spacing, text, whole};
use super::arrays::{Borrowed, Pixels, Raster, to_numpy};
use super::errors::detached;
use crate::image_file;
use crate::scene::mesh::{self, Origin};
use crate::scene::percentiles::percentiles;
use crate::scene::{Colormap, Normalize, Stats, neighbours};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
type Floats<'py> = Bound<'py, PyArray<f32, Ix2>>;
type Indices<'py> = Bound<'py, PyArray<u32, Ix1>>;
type Four = (f64, f64, f64, f64);

/// Read a PNG of any kind as (H, W, 4) uint8 RGBA, with no colour transform; 16-bit channels keep
/// their upper 8.
///
/// `path` is a str or os.PathLike. Raises ImageFileError: missing, unreadable, truncated, or no
/// PNG.
#[pyfunction]
#[pyo3(signature = (path), text_signature = "(path)")]
pub(super) fn png_to_numpy<'py>(
    py: Python<'py>,
    path: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyArray<u8, Ix3>>> {
    let path = self::path(path)?;
    let (pixels, width, height) = detached(py, || image_file::read_png(&path))?;
    to_numpy(py, pixels, [height as usize, width as usize, 4])
}

/// Write (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8 and C-contiguous, as a PNG: whole or
/// not at all.
///
/// The bytes are the sRGB payload. Raises InvalidInputError (another dtype, shape or order),
/// ImageFileError (the place cannot be written, or exists and is no regular file).
#[pyfunction]
#[pyo3(signature = (path, array), text_signature = "(path, array)")]
pub(super) fn numpy_to_png(py: Python<'_>, path: Arg<'_, '_>, array: Arg<'_, '_>) -> PyResult<()> {
    let path = self::path(path)?;
    let Pixels { bytes, width, height, channels } = Pixels::read(array, "array")?;
    detached(py, || image_file::write_png(&path, &bytes, width, height, channels))
}

/// A PNG of the same pixels as for numpy_to_png, in memory; with `dpi`, pixels an inch, it knows
/// how large it is.
#[pyfunction]
#[pyo3(signature = (array, dpi=None), text_signature = "(array, dpi=None)")]
pub(super) fn _png_bytes<'py>(
    py: Python<'py>,
    array: Arg<'_, 'py>,
    dpi: Option<f64>,
) -> PyResult<Bound<'py, PyBytes>> {
    let Pixels { bytes, width, height, channels } = Pixels::read(array, "array")?;
    let png = detached(py, || image_file::encode_sized_png(&bytes, width, height, channels, dpi))?;
    Ok(PyBytes::new(py, &png))
}

/// The same of (H, W, 4) RGBA, in as few channels as hold it: grey where all pixels are, and
/// without alpha where all are opaque.
#[pyfunction]
#[pyo3(signature = (array), text_signature = "(array)")]
pub(super) fn _lean_png_bytes<'py>(
    py: Python<'py>,
    array: Arg<'_, 'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    let Pixels { bytes, width, height, channels } = Pixels::read(array, "array")?;
    let png = detached(py, || image_file::encode_lean_png(bytes, width, height, channels))?;
    Ok(PyBytes::new(py, &png))
}

/// The mean of the known heights of each 2 x 2, (H / 2, W / 2) float32 of (H, W) float32 with even
/// sides; NaN where none is known.
#[pyfunction]
#[pyo3(signature = (heights), text_signature = "(heights)")]
pub(super) fn _halved_heights<'py>(
    py: Python<'py>,
    heights: Arg<'_, 'py>,
) -> PyResult<Floats<'py>> {
    let borrowed = Borrowed::read(heights, "heights")?;
    let [rows, columns] = [borrowed.rows, borrowed.columns];
    let heights = borrowed.heights()?;
    let means = detached(py, || neighbours::halved(heights, columns))?;
    to_numpy(py, means, [rows / 2, columns / 2])
}

/// A copy of (H, W) float32 in which holes beside known heights have the mean of those.
#[pyfunction]
#[pyo3(signature = (heights), text_signature = "(heights)")]
pub(super) fn _heights_with_rims<'py>(
    py: Python<'py>,
    heights: Arg<'_, 'py>,
) -> PyResult<Floats<'py>> {
    let borrowed = Borrowed::read(heights, "heights")?;
    let shape = [borrowed.rows, borrowed.columns];
    let heights = borrowed.heights()?;
    let filled = detached(py, || neighbours::with_rims(heights, shape[1]))?;
    to_numpy(py, filled, shape)
}

/// Make a regular grid of counter-clockwise triangles: xy (N, 2) and uv (N, 2) float32, indices
/// (M,) uint32.
///
/// `nx` by `nz` vertices (>= 2 each), row by row from the north-west, `spacing` (dx, dy) apart.
/// `origin` says what lies at (0, 0): "center", or "corner" for the south-west one. Raises
/// InvalidInputError, OutOfMemoryError.
#[pyfunction]
#[pyo3(
    signature = (nx, nz, spacing=None, origin=None),
    text_signature = "(nx, nz, spacing=(1.0, 1.0), origin='center')"
)]
pub(super) fn grid_generate<'py>(
    py: Python<'py>,
    nx: Arg<'_, 'py>,
    nz: Arg<'_, 'py>,
    spacing: Option<Arg<'_, 'py>>,
    origin: Option<Arg<'_, 'py>>,
) -> PyResult<(Floats<'py>, Floats<'py>, Indices<'py>)> {
    let [nx, nz] = [count(nx, "nx")?, count(nz, "nz")?];
    let spacing = self::spacing(spacing)?;
    let origin = origin.map_or(Ok(Origin::Center), |name| {
        Ok::<_, PyErr>(Origin::parse(&text(name, "origin")?)?)
    })?;
    let grid = detached(py, || mesh::grid_generate(nx, nz, spacing, origin))?;
    Ok((rows(py, grid.xy)?, rows(py, grid.uv)?, PyArray1::from_vec(py, grid.indices)))
}

/// Turn a DEM into counter-clockwise triangles: positions (N, 3) in world metres and uv (N, 2)
/// float32, indices (M,) uint32.
///
/// A patch with a NaN corner has no triangles. Raises InvalidInputError, OutOfMemoryError.
#[pyfunction]
#[pyo3(
    signature = (heightmap, spacing=None, exaggeration=None),
    text_signature = "(heightmap, spacing=(1.0, 1.0), exaggeration=1.0)"
)]
pub(super) fn make_mesh<'py>(
    py: Python<'py>,
    heightmap: Arg<'_, 'py>,
    spacing: Option<Arg<'_, 'py>>,
    exaggeration: Option<Arg<'_, 'py>>,
) -> PyResult<(Floats<'py>, Floats<'py>, Indices<'py>)> {
    let (spacing, exaggeration) =
        (self::spacing(spacing)?, real_or(exaggeration, "exaggeration", 1.0)?);
    let raster = Raster::read(heightmap, "heightmap")?;
    let made = detached(py, || mesh::make_mesh(&raster.into_field(spacing, exaggeration)?))?;
    Ok((rows(py, made.positions)?, rows(py, made.uv)?, PyArray1::from_vec(py, made.indices)))
}

/// (min, max, mean, population standard deviation) of a (H, W) float32 or float64 DEM, NaN left
/// out, as floats.
///
/// All NaN where there is no ground at all. Raises InvalidInputError.
#[pyfunction]
#[pyo3(signature = (heightmap), text_signature = "(heightmap)")]
pub(super) fn dem_stats(py: Python<'_>, heightmap: Arg<'_, '_>) -> PyResult<Four> {
    let raster = Raster::read(heightmap, "heightmap")?;
    Ok(four(detached(py, || Ok(raster.into_field([1.0; 2], 1.0)?.stats()))?))
}

/// Rescale a copy of a (H, W) float32 or float64 DEM: to `out_range` for mode "minmax", to mean 0
/// and deviation 1 for "zscore". Returns (H, W) float32, with `return_stats` also (min, max, mean,
/// std) from before.
///
/// A spread of heights below `eps` counts as none: a flat DEM becomes out_range[0], or 0. Raises
/// InvalidInputError.
#[pyfunction]
#[pyo3(
    signature = (heightmap, *, mode=None, out_range=None, eps=None, return_stats=None),
    text_signature = "(heightmap, *, mode='minmax', out_range=(0, 1), eps=1e-08, return_stats=False)"
)]
pub(super) fn dem_normalize<'py>(
    py: Python<'py>,
    heightmap: Arg<'_, 'py>,
    mode: Option<Arg<'_, 'py>>,
    out_range: Option<Arg<'_, 'py>>,
    eps: Option<Arg<'_, 'py>>,
    return_stats: Option<Arg<'_, 'py>>,
) -> PyResult<Bound<'py, PyAny>> {
    let mode = normalize_mode(mode, out_range, eps)?;
    let with_stats =
        return_stats.map_or(Ok(false), |wanted| super::arguments::flag(wanted, "return_stats"))?;
    let raster = Raster::read(heightmap, "heightmap")?;
    let shape = [raster.rows, raster.columns];
    let (heights, stats) = detached(py, || {
        let mut field = raster.into_field([1.0; 2], 1.0)?;
        let stats = field.normalize(mode)?;
        Ok((field.into_heights(), stats))
    })?;
    let heights = to_numpy(py, heights, shape)?;
    if with_stats {
        Ok((heights, four(stats)).into_pyobject(py)?.into_any())
    } else {
        Ok(heights.into_any())
    }
}

/// Names of the built-in colour maps: "viridis", "magma", "terrain" first, reversed ones ("_r")
/// last.
#[pyfunction]
pub(super) fn colormap_supported() -> Vec<&'static str> {
    Colormap::supported().to_vec()
}

/// `mode`, `range` and `eps` as `Renderer.normalize_terrain` and `dem_normalize` take them.
pub(super) fn normalize_mode(
    mode: Option<Arg<'_, '_>>,
    range: Option<Arg<'_, '_>>,
    eps: Option<Arg<'_, '_>>,
) -> PyResult<Normalize> {
    let mode = mode.map_or(Ok("minmax".into()), |mode| text(mode, "mode"))?;
    let range = range.map(|range| reals(range, "range", "(min, max)")).transpose()?;
    let eps = eps.map(|eps| super::arguments::real(eps, "eps")).transpose()?;
    Ok(Normalize::parse(&mode, range, eps)?)
}

/// (min, max, mean, std).
pub(super) fn four(stats: Stats) -> Four {
    (stats.min, stats.max, stats.mean, stats.std)
}

fn count(value: Arg<'_, '_>, name: &str) -> PyResult<usize> {
    // As many as an index of 32 bits can name; the mesh checks the product.
    Ok(whole(value, name, 2, u64::from(u32::MAX))? as usize)
}

fn rows<'py, const N: usize>(py: Python<'py>, items: Vec<[f32; N]>) -> PyResult<Floats<'py>> {
    let shape = [items.len(), N];
    to_numpy(py, items.into_flattened(), shape)
}

/// The entries of a built-in colour map, then its colours below, above and of NaN: (N + 3, 4)
/// float32.
#[pyfunction]
#[pyo3(signature = (name), text_signature = "(name)")]
pub(super) fn _colormap_table<'py>(py: Python<'py>, name: Arg<'_, 'py>) -> PyResult<Floats<'py>> {
    let map = Colormap::named(&text(name, "cmap")?)?;
    let ends = [map.under(), map.over(), map.bad()];
    let colours: Vec<f32> = map.entries().iter().chain(&ends).flatten().copied().collect();
    to_numpy(py, colours, [map.entries().len() + ends.len(), 4])
}

/// Two percentiles of the finite heights, as `numpy.percentile` has them; None where there are
/// none.
#[pyfunction]
#[pyo3(signature = (heights, percents), text_signature = "(heights, percents)")]
pub(super) fn _height_percentiles(
    py: Python<'_>,
    heights: Arg<'_, '_>,
    percents: Arg<'_, '_>,
) -> PyResult<Option<(f64, f64)>> {
    let borrowed = Borrowed::read(heights, "dem")?;
    let percents = reals::<2>(percents, "percents", "(low, high)")?;
    let heights = borrowed.heights()?;
    let found = detached(py, || Ok(percentiles(heights, percents)))?;
    Ok(found.map(|[low, high]| (low, high)))
}
