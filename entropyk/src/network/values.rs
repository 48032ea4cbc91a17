//! Values of a finalized system: given, held, let go, kept and started from.

use super::model::Model;
use super::start;
use super::system::System;
use crate::components::Port;
use crate::fluids::State;
use crate::{Error, Result};

impl System {
    /// Sets the value of a variable that is given, or where to start from for one that is not.
    pub fn set(&mut self, variable: usize, value: f64) -> Result<()> {
        let model = self.model()?;
        let Some(v) = model.variables.get_mut(variable) else {
            return Err(Error::Validation(format!("there is no variable {variable}")));
        };
        v.check(value)?;
        v.value = value;
        Ok(())
    }

    /// The present value of a variable.
    #[must_use]
    pub fn value(&self, variable: usize) -> Option<f64> {
        self.model.as_ref()?.variables.get(variable).map(|v| v.value)
    }

    /// Holds some variables at their present values and lets others go, as between a design and its
    /// rating.
    pub fn switch(&mut self, hold: &[usize], free: &[usize]) -> Result<()> {
        let mut model = self.model()?.clone();
        for (list, given, word) in [(hold, true, "given"), (free, false, "free")] {
            for &v in list {
                let Some(variable) = model.variables.get_mut(v) else {
                    return Err(Error::Validation(format!("there is no variable {v}")));
                };
                if variable.given == given {
                    return Err(Error::Topology(format!("{} is {word} already", variable.name)));
                }
                if given {
                    variable.check(variable.value)?;
                }
                variable.given = given;
            }
        }
        model.plan()?;
        self.model = Some(model);
        Ok(())
    }

    /// Every variable's value and whether it is given, in their order.
    pub fn values(&mut self) -> Result<Vec<(f64, bool)>> {
        Ok(self.model()?.variables.iter().map(|v| (v.value, v.given)).collect())
    }

    /// Gives every variable what [`System::values`] had of a system of the same parts.
    pub fn restore(&mut self, values: &[(f64, bool)]) -> Result<()> {
        let mut model = self.model()?.clone();
        if values.len() != model.variables.len() {
            return Err(Error::Validation(format!(
                "expected {} values, as many as the system has, got {}",
                model.variables.len(),
                values.len()
            )));
        }
        for (variable, &(value, given)) in model.variables.iter_mut().zip(values) {
            (variable.value, variable.given) = (value, given);
        }
        model.plan()?;
        self.model = Some(model);
        Ok(())
    }

    /// Gives every unknown the value that it has at first.
    pub fn restart(&mut self) -> Result<()> {
        let mut model = self.model()?.clone();
        start::guess(&self.components, &self.edges, &mut model);
        self.model = Some(model);
        Ok(())
    }

    /// Values to start from; those of what is given, and what a variable cannot have, are left
    /// alone.
    ///
    /// What is computed from the states of connections starts from what these say.
    pub fn start_from(&mut self, values: &[(usize, f64)]) -> Result<()> {
        let mut model = self.model()?.clone();
        let set = |model: &mut Model| {
            for &(v, value) in values {
                if let Some(v) = model.variables.get_mut(v).filter(|v| !v.given) {
                    if value.is_finite() && (value > 0.0 || !v.positive) {
                        v.value = value;
                    }
                }
            }
        };
        set(&mut model);
        start::computed(&self.edges, &mut model);
        set(&mut model);
        self.model = Some(model);
        Ok(())
    }

    /// Conductances that are given, and for each the pressure after it, which could be held in its
    /// place.
    #[must_use]
    pub fn relaxation(&self) -> (Vec<usize>, Vec<usize>) {
        let Some(model) = &self.model else { return (Vec::new(), Vec::new()) };
        let pairs = self.components.iter().enumerate().filter_map(|(i, (label, _))| {
            let given = |word: &str| {
                model.find(&format!("{label}.{word}")).filter(|&v| model.variables[v].given)
            };
            let conductance = given("ua").or_else(|| given("ka"))?;
            let pressure = self.edges[self.end(i, Port::Out(0)).ok()?].at[1];
            (!model.variables[pressure].given).then_some((conductance, pressure))
        });
        pairs.unzip()
    }

    /// Mass flow, pressure and enthalpy of all connections, one after the other.
    pub fn state_vector(&self) -> Result<Vec<f64>> {
        let Some(model) = &self.model else {
            return Err(Error::Topology("the system is not finalized; call finalize()".to_owned()));
        };
        Ok(self.edges.iter().flat_map(|e| e.at).map(|v| model.variables[v].value).collect())
    }

    /// Mass flow and state of a connection.
    pub fn edge_state(&self, edge: usize) -> Result<(f64, State)> {
        let (Some(model), Some(edge)) = (&self.model, self.edges.get(edge)) else {
            return Err(Error::Topology(format!(
                "there is no connection {edge} of a finalized system"
            )));
        };
        let [m, p, h] = edge.at.map(|v| model.variables[v].value);
        Ok((m, edge.fluid.state_ph(p, h)?))
    }
}
