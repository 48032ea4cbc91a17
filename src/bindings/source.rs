//! A DEM that stays where Python has it, in a file or behind an array.

use std::cell::Cell;
use std::sync::Arc;

use numpy::{PyArray2, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::arguments::{got, whole, wholes};
use super::arrays::Raster;
use super::errors::{attached, detached_interruptible, invalid};
use super::guarded::Guarded;
use crate::error::{Error, Result};
use crate::render::{Cut, Engine, Ground, Source, Wish};
use crate::scene::outline::Outline;
use crate::scene::statistics::Stats;
use crate::scene::survey::Plan;
use crate::scene::{Heightfield, Survey, Windows};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// ``Source(read, shape, *, chunk=(1, 1), max_memory=None, levels=None, progress=None, keep=None,
/// bare=None)``. Internal.
///
/// ``read(row, column, rows, columns)`` gives heights, (rows, columns) float32 and C-contiguous, to
/// any thread; `chunk` is how many rows and columns it reads together, whatever is asked for;
/// `levels` are log2 of a sheet's side and the finest level that stays whole;
/// ``progress(part)`` hears how far the survey is, 0 to 1, ``keep(bytes)`` what it has found, for
/// ``take``, and ``bare()`` that there is no height.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Source")]
pub(super) struct PySource {
    windows: Arc<PyWindows>,
    wish: Wish,
    progress: Option<Py<PyAny>>,
    keep: Option<Py<PyAny>>,
    bare: Option<Py<PyAny>>,
    survey: Guarded<Option<Arc<Survey>>>,
}

/// Images and memory of a usual device, where it is not known which will draw.
const USUAL_IMAGE: u32 = 16_384;
const USUAL_BYTES: u64 = 1 << 32;

struct PyWindows {
    read: Py<PyAny>,
    /// (columns, rows).
    size: [usize; 2],
    chunk: [usize; 2],
}

thread_local! {
    /// What this thread reads from at the moment.
    static READING: Cell<*const PyWindows> = const { Cell::new(std::ptr::null()) };
}

impl Windows for PyWindows {
    fn size(&self) -> [usize; 2] {
        self.size
    }

    fn chunk(&self) -> [usize; 2] {
        self.chunk
    }

    fn read(&self, [column, row, columns, rows]: [usize; 4], target: &mut [f32]) -> Result<()> {
        let read = |py: Python<'_>| {
            attached(|| {
                let heights = self.read.bind(py).call1((row, column, rows, columns))?;
                let wrong = || {
                    invalid(format!(
                        "a source must give float32 of shape ({rows}, {columns}), C-contiguous; got {}; convert it where it is read",
                        got(&heights)
                    ))
                };
                let array = heights.cast::<PyArray2<f32>>().map_err(|_| wrong())?;
                if array.shape() != [rows, columns] {
                    return Err(wrong());
                }
                let heights = array.try_readonly().map_err(|_| wrong())?;
                target.copy_from_slice(heights.as_slice().map_err(|_| wrong())?);
                Ok(())
            })
        };
        let outer = READING.replace(self);
        let found = Python::try_attach(read);
        READING.set(outer);
        // None while the interpreter shuts down.
        match found {
            Some(result) => result.map_err(|raised| Error::Source(Box::new(raised))),
            None => Err(Error::Interrupted),
        }
    }
}

#[pymethods]
impl PySource {
    /// (rows, columns).
    #[getter]
    fn shape(&self) -> (usize, usize) {
        let [columns, rows] = self.windows.size;
        (rows, columns)
    }

    /// Least and greatest height or None, the 2nd and 98th percentile or None, and the least height
    /// above 0.
    #[allow(clippy::type_complexity)] // what Landmarks of _heights.py takes
    fn landmarks(&self, py: Python<'_>) -> PyResult<(Option<(f64, f64)>, Option<(f64, f64)>, f64)> {
        let survey = detached_interruptible(py, |interrupted| self.any_survey(interrupted))?;
        let ends = survey.range.map(|[low, high]| (f64::from(low), f64::from(high)));
        let robust = survey.robust.map(|[low, high]| (low, high));
        Ok((ends, robust, f64::from(survey.least_positive)))
    }

    /// Least, greatest, mean and standard deviation.
    fn stats(&self, py: Python<'_>) -> PyResult<(f64, f64, f64, f64)> {
        let survey = detached_interruptible(py, |interrupted| self.any_survey(interrupted))?;
        let Stats { min, max, mean, std } = survey.stats;
        Ok((min, max, mean, std))
    }

    /// Whether any height is NaN.
    fn has_holes(&self, py: Python<'_>) -> PyResult<bool> {
        Ok(detached_interruptible(py, |interrupted| self.any_survey(interrupted))?.holes)
    }

    /// Takes what `keep` was given in place of a survey; whether it is one of this DEM.
    fn take(&self, py: Python<'_>, kept: &[u8]) -> PyResult<bool> {
        detached_interruptible(py, |interrupted| {
            let survey =
                Survey::from_bytes(kept)?.filter(|survey| survey.size == self.windows.size);
            let survey = survey.map(Arc::new);
            self.survey.lock(interrupted)?.clone_from(&survey);
            survey.as_deref().map_or(Ok(()), |survey| self.point_out(survey))?;
            Ok(survey.is_some())
        })
    }

