//! Solvers: from a network that is determined to its numbers.

mod linear;
mod newton;

pub use newton::{NewtonConfig, Report};
