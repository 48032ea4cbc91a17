//! Networks: components and connections become variables and equations, and an order in which to
//! solve them.

mod build;
mod flows;
mod matching;
mod model;
mod relations;
mod start;
mod system;
mod values;
mod words;

pub(crate) use model::Task;
pub use model::{Model, Variable};
pub use relations::{Constraint, Formula, Relation};
pub use system::{Edge, System};
pub use words::{GIVEN, Given};
