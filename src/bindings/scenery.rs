//! `Base`, `Contours`, `Haze` and `Sky`: values without a device; and what stands for them in arguments.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyString, PyTuple};

use super::arguments::{got, real, real_or, whole};
use super::colours::{rgb, rgba};
use super::errors::invalid;
use crate::scene::{Base, Contours, Haze, Sky};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;
type Three = (f32, f32, f32);
type Four = (f32, f32, f32, f32);

/// `name(a=.., b=..)`, as a value's repr.
pub(super) fn shown(name: &str, fields: &[&str], values: &Bound<'_, PyTuple>) -> PyResult<String> {
    let mut parts = Vec::new();
    for (field, value) in fields.iter().zip(values) {
        parts.push(format!("{field}={}", value.repr()?.to_string_lossy()));
    }
    Ok(format!("{name}({})", parts.join(", ")))
}

/// The parts of a colour as Python floats of few digits: what a user wrote, not its nearest single.
pub(super) fn short<const N: usize>(colour: [f32; N]) -> [f64; N] {
    colour.map(|channel| channel.to_string().parse().unwrap_or(f64::from(channel)))
}

fn optional(value: Option<Arg<'_, '_>>, name: &str) -> PyResult<Option<f64>> {
    value.map(|value| real(value, name)).transpose()
}

/// A solid block under the ground: walls and a floor. A value: immutable, comparable, hashable, picklable.
///
/// `depth` is from the DEM's least height down to the floor, in the DEM's own heights (before `vert_exag`), > 0; by default a
/// fifth of the height range, and at least 3 % of the DEM's longer side. `colour` is that of walls and floor: three floats in
/// 0..1, "#rrggbb" or a name. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge", name = "Base")]
pub(super) struct PyBase(pub(super) Base);

#[pymethods]
impl PyBase {
    #[new]
    #[pyo3(signature = (depth=None, colour=None), text_signature = "(depth=None, colour=(0.6, 0.53, 0.46))")]
    fn new(depth: Option<Arg<'_, '_>>, colour: Option<Arg<'_, '_>>) -> PyResult<Self> {
        let usual = Base::default();
        let base = Base {
            depth_m: optional(depth, "depth")?,
            colour: colour.map_or(Ok(usual.colour), |colour| rgb(colour, "colour"))?,
        };
        base.validate()?;
        Ok(Self(base))
    }

    /// From the DEM's least height down to the floor; None: derived from the DEM.
    #[getter]
    fn depth(&self) -> Option<f64> {
        self.0.depth_m
    }

    /// sRGB of walls and floor.
    #[getter]
    fn colour(&self) -> Three {
        self.0.colour.into()
    }

    fn __eq__(&self, other: Arg<'_, '_>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.fields(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        shown("Base", &["depth", "colour"], &self.fields(py)?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type().into_any(), slf.get().fields(slf.py())?))
    }
}

impl PyBase {
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        (self.0.depth_m, <(f64, f64, f64)>::from(short(self.0.colour))).into_pyobject(py)
    }
}

/// Contour lines on the ground. A value: immutable, comparable, hashable, picklable.
///
/// `interval` is between lines in the DEM's own heights, before `vert_exag`, > 0; by default a round number that makes about
/// a dozen. Every `index`-th line, counted from the height `base`, is twice as wide; 0 for none. `width` is in pixels, above 0
/// and at most 100; `colour` three or four floats in 0..1 (alpha is the opacity), "#rrggbbaa" or a name. Lines that come
/// closer than three of their widths, or three pixels, fade out. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge", name = "Contours")]
pub(super) struct PyContours(pub(super) Contours);

