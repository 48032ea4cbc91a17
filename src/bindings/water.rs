//! `Water`: a value without a device; and what stands for it in arguments.

use numpy::{PyArrayDescrMethods, PyArrayDyn, PyArrayMethods, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};
use std::sync::Arc;

use super::arguments::{got, real, real_or};
use super::arrays::to_numpy;
use super::colours::rgb;
use super::errors::invalid;
use super::scenery::{short, shown};
use crate::error::try_vec;
use crate::scene::Water;
use crate::scene::water::{Mask, Where};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// Lakes and seas of one colour, with the sun in it. A value: immutable, comparable, hashable, picklable.
///
/// Either `level`, in the DEM's own heights (before `vert_exag`): all ground below it lies under water, and holes have none; or
/// `mask`, (H, W) bool: these samples are water at the DEM's own height, and a shore runs half-way between samples. `colour`
/// is that of deep water: three floats in 0..1, "#rrggbb" or a name. `clarity`, > 0, is the length of the line of sight in the
/// water, in the DEM's own heights, at which 5 % of the ground's light is left; by default 0.4 times the greatest depth. A mask
/// has no depth, and hides the ground. `glint`, >= 0, is how bright the sun's reflection is, in sunlit whites. The arrays of
/// `aovs`, and `ground_at`, look through water. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge", name = "Water")]
pub(super) struct PyWater(pub(super) Water);

#[pymethods]
impl PyWater {
    #[new]
    #[pyo3(
        signature = (level=None, mask=None, colour=None, clarity=None, glint=None),
        text_signature = "(level=None, mask=None, colour=(0.13, 0.31, 0.44), clarity=None, glint=0.8)"
    )]
    fn new(
        level: Option<Arg<'_, '_>>,
        mask: Option<Arg<'_, '_>>,
        colour: Option<Arg<'_, '_>>,
        clarity: Option<Arg<'_, '_>>,
        glint: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let place = match (level, mask) {
            (Some(level), None) => Where::Level(real(level, "level")?),
            (None, Some(mask)) => Where::Mask(Arc::new(read_mask(mask)?)),
            _ => {
                let what = if level.is_some() { "both" } else { "neither" };
                return Err(invalid(format!(
                    "Water must have a level or a mask; got {what}; pass one of them"
                )));
            }
        };
        let water = Water {
            place,
            colour: colour.map_or(Ok(Water::COLOUR), |colour| rgb(colour, "colour"))?,
            clarity_m: clarity.map(|clarity| real(clarity, "clarity")).transpose()?,
            glint: real_or(glint, "glint", Water::GLINT)?,
        };
        water.validate()?;
        Ok(Self(water))
    }

    /// Height of its surface, in the DEM's own heights; None: there is a mask.
    #[getter]
    fn level(&self) -> Option<f64> {
        match self.0.place {
            Where::Level(level) => Some(level),
            Where::Mask(_) => None,
        }
    }

    /// A copy of the mask, (H, W) bool; None: there is a level.
    #[getter]
    fn mask<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(mask) = self.0.mask() else { return Ok(None) };
        let mut samples = try_vec(mask.samples.len(), "a copy of the water mask")?;
        samples.extend(mask.samples.iter().map(|sample| *sample != 0.0));
        Ok(Some(to_numpy(py, samples, [mask.rows, mask.columns])?.into_any()))
    }

    /// sRGB of deep water.
    #[getter]
    fn colour(&self) -> (f32, f32, f32) {
        self.0.colour.into()
    }

    /// Length of a line of sight in the water at which 5 % is left; None: derived from the DEM.
    #[getter]
    fn clarity(&self) -> Option<f64> {
        self.0.clarity_m
    }

    /// Brightness of the sun's reflection, in sunlit whites.
    #[getter]
    fn glint(&self) -> f64 {
        self.0.glint
    }

    fn __eq__(&self, other: Arg<'_, '_>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        // Of a mask the size will do.
        let place = self.0.mask().map(|mask| (mask.columns, mask.rows));
        let colour = <(f64, f64, f64)>::from(short(self.0.colour));
        (self.level(), place, colour, self.0.clarity_m, self.0.glint).into_pyobject(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let place = match &self.0.place {
            Where::Level(level) => format!("level={level:?}"),
            Where::Mask(mask) => format!("mask=<{} x {}>", mask.rows, mask.columns),
        };
        let colour = <(f64, f64, f64)>::from(short(self.0.colour));
        let rest = (colour, self.0.clarity_m, self.0.glint).into_pyobject(py)?;
        Ok(shown("Water", &["colour", "clarity", "glint"], &rest)?.replacen('(', &format!("({place}, "), 1))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, water) = (slf.py(), slf.get());
        let colour = <(f64, f64, f64)>::from(short(water.0.colour));
        let fields = (water.level(), water.mask(py)?, colour, water.0.clarity_m, water.0.glint);
        Ok((slf.get_type().into_any(), fields.into_pyobject(py)?))
    }
}

/// A (H, W) array of bool.
fn read_mask(value: Arg<'_, '_>) -> PyResult<Mask> {
    let wrong = |what: &str| {
        invalid(format!(
            "water mask must be a bool array of the DEM's shape (H, W); got {what}; pass e.g. dem <= level"
        ))
    };
    let Ok(array) = value.cast::<PyUntypedArray>() else { return Err(wrong(&got(value))) };
    let &[rows, columns] = array.shape() else {
        return Err(wrong(&format!("{} dimensions", array.shape().len())));
    };
    if array.cast_exact::<PyUntypedArray>().is_err() && value.hasattr("mask")? {
        return Err(wrong("one with a mask of its own"));
    }
    if !array.dtype().is_equiv_to(&numpy::dtype::<bool>(value.py())) {
        return Err(wrong(&format!("dtype {}", array.dtype().str()?)));
    }
    let array = array.cast::<PyArrayDyn<bool>>().map_err(PyErr::from)?;
    let borrowed =
        array.try_readonly().map_err(|refusal| wrong(&format!("one in use elsewhere ({refusal})")))?;
    let mut samples = try_vec(rows * columns, "the water mask")?;
    samples.extend(borrowed.as_array().iter().map(|wet| f32::from(u8::from(*wet))));
    Ok(Mask { samples, columns, rows })
}

/// `water=`: None, a level, a mask or Water.
pub(super) fn water(value: Option<Arg<'_, '_>>) -> PyResult<Option<Water>> {
    let Some(value) = value else { return Ok(None) };
    if let Ok(water) = value.cast::<PyWater>() {
        return Ok(Some(water.get().0.clone()));
    }
    if value.cast::<PyBool>().is_ok_and(|flag| !flag.is_true()) {
        return Ok(None);
    }
    let is_raster = value.cast::<PyUntypedArray>().is_ok_and(|array| array.ndim() > 0);
    let place = if is_raster {
        Where::Mask(Arc::new(read_mask(value)?))
    } else {
        Where::Level(real(value, "water").map_err(|_| {
            invalid(format!(
                "water must be None, a level, a bool array or Water; got {}; pass e.g. water=0.0",
                got(value)
            ))
        })?)
    };
    let water = Water::at(place);
    water.validate()?;
    Ok(Some(water))
}
