//! What most programs need.
//!
//! ```
//! use entropyk::prelude::*;
//!
//! # fn main() -> entropyk::Result<()> {
//! let mut system = System::new(helmholtz("R134a")?);
//! let part = |kind, given: &[_]| Component::new(kind, given.to_vec(), Second::None);
//! let compressor = system.add_component("compressor", part(Kind::Compressor, &[("eta_s", 0.85)])?)?;
//! let condenser = system.add_component("condenser", part(Kind::Condenser, &[("pr", 0.98), ("Q", -1e6)])?)?;
//! let valve = system.add_component("valve", part(Kind::ExpansionValve, &[])?)?;
//! let evaporator = system.add_component("evaporator", part(Kind::Evaporator, &[("pr", 0.98)])?)?;
//! system.add_edge((compressor, 0), (condenser, 0), None, vec![], None)?;
//! system.add_edge((condenser, 0), (valve, 0), None, vec![("T", 353.15), ("x", 0.0)], None)?;
//! system.add_edge((valve, 0), (evaporator, 0), None, vec![], None)?;
//! system.add_edge((evaporator, 0), (compressor, 0), None, vec![("T", 293.15), ("x", 1.0)], None)?;
//! system.finalize()?;
//! solve(NewtonConfig::default(), &mut system, &|| false)?;
//! let power = system.model()?.find("compressor.P").and_then(|v| system.value(v));
//! assert!((1e6 / power.unwrap_or_default() - 3.3783777).abs() < 1e-6);
//! # Ok(())
//! # }
//! ```

pub use crate::components::{Component, Kind, OperationalState, Rating, Second, Stream};
pub use crate::error::{Error, Result};
pub use crate::fluids::{Backend, Brine, Helmholtz, IdealGas, Phase, State, Table, helmholtz};
pub use crate::network::{Constraint, Formula, Relation, System};
pub use crate::solver::{FallbackConfig, NewtonConfig, PicardConfig, solve, sweep};
pub use crate::units::{Enthalpy, MassFlow, Pressure, Temperature};
