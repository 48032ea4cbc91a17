//! Fluids: what their equations of state say at any two properties.
//!
//! [`Helmholtz`] is the exact equation of a pure or pseudo-pure fluid. Reference states and gas
//! constants are those of each equation, so that numbers are CoolProp's.

mod backend;
mod brine;
mod carbon_dioxide;
mod chebyshev;
mod conductivity;
mod enhancement;
mod flash;
mod grid;
mod helmholtz;
mod ideal;
mod isotherm;
mod pack;
mod rare;
pub(crate) mod root;
mod saturation;
mod single;
mod starts;
mod state;
mod table;
mod tabulate;
mod terms;
mod transport;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use backend::Backend;
pub use brine::{Brine, brines};
pub use helmholtz::{Constants, Helmholtz};
pub use single::IdealGas;
pub use state::{Phase, Saturated, State};
pub use table::{Errors, Table};

use crate::Result;

/// The names of all fluids that have an equation of state here.
#[must_use]
pub fn names() -> Vec<&'static str> {
    pack::names().map(|names| names[0]).collect()
}

/// The fluid of a name or one of its aliases, read once in a process.
pub fn helmholtz(name: &str) -> Result<Arc<Helmholtz>> {
    static READ: OnceLock<Mutex<HashMap<String, Arc<Helmholtz>>>> = OnceLock::new();
    let read = READ.get_or_init(Mutex::default);
    let mut fluids = read.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(fluid) = fluids.get(name) {
        return Ok(fluid.clone());
    }
    let fluid = Arc::new(pack::load(name)?);
    // an alias shares what the main name has
    let shared = fluids.entry(fluid.constants.name.clone()).or_insert(fluid).clone();
    fluids.insert(name.to_owned(), shared.clone());
    Ok(shared)
}
