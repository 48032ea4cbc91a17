//! Texts and layers of labels, as `vulkan_forge.vector` makes them once it knows the DEM.

use std::sync::Arc;

use numpy::{PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple, PyType};

use super::arguments::{all_of, got, reals};
use super::arrays::to_numpy;
use super::errors::{detached, invalid};
use crate::error::{Error, Result};
use crate::labels::{Item, LabelLayer, Leader, Occlude, Place, Rect, Side, Style};
use crate::render::ShownLabel;
use crate::text::{FontFile, NOTO_SANS, Texts};

/// Texts shaped in their fonts. Internal: `vulkan_forge.Labels` makes it.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Texts")]
pub(super) struct PyTexts {
    pub(super) texts: Arc<Texts>,
    written: Written,
}

/// What texts were made of, and are pickled by.
struct Written {
    texts: Vec<String>,
    rows: Vec<u64>,
    fonts: Vec<FontFile>,
}

#[pymethods]
impl PyTexts {
    /// `rows` are what messages call the texts by; `fonts` are (name, bytes), tried in this order
    /// before the crate's own.
    #[new]
    fn new(
        py: Python<'_>,
        texts: Vec<String>,
        rows: Vec<u64>,
        fonts: Vec<(String, Vec<u8>)>,
    ) -> PyResult<Self> {
        let fonts: Vec<FontFile> = fonts
            .into_iter()
            .map(|(name, bytes)| FontFile { name, bytes: Arc::new(bytes) })
            .collect();
        let made = detached(py, || {
            let numbered: Vec<(u64, &str)> =
                rows.iter().copied().zip(texts.iter().map(String::as_str)).collect();
            if numbered.len() != texts.len() {
                return Err(Error::invalid(format!(
                    "expected a row for each text; got {} for {}",
                    rows.len(),
                    texts.len()
                )));
            }
            Texts::new(&numbered, &fonts)
        })?;
        Ok(Self { texts: Arc::new(made), written: Written { texts, rows, fonts } })
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, Written { texts, rows, fonts }) = (slf.py(), &slf.get().written);
        let fonts: Vec<_> =
            fonts.iter().map(|font| (&font.name, PyBytes::new(py, &font.bytes))).collect();
        Ok((slf.get_type(), (texts, rows, fonts).into_pyobject(py)?))
    }

    fn __len__(&self) -> usize {
        self.texts.len()
    }

    /// (N, 6) float64: of each text its advance, its lines, and left, top, right, bottom of its
    /// outlines; lengths in ems, y down from the first baseline.
    fn measures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let numbers =
            (0..self.texts.len()).filter_map(|text| self.texts.get(text)).flat_map(|shaped| {
                let [left, top, right, bottom] = shaped.ink.map(f64::from);
                [f64::from(shaped.advance), shaped.lines as f64, left, top, right, bottom]
            });
        to_numpy(py, numbers.collect(), [self.texts.len(), 6])
    }

    /// Outlines of text `number`: commands M, L, Q, C, Z, and their points (N, 2) float64 in ems, y
    /// down from the first baseline.
    fn outline<'py>(
        &self,
        py: Python<'py>,
        number: usize,
    ) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyArray2<f64>>)> {
        let found = self.texts.contours(number);
        let points: Vec<f64> = found.points.iter().flatten().map(|part| f64::from(*part)).collect();
        let shape = [found.points.len(), 2];
        Ok((PyBytes::new(py, &found.commands), to_numpy(py, points, shape)?))
    }
}

/// The font that comes with the package, a TrueType file.
#[pyfunction]
pub(super) fn _noto_sans(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, NOTO_SANS)
}

/// `xy`, `offsets`, which are lines, and which stand for areas.
type Places<'py> = (
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray1<'py, i64>,
    PyReadonlyArray1<'py, bool>,
    PyReadonlyArray1<'py, bool>,
);
/// Lifts, priorities, sizes, colours.
type Looks<'py> = (
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f32>,
    PyReadonlyArray2<'py, u8>,
);
/// Width and colour of halos, where texts stand around their places, and how far away.
type Around = ((f32, [u8; 4]), Vec<String>, f32);

/// Labels in world metres with lengths in pixels. Internal: `vulkan_forge.Labels` makes it.
///
/// `places` are `xy` (M, 2) float64, `offsets`, `lines` and `inside`: label i is `texts[i]` at
/// ``xy[offsets[i]:offsets[i + 1]]``, a point or, with `lines[i]`, a line whose runs NaN parts.
/// `looks` are lifts, priorities, sizes and colours, for each label or one for all. `around` is
/// ((width, colour) of halos, sides, gap); without sides labels stand beside points, and in the
/// middle of lines and, with `inside[i]`, of areas. Nothing is checked but what drawing relies on.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "LabelLayer")]
pub(super) struct PyLabelLayer(pub(super) Arc<LabelLayer>);

