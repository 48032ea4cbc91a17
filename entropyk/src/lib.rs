//! Thermodynamic cycles, solved: heat pumps, chillers and what they are made of.
//!
//! Rooms, of which each knows only those after it: `solver`, `network`, `components`, `fluids`,
//! `units`, `watch`, `error`.
//!
//! All numbers are in SI units and specific to mass: Pa, K, J/kg, J/kg/K, kg/m³, kg/s, W.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod components;
pub mod error;
pub mod fluids;
pub mod network;
pub mod prelude;
pub mod solver;
pub mod units;
mod watch;

pub use error::{Error, Result};
