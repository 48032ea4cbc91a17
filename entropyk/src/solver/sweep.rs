//! Maps: one output of a system over two of its inputs, on all cores.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::newton::NewtonConfig;
use crate::network::Model;
use crate::watch::Watch;
use crate::{Error, Result};

/// An output: the sum of some variables, over the sum of others if there are any.
#[derive(Debug, Clone)]
pub struct Output {
    /// What is added, each with its factor.
    pub over: Vec<(usize, f64)>,
    /// What it is divided by; none for a plain sum.
    pub under: Vec<(usize, f64)>,
}

impl Output {
    fn of(&self, x: &[f64]) -> f64 {
        let sum = |terms: &[(usize, f64)]| terms.iter().map(|&(v, f)| f * x[v]).sum::<f64>();
        if self.under.is_empty() { sum(&self.over) } else { sum(&self.over) / sum(&self.under) }
    }

    fn variables(&self) -> Vec<usize> {
        self.over.iter().chain(&self.under).map(|t| t.0).collect()
    }
}

/// An input: a variable that is given, and its values along one side of the map.
pub type Axis<'a> = (usize, &'a [f64]);

/// How many columns are walked before the next strip: short ways from a start that is known to be
/// good.
const STRIP: usize = 64;

/// The output over all pairs of inputs, row by row, `across` along a row; NaN where there is no
/// solution.
///
/// Each point starts from its neighbour's solution, and if that fails from the model's own values.
pub fn sweep(
    model: &Model,
    config: &NewtonConfig,
    across: Axis<'_>,
    down: Axis<'_>,
    output: &Output,
    interrupted: &dyn Fn() -> bool,
) -> Result<Vec<f32>> {
    config.checked()?;
    for (v, values) in [across, down] {
        let Some(variable) = model.variables.get(v) else {
            return Err(Error::Validation(format!("there is no variable {v}")));
        };
        if !variable.given {
            let name = &variable.name;
            return Err(Error::Validation(format!(
                "expected an input that is given to the system, got {name}, which it finds"
            )));
        }
        values.iter().try_for_each(|&value| variable.check(value))?;
    }
    let blocks = model.needed(&output.variables());
    let start: Vec<f64> = model.variables.iter().map(|v| v.value).collect();
    let (width, height) = (across.1.len(), down.1.len());
    let strips = width.div_ceil(STRIP).max(1);
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let cores =
        thread::available_parallelism().map_or(1, usize::from).min((strips * height).max(1));
    let mut map = vec![f32::NAN; width * height];
    let work = || {
        let mut done: Vec<(usize, Vec<f32>)> = Vec::new();
        let mut above = start.clone();
        loop {
            let strip = next.fetch_add(1, Ordering::Relaxed);
            if strip >= strips * height || stop.load(Ordering::Relaxed) {
                return done;
            }
            let (row, first) = (strip / strips, strip % strips * STRIP);
            let columns = &across.1[first..(first + STRIP).min(width)];
            let mut x = above.clone();
            let mut values = Vec::with_capacity(columns.len());
            for (i, &value) in columns.iter().enumerate() {
                let asked = || stop.load(Ordering::Relaxed);
                let watch = Watch::new(config.timeout, &asked);
                let point = |x: &mut Vec<f64>| {
                    (x[across.0], x[down.0]) = (value, down.1[row]);
                    let found =
                        config.find(model, blocks.iter().map(|&b| model.task(b)), x, &watch);
                    // a function of the model may ask to stop as well
                    if matches!(found, Err(Error::Interrupted)) {
                        stop.store(true, Ordering::Relaxed);
                    }
                    found.is_ok()
                };
                let mut solved = point(&mut x);
                if !solved {
                    x.clone_from(&start);
                    solved = point(&mut x);
                }
                let found = if solved { output.of(&x) as f32 } else { f32::NAN };
                values.push(if found.is_finite() { found } else { f32::NAN });
                if !solved {
                    x.clone_from(&start);
                } else if i == 0 {
                    above.clone_from(&x);
                }
            }
            done.push((row * width + first, values));
        }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        while workers.iter().any(|w| !w.is_finished()) {
            thread::sleep(Duration::from_micros(500));
            if interrupted() {
                stop.store(true, Ordering::Relaxed);
            }
        }
        for (at, values) in workers.into_iter().filter_map(|w| w.join().ok()).flatten() {
            map[at..at + values.len()].copy_from_slice(&values);
        }
    });
    if stop.load(Ordering::Relaxed) { Err(Error::Interrupted) } else { Ok(map) }
}