#[pymethods]
impl PyContours {
    #[new]
    #[pyo3(
        signature = (interval=None, index=None, width=None, colour=None, base=None),
        text_signature = "(interval=None, index=5, width=0.8, colour=(0.25, 0.16, 0.08, 0.7), base=0.0)"
    )]
    fn new(
        interval: Option<Arg<'_, '_>>,
        index: Option<Arg<'_, '_>>,
        width: Option<Arg<'_, '_>>,
        colour: Option<Arg<'_, '_>>,
        base: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let usual = Contours::default();
        let contours = Contours {
            interval_m: optional(interval, "interval")?,
            index: index
                .map_or(Ok(usual.index), |index| Ok::<_, PyErr>(whole(index, "index", 0, 1000)? as u32))?,
            width_px: real_or(width, "width", usual.width_px)?,
            colour: colour.map_or(Ok(usual.colour), |colour| rgba(colour, "colour"))?,
            base_m: real_or(base, "base", usual.base_m)?,
        };
        contours.validate()?;
        Ok(Self(contours))
    }

    /// Between neighbouring lines, in the DEM's own heights; None: derived from the DEM.
    #[getter]
    fn interval(&self) -> Option<f64> {
        self.0.interval_m
    }

    /// Every so-manieth line is twice as wide; 0: none.
    #[getter]
    fn index(&self) -> u32 {
        self.0.index
    }

    /// Of an ordinary line, in pixels.
    #[getter]
    fn width(&self) -> f64 {
        self.0.width_px
    }

    /// sRGB and opacity.
    #[getter]
    fn colour(&self) -> Four {
        self.0.colour.into()
    }

    /// A height that has a line.
    #[getter]
    fn base(&self) -> f64 {
        self.0.base_m
    }

    fn __eq__(&self, other: Arg<'_, '_>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.fields(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        shown("Contours", &["interval", "index", "width", "colour", "base"], &self.fields(py)?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type().into_any(), slf.get().fields(slf.py())?))
    }
}

impl PyContours {
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let Contours { interval_m, index, width_px, colour, base_m } = self.0;
        (interval_m, index, width_px, <(f64, f64, f64, f64)>::from(short(colour)), base_m).into_pyobject(py)
    }
}

/// Air that is not quite clear. A value: immutable, comparable, hashable, picklable.
///
/// `visibility` is the distance in metres at which 5 % of the contrast is left (Koschmieder), at the DEM's least height, > 0;
/// by default twenty times that to the DEM's farthest corner. With a scale `height`, in the DEM's own heights, > 0, haze is e
/// times thinner each so much higher; by default it is the same everywhere. `colour` is what far ground fades into: three
/// floats in 0..1, "#rrggbb" or a name; by default the sky's at its horizon, or an opaque background's. Haze veils the ground
/// and a Sky; a plain background stays as it is. A map has no distances: it shows haze only with a `height`, seen from above
/// it. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge", name = "Haze")]
pub(super) struct PyHaze(pub(super) Haze);

#[pymethods]
impl PyHaze {
    #[new]
    #[pyo3(signature = (visibility=None, height=None, colour=None))]
    fn new(
        visibility: Option<Arg<'_, '_>>,
        height: Option<Arg<'_, '_>>,
        colour: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let haze = Haze {
            visibility_m: optional(visibility, "visibility")?,
            height_m: optional(height, "height")?,
            colour: colour.map(|colour| rgb(colour, "colour")).transpose()?,
        };
        haze.validate()?;
        Ok(Self(haze))
    }

    /// Metres at which 5 % of the contrast is left; None: derived from the scene.
    #[getter]
    fn visibility(&self) -> Option<f64> {
        self.0.visibility_m
    }

    /// Scale height, in the DEM's own heights; None: haze does not thin out.
    #[getter]
    fn height(&self) -> Option<f64> {
        self.0.height_m
    }

    /// sRGB; None: the sky's or the background's.
    #[getter]
    fn colour(&self) -> Option<Three> {
        self.0.colour.map(Three::from)
    }

    fn __eq__(&self, other: Arg<'_, '_>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.fields(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        shown("Haze", &["visibility", "height", "colour"], &self.fields(py)?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type().into_any(), slf.get().fields(slf.py())?))
    }
}

impl PyHaze {
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let colour = self.0.colour.map(|colour| <(f64, f64, f64)>::from(short(colour)));
        (self.0.visibility_m, self.0.height_m, colour).into_pyobject(py)
    }
}

/// A sky behind the ground: three colours that run into one another by the altitude of the line of sight. A value:
/// immutable, comparable, hashable, picklable.
///
/// `zenith` is straight up, `horizon` level, `below` straight down where there is no ground; each three floats in 0..1,
/// "#rrggbb" or a name. A map looks straight down and has nothing but `below`. Raises InvalidInputError.
#[pyclass(frozen, module = "vulkan_forge", name = "Sky")]
pub(super) struct PySky(pub(super) Sky);

