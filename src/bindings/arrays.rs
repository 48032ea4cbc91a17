//! NumPy arrays in, checked and copied while attached; NumPy arrays out, without a copy.
//!
//! A caller's array is only looked at here. What was checked is the copy, so that another thread
//! that writes meanwhile changes no number that anyone relies on.

use numpy::ndarray::{Array, Dimension, IntoDimension};
use numpy::{
    Element, PyArray, PyArray2, PyArrayDescrMethods, PyArrayDyn, PyArrayMethods,
    PyReadonlyArrayDyn, PyUntypedArray, PyUntypedArrayMethods, dtype,
};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::{Mutex, PoisonError};

use super::arguments::{got, type_name};
use super::errors::invalid;
use crate::cores::cores;
use crate::error::{Error, try_zeros};
use crate::gpu::Pages;
use crate::scene::{Colormap, Heightfield};

/// Rows, columns and a copy of the samples.
pub(super) struct Raster {
    pub(super) heights: Vec<f32>,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Raster {
    /// A DEM: float32, or float64 cast once; 2-D, C-contiguous, at least 2 x 2.
    pub(super) fn read(array: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        let array = ndarray(array, name, "float32 or float64 of shape (H, W)")?;
        let py = array.py();
        let kind = array.dtype();
        let single = kind.is_equiv_to(&dtype::<f32>(py));
        if !single && !kind.is_equiv_to(&dtype::<f64>(py)) {
            return Err(invalid(format!(
                "{name} must be float32 or float64; expected dtype float32, got {}; pass {name}.astype(np.float32)",
                dtype_text(array)
            )));
        }
        let [rows, columns] = *array.shape() else {
            return Err(invalid(format!(
                "{name} must be 2-D; expected shape (H, W), got {}; choose one band, e.g. {name}[0]",
                shape_text(array)
            )));
        };
        if rows < 2 || columns < 2 {
            return Err(invalid(format!(
                "{name} must be at least 2 x 2; expected shape (H, W), got {}; a surface needs four samples",
                shape_text(array)
            )));
        }
        check_layout(array, name, "(H, W)")?;
        let heights = if single {
            copy(array, name, |height: f32| height)?
        } else {
            copy(array, name, |height: f64| height as f32)?
        };
        Ok(Self { heights, rows, columns })
    }

    /// With its spacing and exaggeration, checked: call it detached.
    pub(super) fn into_field(
        self,
        spacing: [f64; 2],
        exaggeration: f64,
    ) -> crate::Result<Heightfield> {
        Heightfield::new(self.heights, self.columns, self.rows, spacing, exaggeration)
    }
}

/// A DEM that is read where it lies, by work that copies it piece by piece: float32, 2-D,
/// C-contiguous, of any size.
///
/// Another thread may write to it meanwhile; so only the copies are to be relied on.
pub(super) struct Borrowed<'py> {
    array: PyReadonlyArrayDyn<'py, f32>,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl<'py> Borrowed<'py> {
    pub(super) fn read(array: &Bound<'py, PyAny>, name: &str) -> PyResult<Self> {
        let array = ndarray(array, name, "float32 of shape (H, W)")?;
        let &[rows, columns] = array.shape() else {
            return Err(invalid(format!(
                "{name} must be 2-D; expected shape (H, W), got {}; choose one band, e.g. {name}[0]",
                shape_text(array)
            )));
        };
        let typed = array.cast::<PyArrayDyn<f32>>().map_err(|_| {
            invalid(format!(
                "{name} must be float32; expected dtype float32, got {}; pass {name}.astype(np.float32)",
                dtype_text(array)
            ))
        })?;
        check_layout(array, name, "(H, W)")?;
        let array = typed.try_readonly().map_err(|refusal| {
            invalid(format!(
                "{name} must not be in use elsewhere; got: {refusal}; pass {name}.copy()"
            ))
        })?;
        Ok(Self { array, rows, columns })
    }

    pub(super) fn heights(&self) -> PyResult<&[f32]> {
        self.array.as_slice().map_err(|refusal| {
            invalid(format!("dem must be C-contiguous; got: {refusal}; pass a copy"))
        })
    }
}

/// Pixels of a picture with their width, height and count of channels.
pub(super) struct Pixels {
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: u8,
}

