//! The state of a fluid: what every backend answers with.

/// Which phase a fluid is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Below the boiling temperature at this pressure, or below the critical temperature at a
    /// higher one.
    Liquid,
    /// Liquid and vapour side by side, saturated lines included.
    TwoPhase,
    /// Above the dew temperature at this pressure.
    Gas,
    /// Above critical temperature and pressure.
    Supercritical,
}

impl Phase {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Liquid, Self::TwoPhase, Self::Gas, Self::Supercritical];

    /// The name as Python users see it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Liquid => "liquid",
            Self::TwoPhase => "two-phase",
            Self::Gas => "gas",
            Self::Supercritical => "supercritical",
        }
    }
}

/// A state in equilibrium, with the derivatives by pressure and enthalpy that Newton's method
/// wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    /// Temperature, K.
    pub t: f64,
    /// Pressure, Pa.
    pub p: f64,
    /// Specific enthalpy, J/kg.
    pub h: f64,
    /// Specific entropy, J/kg/K.
    pub s: f64,
    /// Density, kg/m³.
    pub rho: f64,
    /// The phase.
    pub phase: Phase,
    /// The mass of vapour over the whole, of two phases.
    pub x: Option<f64>,
    /// Heat capacity at constant pressure, J/kg/K; of one phase.
    pub cp: Option<f64>,
    /// Heat capacity at constant volume, J/kg/K; of one phase.
    pub cv: Option<f64>,
    /// Speed of sound, m/s; of one phase.
    pub w: Option<f64>,
    /// dT/dp at constant h.
    pub t_p: f64,
    /// dT/dh at constant p.
    pub t_h: f64,
    /// d(rho)/dp at constant h.
    pub rho_p: f64,
    /// d(rho)/dh at constant p.
    pub rho_h: f64,
    /// ds/dp at constant h.
    pub s_p: f64,
    /// ds/dh at constant p.
    pub s_h: f64,
}

/// A saturated fluid at a pressure, with derivatives along the line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Saturated {
    /// Temperature, K.
    pub t: f64,
    /// Specific enthalpy, J/kg.
    pub h: f64,
    /// Specific entropy, J/kg/K.
    pub s: f64,
    /// Density, kg/m³.
    pub rho: f64,
    /// dT/dp along the line.
    pub t_p: f64,
    /// dh/dp along the line.
    pub h_p: f64,
}
