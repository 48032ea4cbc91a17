//! Every law's Jacobian against central differences, and what a graph says.

#![allow(clippy::unwrap_used)] // a test may end so

use std::sync::Arc;

use entropyk::components::{
    Curve, Dual, Function, Lately, Law, Medium, Model, Rating, Suction, Surface,
};
use entropyk::fluids::helmholtz;

fn medium(name: &str) -> Medium {
    helmholtz(name).unwrap() as Arc<_>
}

fn value(law: &Law, x: &[f64]) -> Dual {
    let duals: Vec<Dual> = x.iter().enumerate().map(|(k, &v)| Dual::variable(v, k)).collect();
    law.residual(&duals, &mut Lately::default()).unwrap().0
}

fn check(law: &Law, x: &[f64]) {
    let exact = value(law, x);
    for k in 0..x.len() {
        let step = 2e-5 * x[k].abs().max(1e-2);
        let at = |d: f64| {
            let mut moved = x.to_vec();
            moved[k] += d;
            value(law, &moved).v
        };
        // five points: the error of the difference is far below that of a wrong derivative
        let slope =
            (8.0 * (at(step) - at(-step)) - (at(2.0 * step) - at(-2.0 * step))) / (12.0 * step);
        let size = exact.d[k].abs().max(1e-9 * (exact.v.abs() + 1.0) / step);
        assert!(
            (slope - exact.d[k]).abs() < 1e-5 * size,
            "{law:?}: variable {k}: {} by hand {slope}",
            exact.d[k]
        );
    }
}

#[test]
fn laws_have_exact_derivatives() {
    let (r, w) = (medium("R134a"), medium("Water"));
    check(&Law::Equal, &[2.0, 1.5]);
    check(&Law::Ratio, &[3e5, 2e5, 1.4]);
    check(&Law::Drop, &[3e5, 2e5, 1e4]);
    check(&Law::Heat, &[1e5, 0.5, 4e5, 6.1e5]);
    check(&Law::Exchange, &[0.5, 4e5, 2.5e5, 3.0, 1e5, 1.3e5]);
    for h in [2.2e5, 3.3e5, 4.4e5] {
        check(&Law::Temperature(r.clone()), &[300.0, 8e5, h]);
        check(&Law::Quality(r.clone()), &[0.4, 8e5, h]);
        check(&Law::Distance(r.clone(), 0), &[3.0, 8e5, h]);
        check(&Law::Distance(r.clone(), 1), &[3.0, 8e5, h]);
    }
    check(&Law::SaturatedTemperature(medium("R407C")), &[300.0, 8e5, 0.4]);
    check(&Law::Compression(r.clone()), &[0.7, 3e5, 4.1e5, 9e5, 4.5e5]);
    check(&Law::Compression(r.clone()), &[0.7, 3e5, 3.6e5, 9e5, 4.5e5]);
    check(&Law::Approach(r.clone(), w.clone()), &[5.0, 1.2e6, 4.4e5, 2e5, 1.7e5]);
    check(&Law::Volume(r.clone()), &[0.3, 0.8, 0.02, 3e5, 4.1e5]);
    check(&Law::Line(r.clone(), 0), &[8e5, 2.4e5]);
    check(&Law::Sum, &[3.0, 1.0, 1.5, 0.4]);
    check(&Law::Mix, &[3.0, 2e5, 1.0, 1.5e5, 1.9, 2.4e5]);
    check(&Law::Loss, &[9e3, 1e4, 0.08]);
    for (imperial, suction) in
        [(true, Suction::Superheat(11.1)), (false, Suction::Temperature(291.0))]
    {
        let c = [0.05, 2e-3, -1e-4, 2e-5, -1e-6, 1e-6, 1e-7, -2e-7, 1e-8, -1e-8];
        let rating = Arc::new(Rating {
            flow: c,
            power: c.map(|c| 3e4 * c),
            imperial,
            suction,
            factor: 0.75,
        });
        check(&Law::RatedFlow(r.clone(), rating.clone()), &[0.06, 3e5, 4.1e5, 11e5]);
        check(&Law::RatedPower(r.clone(), rating), &[1900.0, 3e5, 4.1e5, 11e5]);
    }
    // condensing at 46 °C and boiling at 5 °C, with pressure drops, so that boundaries move with
    // pressure
    let condenser = [2e4, 1.0, 1.2e6, 4.4e5, 1.18e6, 2.5e5, 2e5, 1.2e5, 1.95e5, 1.5e5];
    let evaporator = [2e4, 3.0, 2e5, 6.3e4, 1.95e5, 4.2e4, 3.4e5, 2.6e5, 3.3e5, 4.1e5];
    for model in [Model::Whole, Model::Condensing, Model::MovingBoundary] {
        check(&Law::Transfer(model, r.clone(), w.clone()), &condenser);
        if model != Model::Condensing {
            check(&Law::Transfer(model, w.clone(), r.clone()), &evaporator);
        }
    }
}

