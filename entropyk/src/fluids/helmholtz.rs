//! A fluid by its Helmholtz equation of state: everything at a temperature and a density.

use std::sync::OnceLock;

use super::conductivity::Conductivity;
use super::grid::Grid;
use super::ideal::Ideal;
use super::saturation::Saturation;
use super::starts::Starts;
use super::state::State;
use super::terms::Residual;
use super::transport::Viscosity;
use crate::{Error, Result};

/// What is fixed about a fluid. Densities are kg/m³, the gas constant J/kg/K.
#[derive(Debug, Clone, Default)]
pub struct Constants {
    /// The name that the fluid is known by here.
    pub name: String,
    /// The key of the paper that the equation is from, in CoolProp's bibliography.
    pub source: String,
    /// kg/mol.
    pub molar_mass: f64,
    /// That of the equation itself, not today's, over the molar mass.
    pub gas_constant: f64,
    /// The temperature that the equation divides by.
    pub t_red: f64,
    /// The density that the equation is divided by.
    pub rho_red: f64,
    /// The critical temperature as published.
    pub t_crit: f64,
    /// The critical pressure as published.
    pub p_crit: f64,
    /// The critical density as published.
    pub rho_crit: f64,
    /// Critical temperature and density of the equation itself, a little off the published ones.
    pub(super) t_true: Option<(f64, f64)>,
    /// Of the triple point.
    pub t_triple: f64,
    /// The least temperature that liquid and vapour are described at.
    pub t_min: f64,
    /// The saturation pressure there.
    pub p_min: f64,
    /// The greatest temperature that the equation is meant for.
    pub t_max: f64,
    /// The greatest pressure that the equation is meant for.
    pub p_max: f64,
    /// The acentric factor.
    pub acentric: f64,
    /// A mixture described as if it were one fluid: it boils over a range of temperatures.
    pub pseudo_pure: bool,
}

/// How an ancillary equation makes its value of the sum of n (1 - T/Tr)^t.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Plain,
    ExpTau,
    Exp,
}

/// An equation that is nearly a saturated property; of pseudo-pure fluids it is the definition of
/// their pressures.
#[derive(Debug, Clone)]
pub(super) struct Ancillary {
    pub(super) form: Form,
    pub(super) t_red: f64,
    pub(super) value: f64,
    pub(super) terms: Vec<[f64; 2]>,
}

impl Ancillary {
    pub(super) fn at(&self, t: f64) -> f64 {
        let theta = (1.0 - t / self.t_red).max(0.0);
        let sum: f64 = self.terms.iter().map(|&[n, e]| n * theta.powf(e)).sum();
        match self.form {
            Form::Plain => self.value * (1.0 + sum),
            Form::ExpTau => self.value * (sum * self.t_red / t).exp(),
            Form::Exp => self.value * sum.exp(),
        }
    }

    /// The temperature at which a pressure is reached: between the bounds, by bisection and
    /// secants.
    pub(super) fn temperature(&self, p: f64, low: f64, high: f64) -> f64 {
        let f = |t: f64| (self.at(t) / p).ln();
        super::root::bracketed(f, low, high, 1e-15 * high)
    }
}

/// A fluid's equation with what was computed from it.
pub struct Helmholtz {
    /// What is fixed about the fluid.
    pub constants: Constants,
    ideal: Ideal,
    residual: Residual,
    ancillaries: Vec<(String, Ancillary)>,
    viscosity: Option<Viscosity>,
    pub(super) conductivity: Option<Conductivity>,
    saturation: OnceLock<Result<Saturation>>,
    grid: OnceLock<Result<Grid>>,
    starts: [OnceLock<Result<Starts>>; 2],
}

impl std::fmt::Debug for Helmholtz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Helmholtz({:?})", self.constants.name)
    }
}

/// Everything at a temperature and a density, with the derivatives by both.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Point {
    pub(super) t: f64,
    pub(super) rho: f64,
    pub(super) p: f64,
    pub(super) h: f64,
    pub(super) s: f64,
    pub(super) cv: f64,
    pub(super) p_t: f64,
    pub(super) p_rho: f64,
    pub(super) h_t: f64,
    pub(super) h_rho: f64,
}

impl Point {
    pub(super) fn s_t(&self) -> f64 {
        self.cv / self.t
    }

    pub(super) fn s_rho(&self) -> f64 {
        -self.p_t / (self.rho * self.rho)
    }

    pub(super) fn gibbs(&self) -> f64 {
        self.h - self.t * self.s
    }

    pub(super) fn cp(&self) -> f64 {
        self.cv + self.t * self.p_t * self.p_t / (self.rho * self.rho * self.p_rho)
    }

