//! Solvers: from a network that is determined to its numbers.

mod control;
mod linear;
mod newton;
mod sweep;

pub use control::solve;
pub use newton::{NewtonConfig, Report};
pub use sweep::{Axis, Output, sweep};
