//! Carbon dioxide's own equations of transport: viscosity by A. Laesecke and C. D. Muzny, J. Phys.
//! Chem. Ref. Data 46, 013107 (2017), the thin gas's conductivity by M. L. Huber et al., J. Phys.
//! Chem. Ref. Data 45, 013102 (2016).

use super::helmholtz::Constants;
use super::transport::AVOGADRO;

/// The triple point's temperature, K, and density of the liquid, kg/m³.
const TRIPLE: [f64; 2] = [216.592, 1178.53];

/// Of a thin gas, Pa s.
pub(super) fn thin_viscosity(t: f64) -> f64 {
    const A: [f64; 7] = [
        1749.35489318835,
        -369.069300007128,
        5423856.34887691,
        -2.21283852168356,
        -269503.247933569,
        73145.021531826,
        5.34368649509278,
    ];
    let (root, sixth, third) = (t.sqrt(), t.powf(1.0 / 6.0), t.cbrt());
    let below = A[0]
        + A[1] * sixth
        + A[2] * (A[3] * third).exp()
        + (A[4] + A[5] * third) * (-third).exp()
        + A[6] * root;
    1.0055e-3 * root / below
}

/// What is left of a dense fluid, Pa s.
pub(super) fn dense_viscosity(c: &Constants, t: f64, rho: f64) -> f64 {
    const C: [f64; 2] = [0.360603235428487, 0.121550806591497];
    const GAMMA: f64 = 8.06282737481277;
    let molar = c.gas_constant * c.molar_mass;
    let unit = TRIPLE[1].cbrt().powi(2) * (molar * TRIPLE[0]).sqrt()
        / (c.molar_mass.powf(1.0 / 6.0) * AVOGADRO.cbrt());
    let (t, rho) = (t / TRIPLE[0], rho / TRIPLE[1]);
    unit * (C[0] * t * rho.powi(3) + (rho * rho + rho.powf(GAMMA)) / (t - C[1]))
}

/// Of a thin gas, W/m/K.
pub(super) fn thin_conductivity(t: f64) -> f64 {
    const T: f64 = 304.1282;
    const L: [f64; 4] = [1.51874307e-2, 2.80674040e-2, 2.28564190e-2, -7.41624210e-3];
    let t = t / T;
    1e-3 * t.sqrt() / L.iter().rev().fold(0.0, |sum, l| sum / t + l)
}
