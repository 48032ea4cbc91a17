//! `SpaceLayer`: things that stand or hang over the ground, out of plain arrays. Internal: what
//! users have is Python's.

use std::sync::Arc;

use pyo3::prelude::*;

use super::arguments::all_of;
use super::arrays::{colours4, doubles, flags, integers, pairs, singles};
use super::errors::detached;
use super::layers::{named, unit};
use crate::error::Result;
use crate::scene::SpaceLayer;
use crate::scene::space::Level;

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// Prisms or tubes over the ground. Internal. Immutable; renderers may share one.
///
/// Coordinates are float64 world metres (x east, y north, origin at the DEM's centre), finite;
/// heights are the DEM's own, before exaggeration. Colours are float32 (F, 4), sRGB 0..1, of alpha
/// 1, or 0 for what is not there. Each table may have one row for all features. Raises
/// InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "SpaceLayer")]
pub(super) struct PySpaceLayer(Arc<SpaceLayer>);

#[pymethods]
impl PySpaceLayer {
    /// Upright walls with a level roof over rings, of which `holes` (R,) bool says which are holes.
    ///
    /// `heights` (F,) float64 from foot to roof; `feet` (F,) float64 heights of the DEM's, None:
    /// each at the lowest ground along its rings.
    #[staticmethod]
    #[pyo3(signature = (xy, offsets, features, holes, *, colors, heights, feet=None))]
    #[allow(clippy::too_many_arguments)] // what there is to a prism
    fn prisms(
        py: Python<'_>,
        xy: Arg<'_, '_>,
        offsets: Arg<'_, '_>,
        features: Arg<'_, '_>,
        holes: Arg<'_, '_>,
        colors: Arg<'_, '_>,
        heights: Arg<'_, '_>,
        feet: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let (offsets, features) = (integers(offsets, "offsets")?, integers(features, "features")?);
        let holes = flags(holes, "holes")?;
        let colours = colours4(colors, "colors")?;
        let heights = doubles(heights, "heights")?;
        let feet = feet.map(|feet| doubles(feet, "feet")).transpose()?;
        let xy = pairs(xy, "xy")?;
        made(py, || SpaceLayer::prisms(xy, &offsets, &features, &holes, colours, heights, feet))
    }

    /// Round tubes along lines; a line of one vertex is a ball.
    ///
    /// `z` (N,) float64 over `level`: "ground" at each vertex, or "datum", what the DEM's heights
    /// count from. `widths` (F,) float32 are whole widths in `unit`, "m" or "px".
    #[staticmethod]
    #[pyo3(signature = (xy, z, offsets, features, *, level, colors, widths, unit))]
    #[allow(clippy::too_many_arguments)] // what there is to a tube
    fn tubes(
        py: Python<'_>,
        xy: Arg<'_, '_>,
        z: Arg<'_, '_>,
        offsets: Arg<'_, '_>,
        features: Arg<'_, '_>,
        level: Arg<'_, '_>,
        colors: Arg<'_, '_>,
        widths: Arg<'_, '_>,
        unit: Arg<'_, '_>,
    ) -> PyResult<Self> {
        let level = named(level, "level", &[("ground", Level::Ground), ("datum", Level::Datum)])?;
        let unit = self::unit(Some(unit), "unit")?;
        let (offsets, features) = (integers(offsets, "offsets")?, integers(features, "features")?);
        let (colours, widths) = (colours4(colors, "colors")?, singles(widths, "widths")?);
        let z = doubles(z, "z")?;
        let xy = pairs(xy, "xy")?;
        made(py, || SpaceLayer::tubes(xy, z, level, &offsets, &features, colours, &widths, unit))
    }
}

fn made(
    py: Python<'_>,
    make: impl FnOnce() -> Result<SpaceLayer> + Send,
) -> PyResult<PySpaceLayer> {
    Ok(PySpaceLayer(Arc::new(detached(py, make)?)))
}

/// A sequence of them.
pub(super) fn things(value: Option<Arg<'_, '_>>) -> PyResult<Vec<Arc<SpaceLayer>>> {
    Ok(all_of::<PySpaceLayer>(value, "things")?.iter().map(|layer| layer.get().0.clone()).collect())
}
