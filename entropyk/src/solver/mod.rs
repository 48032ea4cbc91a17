//! Solvers: from a network that is determined to its numbers.

mod control;
mod fallback;
mod linear;
mod method;
mod newton;
mod picard;
mod sweep;
mod tear;

pub use control::solve;
pub use fallback::{FallbackConfig, Way};
pub use method::Method;
pub use newton::{NewtonConfig, Report};
pub use picard::PicardConfig;
pub use sweep::{Axis, Output, sweep};
