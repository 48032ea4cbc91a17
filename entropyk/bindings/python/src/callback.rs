//! The door for fluids that are not here: any Python object that answers for its states.
//!
//! It is slow, since each state is a few calls with the interpreter held; derivatives are
//! differences.

use std::sync::atomic::{AtomicU64, Ordering};

use entropyk::fluids::{Backend, Phase, Saturated, State};
use entropyk::{Error, Result};
use pyo3::prelude::*;

use crate::errors::failed;

#[derive(Debug)]
pub(crate) struct Callback {
    pub(crate) object: Py<PyAny>,
    name: String,
    /// The enthalpy answered last, as bits: where searches start.
    last: AtomicU64,
}

/// What the object says about a state.
struct Said {
    p: f64,
    t: f64,
    h: f64,
    s: f64,
    rho: f64,
}

impl Callback {
    pub(crate) fn new(object: &Bound<'_, PyAny>) -> Self {
        let name = object
            .getattr("name")
            .and_then(|n| n.extract())
            .unwrap_or_else(|_| "a fluid from Python".to_owned());
        Self { object: object.clone().unbind(), name, last: AtomicU64::new(0) }
    }

    fn ask(&self, method: &str, a: f64, b: f64) -> Result<Said> {
        let said = Python::attach(|py| {
            let call = || {
                let answer = self.object.bind(py).call_method1(method, (a, b))?;
                let get = |word: &str| answer.getattr(word)?.extract::<f64>();
                PyResult::Ok(Said {
                    p: get("p")?,
                    t: get("T")?,
                    h: get("h")?,
                    s: get("s")?,
                    rho: get("rho")?,
                })
            };
            let ours = |e: &PyErr| Error::Fluid(format!("{}: {method}({a}, {b}): {e}", self.name));
            call().map_err(|e| failed(py, e, ours))
        })?;
        if [said.p, said.t, said.h, said.s, said.rho].iter().all(|v| v.is_finite())
            && said.t > 0.0
            && said.rho > 0.0
        {
            self.last.store(said.h.to_bits(), Ordering::Relaxed);
            return Ok(said);
        }
        Err(Error::Fluid(format!(
            "{}: {method}({a}, {b}) is no state of finite numbers",
            self.name
        )))
    }

    /// A state with differences as derivatives.
    fn state(&self, said: &Said) -> Result<State> {
        let (dp, dh) = (1e-5 * said.p, 1.0);
        let slope = |dp: f64, dh: f64| {
            let (up, down) = (
                self.ask("state_ph", said.p + dp, said.h + dh)?,
                self.ask("state_ph", said.p - dp, said.h - dh)?,
            );
            let step = 2.0 * (dp + dh);
            Ok::<_, Error>([
                (up.t - down.t) / step,
                (up.rho - down.rho) / step,
                (up.s - down.s) / step,
            ])
        };
        let [t_p, rho_p, s_p] = slope(dp, 0.0)?;
        let [t_h, rho_h, s_h] = slope(0.0, dh)?;
        let (Said { p, t, h, s, rho }, phase) = (said, Phase::Gas);
        let (p, t, h, s, rho) = (*p, *t, *h, *s, *rho);
        Ok(State {
            t,
            p,
            h,
            s,
            rho,
            phase,
            x: None,
            cp: None,
            cv: None,
            w: None,
            t_p,
            t_h,
            rho_p,
            rho_h,
            s_p,
            s_h,
        })
    }
}

impl Backend for Callback {
    fn name(&self) -> &str {
        &self.name
    }

    fn state_ph(&self, p: f64, h: f64) -> Result<State> {
        self.state(&self.ask("state_ph", p, h)?)
    }

    fn state_ps(&self, p: f64, s: f64) -> Result<State> {
        let mut h = f64::from_bits(self.last.load(Ordering::Relaxed));
        for _ in 0..60 {
            let said = self.ask("state_ph", p, h)?;
            // dh = T ds at constant pressure
            let step = said.t * (s - said.s);
            if step.abs() < 1e-7 * said.t {
                return self.state(&said);
            }
            h += step.clamp(-2e5, 2e5);
        }
        Err(Error::Fluid(format!(
            "{}: no state was found at p = {p} Pa, s = {s} J/kg/K",
            self.name
        )))
    }

    fn state_pt(&self, p: f64, t: f64) -> Result<State> {
        self.state(&self.ask("state_pt", p, t)?)
    }

    fn state_tx(&self, t: f64, x: f64) -> Result<State> {
        self.state(&self.ask("state_tx", t, x)?)
    }

    fn saturated(&self, p: f64, side: usize) -> Result<Saturated> {
        let x = side as f64;
        let q = self.ask("state_px", p, x)?;
        let (up, down) = (
            self.ask("state_px", p * (1.0 + 1e-5), x)?,
            self.ask("state_px", p * (1.0 - 1e-5), x)?,
        );
        let step = 2e-5 * p;
        let (t_p, h_p) = ((up.t - down.t) / step, (up.h - down.h) / step);
        Ok(Saturated { t: q.t, h: q.h, s: q.s, rho: q.rho, t_p, h_p })
    }

    fn boiling_range(&self) -> Option<[f64; 2]> {
        Python::attach(|py| {
            let range = self.object.bind(py).getattr("boiling_range").ok()?;
            range.extract::<(f64, f64)>().ok().map(|(low, high)| [low, high])
        })
    }

    fn p_max(&self) -> f64 {
        f64::INFINITY
    }
}
