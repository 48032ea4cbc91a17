//! Numbers, tuples of numbers and paths out of Python objects. Whatever does not fit is
//! InvalidInputError.

use std::path::PathBuf;

use pyo3::PyTypeInfo;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyFloat, PyInt, PyString};

use super::errors::invalid;
use crate::error::cut_short;

/// What a value is, short enough for a message.
pub(super) fn got(value: &Bound<'_, PyAny>) -> String {
    let text = match value.repr() {
        Ok(text) => text.to_string_lossy().into_owned(),
        // For one thing, Python refuses to write very long integers out.
        Err(_) => return format!("{} of a size that cannot be shown", type_name(value)),
    };
    cut_short(&text).into_owned()
}

/// Name of a value's type.
pub(super) fn type_name(value: &Bound<'_, PyAny>) -> String {
    value
        .get_type()
        .name()
        .map_or_else(|_| "object".into(), |name| name.to_string_lossy().into_owned())
}

/// Whether NumPy says that it is something else than a number: a date, a duration, a text.
fn is_other(value: &Bound<'_, PyAny>) -> bool {
    let kind = value.getattr("dtype").and_then(|dtype| dtype.getattr("kind")?.extract::<String>());
    kind.is_ok_and(|kind| !["i", "u", "f"].contains(&kind.as_str()))
}

fn is_bool(value: &Bound<'_, PyAny>) -> bool {
    value.is_instance_of::<PyBool>() || type_name(value).starts_with("bool")
}

/// A real number; NaN and infinity pass, and are for the caller to judge.
pub(super) fn real(value: &Bound<'_, PyAny>, name: &str) -> PyResult<f64> {
    // Of Python's own numbers nothing else has to be asked, which costs more than the rest of a
    // small call.
    let plain = value.is_exact_instance_of::<PyFloat>() || value.is_exact_instance_of::<PyInt>();
    if (plain || !(is_bool(value) || is_other(value)))
        && let Ok(number) = value.extract::<f64>()
    {
        return Ok(number);
    }
    Err(invalid(format!(
        "{name} must be a real number within float64; got {}; pass a float",
        got(value)
    )))
}

/// [`real`], or `default` for an argument left out.
pub(super) fn real_or(value: Option<&Bound<'_, PyAny>>, name: &str, default: f64) -> PyResult<f64> {
    value.map_or(Ok(default), |value| real(value, name))
}

/// A whole number in `least`..=`most`. Floats are refused, even whole ones.
pub(super) fn whole(value: &Bound<'_, PyAny>, name: &str, least: u64, most: u64) -> PyResult<u64> {
    if !is_bool(value)
        && let Ok(number) = value.extract::<u64>()
        && (least..=most).contains(&number)
    {
        return Ok(number);
    }
    Err(invalid(format!(
        "{name} must be a whole number in {least}..{most}; got {}; pass an int",
        got(value)
    )))
}

/// Several of them, each with its name.
pub(super) fn wholes<const N: usize>(
    values: [(&Bound<'_, PyAny>, &str); N],
    least: u64,
    most: u64,
) -> PyResult<[u64; N]> {
    let mut numbers = [0; N];
    for (number, (value, name)) in numbers.iter_mut().zip(values) {
        *number = whole(value, name, least, most)?;
    }
    Ok(numbers)
}

/// True or False, of Python or NumPy.
pub(super) fn flag(value: &Bound<'_, PyAny>, name: &str) -> PyResult<bool> {
    if is_bool(value) {
        return value.is_truthy();
    }
    Err(invalid(format!("{name} must be True or False; got {}; pass a bool", got(value))))
}

/// A string.
pub(super) fn text(value: &Bound<'_, PyAny>, name: &str) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_string_lossy().into_owned());
    }
    Err(invalid(format!("{name} must be a string; got {}; pass a str", got(value))))
}

/// Exactly N items of a tuple, list or array; `shape` says what they are, as in "(dx, dy)".
fn items<'py, const N: usize>(
    value: &Bound<'py, PyAny>,
    name: &str,
    shape: &str,
) -> PyResult<[Bound<'py, PyAny>; N]> {
    let wrong = || {
        invalid(format!("{name} must be {shape}; got {}; pass a tuple of {N} numbers", got(value)))
    };
    if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
        return Err(wrong());
    }
    let mut found = Vec::with_capacity(N);
    for item in value.try_iter().map_err(|_| wrong())?.take(N + 1) {
        found.push(item.map_err(|_| wrong())?);
    }
    found.try_into().map_err(|_| wrong())
}

/// Every item of a sequence of one class of this module; none for an argument left out.
pub(super) fn all_of<'py, T: PyTypeInfo>(
    value: Option<&Bound<'py, PyAny>>,
    name: &str,
) -> PyResult<Vec<Bound<'py, T>>> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let wrong = |value: &Bound<'py, PyAny>| {
        let class = T::type_object(value.py())
            .name()
            .map_or_else(|_| "object".into(), |name| name.to_string());
        invalid(format!("{name} must be a sequence of {class}; got {}; pass a list", got(value)))
    };
    let items = value.try_iter().map_err(|_| wrong(value))?;
    items.map(|item| item?.cast_into().map_err(|refusal| wrong(&refusal.into_inner()))).collect()
}

/// Exactly N real numbers of a tuple, list or array.
pub(super) fn reals<const N: usize>(
    value: &Bound<'_, PyAny>,
    name: &str,
    shape: &str,
) -> PyResult<[f64; N]> {
    let mut numbers = [0.0; N];
    for (number, item) in numbers.iter_mut().zip(&items::<N>(value, name, shape)?) {
        *number = real(item, &format!("each number of {name} = {shape}"))?;
    }
    Ok(numbers)
}

/// (x, y, z).
pub(super) fn vector(value: &Bound<'_, PyAny>, name: &str) -> PyResult<[f64; 3]> {
    reals(value, name, "(x, y, z)")
}

/// (dx, dy), or (1, 1) for an argument left out. Signs are for the caller to judge.
pub(super) fn spacing(value: Option<&Bound<'_, PyAny>>) -> PyResult<[f64; 2]> {
    value.map_or(Ok([1.0; 2]), |value| reals(value, "spacing", "(dx, dy)"))
}

/// (width, height) of a picture.
pub(super) fn size(value: &Bound<'_, PyAny>) -> PyResult<[u32; 2]> {
    let [width, height] = items(value, "size", "(width, height)")?;
    Ok([side(&width, "width")?, side(&height, "height")?])
}

/// Width or height of a picture.
pub(super) fn side(value: &Bound<'_, PyAny>, name: &str) -> PyResult<u32> {
    let most = crate::scene::view::MAX_SIZE;
    // It fits: `whole` has seen to that.
    Ok(u32::try_from(whole(value, name, 1, u64::from(most))?).unwrap_or(most))
}

/// A path of str, bytes or os.PathLike.
pub(super) fn path(value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let decoded = value.py().import("os")?.call_method1("fsdecode", (value,));
    decoded.and_then(|text| text.extract()).map_err(|_| {
        invalid(format!(
            "path must be a str or os.PathLike; got {}; pass e.g. \"picture.png\"",
            got(value)
        ))
    })
}
