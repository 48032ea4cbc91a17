//! `GroundLayer`: lines, polygons or points on the ground, out of plain arrays. Internal: what
//! users have is Python's.

use std::sync::Arc;

use pyo3::prelude::*;

use super::arguments::{all_of, got, real, real_or, text};
use super::arrays::{colours4, flags, integers, pairs, singles};
use super::errors::{detached, invalid};
use crate::error::Result;
use crate::render::Layer;
use crate::scene::GroundLayer;
use crate::scene::layers::{Cap, Dashes, Hatch, Input, Join, Shape, Unit, by_name};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// Lines, polygons or points on the ground. Internal. Immutable; renderers may share one, and it
/// keeps its index between pictures.
///
/// Coordinates are float64 world metres (x east, y north, origin at the DEM's centre), finite; what
/// lies beyond the DEM is cut off. Colours are float32 (F, 4), sRGB 0..1 with straight alpha; sizes
/// float32 (F,); either may have one row for all features. A unit is "px", pixels of the picture,
/// or "m", metres of the map. Later features lie above earlier ones. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "GroundLayer")]
pub(super) struct PyGroundLayer(pub(super) Arc<Layer>);

#[pymethods]
impl PyGroundLayer {
    /// Lines: line i is ``xy[offsets[i]:offsets[i + 1]]``, with the colour and width of row
    /// ``features[i]``.
    ///
    /// `xy` is (N, 2) float64, `offsets` (L + 1,) int64 from 0 to N, `features` (L,) int64.
    /// `widths` are whole widths in `unit`; `cap` "butt", "round" or "square"; `join` "round",
    /// "miter" (its tip cut off at `miter_limit` half widths) or "bevel". `dash` is up to four
    /// pairs of lengths on and off, from `dash_offset` on. A casing is `casing_width` wider on each
    /// side, and lies below all lines.
    #[staticmethod]
    #[pyo3(signature = (xy, offsets, features, *, colors, widths, unit=None, cap=None, join=None, miter_limit=None, dash=None,
                        dash_offset=None, casing_colors=None, casing_width=None, zorder=None),
           text_signature = "(xy, offsets, features, *, colors, widths, unit='px', cap='butt', join='round', miter_limit=5.0, \
                             dash=None, dash_offset=0.0, casing_colors=None, casing_width=0.0, zorder=0.0)")]
    #[allow(clippy::too_many_arguments)] // what there is to a line
    fn lines(
        py: Python<'_>,
        xy: Arg<'_, '_>,
        offsets: Arg<'_, '_>,
        features: Arg<'_, '_>,
        colors: Arg<'_, '_>,
        widths: Arg<'_, '_>,
        unit: Option<Arg<'_, '_>>,
        cap: Option<Arg<'_, '_>>,
        join: Option<Arg<'_, '_>>,
        miter_limit: Option<Arg<'_, '_>>,
        dash: Option<Arg<'_, '_>>,
        dash_offset: Option<Arg<'_, '_>>,
        casing_colors: Option<Arg<'_, '_>>,
        casing_width: Option<Arg<'_, '_>>,
        zorder: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let paints = input(colors, widths, self::unit(unit, "unit")?, ["colors", "widths"])?;
        let join = self::join(join, "join", miter_limit)?;
        let cap = cap.map_or(Ok(Cap::Butt), |cap| named(cap, "cap", &Cap::NAMES))?;
        let dashes = self::dashes(dash, "dash", dash_offset)?;
        let casing = casing_colors.map(|colours| colours4(colours, "casing_colors")).transpose()?;
        let casing_width = real_or(casing_width, "casing_width", 0.0)?;
        let zorder = real_or(zorder, "zorder", 0.0)?;
        let (offsets, features) = (integers(offsets, "offsets")?, integers(features, "features")?);
        let xy = pairs(xy, "xy")?;
        made(py, || {
            let casing = casing.map(|colours| (colours, casing_width));
            GroundLayer::lines(xy, &offsets, &features, paints, casing, (cap, join), dashes, zorder)
        })
    }

    /// Polygons: rings, closed or not, of which `holes` (R,) bool says which are holes; a place
    /// inside an odd number of a feature's is filled.
    ///
    /// `xy`, `offsets` and `features` as of `lines`. `colors` are the fill's, of alpha 0 for none.
    /// Edges lie above all fills of the layer. `hatch` is a sequence of (angle in degrees, spacing,
    /// width) of stripes in `hatch_unit`: angles run counter-clockwise, from the picture's right
    /// ("px") or from east ("m").
    #[staticmethod]
    #[pyo3(signature = (xy, offsets, features, holes, *, colors, edge_colors=None, edge_widths=None, edge_unit=None, edge_join=None,
                        edge_dash=None, hatch=None, hatch_colors=None, hatch_unit=None, zorder=None),
           text_signature = "(xy, offsets, features, holes, *, colors, edge_colors=None, edge_widths=None, edge_unit='px', \
                             edge_join='round', edge_dash=None, hatch=None, hatch_colors=None, hatch_unit='px', zorder=0.0)")]
    #[allow(clippy::too_many_arguments)] // what there is to a polygon
    fn polygons(
        py: Python<'_>,
        xy: Arg<'_, '_>,
        offsets: Arg<'_, '_>,
        features: Arg<'_, '_>,
        holes: Arg<'_, '_>,
        colors: Arg<'_, '_>,
        edge_colors: Option<Arg<'_, '_>>,
        edge_widths: Option<Arg<'_, '_>>,
        edge_unit: Option<Arg<'_, '_>>,
        edge_join: Option<Arg<'_, '_>>,
        edge_dash: Option<Arg<'_, '_>>,
        hatch: Option<Arg<'_, '_>>,
        hatch_colors: Option<Arg<'_, '_>>,
        hatch_unit: Option<Arg<'_, '_>>,
        zorder: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let edge = match edge_colors {
            None => None,
            Some(colours) => {
                let names = ["edge_colors", "edge_widths"];
                let paints =
                    stroke(colours, edge_widths, 1.0, unit(edge_unit, "edge_unit")?, names)?;
                Some((
                    paints,
                    join(edge_join, "edge_join", None)?,
                    dashes(edge_dash, "edge_dash", None)?,
                ))
            }
        };
        let stripes = hatch.map_or_else(|| Ok(Vec::new()), hatches)?;
        let hatch_colours = hatch_colors
            .map_or(Ok(vec![[0.0, 0.0, 0.0, 1.0]]), |all| colours4(all, "hatch_colors"))?;
        let hatches = (stripes, hatch_colours, unit(hatch_unit, "hatch_unit")?);
        let colours = colours4(colors, "colors")?;
        let zorder = real_or(zorder, "zorder", 0.0)?;
        let (offsets, features) = (integers(offsets, "offsets")?, integers(features, "features")?);
        let holes = flags(holes, "holes")?;
        let xy = pairs(xy, "xy")?;
        made(py, || {
            GroundLayer::polygons(xy, &offsets, &features, &holes, colours, hatches, edge, zorder)
        })
    }

    /// Points: a shape at each, of row ``features[i]``, or of row i of the colours and sizes.
    ///
    /// `sizes` are a disc's diameter or a square's side in `unit`; `shape` "disc", "square",
    /// "diamond", "triangle", "plus", "cross" or "star". An edge lies on the outline, half of
    /// `edge_widths` to each side.
    #[staticmethod]
    #[pyo3(signature = (xy, features=None, *, colors, sizes, unit=None, shape=None, edge_colors=None, edge_widths=None, zorder=None),
           text_signature = "(xy, features=None, *, colors, sizes, unit='px', shape='disc', edge_colors=None, edge_widths=None, \
                             zorder=0.0)")]
    #[allow(clippy::too_many_arguments)] // what there is to a point
    fn points(
        py: Python<'_>,
        xy: Arg<'_, '_>,
        features: Option<Arg<'_, '_>>,
        colors: Arg<'_, '_>,
        sizes: Arg<'_, '_>,
        unit: Option<Arg<'_, '_>>,
        shape: Option<Arg<'_, '_>>,
        edge_colors: Option<Arg<'_, '_>>,
        edge_widths: Option<Arg<'_, '_>>,
        zorder: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let unit = self::unit(unit, "unit")?;
        let paints = input(colors, sizes, unit, ["colors", "sizes"])?;
        let shape = shape.map_or(Ok(Shape::Disc), |shape| named(shape, "shape", &Shape::NAMES))?;
        let names = ["edge_colors", "edge_widths"];
        let edge = edge_colors
            .map(|colours| stroke(colours, edge_widths, 1.0, unit, names))
            .transpose()?;
        let zorder = real_or(zorder, "zorder", 0.0)?;
        let features = features.map(|features| integers(features, "features")).transpose()?;
        let xy = pairs(xy, "xy")?;
        made(py, || GroundLayer::points(xy, features.as_deref(), paints, shape, edge, zorder))
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

pub(super) fn unit(value: Option<Arg<'_, '_>>, name: &str) -> PyResult<Unit> {
    value.map_or(Ok(Unit::Pixels), |unit| named(unit, name, &Unit::NAMES))
}

fn join(value: Option<Arg<'_, '_>>, name: &str, limit: Option<Arg<'_, '_>>) -> PyResult<Join> {
    let limit = real_or(limit, "miter_limit", 5.0)?;
    value.map_or(Ok(Join::Round), |join| named(join, name, &Join::names(limit)))
}

fn dashes(
    value: Option<Arg<'_, '_>>,
    name: &str,
    offset: Option<Arg<'_, '_>>,
) -> PyResult<Option<Dashes>> {
    let offset = real_or(offset, "dash_offset", 0.0)?;
    let Some(value) = value else { return Ok(None) };
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
    Ok(Some(Dashes::new(&lengths, offset)?))
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
        let [angle_deg, spacing, width] = super::arguments::reals(
            &stripes.map_err(|_| wrong())?,
            "each of hatch",
            "(angle, spacing, width)",
        )?;
        found.push(Hatch { angle_deg, spacing, width });
    }
    Ok(found)
}

fn input(
    colours: Arg<'_, '_>,
    sizes: Arg<'_, '_>,
    unit: Unit,
    names: [&'static str; 2],
) -> PyResult<Input> {
    Ok(Input {
        colours: colours4(colours, names[0])?,
        sizes: singles(sizes, names[1])?,
        unit,
        names,
    })
}

/// The same with one size for all where none is given.
fn stroke(
    colours: Arg<'_, '_>,
    sizes: Option<Arg<'_, '_>>,
    usual: f32,
    unit: Unit,
    names: [&'static str; 2],
) -> PyResult<Input> {
    let sizes = sizes.map_or(Ok(vec![usual]), |sizes| singles(sizes, names[1]))?;
    Ok(Input { colours: colours4(colours, names[0])?, sizes, unit, names })
}

/// A sequence of them.
pub(super) fn layers(value: Option<Arg<'_, '_>>) -> PyResult<Vec<Arc<Layer>>> {
    Ok(all_of::<PyGroundLayer>(value, "layers")?
        .iter()
        .map(|layer| layer.get().0.clone())
        .collect())
}
