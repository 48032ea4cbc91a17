//! Streams from outside, which components exchange heat with.

use entropyk::components as ek;
use pyo3::prelude::*;

use crate::again::{Keywords, keywords, spoken};
use crate::fluids::AnyFluid;

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Stream {
    pub(crate) inner: ek::Stream,
}

#[pymethods]
impl Stream {
    #[new]
    #[pyo3(signature = (fluid, *, T, m=None, p=1e5))]
    #[allow(non_snake_case)]
    fn new(fluid: AnyFluid<'_>, T: f64, m: Option<f64>, p: f64) -> PyResult<Self> {
        Ok(Self { inner: ek::Stream { fluid: fluid.medium()?, t: T, m, p } })
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let s = &self.inner;
        let (none, named) = keywords(py, [("T", Some(s.t)), ("m", s.m), ("p", Some(s.p))])?;
        named.set_item("fluid", spoken(py, &s.fluid)?)?;
        Ok((none, named))
    }

    fn __repr__(&self) -> String {
        let s = &self.inner;
        let m = s.m.map_or(String::new(), |m| format!(", m={m}"));
        format!("Stream({:?}, T={}{m}, p={})", s.fluid.name(), s.t, s.p)
    }
}

/// What is on the other side: a stream from outside, or, if True, one that is connected.
#[derive(FromPyObject)]
pub(crate) enum Other<'py> {
    Stream(PyRef<'py, Stream>),
    Connected(bool),
}

impl Other<'_> {
    pub(crate) fn second(&self) -> ek::Second {
        match self {
            Self::Stream(stream) => ek::Second::Stream(stream.inner.clone()),
            Self::Connected(true) => ek::Second::Connected,
            Self::Connected(false) => ek::Second::None,
        }
    }
}
