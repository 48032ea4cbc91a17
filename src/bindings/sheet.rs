//! A page of pixels that texts, areas, lines and pictures are laid on, as `vulkan_forge._map` draws
//! it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use numpy::PyArray3;
use pyo3::prelude::*;

use super::arrays::{Pixels, to_numpy};
use super::errors::{detached, invalid};
use super::labels::PyTexts;
use super::pieces::pairs;
use crate::error::{Error, Result, try_vec};
use crate::text::{Canvas, Mask, Pen, inside, lay};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// Pixels from a page's corner within which everything is drawn.
const MOST_AWAY: f64 = 1e6;

/// sRGB bytes with straight alpha.
type Colour = [u8; 4];

/// A page of pixels, sRGB with straight alpha. Internal: `vulkan_forge.map` makes it. Places are in
/// pixels from the upper left corner, y down, and need not be whole.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Sheet")]
pub(super) struct PySheet {
    rgba: Mutex<Vec<u8>>,
    size: [u32; 2],
}

impl PySheet {
    fn pixels(&self) -> MutexGuard<'_, Vec<u8>> {
        self.rgba.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lay(&self, mask: &Mask, colour: Colour) {
        let size = self.size.map(|side| side as usize);
        lay(&mut Canvas { rgba: &mut self.pixels(), size }, mask, [0, 0], colour, 1.0);
    }
}

#[pymethods]
impl PySheet {
    /// All of one colour.
    #[new]
    fn new(py: Python<'_>, width: u32, height: u32, colour: Colour) -> PyResult<Self> {
        let rgba = detached(py, || {
            let bytes = 4 * width as usize * height as usize;
            let mut rgba = try_vec(bytes, "the page")?;
            rgba.resize(bytes, 0);
            rgba.chunks_exact_mut(4).for_each(|pixel| pixel.copy_from_slice(&colour));
            Ok(rgba)
        })?;
        Ok(Self { rgba: Mutex::new(rgba), size: [width, height] })
    }

    /// Lay a picture (h, w, 4) uint8 over it, its corner at pixel (left, top); what lies beyond is
    /// left out.
    fn picture(&self, py: Python<'_>, image: Arg<'_, '_>, left: i64, top: i64) -> PyResult<()> {
        let Pixels { bytes, width, height, channels } = Pixels::read(image, "image")?;
        if channels != 4 {
            let end = if channels == 1 { String::new() } else { format!(", {channels}") };
            return Err(invalid(format!(
                "image must have shape (h, w, 4); got ({height}, {width}{end}); add an alpha of 255"
            )));
        }
        detached(py, || {
            let mut rgba = self.pixels();
            let [across, down] = self.size.map(i64::from);
            for (row, line) in
                (top..).zip(bytes.chunks_exact(4 * width as usize)).take(height as usize)
            {
                if !(0..down).contains(&row) {
                    continue;
                }
                for (column, pixel) in (left..).zip(line.chunks_exact(4)) {
                    let at = 4 * (row * across + column) as usize;
                    if (0..across).contains(&column)
                        && let Some(below) = rgba.get_mut(at..at + 4)
                    {
                        crate::text::over(below, pixel);
                    }
                }
            }
            Ok(())
        })
    }

    /// Fill closed rings, (N, 2) float64 each, by non-zero winding.
    fn fill(&self, py: Python<'_>, rings: Vec<Bound<'_, PyAny>>, colour: Colour) -> PyResult<()> {
        let rings = lines(&rings)?;
        detached(py, || {
            let borrowed: Vec<&[[f32; 2]]> = rings.iter().map(Vec::as_slice).collect();
            self.lay(&inside(&borrowed), colour);
            Ok(())
        })
    }

    /// Draw lines, (N, 2) float64 each, with a pen: its width, whether ends and corners are round,
    /// whether a line's end leads to its beginning, and lengths on and off in turn, or none.
    fn stroke(
        &self,
        py: Python<'_>,
        lines: Vec<Bound<'_, PyAny>>,
        pen: (f32, bool, bool, Vec<f32>),
        colour: Colour,
    ) -> PyResult<()> {
        let lines = self::lines(&lines)?;
        let (width, round, closed, dash) = pen;
        detached(py, || {
            let borrowed: Vec<&[[f32; 2]]> =
                lines.iter().map(Vec::as_slice).filter(|line| line.len() > 1).collect();
            if !borrowed.is_empty() {
                self.lay(
                    &Mask::stroke(&borrowed, &Pen { width, round, closed, dash: &dash }),
                    colour,
                );
            }
            Ok(())
        })
    }

    /// Write text `number`, its first baseline along (x, y, right, down): from a place, in the
    /// direction of a unit vector; `size` is pixels an em, and a halo is (how far it reaches, its
    /// colour).
    fn text(
        &self,
        py: Python<'_>,
        texts: PyRef<'_, PyTexts>,
        number: usize,
        baseline: [f32; 4],
        size: f32,
        colour: Colour,
        halo: (f32, Colour),
    ) -> PyResult<()> {
        let texts = texts.texts.clone();
        let [x, y, right, down] = baseline;
        detached(py, || {
            let drawn = texts.along(number, size, halo.0, [x, y], [right, down]);
            if let Some(rim) = &drawn.halo {
                self.lay(rim, halo.1);
            }
            self.lay(&drawn.letters, colour);
            Ok(())
        })
    }

    /// A copy of the pixels, (H, W, 4) uint8.
    fn rgba<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray3<u8>>> {
        let copy = detached(py, || {
            let rgba = self.pixels();
            let mut copy = try_vec(rgba.len(), "a copy of the page")?;
            copy.extend_from_slice(&rgba);
            Ok(copy)
        })?;
        to_numpy(py, copy, [self.size[1] as usize, self.size[0] as usize, 4])
    }
}

fn lines(arrays: &[Bound<'_, PyAny>]) -> PyResult<Vec<Vec<[f32; 2]>>> {
    arrays.iter().map(|array| Ok(checked(&pairs(array, "each line")?)?)).collect()
}

fn checked(points: &[[f64; 2]]) -> Result<Vec<[f32; 2]>> {
    match points.iter().flatten().find(|at| at.is_nan() || at.abs() >= MOST_AWAY) {
        None => Ok(points.iter().map(|point| point.map(|at| at as f32)).collect()),
        Some(at) => Err(Error::invalid(format!(
            "places on a page must be finite; expected pixels within {MOST_AWAY:e}, got {at}; cut lines off at the page"
        ))),
    }
}
