//! The Python module `entropyk._entropyk`; what each thing is for stands in the stub beside the
//! package.

mod again;
mod callback;
mod components;
mod errors;
mod fluids;
mod locked;
mod quantities;
mod rating;
mod relations;
mod solution;
mod solver;
mod stream;
mod system;
mod table;

use pyo3::prelude::*;

#[pymodule]
mod _entropyk {
    use super::*;

    #[pymodule_export]
    use super::again::{solution, state, system};
    #[pymodule_export]
    use super::components::{
        Component, Compressor, Condenser, Economizer, Evaporator, ExpansionValve, Fan,
        FlashEconomizer, FlowMerger, FlowSink, FlowSource, FlowSplitter, OperationalState, Pipe,
        Pump, Turbine,
    };
    #[pymodule_export]
    use super::errors::{
        ComponentError, ControlSaturationError, EntropykError, FluidError, SolverError,
        TopologyError, ValidationError,
    };
    #[pymodule_export]
    use super::fluids::{Brine, Fluid, IdealGas, State, brines, fluids};
    #[pymodule_export]
    use super::quantities::{Enthalpy, MassFlow, Pressure, Temperature};
    #[pymodule_export]
    use super::rating::Ahri540;
    #[pymodule_export]
    use super::relations::{Curve, Product, Relation, Sum, Surface, Zero};
    #[pymodule_export]
    use super::solution::Solution;
    #[pymodule_export]
    use super::solver::{FallbackConfig, NewtonConfig, PicardConfig, sweep};
    #[pymodule_export]
    use super::stream::Stream;
    #[pymodule_export]
    use super::system::{Constraint, System};
    #[pymodule_export]
    use super::table::Table;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("TimeoutError", errors::timeout_error(module.py())?)
    }
}