#[pymethods]
impl PySky {
    #[new]
    #[pyo3(
        signature = (zenith=None, horizon=None, below=None),
        text_signature = "(zenith=(0.22, 0.44, 0.74), horizon=(0.84, 0.9, 0.95), below=(0.55, 0.6, 0.66))"
    )]
    fn new(
        zenith: Option<Arg<'_, '_>>,
        horizon: Option<Arg<'_, '_>>,
        below: Option<Arg<'_, '_>>,
    ) -> PyResult<Self> {
        let usual = Sky::default();
        let sky = Sky {
            zenith: zenith.map_or(Ok(usual.zenith), |colour| rgb(colour, "zenith"))?,
            horizon: horizon.map_or(Ok(usual.horizon), |colour| rgb(colour, "horizon"))?,
            below: below.map_or(Ok(usual.below), |colour| rgb(colour, "below"))?,
        };
        sky.validate()?;
        Ok(Self(sky))
    }

    /// sRGB straight up.
    #[getter]
    fn zenith(&self) -> Three {
        self.0.zenith.into()
    }

    /// sRGB at the horizon.
    #[getter]
    fn horizon(&self) -> Three {
        self.0.horizon.into()
    }

    /// sRGB straight down.
    #[getter]
    fn below(&self) -> Three {
        self.0.below.into()
    }

    fn __eq__(&self, other: Arg<'_, '_>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        self.fields(py)?.hash()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        shown("Sky", &["zenith", "horizon", "below"], &self.fields(py)?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        Ok((slf.get_type().into_any(), slf.get().fields(slf.py())?))
    }
}

impl PySky {
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let Sky { zenith, horizon, below } = self.0;
        let [zenith, horizon, below] =
            [zenith, horizon, below].map(|colour| <(f64, f64, f64)>::from(short(colour)));
        (zenith, horizon, below).into_pyobject(py)
    }
}

/// False, or left out: None. True: what is usual. Else what `other` makes of it.
fn option<T>(
    value: Option<Arg<'_, '_>>,
    usual: impl FnOnce() -> T,
    other: impl FnOnce(Arg<'_, '_>) -> PyResult<T>,
) -> PyResult<Option<T>> {
    let Some(value) = value else { return Ok(None) };
    match value.cast::<PyBool>() {
        Ok(flag) => Ok(flag.is_true().then(usual)),
        Err(_) => other(value).map(Some),
    }
}

/// `base=`: False, True or a Base.
pub(super) fn base(value: Option<Arg<'_, '_>>) -> PyResult<Option<Base>> {
    option(value, Base::default, |value| {
        let wrong = || {
            invalid(format!(
                "base must be True, False or a Base; got {}; pass e.g. Base(depth=500)",
                got(value)
            ))
        };
        Ok(value.cast::<PyBase>().map_err(|_| wrong())?.get().0)
    })
}

/// `contours=`: None, True, an interval or Contours.
pub(super) fn contours(value: Option<Arg<'_, '_>>) -> PyResult<Option<Contours>> {
    option(value, Contours::default, |value| {
        if let Ok(contours) = value.cast::<PyContours>() {
            return Ok(contours.get().0);
        }
        let interval_m = real(value, "contours").map_err(|_| {
            invalid(format!(
                "contours must be None, True, an interval or Contours; got {}; pass e.g. contours=100",
                got(value)
            ))
        })?;
        let contours = Contours { interval_m: Some(interval_m), ..Contours::default() };
        contours.validate()?;
        Ok(contours)
    })
}

/// `haze=`: None, True, a visibility in metres or Haze.
pub(super) fn haze(value: Option<Arg<'_, '_>>) -> PyResult<Option<Haze>> {
    option(value, Haze::default, |value| {
        if let Ok(haze) = value.cast::<PyHaze>() {
            return Ok(haze.get().0);
        }
        let visibility_m = real(value, "haze").map_err(|_| {
            invalid(format!(
                "haze must be None, True, a visibility in metres or Haze; got {}; pass e.g. haze=50_000",
                got(value)
            ))
        })?;
        let haze = Haze { visibility_m: Some(visibility_m), ..Haze::default() };
        haze.validate()?;
        Ok(haze)
    })
}

/// `background=`: a colour, "transparent", "sky" or a Sky. What is behind all, and the sky in front of that.
pub(super) fn background(value: Arg<'_, '_>) -> PyResult<([f32; 4], Option<Sky>)> {
    const WHITE: [f32; 4] = [1.0; 4];
    if let Ok(sky) = value.cast::<PySky>() {
        return Ok((WHITE, Some(sky.get().0)));
    }
    match value.cast::<PyString>().ok().map(|text| text.to_string_lossy().into_owned()).as_deref() {
        Some("sky") => Ok((WHITE, Some(Sky::default()))),
        Some("transparent") => Ok(([0.0; 4], None)),
        _ => Ok((rgba(value, "background")?, None)),
    }
}
