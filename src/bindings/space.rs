//! `SpaceLayer`: things that stand or hang over the ground, out of plain arrays. Internal: what
//! users have is Python's.

use std::sync::Arc;

use pyo3::prelude::*;

use super::arguments::all_of;
use super::errors::detached;
use super::layers::{Paint, named};
use super::pieces::{Pieces, colours4, doubles, singles};
use super::symbol::shape_of;
use crate::error::Result;
use crate::scene::SpaceLayer;
use crate::scene::layers::{Unit, by_name};
use crate::scene::space::{Board, Level};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// Prisms or tubes over the ground. Internal. Immutable; renderers may share one.
///
/// `pieces` are as of `GroundLayer`. Heights are the DEM's own, before exaggeration. Colours are
/// float32 (F, 4), sRGB 0..1 with straight alpha, 0 for what is not there. Each table may have one
/// row for all features. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "SpaceLayer")]
pub(super) struct PySpaceLayer(Arc<SpaceLayer>);

#[pymethods]
impl PySpaceLayer {
    /// Upright walls with a level roof over rings, which `pieces` are.
    ///
    /// `heights` (F,) float64 from foot to roof; `feet` (F,) float64 heights of the DEM's, None:
    /// each at the lowest ground along its rings.
    #[staticmethod]
    #[pyo3(signature = (pieces, colors, heights, feet=None))]
    fn prisms(
        pieces: Arg<'_, '_>,
        colors: Arg<'_, '_>,
        heights: Arg<'_, '_>,
        feet: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let colours = colours4(colors, "colors")?;
        let heights = doubles(heights, "heights")?;
        let feet = feet.map(|feet| doubles(feet, "feet")).transpose()?;
        let Pieces { xy, offsets, rows, holes } = Pieces::read(pieces)?;
        made(pieces.py(), || {
            SpaceLayer::prisms(xy, &offsets, &rows, &holes, colours, heights, feet)
        })
    }

    /// Round tubes along lines, which `pieces` are; a line of one vertex is a ball or, with a
    /// `shape`, that shape, which faces the camera.
    ///
    /// `z` (N,) float64 over `level`: "ground" at each vertex, or "datum", what the DEM's heights
    /// count from. With `shares` (N,) float64 the ground is the straight way from that at a line's
    /// first vertex to that at its last, of which each has such a share; NaN lifts the pen. `paint`
    /// is (colours, whole widths (F,) float32, their unit "m" or "px").
    #[staticmethod]
    #[pyo3(signature = (pieces, z, level, paint, shape=None, shares=None))]
    fn tubes<'py>(
        pieces: Arg<'_, 'py>,
        z: Arg<'_, 'py>,
        level: Arg<'_, 'py>,
        paint: Paint<'py>,
        shape: Option<Arg<'_, 'py>>,
        shares: Option<Arg<'_, 'py>>,
    ) -> PyResult<Self> {
        let level = named(level, "level", &[("ground", Level::Ground), ("datum", Level::Datum)])?;
        let (colours, widths, unit) = paint;
        let unit = by_name(&unit, "unit", &Unit::NAMES)?;
        let (colours, widths) = (colours4(&colours, "colors")?, singles(&widths, "widths")?);
        let z = doubles(z, "z")?;
        let shares = shares.map(|shares| doubles(shares, "shares")).transpose()?;
        let shape = shape.map(shape_of).transpose()?;
        let Pieces { xy, offsets, rows, .. } = Pieces::read(pieces)?;
        made(pieces.py(), || {
            let tubes = SpaceLayer::tubes(xy, z, level, &offsets, &rows, colours, &widths, unit)?;
            if let Some(shares) = shares {
                return tubes.over_straight_ways(shares);
            }
            Ok(match shape {
                Some((_, Some(symbol))) => tubes.with_boards(Board::Symbol(symbol)),
                Some((shape, None)) => tubes.with_boards(Board::Shape(shape)),
                None => tubes,
            })
        })
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
