//! Viscosity: of a thin gas, what the first collisions add, and what is left of a dense fluid.
//!
//! The parts are as CoolProp writes them; each fluid's line `viscosity` has the key of its paper.
//! Water is IAPWS R12-08 without its term near the critical point.

use super::carbon_dioxide;
use super::helmholtz::Constants;

/// Avogadro's number, 1/mol.
pub(super) const AVOGADRO: f64 = 6.02214076e23;

/// Pairs of a coefficient and an exponent.
pub(super) type Terms = Vec<[f64; 2]>;

/// A fluid's viscosity equation.
#[derive(Debug, Clone, Default)]
pub(super) struct Viscosity {
    /// The key of its paper.
    pub(super) source: String,
    /// Diameter of a molecule, m, and depth of its well over Boltzmann's constant, K.
    pub(super) molecule: [f64; 2],
    pub(super) dilute: Option<Dilute>,
    /// The second viscosity virial coefficient, by powers of T* (J. C. Rainwater and D. G. Friend,
    /// Phys. Rev. A 36, 1987).
    pub(super) initial: Terms,
    pub(super) dense: Dense,
    /// Whether the fluid is water, which has equations of its own.
    pub(super) water: bool,
    /// Of residual entropy: C, the critical product, where both polynomials meet, and these of
    /// liquid and gas.
    pub(super) scaling: Option<[f64; 11]>,
}

/// Of a thin gas.
#[derive(Debug, Clone)]
pub(super) enum Dilute {
    /// C sqrt(M T) / (sigma² exp(sum a ln(T*)^t)).
    Collision { c: f64, molar_mass: f64, terms: Terms },
    /// The sum of a T^t.
    Powers(Terms),
    /// Kinetic theory with the collision integral of P. D. Neufeld et al., J. Chem. Phys. 57
    /// (1972).
    Kinetic,
    /// Carbon dioxide's, whose dense fluid has an equation of its own too.
    CarbonDioxide,
}

/// The residual part: S + F (1/(delta0 - delta) - 1/delta0).
#[derive(Debug, Clone, Default)]
pub(super) struct Dense {
    /// Temperature and molar density to reduce with.
    pub(super) reduce: [f64; 2],
    /// a, d, t, gamma, l: a delta^d tau^t exp(gamma delta^l).
    pub(super) terms: Vec<[f64; 5]>,
    /// f, d, t.
    pub(super) free: Vec<[f64; 3]>,
    /// The close-packed density: the sum of g tau^h over that of p tau^q.
    pub(super) packed: [Terms; 2],
}

pub(super) fn sum(terms: &[[f64; 2]], x: f64) -> f64 {
    terms.iter().map(|[a, t]| a * x.powf(*t)).sum()
}

impl Viscosity {
    /// Pa s, at temperature and density; `residual` is the residual entropy over R, which some
    /// equations go by.
    pub(super) fn at(&self, c: &Constants, t: f64, rho: f64, residual: f64) -> f64 {
        if self.water {
            return water(t, rho);
        }
        let molar = rho / c.molar_mass;
        if let Some(fit) = &self.scaling {
            let product = molar * residual * c.gas_constant * c.molar_mass;
            return kinetic(c, chung(c), t) * (1.0 + fit[0] * (entropic(fit, product).exp() - 1.0));
        }
        let dilute = self.thin(c, t);
        let [sigma, well] = self.molecule;
        let second = AVOGADRO * sigma.powi(3) * sum(&self.initial, t / well);
        let initial = if self.initial.is_empty() { 0.0 } else { dilute * second * molar };
        let dense = match self.dilute {
            Some(Dilute::CarbonDioxide) => carbon_dioxide::dense_viscosity(c, t, rho),
            _ => self.dense.at(t, molar),
        };
        dilute + initial + dense
    }

    /// Of a thin gas.
    pub(super) fn thin(&self, c: &Constants, t: f64) -> f64 {
        let [sigma, well] = self.molecule;
        match &self.dilute {
            Some(Dilute::Powers(terms)) => sum(terms, t),
            Some(Dilute::Collision { c: factor, molar_mass, terms }) => {
                let nm = sigma * 1e9;
                let ln = (t / well).ln();
                let exponent: f64 = terms.iter().map(|[a, k]| a * ln.powf(*k)).sum();
                factor * (molar_mass * 1e3 * t).sqrt() / (nm * nm * exponent.exp())
            }
            Some(Dilute::Kinetic) => kinetic(c, self.molecule, t),
            Some(Dilute::CarbonDioxide) => carbon_dioxide::thin_viscosity(t),
            None => 0.0,
        }
    }
}

