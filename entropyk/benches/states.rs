//! What a state costs, by equation and from tables: `cargo bench -p entropyk`, which `dev.py bench
//! --entropyk` runs.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a measurement may end so, and is printed

use std::hint::black_box;
use std::time::Instant;

use entropyk::fluids::{Backend, Table, helmholtz};

/// Microseconds of one of many, the best of seven rounds.
fn best(states: &[(f64, f64)], fluid: &dyn Backend) -> f64 {
    let round = || {
        let start = Instant::now();
        for &(p, h) in states {
            black_box(fluid.state_ph(black_box(p), black_box(h)).unwrap());
        }
        start.elapsed().as_secs_f64() * 1e6 / states.len() as f64
    };
    (0..7).map(|_| round()).fold(f64::INFINITY, f64::min)
}

fn main() {
    let fluid = helmholtz("R134a").unwrap();
    let table = Table::new(fluid.clone(), 80).unwrap();
    // enthalpies of each region, with pressures for which they are in it
    let regions = [("liquid", 2.0e5, 2.3e5), ("two phases", 2.8e5, 3.6e5), ("gas", 4.35e5, 4.8e5)];
    for (name, low, high) in regions {
        let states: Vec<(f64, f64)> = (0..20_000_u32)
            .map(|i| {
                let (a, b) =
                    (f64::from(i * 7919 % 20_000) / 2e4, f64::from(i * 104_729 % 20_000) / 2e4);
                (4e5 * (1.2e6_f64 / 4e5).powf(a), low + b * (high - low))
            })
            .collect();
        let (equation, looked_up) = (best(&states, &*fluid), best(&states, &table));
        println!(
            "state(p, h) of R134a in Rust, {name}: {equation:.2} us by its equation, {looked_up:.3} us from a table"
        );
    }
}