impl Pixels {
    /// A picture: uint8, (H, W), (H, W, 3) or (H, W, 4), C-contiguous, not empty.
    pub(super) fn read(array: &Bound<'_, PyAny>, name: &str) -> PyResult<Self> {
        const SHAPES: &str = "(H, W), (H, W, 3) or (H, W, 4)";
        // Words that callers match.
        const WANTED: &str = "expected uint8 (H,W), (H,W,3) or (H,W,4)";
        let array = ndarray(array, name, &format!("uint8 of shape {SHAPES}"))?;
        if !array.dtype().is_equiv_to(&dtype::<u8>(array.py())) {
            return Err(invalid(format!(
                "{name} must be uint8: unsupported array; {WANTED}, got {}; convert it, e.g. \
                 (255 * {name}).round().astype(np.uint8) for floats in 0..1",
                dtype_text(array)
            )));
        }
        let (height, width, channels) = match *array.shape() {
            [height, width] => (height, width, 1),
            [height, width, 3] => (height, width, 3),
            [height, width, 4] => (height, width, 4),
            _ => (0, 0, 0),
        };
        // A PNG's sides are 31-bit numbers.
        let side =
            |length: usize| u32::try_from(length).ok().filter(|side| (1..1 << 31).contains(side));
        let (Some(height), Some(width)) = (side(height), side(width)) else {
            let last = match array.shape() {
                [_, _, 3 | 4] => "",
                [_, _, _] => "; expected last dimension to be 3 (RGB) or 4 (RGBA)",
                _ => "",
            };
            return Err(invalid(format!(
                "{name} must have shape {SHAPES} with H, W >= 1: unsupported array; {WANTED}{last}, got {}; reshape it or \
                 pick channels",
                shape_text(array)
            )));
        };
        check_layout(array, name, SHAPES)?;
        let bytes = copy(array, name, |byte: u8| byte)?;
        Ok(Self { bytes, width, height, channels })
    }
}

/// A colour map: a built-in's name, float colours of shape (N, 3) or (N, 4), or an object with such
/// `entries` and `under`, `over`, `bad`.
pub(super) fn colormap(value: &Bound<'_, PyAny>) -> PyResult<Colormap> {
    if let Ok(name) = value.cast::<PyString>() {
        return Ok(Colormap::named(&name.to_string_lossy())?);
    }
    let Ok(entries) = value.getattr("entries") else {
        return Ok(Colormap::from_rgba(colours(value)?)?);
    };
    let colour = |name: &str| -> PyResult<[f32; 4]> {
        let numbers =
            super::arguments::reals::<4>(&value.getattr(name)?, name, "(red, green, blue, alpha)")?;
        Ok(numbers.map(|channel| channel as f32))
    };
    let map = Colormap::from_rgba(colours(&entries)?)?;
    Ok(map.with_extremes(colour("under")?, colour("over")?, colour("bad")?)?)
}

fn colours(value: &Bound<'_, PyAny>) -> PyResult<Vec<[f32; 4]>> {
    const WANTED: &str = "a name or float32 of shape (N, 3) or (N, 4)";
    let array = ndarray(value, "colormap", WANTED)?;
    let (single, double) = (dtype::<f32>(array.py()), dtype::<f64>(array.py()));
    let kind = array.dtype();
    let channels = match *array.shape() {
        [_, channels @ (3 | 4)] if kind.is_equiv_to(&single) || kind.is_equiv_to(&double) => {
            channels
        }
        _ => {
            return Err(invalid(format!(
                "colormap must be {WANTED}; got {} of shape {}; pass a name of colormap_supported()",
                dtype_text(array),
                shape_text(array)
            )));
        }
    };
    check_layout(array, "colormap", "(N, 4)")?;
    let flat = if kind.is_equiv_to(&single) {
        copy(array, "colormap", |channel: f32| channel)?
    } else {
        copy(array, "colormap", |channel: f64| channel as f32)?
    };
    let full = |colour: &[f32]| match *colour {
        [red, green, blue, alpha] => [red, green, blue, alpha],
        [red, green, blue] => [red, green, blue, 1.0],
        _ => [0.0; 4],
    };
    Ok(flat.chunks_exact(channels).map(full).collect())
}

/// A plain array of one type, shape and name: its items, row-major.
pub(super) fn table<T: Element + Copy + Sync + Send + bytemuck::Zeroable>(
    value: &Bound<'_, PyAny>,
    name: &str,
    kind: &str,
    columns: Option<usize>,
) -> PyResult<Vec<T>> {
    let shape = columns.map_or_else(|| "(N,)".into(), |columns| format!("(N, {columns})"));
    let wanted = format!("{kind} of shape {shape}");
    let array = ndarray(value, name, &wanted)?;
    let fits = match *array.shape() {
        [_] => columns.is_none(),
        [_, found] => columns == Some(found),
        _ => false,
    };
    if !fits || !array.dtype().is_equiv_to(&T::get_dtype(array.py())) {
        return Err(invalid(format!(
            "{name} must be {wanted}; got {} of shape {}; convert it with .astype and .reshape",
            dtype_text(array),
            shape_text(array)
        )));
    }
    check_layout(array, name, &shape)?;
    copy(array, name, |item: T| item)
}

/// Finds NumPy's functions now. Their first use runs Python code, in which a signal that is due
/// would be raised where rust-numpy can only panic.
pub(super) fn prime(py: Python<'_>) {
    let _ = PyArray::<u8, _>::zeros(py, [1], false);
}