/// Kinetic theory of a thin gas.
fn kinetic(c: &Constants, [sigma, well]: [f64; 2], t: f64) -> f64 {
    let (nm, x) = (sigma * 1e9, t / well);
    let omega = 1.16145 * x.powf(-0.14874)
        + 0.52487 * (-0.77320 * x).exp()
        + 2.16178 * (-2.43787 * x).exp();
    26.692e-9 * (c.molar_mass * 1e3 * t).sqrt() / (nm * nm * omega)
}

/// A molecule by its critical point, as the equation of state has it (T. H. Chung et al., Ind. Eng.
/// Chem. Res. 27, 1988).
fn chung(c: &Constants) -> [f64; 2] {
    let volume = 1e6 * c.molar_mass / c.rho_red;
    [0.809e-10 * volume.cbrt(), c.t_red / 1.2593]
}

/// I. H. Bell, Purdue 2016: the logarithm of viscosity over that of the thin gas, by residual
/// entropy.
fn entropic(fit: &[f64; 11], product: f64) -> f64 {
    let x = product / fit[1];
    let polynomial = |c: &[f64]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    let (liquid, gas) = (polynomial(&fit[3..7]), polynomial(&fit[7..11]));
    // one polynomial goes over into the other
    let share = 1.0 / (1.0 + (-100.0 * (x - fit[2])).exp());
    liquid * share + gas * (1.0 - share)
}

impl Dense {
    fn at(&self, t: f64, molar: f64) -> f64 {
        if self.terms.is_empty() && self.free.is_empty() {
            return 0.0;
        }
        let (tau, delta) = (self.reduce[0] / t, molar / self.reduce[1]);
        let s: f64 = self
            .terms
            .iter()
            .map(|[a, d, t, g, l]| a * delta.powf(*d) * tau.powf(*t) * (g * delta.powf(*l)).exp())
            .sum();
        let f: f64 = self.free.iter().map(|[f, d, t]| f * delta.powf(*d) * tau.powf(*t)).sum();
        let packed = sum(&self.packed[0], tau) / sum(&self.packed[1], tau);
        s + if f == 0.0 { 0.0 } else { f * (1.0 / (packed - delta) - 1.0 / packed) }
    }
}

/// IAPWS R12-08, equations 11 and 12.
fn water(t: f64, rho: f64) -> f64 {
    const THIN: [f64; 4] = [1.67752, 2.20462, 0.6366564, -0.241605];
    // the exponents of 1/T - 1 and of rho - 1, with the coefficient
    const DENSE: [(i32, i32, f64); 21] = [
        (0, 0, 0.520094),
        (1, 0, 0.0850895),
        (2, 0, -1.08374),
        (3, 0, -0.289555),
        (0, 1, 0.222531),
        (1, 1, 0.999115),
        (2, 1, 1.88797),
        (3, 1, 1.26613),
        (5, 1, 0.120573),
        (0, 2, -0.281378),
        (1, 2, -0.906851),
        (2, 2, -0.772479),
        (3, 2, -0.489837),
        (4, 2, -0.257040),
        (0, 3, 0.161913),
        (1, 3, 0.257399),
        (0, 4, -0.0325372),
        (3, 4, 0.0698452),
        (4, 5, 0.00872102),
        (3, 6, -0.00435673),
        (5, 6, -0.000593264),
    ];
    let (t, rho) = (t / 647.096, rho / 322.0);
    let thin = 100.0 * t.sqrt() / THIN.iter().zip(0..).map(|(h, i)| h / t.powi(i)).sum::<f64>();
    let (x, y) = (1.0 / t - 1.0, rho - 1.0);
    let dense: f64 = DENSE.iter().map(|&(i, j, h)| h * x.powi(i) * y.powi(j)).sum();
    1e-6 * thin * (rho * dense).exp()
}
