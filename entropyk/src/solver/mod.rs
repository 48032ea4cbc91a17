//! Solvers: from a network that is determined to its numbers.

mod control;
mod fallback;
mod linear;
mod newton;
mod sweep;
mod watch;

pub use control::solve;
pub use fallback::{FallbackConfig, Way};
pub use newton::{NewtonConfig, Report};
pub use sweep::{Axis, Output, sweep};
