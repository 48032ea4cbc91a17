//! What a state costs, by equation and from tables: `cargo bench -p entropyk`, which `dev.py bench
//! --entropyk` runs.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a measurement may end so, and is printed

use std::hint::black_box;
use std::time::Instant;

use entropyk::fluids::{Backend, Helmholtz, Table, helmholtz};

const FLUIDS: [&str; 8] = ["R134a", "R290", "R1234yf", "R32", "R717", "R410A", "CO2", "Water"];

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

/// States of a region in an order that no cache foresees; pressures are shares of the critical one.
fn states(p: [f64; 2], h: impl Fn(f64) -> [f64; 2]) -> Vec<(f64, f64)> {
    let place = |i: u32, prime: u32| f64::from(i * prime % 4000) / 4000.0;
    (0..4000_u32)
        .map(|i| {
            let p = p[0] * (p[1] / p[0]).powf(place(i, 1231));
            let [low, high] = h(p);
            (p, low + place(i, 2377) * (high - low))
        })
        .collect()
}

/// Liquid up to 40 K below boiling, two phases, gas up to 60 K above the dew line, and above the
/// critical pressure.
fn regions(fluid: &Helmholtz) -> [(&'static str, Vec<(f64, f64)>); 4] {
    let c = &fluid.constants;
    let h = |p: f64, t: f64| fluid.state_pt(p, t).unwrap().h;
    let line = |p: f64, side: usize| fluid.saturated(p, side).unwrap();
    let below = [0.1 * c.p_crit, 0.5 * c.p_crit];
    let above = [1.1 * c.p_crit, 2.0 * c.p_crit];
    [
        ("liquid", states(below, |p| [h(p, (line(p, 0).t - 40.0).max(c.t_min)), line(p, 0).h])),
        ("two phases", states(below, |p| [line(p, 0).h, line(p, 1).h])),
        ("gas", states(below, |p| [line(p, 1).h, h(p, line(p, 1).t + 60.0)])),
        ("dense", states(above, |p| [h(p, 0.9 * c.t_crit), h(p, 1.2 * c.t_crit)])),
    ]
}

fn main() {
    println!("state(p, h) in Rust, us by the equation / from a table");
    for name in FLUIDS {
        let fluid = helmholtz(name).unwrap();
        let table = Table::new(fluid.clone(), 80, &|| false).ok();
        let shown: Vec<String> = regions(&fluid)
            .iter()
            .map(|(region, states)| {
                let looked_up =
                    table.as_ref().filter(|_| *region != "dense").map(|t| best(states, t));
                let looked_up = looked_up.map_or("-".to_owned(), |us| format!("{us:.3}"));
                format!("{region} {:.2} / {looked_up}", best(states, &*fluid))
            })
            .collect();
        println!("{name}: {}", shown.join(", "));
    }
}
