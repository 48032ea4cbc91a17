//! `Symbol`: SVG or pixels that stand for places. Internal: what users have is Python's.

use std::sync::Arc;

use numpy::PyArray3;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

use super::arguments::text;
use super::arrays::Pixels;
use super::errors::detached;
use super::picture::rgba_array;
use crate::error::try_vec;
use crate::scene::Symbol;
use crate::scene::layers::{Shape, by_name};

type Arg<'a, 'py> = &'a Bound<'py, PyAny>;

/// An outline, or a picture of `coloured` ones. Internal. Immutable; layers may share one.
#[pyclass(frozen, module = "vulkan_forge._vulkan_forge", name = "Symbol")]
pub(super) struct PySymbol {
    pub(super) symbol: Arc<Symbol>,
    made_of: Source,
}

/// What a symbol was made of, and is pickled by.
enum Source {
    Svg { document: String, cropped: bool, coloured: bool },
    Picture(Py<PyAny>),
}

#[pymethods]
impl PySymbol {
    /// What an SVG document shows in its view box or, `cropped`, all that it draws. Raises
    /// InvalidInputError.
    #[classmethod]
    fn svg(
        class: &Bound<'_, PyType>,
        document: Arg<'_, '_>,
        cropped: bool,
        coloured: bool,
    ) -> PyResult<Self> {
        let document = text(document, "SVG")?;
        let symbol = detached(class.py(), || Symbol::svg(&document, cropped, coloured))?;
        let made_of = Source::Svg { document, cropped, coloured };
        Ok(Self { symbol: Arc::new(symbol), made_of })
    }

    /// A picture of pixels: uint8 (H, W), (H, W, 3) or (H, W, 4), sRGB with straight alpha,
    /// C-contiguous.
    #[classmethod]
    fn picture(class: &Bound<'_, PyType>, pixels: Arg<'_, '_>) -> PyResult<Self> {
        let Pixels { bytes, width, height, channels } = Pixels::read(pixels, "image")?;
        let made_of = Source::Picture(pixels.call_method0("copy")?.unbind());
        let size = [width, height].map(|side| side as usize);
        let symbol = detached(class.py(), || {
            if channels == 4 {
                return Symbol::picture(bytes.as_chunks().0, size);
            }
            let mut rgba: Vec<[u8; 4]> = try_vec(size[0] * size[1], "an image")?;
            if channels == 1 {
                rgba.extend(bytes.iter().map(|grey| [*grey, *grey, *grey, 255]));
            } else {
                let colours = bytes.as_chunks().0.iter();
                rgba.extend(colours.map(|[red, green, blue]| [*red, *green, *blue, 255]));
            }
            Symbol::picture(&rgba, size)
        })?;
        Ok(Self { symbol: Arc::new(symbol), made_of })
    }

    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, class) = (slf.py(), slf.get_type());
        match &slf.get().made_of {
            Source::Svg { document, cropped, coloured } => {
                let words = (document, *cropped, *coloured).into_pyobject(py)?;
                Ok((class.getattr("svg")?, words))
            }
            Source::Picture(pixels) => {
                Ok((class.getattr("picture")?, (pixels,).into_pyobject(py)?))
            }
        }
    }

    /// (columns, rows) of its texels.
    #[getter]
    fn size(&self) -> (usize, usize) {
        (self.symbol.size[0], self.symbol.size[1])
    }

    /// On `size` pixels, (H, W, 4) uint8, where it fills `place` (left, top, width, height) in
    /// pixels: each the mean of what is on it. An outline is filled with `colour`, sRGB in 0..1 with
    /// straight alpha; of a picture's own colours that is the alpha.
    #[pyo3(signature = (size, place, colour))]
    fn pixels<'py>(
        &self,
        py: Python<'py>,
        size: (u32, u32),
        place: [f64; 4],
        colour: [f64; 4],
    ) -> PyResult<Bound<'py, PyArray3<u8>>> {
        let pixels =
            detached(py, || self.symbol.pixels([size.0 as usize, size.1 as usize], place, colour))?;
        rgba_array(py, pixels.into_flattened(), [size.0, size.1])
    }
}

/// A shape by its name, or a symbol's.
pub(super) fn shape_of(value: Arg<'_, '_>) -> PyResult<(Shape, Option<Arc<Symbol>>)> {
    match value.cast::<PySymbol>() {
        Ok(symbol) => {
            let symbol = symbol.get().symbol.clone();
            let shape = if symbol.coloured { Shape::Picture } else { Shape::Symbol };
            Ok((shape, Some(symbol)))
        }
        Err(_) => Ok((by_name(&text(value, "shape")?, "shape", &Shape::NAMES)?, None)),
    }
}
