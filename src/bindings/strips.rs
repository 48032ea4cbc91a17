//! A picture in strips, for posters, and PNG files that take them.

use std::sync::{Arc, Mutex, PoisonError};

use numpy::PyArray3;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::arguments::{path, side};
use super::arrays::Pixels;
use super::errors::{caught, detached, detached_interruptible, invalid};
use super::order::Order;
use super::picture::{map_bounds, rgba_array};
use super::worker::{Hand, Worker};
use crate::error::{Error, Result};
use crate::image_file::PngRows;
use crate::render::{Engine, Heading, Part, Strip};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
type Parts = Worker<Result<Part>>;

/// Rows of a picture, strip after strip from the top on: (rows, width, 4) uint8. One is drawn
/// ahead. Internal.
#[pyclass(frozen, weakref, module = "vulkan_forge._vulkan_forge", name = "Strips")]
pub(super) struct PyStrips {
    /// None once it was closed, or while a call is at work on it.
    parts: Mutex<Option<Parts>>,
    heading: Heading,
}

impl PyStrips {
    /// Sends the DEM, and begins to draw.
    pub(super) fn new(
        py: Python<'_>,
        engine: Arc<Engine>,
        order: Order,
        strip: Strip,
    ) -> PyResult<Self> {
        let draw = move |hand: Hand<Result<Part>>| {
            let Order { mut ground, scene, layers, size } = order;
            let drawn = caught(|| {
                let mut take = |part| hand.give(Ok(part));
                let interrupted = || hand.cancelled();
                engine.poster(&mut ground, &scene, &layers, size, &strip, &mut take, &interrupted)
            });
            if let Err(failure) = drawn {
                let _ = hand.give(Err(failure));
            }
        };
        let parts = detached_interruptible(py, |interrupted| {
            let no_thread = || Error::Internal("the system has no thread to draw with".into());
            let mut parts = Worker::start("poster", draw).ok_or_else(no_thread)?;
            let first = parts.wait(interrupted)?;
            Ok((parts, first.transpose()?))
        })?;
        match parts {
            (parts, Some(Part::Heading(heading))) => {
                Ok(Self { parts: Mutex::new(Some(parts)), heading: *heading })
            }
            _ => Err(Error::Internal("a poster without a heading".into()).into()),
        }
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Parts>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl PyStrips {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyArray3<u8>>>> {
        let taken = self.slot().take();
        let Some(mut parts) = taken else { return Ok(None) };
        let next = detached_interruptible(py, |interrupted| parts.wait(interrupted)?.transpose());
        if let Ok(Some(_)) = &next {
            *self.slot() = Some(parts);
        }
        match next? {
            Some(Part::Rows(rgba)) => {
                let [width, _] = self.heading.view.size;
                let rows = rgba.len() / (4 * width.max(1) as usize);
                rgba_array(py, rgba, [width, rows as u32]).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Stop: what is being drawn ahead is given up.
    fn close(&self) {
        let taken = self.slot().take();
        drop(taken);
    }

    /// (width, height) of the picture.
    #[getter]
    fn size(&self) -> (u32, u32) {
        self.heading.view.size.into()
    }

    /// As of an `Image`.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        super::labels::shown(py, &self.heading.labels)
    }

    #[getter]
    fn _map_bounds(&self) -> Option<(f64, f64, f64, f64)> {
        map_bounds(&self.heading.view, self.heading.footprint).map(<(f64, f64, f64, f64)>::from)
    }
}

/// A PNG of RGBA pixels that is written row by row, and is there once `finish` was called.
/// Internal.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "PngRows")]
pub(super) struct PyPngRows(Mutex<Option<PngRows>>);

impl PyPngRows {
    fn take(&self) -> PyResult<PngRows> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.ok_or_else(|| {
            invalid("a PNG must be open to be written; got one that is closed, or at work; open a new one")
        })
    }
}

#[pymethods]
impl PyPngRows {
    #[new]
    fn new(
        py: Python<'_>,
        path: Arg<'_, '_>,
        width: Arg<'_, '_>,
        height: Arg<'_, '_>,
    ) -> PyResult<Self> {
        let path = self::path(path)?;
        let size = [side(width, "width")?, side(height, "height")?];
        let file = detached(py, || PngRows::new(&path, size[0], size[1]))?;
        Ok(Self(Mutex::new(Some(file))))
    }

    /// The next rows, (rows, width, 4) uint8.
    fn write(&self, py: Python<'_>, rows: Arg<'_, '_>) -> PyResult<()> {
        let Pixels { bytes, .. } = Pixels::read(rows, "rows")?;
        let mut file = self.take()?;
        let file = detached(py, move || file.write(&bytes).map(|()| file))?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(())
    }

    /// Give the file its name.
    fn finish(&self, py: Python<'_>) -> PyResult<()> {
        let file = self.take()?;
        detached(py, || file.finish())
    }

    /// Without `finish` before it, nothing stays.
    fn close(&self) {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(taken);
    }
}
