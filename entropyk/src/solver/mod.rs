//! Solvers: from a network that is determined to its numbers.

mod control;
mod fallback;
mod linear;
mod newton;
mod picard;
mod sweep;

pub use control::solve;
pub use fallback::{FallbackConfig, Way};
pub use newton::{NewtonConfig, Report};
pub use picard::PicardConfig;
pub use sweep::{Axis, Output, sweep};

use crate::Result;
use crate::network::Model;

/// A way to find the unknowns of a model.
pub trait Method {
    /// Finds them, starting from the model's values; `interrupted` is asked now and then.
    fn find(&self, model: &mut Model, interrupted: &dyn Fn() -> bool) -> Result<Report>;
}

impl Method for NewtonConfig {
    fn find(&self, model: &mut Model, interrupted: &dyn Fn() -> bool) -> Result<Report> {
        self.solve(model, interrupted)
    }
}

impl Method for PicardConfig {
    fn find(&self, model: &mut Model, interrupted: &dyn Fn() -> bool) -> Result<Report> {
        self.solve(model, interrupted)
    }
}
