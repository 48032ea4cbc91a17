//! `Pressure(bar=3)` and the like: numbers that know their unit.

use entropyk::units::{self as ek, Quantity, Unit};
use pyo3::basic::CompareOp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::errors::misuse;

/// The SI value of the one unit that was given.
fn only_one<Q: Quantity>(given: &[Option<f64>]) -> PyResult<f64> {
    let mut found = Q::UNITS.iter().zip(given).filter_map(|(unit, v)| v.map(|v| unit.to_si(v)));
    match (found.next(), found.next()) {
        (Some(value), None) if Q::HAS_ORIGIN && value < 0.0 => {
            Err(misuse(format!("expected a {} of at least 0 K, got {value} K", Q::NAME)))
        }
        (Some(value), None) if value.is_finite() => Ok(value),
        (Some(value), None) => Err(misuse(format!("expected a finite {}, got {value}", Q::NAME))),
        (first, _) => {
            let units: Vec<_> = Q::UNITS.iter().map(|u| format!("{}=", u.name)).collect();
            let got = if first.is_some() { "more" } else { "none" };
            Err(misuse(format!(
                "expected exactly one of {} for a {}, got {got}",
                units.join(", "),
                Q::NAME
            )))
        }
    }
}

fn show(unit: &Unit, value: f64) -> String {
    format!("{} {}", unit.of_si(value), unit.symbol)
}

macro_rules! quantity {
    ($name:ident, [$($unit:ident => $to:ident),+], $shown:literal) => {
        #[pyclass(frozen, module = "entropyk")]
        pub(crate) struct $name(ek::$name);

        #[pymethods]
        impl $name {
            #[new]
            #[pyo3(signature = (*, $($unit=None),+))]
            fn new($($unit: Option<f64>),+) -> PyResult<Self> {
                only_one::<ek::$name>(&[$($unit),+]).map(|v| Self(ek::$name(v)))
            }

            $(
                fn $to(&self) -> f64 {
                    let at = ek::$name::UNITS.iter().find(|u| u.name == stringify!($unit));
                    at.map_or(self.0.0, |unit| unit.of_si(self.0.0))
                }
            )+

            fn __float__(&self) -> f64 {
                self.0.0
            }

            fn __repr__(&self) -> String {
                format!("{}({}={})", ek::$name::NAME, ek::$name::UNITS[0].name, self.0.0)
            }

            fn __str__(&self) -> String {
                show(&ek::$name::UNITS[$shown], self.0.0)
            }

            fn __hash__(&self) -> u64 {
                (self.0.0 + 0.0).to_bits()
            }

            fn __richcmp__(&self, other: &Bound<'_, PyAny>, op: CompareOp) -> PyResult<Py<PyAny>> {
                let py = other.py();
                Ok(match other.cast::<Self>() {
                    Ok(other) => {
                        let order = self.0.0.total_cmp(&other.get().0.0);
                        op.matches(order).into_pyobject(py)?.to_owned().into_any().unbind()
                    }
                    Err(_) => py.NotImplemented(),
                })
            }

            fn __add__(&self, other: &Bound<'_, PyAny>) -> PyResult<Self> {
                let more = match other.cast::<Self>() {
                    Ok(_) if ek::$name::HAS_ORIGIN => {
                        let text = "a sum of two temperatures means nothing; add a difference, as a number of kelvins";
                        return Err(PyTypeError::new_err(text));
                    }
                    Ok(other) => other.get().0.0,
                    Err(_) if ek::$name::HAS_ORIGIN => other.extract()?,
                    Err(_) => {
                        return Err(PyTypeError::new_err(format!(
                            "expected a {} to add to a {0}, got {}", ek::$name::NAME, other.get_type()
                        )));
                    }
                };
                Ok(Self(ek::$name(self.0.0 + more)))
            }

            fn __sub__<'py>(&self, other: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
                let py = other.py();
                match other.cast::<Self>() {
                    Ok(o) if ek::$name::HAS_ORIGIN => {
                        Ok((self.0.0 - o.get().0.0).into_pyobject(py)?.into_any())
                    }
                    Ok(o) => Ok(Bound::new(py, Self(ek::$name(self.0.0 - o.get().0.0)))?.into_any()),
                    Err(_) if ek::$name::HAS_ORIGIN => {
                        let less: f64 = other.extract()?;
                        Ok(Bound::new(py, Self(ek::$name(self.0.0 - less)))?.into_any())
                    }
                    Err(_) => Err(PyTypeError::new_err(format!(
                        "expected a {} to take from a {0}, got {}", ek::$name::NAME, other.get_type()
                    ))),
                }
            }
        }
    };
}

quantity!(Pressure, [pa => to_pa, kpa => to_kpa, bar => to_bar, psi => to_psi], 2);
quantity!(Temperature, [kelvin => to_kelvin, celsius => to_celsius, fahrenheit => to_fahrenheit], 1);
quantity!(Enthalpy, [j_per_kg => to_j_per_kg, kj_per_kg => to_kj_per_kg], 1);
quantity!(MassFlow, [kg_per_s => to_kg_per_s, kg_per_h => to_kg_per_h], 0);
