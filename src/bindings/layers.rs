//! `GroundLayer`: lines, polygons or points on the ground, out of plain arrays. Internal: what
//! users have is Python's.

use std::sync::Arc;

use pyo3::prelude::*;

use super::arguments::{all_of, got, real, reals, text};
use super::errors::{detached, invalid};
use super::pieces::{Pieces, colours4, singles};
use super::symbol::shape_of;
use crate::error::Result;
use crate::render::Layer;
use crate::scene::GroundLayer;
use crate::scene::layers::{Cap, Dashes, Hatch, Input, Join, Unit, by_name};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// Half widths from a corner at which the tip of a mitre is cut off.
const MITER_LIMIT: f64 = 5.0;

/// Lines, polygons or points on the ground. Internal. Immutable; renderers may share one, and it
/// keeps its index between pictures.
///
/// `pieces` has `xy` (N, 2) float64, `offsets` (P + 1,) int64 from 0 to N, `rows` (P,) int64 and
/// `holes` (P,) bool: piece i is ``xy[offsets[i]:offsets[i + 1]]``, of feature ``rows[i]``.
/// Coordinates are world metres (x east, y north, origin at the DEM's centre), finite; what lies
/// beyond the DEM is cut off. Colours are float32 (F, 4), sRGB 0..1 with straight alpha; sizes
/// float32 (F,); either may have one row for all features. A unit is "px", pixels of the picture,
/// or "m", metres of the map. Later features lie above earlier ones. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "GroundLayer")]
pub(super) struct PyGroundLayer(pub(super) Arc<Layer>);

/// Colours, sizes, and the unit of these.
pub(super) type Paint<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, String);
/// The same with a dash.
type Edge<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, String, Option<Bound<'py, PyAny>>);
/// Stripes, their colours, and the unit of both lengths.
type Stripes<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>, String);

#[pymethods]
impl PyGroundLayer {
    /// Lines, which `pieces` are.
    ///
    /// `paint` is (colours, whole widths, unit); `cap` "butt", "round" or "square"; `join` "round",
    /// "miter" (its tip cut off at five half widths) or "bevel". `dash` is up to four pairs of
    /// lengths on and off. A `casing` is (colours, how much wider it is on each side), and lies
    /// below all lines.
    #[staticmethod]
    #[pyo3(signature = (pieces, paint, *, cap, join, dash=None, casing=None, zorder))]
    fn lines<'py>(
        pieces: Arg<'_, 'py>,
        paint: Paint<'py>,
        cap: Arg<'_, 'py>,
        join: Arg<'_, 'py>,
        dash: Option<Arg<'_, 'py>>,
        casing: Option<(Bound<'py, PyAny>, f64)>,
        zorder: Arg<'_, 'py>,
    ) -> PyResult<Self> {
        let paints = input(&paint, ["colors", "widths"])?;
        let join = named(join, "join", &Join::names(MITER_LIMIT))?;
        let cap = named(cap, "cap", &Cap::NAMES)?;
        let dashes = dash.map(|dash| dashes(dash, "dash")).transpose()?;
        let casing = casing
            .map(|(colours, width)| PyResult::Ok((colours4(&colours, "casing_colors")?, width)))
            .transpose()?;
        let zorder = real(zorder, "zorder")?;
        let Pieces { xy, offsets, rows, .. } = Pieces::read(pieces)?;
        made(pieces.py(), || {
            GroundLayer::lines(xy, &offsets, &rows, paints, casing, (cap, join), dashes, zorder)
        })
    }

