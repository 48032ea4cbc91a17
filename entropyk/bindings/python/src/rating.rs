//! Compressors' ratings by AHRI 540.

use std::sync::Arc;

use entropyk::components as ek;
use pyo3::prelude::*;

use crate::again::{Keywords, keywords};
use crate::errors::{misuse, raise};

#[pyclass(frozen, module = "entropyk")]
pub(crate) struct Ahri540 {
    pub(crate) inner: Arc<ek::Rating>,
}

#[pymethods]
impl Ahri540 {
    #[new]
    #[pyo3(signature = (*, mass_flow, power, superheat=None, suction_temperature=None, imperial=false, factor=0.75))]
    fn new(
        mass_flow: [f64; 10],
        power: [f64; 10],
        superheat: Option<f64>,
        suction_temperature: Option<f64>,
        imperial: bool,
        factor: f64,
    ) -> PyResult<Self> {
        let suction = match (superheat, suction_temperature) {
            (Some(dt), None) => ek::Suction::Superheat(dt),
            (None, Some(t)) => ek::Suction::Temperature(t),
            _ => {
                return Err(misuse(
                    "expected one of superheat and suction_temperature, at which it was rated",
                ));
            }
        };
        let rating = ek::Rating { flow: mass_flow, power, imperial, suction, factor };
        Ok(Self { inner: Arc::new(rating.checked().map_err(raise)?) })
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<Keywords<'py>> {
        let r = &self.inner;
        let (none, named) = keywords(py, [("mass_flow", r.flow), ("power", r.power)])?;
        match r.suction {
            ek::Suction::Superheat(dt) => named.set_item("superheat", dt)?,
            ek::Suction::Temperature(t) => named.set_item("suction_temperature", t)?,
        }
        named.set_item("imperial", r.imperial)?;
        named.set_item("factor", r.factor)?;
        Ok((none, named))
    }

    fn __repr__(&self) -> String {
        format!("Ahri540(rated at {:?})", self.inner.suction)
    }
}