    /// The square of the speed of sound.
    pub(super) fn sound2(&self) -> f64 {
        self.p_rho * self.cp() / self.cv
    }
}

impl Helmholtz {
    pub(super) fn new(
        constants: Constants,
        ideal: Ideal,
        residual: Residual,
        ancillaries: Vec<(String, Ancillary)>,
        viscosity: Option<Viscosity>,
        conductivity: Option<Conductivity>,
    ) -> Self {
        Self {
            constants,
            ideal,
            residual,
            ancillaries,
            viscosity,
            conductivity,
            saturation: OnceLock::new(),
            grid: OnceLock::new(),
            starts: Default::default(),
        }
    }

    /// The key of the paper that viscosity is from; none where it is not known.
    #[must_use]
    pub fn viscosity_source(&self) -> Option<&str> {
        self.viscosity.as_ref().map(|v| v.source.as_str())
    }

    /// The viscosity of a state, Pa s. Of two phases it is the harmonic mean by quality (W. H.
    /// McAdams et al., 1942), which is a model of their flow, not a property.
    pub fn viscosity(&self, state: &State) -> Result<f64> {
        let Some(equation) = &self.viscosity else {
            let name = &self.constants.name;
            return Err(Error::fluid(format!(
                "{name}: its viscosity is not known here; give a pressure drop instead"
            )));
        };
        let at = |t: f64, rho: f64| {
            let c = &self.constants;
            let x = self.residual.at(c.t_red / t, rho / c.rho_red);
            equation.at(c, t, rho, x.t - x.a)
        };
        let value = match state.x {
            Some(quality) => {
                let sides = [self.saturated(state.p, 0)?, self.saturated(state.p, 1)?];
                let [liquid, gas] = sides.map(|q| at(q.t, q.rho));
                1.0 / ((1.0 - quality) / liquid + quality / gas)
            }
            None => at(state.t, state.rho),
        };
        if value.is_finite() && value > 0.0 {
            return Ok(value);
        }
        let (name, t, rho) = (&self.constants.name, state.t, state.rho);
        Err(Error::fluid(format!("{name}: its viscosity has no value at {t} K and {rho} kg/m³")))
    }

    /// The viscosity of the thin gas, where it is known.
    pub(super) fn viscosity_of_thin(&self, t: f64) -> Option<f64> {
        self.viscosity.as_ref().map(|v| v.thin(&self.constants, t))
    }

    pub(super) fn ancillary(&self, name: &str) -> Option<&Ancillary> {
        self.ancillaries.iter().find(|(n, _)| n == name).map(|(_, a)| a)
    }

    /// The saturation lines, which are made at first use.
    pub(super) fn saturation(&self) -> Result<&Saturation> {
        self.saturation.get_or_init(|| Saturation::new(self)).as_ref().map_err(Clone::clone)
    }

    /// Start values above the critical pressure, which are made at first use.
    pub(super) fn grid(&self) -> Result<&Grid> {
        self.grid.get_or_init(|| Grid::new(self)).as_ref().map_err(Clone::clone)
    }

    /// Start values of liquid or gas below the critical pressure, which are made at first use.
    pub(super) fn starts(&self, gas: bool) -> Result<&Starts> {
        let made =
            self.starts[usize::from(gas)].get_or_init(|| Starts::new(self, gas, self.hottest()));
        made.as_ref().map_err(Clone::clone)
    }

    /// Enthalpy, entropy and heat capacity of the ideal gas.
    pub(super) fn ideal_gas(&self, t: f64, rho: f64) -> [f64; 3] {
        let c = &self.constants;
        let (tau, r) = (c.t_red / t, c.gas_constant);
        let (a0, a0t, a0tt) = self.ideal.at(tau);
        [r * t * (1.0 + a0t), r * (a0t - a0 - (rho / c.rho_red).ln()), r * (1.0 - a0tt)]
    }

    pub(super) fn point(&self, t: f64, rho: f64) -> Point {
        let c = &self.constants;
        let (tau, delta) = (c.t_red / t, rho / c.rho_red);
        let r = c.gas_constant;
        let (a0, a0t, a0tt) = self.ideal.at(tau);
        let x = self.residual.at(tau, delta);
        let p = rho * r * t * (1.0 + x.d);
        let p_t = rho * r * (1.0 + x.d - x.dt);
        let p_rho = r * t * (1.0 + 2.0 * x.d + x.dd);
        let cv = -r * (a0tt + x.tt);
        Point {
            t,
            rho,
            p,
            h: r * t * (1.0 + a0t + x.t + x.d),
            s: r * (a0t + x.t - a0 - delta.ln() - x.a),
            cv,
            p_t,
            p_rho,
            h_t: cv + p_t / rho,
            h_rho: p_rho / rho - t * p_t / (rho * rho),
        }
    }
}