    /// Polygons: `pieces` are rings, closed or not; a place inside an odd number of a feature's is
    /// filled.
    ///
    /// `colors` are the fill's, of alpha 0 for none. An `edge`, (colours, widths, unit, dash or
    /// None), lies above all fills of the layer. `hatch` is (a sequence of (angle in degrees,
    /// spacing, width), colours, unit): angles run counter-clockwise, from the picture's right
    /// ("px") or from east ("m").
    #[staticmethod]
    #[pyo3(signature = (pieces, colors, *, edge=None, hatch=None, zorder))]
    fn polygons<'py>(
        pieces: Arg<'_, 'py>,
        colors: Arg<'_, 'py>,
        edge: Option<Edge<'py>>,
        hatch: Option<Stripes<'py>>,
        zorder: Arg<'_, 'py>,
    ) -> PyResult<Self> {
        let edge = edge
            .map(|(colours, widths, unit, dash)| {
                let paints = input(&(colours, widths, unit), ["edge_colors", "edge_widths"])?;
                let dashes = dash.map(|dash| dashes(&dash, "edge_dash")).transpose()?;
                PyResult::Ok((paints, Join::Round, dashes))
            })
            .transpose()?;
        let hatches = match hatch {
            None => (Vec::new(), Vec::new(), Unit::Pixels),
            Some((stripes, colours, unit)) => (
                hatches(&stripes)?,
                colours4(&colours, "hatch_colors")?,
                by_name(&unit, "hatch_unit", &Unit::NAMES)?,
            ),
        };
        let colours = colours4(colors, "colors")?;
        let zorder = real(zorder, "zorder")?;
        let Pieces { xy, offsets, rows, holes } = Pieces::read(pieces)?;
        made(pieces.py(), || {
            GroundLayer::polygons(xy, &offsets, &rows, &holes, colours, hatches, edge, zorder)
        })
    }

    /// Points, which `pieces` are: a shape at each.
    ///
    /// `paint` is (colours, a disc's diameters or a square's sides, unit); `shape` "disc",
    /// "square", "diamond", "triangle", "plus", "cross", "star" or a `Symbol`. An `edge`, (colours,
    /// widths), lies on the outline, half of it to each side.
    #[staticmethod]
    #[pyo3(signature = (pieces, paint, *, shape, edge=None, zorder))]
    fn points<'py>(
        pieces: Arg<'_, 'py>,
        paint: Paint<'py>,
        shape: Arg<'_, 'py>,
        edge: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        zorder: Arg<'_, 'py>,
    ) -> PyResult<Self> {
        let paints = input(&paint, ["colors", "sizes"])?;
        let shape = shape_of(shape)?;
        let edge = edge
            .map(|(colours, widths)| {
                input(&(colours, widths, paint.2), ["edge_colors", "edge_widths"])
            })
            .transpose()?;
        let zorder = real(zorder, "zorder")?;
        let Pieces { xy, rows, .. } = Pieces::read(pieces)?;
        made(pieces.py(), || GroundLayer::points(xy, &rows, paints, shape, edge, zorder))
    }

    /// West, south, east, north of the vertices; None without any.
    #[getter]
    fn bounds(&self) -> Option<(f64, f64, f64, f64)> {
        self.0.scene().bounds.map(Into::into)
    }

    /// "lines", "polygons" or "points".
    #[getter]
    fn kind(&self) -> &'static str {
        self.0.scene().kind
    }

    /// Layers with a greater one lie above.
    #[getter]
    fn zorder(&self) -> f64 {
        self.0.scene().zorder
    }

    /// How many features there are.
    #[getter]
    fn count(&self) -> usize {
        self.0.scene().features
    }

    fn __repr__(&self) -> String {
        let scene = self.0.scene();
        format!("<GroundLayer of {} {}>", scene.features, scene.kind)
    }
}

/// The layer that `make` makes, detached.
fn made(
    py: Python<'_>,
    make: impl FnOnce() -> Result<GroundLayer> + Send,
) -> PyResult<PyGroundLayer> {
    Ok(PyGroundLayer(Arc::new(Layer::new(detached(py, make)?))))
}

pub(super) fn named<T: Copy>(
    value: Arg<'_, '_>,
    name: &str,
    names: &[(&'static str, T)],
) -> PyResult<T> {
    Ok(by_name(&text(value, name)?, name, names)?)
}

fn dashes(value: Arg<'_, '_>, name: &str) -> PyResult<Dashes> {
    let wrong = || {
        invalid(format!(
            "{name} must be a sequence of lengths; got {}; pass e.g. (4.0, 2.0)",
            got(value)
        ))
    };
    let mut lengths = Vec::new();
    for length in value.try_iter().map_err(|_| wrong())?.take(64) {
        lengths.push(real(&length.map_err(|_| wrong())?, &format!("each length of {name}"))?);
    }
    Ok(Dashes::new(&lengths)?)
}

fn hatches(value: Arg<'_, '_>) -> PyResult<Vec<Hatch>> {
    let wrong = || {
        invalid(format!(
            "hatch must be a sequence of (angle, spacing, width); got {}; pass e.g. [(45.0, 6.0, 1.0)]",
            got(value)
        ))
    };
    let mut found = Vec::new();
    for stripes in value.try_iter().map_err(|_| wrong())?.take(64) {
        let [angle_deg, spacing, width] =
            reals(&stripes.map_err(|_| wrong())?, "each of hatch", "(angle, spacing, width)")?;
        found.push(Hatch { angle_deg, spacing, width });
    }
    Ok(found)
}

fn input((colours, sizes, unit): &Paint<'_>, names: [&'static str; 2]) -> PyResult<Input> {
    let unit = by_name(unit, "unit", &Unit::NAMES)?;
    Ok(Input {
        colours: colours4(colours, names[0])?,
        sizes: singles(sizes, names[1])?,
        unit,
        names,
    })
}

/// A sequence of them.
pub(super) fn layers(value: Option<Arg<'_, '_>>) -> PyResult<Vec<Arc<Layer>>> {
    Ok(all_of::<PyGroundLayer>(value, "layers")?
        .iter()
        .map(|layer| layer.get().0.clone())
        .collect())
}