/// `values`, row-major, as an array that owns them: no copy, C-contiguous, writeable.
pub(super) fn to_numpy<T: Element, I: IntoDimension>(
    py: Python<'_>,
    values: Vec<T>,
    shape: I,
) -> PyResult<Bound<'_, PyArray<T, I::Dim>>>
where
    I::Dim: Dimension,
{
    let array = Array::from_shape_vec(shape.into_dimension(), values)
        .map_err(|failure| Error::Internal(format!("shape of a result: {failure}")))?;
    super::errors::attached(|| Ok(PyArray::from_owned_array(py, array)))
}

/// A float32 array whose numbers are yet to be written. NumPy asks the system for huge pages, whose
/// first touch costs a tenth of that of small ones, and reports want of memory as MemoryError.
pub(super) fn empty(py: Python<'_>, shape: [usize; 2]) -> PyResult<Bound<'_, PyArray2<f32>>> {
    let array = py.import("numpy")?.call_method1("empty", (shape, "float32"))?;
    Ok(array.cast_into::<PyArray2<f32>>()?)
}

/// An array that hides nothing: a mask would be lost here without a word.
fn ndarray<'a, 'py>(
    value: &'a Bound<'py, PyAny>,
    name: &str,
    wanted: &str,
) -> PyResult<&'a Bound<'py, PyUntypedArray>> {
    let Ok(array) = value.cast::<PyUntypedArray>() else {
        return Err(invalid(format!(
            "{name} must be a NumPy array; expected {wanted}, got {}; pass np.asarray({name})",
            type_name(value)
        )));
    };
    // Subclasses are rare; only they cost a look at their module.
    if array.cast_exact::<PyUntypedArray>().is_err() && value.hasattr("mask")? {
        return Err(invalid(format!(
            "{name} must be a plain NumPy array; expected {wanted}, got {} with a mask; pass {name}.filled(np.nan)",
            type_name(value)
        )));
    }
    Ok(array)
}

fn check_layout(array: &Bound<'_, PyUntypedArray>, name: &str, shape: &str) -> PyResult<()> {
    if !array.is_c_contiguous() {
        let order = if array.is_fortran_contiguous() {
            "Fortran order".into()
        } else {
            format!("strides {:?}", array.strides())
        };
        return Err(invalid(format!(
            "{name} must be C-contiguous; expected row-major {shape}, got {order}; pass np.ascontiguousarray({name})"
        )));
    }
    if !array.is_aligned() {
        return Err(invalid(format!(
            "{name} must be aligned; expected samples at multiples of their size, got others; pass {name}.copy()"
        )));
    }
    Ok(())
}

fn copy<T: Element + Copy + Sync, U: bytemuck::Zeroable + Send>(
    array: &Bound<'_, PyUntypedArray>,
    name: &str,
    convert: impl Fn(T) -> U + Sync,
) -> PyResult<Vec<U>> {
    let typed = array.cast::<PyArrayDyn<T>>().map_err(PyErr::from)?;
    let borrowed = typed.try_readonly().map_err(|refusal| {
        invalid(format!("{name} must not be in use elsewhere; got: {refusal}; pass {name}.copy()"))
    })?;
    let samples = borrowed.as_slice().map_err(|refusal| {
        invalid(format!(
            "{name} must be C-contiguous; got: {refusal}; pass np.ascontiguousarray({name})"
        ))
    })?;
    let mut copied = try_zeros(samples.len(), &format!("a copy of {name}"))?;
    convert_each(samples, &mut copied, convert);
    Ok(copied)
}

/// Samples of a part that a thread takes at a time.
const PART: usize = 1 << 18;

/// On every core, each part's memory asked for at once: fresh memory is slow to come by, a page
/// fault for each 4 KiB.
fn convert_each<T: Copy + Sync, U: Send>(
    from: &[T],
    to: &mut [U],
    convert: impl Fn(T) -> U + Sync,
) {
    let threads = cores().min(from.len().div_ceil(PART));
    let parts = Mutex::new(from.chunks(PART).zip(to.chunks_mut(PART)));
    let work = || loop {
        let part = parts.lock().unwrap_or_else(PoisonError::into_inner).next();
        let Some((from, to)) = part else { break };
        if threads > 1 {
            Pages::of(to).provide();
        }
        to.iter_mut().zip(from).for_each(|(to, from)| *to = convert(*from));
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // No thread to be had: the others do its work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
}

fn dtype_text(array: &Bound<'_, PyUntypedArray>) -> String {
    let kind = array.dtype();
    if kind.is_native_byteorder() == Some(false) {
        return format!("{} in foreign byte order", got(kind.as_any()));
    }
    kind.str()
        .map_or_else(|_| "an unknown dtype".into(), |text| text.to_string_lossy().into_owned())
}

fn shape_text(array: &Bound<'_, PyUntypedArray>) -> String {
    let sides: Vec<String> = array.shape().iter().map(ToString::to_string).collect();
    format!("({}{})", sides.join(", "), if sides.len() == 1 { "," } else { "" })
}