#[pymethods]
impl PyLabelLayer {
    #[new]
    #[pyo3(signature = (texts, rows, places, looks, *, around, leader, occlude, order))]
    fn new(
        texts: PyRef<'_, PyTexts>,
        rows: PyReadonlyArray1<'_, i64>,
        places: Places<'_>,
        looks: Looks<'_>,
        around: Around,
        leader: Option<(f32, [u8; 4])>,
        occlude: &str,
        order: f64,
    ) -> PyResult<Self> {
        let py = texts.py();
        let (xy, offsets, lines, inside) = places;
        let (lifts, priorities, sizes, colors) = looks;
        let ((halo, halo_colour), sides, gap) = around;
        let vertices: Vec<[f64; 2]> = xy.as_array().rows().into_iter().filter_map(pair).collect();
        let colours: Vec<[u8; 4]> = colors.as_array().rows().into_iter().filter_map(four).collect();
        let (rows, offsets, lines) =
            (rows.as_array().to_vec(), offsets.as_array().to_vec(), lines.as_array().to_vec());
        let (lifts, priorities) = (lifts.as_array().to_vec(), priorities.as_array().to_vec());
        let (sizes, inside) = (sizes.as_array().to_vec(), inside.as_array().to_vec());
        let style = Style {
            halo,
            halo_colour,
            sides: sides.iter().map(|side| Side::parse(side)).collect::<Result<_>>()?,
            gap,
            leader: leader.map(|(width, colour)| Leader { width, colour }),
            occlude: Occlude::parse(occlude)?,
        };
        let texts = texts.texts.clone();
        let layer = detached(py, move || {
            let broken = || Error::Internal("a layer of labels whose arrays do not fit".into());
            let mut items = Vec::with_capacity(rows.len());
            for (text, &row) in rows.iter().enumerate() {
                let end = |at: usize| {
                    offsets.get(at).and_then(|end| usize::try_from(*end).ok()).ok_or_else(broken)
                };
                let range = end(text)?..end(text + 1)?;
                let place = if *lines.get(text).ok_or_else(broken)? {
                    vertices.get(range.clone()).ok_or_else(broken)?;
                    Place::Line(range)
                } else {
                    let at = *vertices.get(range.start).ok_or_else(broken)?;
                    Place::Point {
                        at,
                        lift: *one(&lifts, text).ok_or_else(broken)?,
                        inside: *inside.get(text).ok_or_else(broken)?,
                    }
                };
                items.push(Item {
                    row: row.unsigned_abs(),
                    text,
                    priority: *one(&priorities, text).ok_or_else(broken)?,
                    size: *one(&sizes, text).ok_or_else(broken)?,
                    colour: *one(&colours, text).ok_or_else(broken)?,
                    place,
                });
            }
            let layer = LabelLayer { texts, items, vertices, style, order };
            layer.validate()?;
            Ok(layer)
        })?;
        Ok(Self(Arc::new(layer)))
    }
}

fn pair(row: numpy::ndarray::ArrayView1<'_, f64>) -> Option<[f64; 2]> {
    Some([*row.first()?, *row.get(1)?])
}

fn four(row: numpy::ndarray::ArrayView1<'_, u8>) -> Option<[u8; 4]> {
    Some([*row.first()?, *row.get(1)?, *row.get(2)?, *row.get(3)?])
}

/// That of a label, or the one for all.
fn one<T>(all: &[T], at: usize) -> Option<&T> {
    if all.len() == 1 { all.first() } else { all.get(at) }
}

/// A sequence of LabelLayer.
pub(super) fn layers(value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Arc<LabelLayer>>> {
    Ok(all_of::<PyLabelLayer>(value, "labels")?.iter().map(|layer| layer.get().0.clone()).collect())
}

/// Boxes that labels leave free: left, top, right, bottom in pixels.
pub(super) fn keep_out(value: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<Rect>> {
    const WANTED: &str = "(left, top, right, bottom) in pixels";
    let Some(value) = value else { return Ok(Vec::new()) };
    let boxes = value.try_iter().map_err(|_| {
        invalid(format!(
            "keep_out must be a sequence of {WANTED}; got {}; pass e.g. keep_out=[(0, 0, 80, 40)]",
            got(value)
        ))
    })?;
    let mut kept = Vec::new();
    for area in boxes {
        let area = reals::<4>(&area?, "each of keep_out", WANTED)?;
        if area[0] > area[2] || area[1] > area[3] {
            return Err(invalid(format!(
                "each of keep_out must be {WANTED} with left <= right and top <= bottom; got {area:?}; put them in order"
            )));
        }
        kept.push(area);
    }
    Ok(kept)
}

/// What a picture told of the labels on it, and is to tell again.
pub(super) fn told(labels: &[Bound<'_, PyDict>]) -> PyResult<Vec<ShownLabel>> {
    labels
        .iter()
        .map(|dict| {
            let part = |name: &str| dict.as_any().get_item(name);
            Ok(ShownLabel {
                layer: part("layer")?.extract()?,
                row: part("row")?.extract()?,
                bounds: part("bounds")?.extract::<(f64, f64, f64, f64)>()?.into(),
                dim: part("dim")?.extract()?,
            })
        })
        .collect()
}

/// What a picture tells of the labels on it.
pub(super) fn shown<'py>(
    py: Python<'py>,
    labels: &[ShownLabel],
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    labels
        .iter()
        .map(|label| {
            let dict = PyDict::new(py);
            dict.set_item("layer", label.layer)?;
            dict.set_item("row", label.row)?;
            dict.set_item("bounds", <(f64, f64, f64, f64)>::from(label.bounds))?;
            dict.set_item("dim", label.dim)?;
            Ok(dict)
        })
        .collect()
}