    #[new]
    #[pyo3(signature = (
        read, shape, *, chunk=[1, 1], max_memory=None, levels=None, progress=None, keep=None,
        bare=None
    ))]
    fn new(
        read: Py<PyAny>,
        shape: [Bound<'_, PyAny>; 2],
        chunk: [usize; 2],
        max_memory: Option<Arg<'_, '_>>,
        levels: Option<[u32; 2]>,
        progress: Option<Py<PyAny>>,
        keep: Option<Py<PyAny>>,
        bare: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let [rows, columns] =
            wholes([(&shape[0], "rows"), (&shape[1], "columns")], 0, u32::MAX.into())?
                .map(|side| side as usize);
        let max_memory =
            max_memory.map(|bytes| whole(bytes, "max_memory", 1, u64::MAX)).transpose()?;
        let windows =
            Arc::new(PyWindows { read, size: [columns, rows], chunk: [chunk[1], chunk[0]] });
        let survey = Guarded::new("LargeDEM", None);
        Ok(Self { windows, wish: Wish { max_memory, levels }, progress, keep, bare, survey })
    }
}

impl PySource {
    /// The ground for an engine, surveyed if it is not yet: call it detached.
    fn ground(
        &self,
        engine: &Engine,
        spacing: [f64; 2],
        exaggeration: f64,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Ground> {
        let (survey, cut) = self.surveyed(engine, interrupted)?;
        let field = Heightfield::surveyed(&survey, spacing, exaggeration)?;
        Ok(Ground::in_sheets(field, Source { windows: self.windows.clone(), survey, cut }))
    }

    /// What is known of it, and how it is cut for an engine's device.
    fn surveyed(
        &self,
        engine: &Engine,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<(Arc<Survey>, Cut)> {
        let device = engine.device();
        let cut = Cut::of(
            self.windows.size,
            self.wish,
            device.limits().max_image,
            device.report().memory_bytes,
        )?;
        let plan = cut.plan();
        Ok((self.survey(|known| known.serves(&plan), plan, interrupted)?, cut))
    }

    /// How far its ground reaches.
    pub(super) fn outline(&self, interrupted: &dyn Fn() -> bool) -> Result<Outline> {
        Ok(self.any_survey(interrupted)?.outline.clone())
    }

    /// What is known of it, whatever the device.
    fn any_survey(&self, interrupted: &dyn Fn() -> bool) -> Result<Arc<Survey>> {
        let usual = Cut::of(self.windows.size, self.wish, USUAL_IMAGE, USUAL_BYTES)?.plan();
        self.survey(|_| true, usual, interrupted)
    }

    /// The survey that is there, if it serves, or one by `plan`.
    fn survey(
        &self,
        serves: impl Fn(&Plan) -> bool,
        plan: Plan,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Arc<Survey>> {
        if std::ptr::eq(READING.get(), Arc::as_ptr(&self.windows)) {
            return Err(Error::invalid(
                "a LargeDEM must not be drawn by its own source; expected the source to give heights alone, got a picture of \
                 them asked for while it is read; draw it before or after",
            ));
        }
        let mut known = self.survey.lock(interrupted)?;
        if let Some(survey) = known.as_ref().filter(|survey| serves(&survey.plan)) {
            return Ok(survey.clone());
        }
        let [columns, rows] = self.windows.size;
        log::info!("all of a DEM of {rows} x {columns} samples is read, to find its coarse levels");
        let survey = Survey::of(self.windows.as_ref(), plan, interrupted, &|part| self.tell(part))?;
        // It stays known where it cannot be kept.
        let survey = known.insert(Arc::new(survey)).clone();
        self.keep(&survey)?;
        self.point_out(&survey)?;
        Ok(survey)
    }

    fn keep(&self, survey: &Survey) -> Result<()> {
        let Some(keep) = &self.keep else { return Ok(()) };
        let kept = Python::try_attach(|py| {
            attached(|| {
                // Once in memory beside the survey, and not twice.
                let bytes = PyBytes::new_with(py, survey.byte_count(), |mut target| {
                    Ok(survey.write(&mut target)?)
                })?;
                keep.call1(py, (bytes,)).map(drop)
            })
        });
        kept.unwrap_or(Ok(())).map_err(|raised| Error::Source(Box::new(raised)))
    }

    fn tell(&self, part: f64) -> Result<()> {
        let Some(progress) = &self.progress else { return Ok(()) };
        let told = Python::try_attach(|py| attached(|| progress.call1(py, (part,)).map(drop)));
        told.unwrap_or(Ok(())).map_err(|raised| Error::Source(Box::new(raised)))
    }

    /// That nothing is there to be drawn.
    fn point_out(&self, survey: &Survey) -> Result<()> {
        let Some(bare) = self.bare.as_ref().filter(|_| survey.range.is_none()) else {
            return Ok(());
        };
        let told = Python::try_attach(|py| attached(|| bare.call0(py).map(drop)));
        told.unwrap_or(Ok(())).map_err(|raised| Error::Source(Box::new(raised)))
    }
}

/// What a caller gives for a DEM: heights, copied, or a source.
pub(super) enum Given {
    Heights(Raster),
    Source(Py<PySource>),
}

impl Given {
    pub(super) fn read(value: Arg<'_, '_>, name: &str) -> PyResult<Self> {
        match value.cast::<PySource>() {
            Ok(source) => Ok(Self::Source(source.clone().unbind())),
            Err(_) => Ok(Self::Heights(Raster::read(value, name)?)),
        }
    }

    /// The ground that an engine draws: call it detached.
    pub(super) fn into_ground(
        self,
        engine: &Engine,
        spacing: [f64; 2],
        exaggeration: f64,
        cut_at: Option<[i64; 2]>,
        interrupted: &dyn Fn() -> bool,
    ) -> Result<Ground> {
        match self {
            Self::Heights(raster) => {
                let mut field = raster.into_field(spacing, exaggeration)?;
                field.cut_at = cut_at;
                Ok(Ground::new(field))
            }
            Self::Source(source) => source.get().ground(engine, spacing, exaggeration, interrupted),
        }
    }
}
