//! The Python module `entropyk._entropyk`; what each thing is for stands in the stub beside the package.

mod errors;
mod fluids;

use pyo3::prelude::*;

#[pymodule]
mod _entropyk {
    #[pymodule_export]
    use super::errors::{EntropykError, FluidError, ValidationError};
    #[pymodule_export]
    use super::fluids::{Fluid, State, fluids};
}
