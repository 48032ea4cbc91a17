//! Networks: components and connections become variables and equations, and an order in which to solve them.

mod build;
mod matching;
mod model;
mod start;
mod system;

pub(crate) use model::Task;
pub use model::{Model, Variable};
pub use system::{Constraint, Edge, GIVEN, Given, System};