#[derive(Debug)]
struct Square;

impl Function for Square {
    fn at(&self, x: &[f64]) -> entropyk::Result<f64> {
        Ok(x[0] * x[0] - 3.0 * x[1])
    }
}

#[test]
fn relations_have_exact_derivatives() {
    let (r, w) = (medium("R134a"), medium("Water"));
    check(&Law::Expansion(r.clone()), &[0.7, 9e5, 4.5e5, 3e5, 4.3e5]);
    check(&Law::LineTemperature(r.clone(), 0), &[290.0, 8e5]);
    check(&Law::LineTemperature(r.clone(), 1), &[290.0, 8e5]);
    check(&Law::Friction(r.clone()), &[1e6, 0.3, 3e5, 4.1e5, 2.8e5, 4.1e5]);
    check(&Law::Friction(r.clone()), &[1e6, -0.3, 3e5, 3.1e5, 3.2e5, 3.1e5]);
    check(&Law::Ambient(w.clone()), &[100.0, 2e4, 2e5, 1.5e5, 2e5, 1.4e5, 280.0]);
    check(&Law::Ambient(w.clone()), &[100.0, 2e4, 2e5, 1.5e5, 2e5, 1.6e5, 350.0]);
    for m in [1e-5, 3e-4, 0.3, -0.3] {
        // laminar, between, turbulent, and the other way
        check(&Law::Darcy(w.clone()), &[5.0, 0.1, 1e-4, m, 3e5, 8e4, 2.9e5, 8e4]);
    }
    check(&Law::Darcy(r.clone()), &[5.0, 0.02, 1e-5, 0.05, 3e5, 3.1e5, 2.8e5, 3.2e5]);
    for condensing in [true, false] {
        let x = [
            3.0,
            1.2e6,
            4.4e5,
            1.18e6,
            2.5e5,
            2e5,
            1.2e5,
            1.95e5,
            if condensing { 1.6e5 } else { 1.3e5 },
        ];
        check(&Law::Pinch(r.clone(), w.clone()), &x);
    }
    check(&Law::Area, &[2.0, 100.0, 900.0, 200.0, 800.0, 30.0, 40.0, 50.0, 60.0]);
    let x = [2e4, 1.0, 1.2e6, 4.4e5, 1.18e6, 2.5e5, 2e5, 1.2e5, 1.95e5, 1.5e5];
    for hot in [true, false] {
        check(&Law::Zones([hot, false], r.clone(), w.clone()), &x);
    }
    check(&Law::Linear(Arc::new([2.0, -0.5, 3.0])), &[3.0, 1.0, 1.5, 0.4]);
    check(&Law::Product(2.5, Arc::new([1.0, -1.0, 0.5])), &[3.0, 1.0, 1.5, 0.4]);
    check(&Law::Product(2.5, Arc::new([1.0, 2.0])), &[3.0, -1.0, -1.5]);
    let curve = Curve::new(vec![0.0, 1.0, 3.0], vec![1.0, 4.0, 2.0], true).unwrap();
    for x in [-0.5, 0.4, 2.0, 3.5] {
        check(&Law::Curve(Arc::new(curve.clone())), &[0.7, x]);
    }
    let (y, z) = (
        vec![vec![0.0, 1.0, 2.0], vec![0.5, 1.0, 3.0]],
        vec![vec![1.0, 2.0, 1.5], vec![2.0, 4.0, 3.0]],
    );
    for extrapolate in [true, false] {
        let surface = Surface::new(vec![1.0, 2.0], y.clone(), z.clone(), extrapolate).unwrap();
        for (x, y) in [(1.3, 0.6), (1.7, 1.9), (0.5, 0.7), (2.6, 4.0), (1.5, -1.0)] {
            check(&Law::Surface(Arc::new(surface.clone())), &[0.7, x, y]);
        }
    }
    check(&Law::Function(Arc::new(Square)), &[1.3, 0.4]);
    assert!(Curve::new(vec![0.0, 0.0], vec![1.0, 2.0], true).is_err());
    assert!(Curve::new(vec![0.0], vec![1.0], true).is_err());
    assert!(Surface::new(vec![1.0, 2.0], y, vec![vec![1.0]; 2], true).is_err());
}

#[test]
fn no_fluid_is_a_panic() {
    for name in entropyk::fluids::names() {
        let fluid = helmholtz(name).unwrap();
        for p in [1e-3, 1.0, 1e5, 1e7, 1e9] {
            for h in [-1e7, -1e5, 0.0, 1e5, 1e6, 1e7] {
                if let Ok(q) = fluid.state_ph(p, h) {
                    assert!(q.t.is_finite() && q.s.is_finite() && q.rho > 0.0, "{name} {p} {h}");
                }
            }
        }
    }
}
