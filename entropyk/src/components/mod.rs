//! Components: what they are told by keywords, as the laws that hold in them.

pub mod dual;
pub mod exchanger;
mod kinds;
pub mod laws;
pub mod rating;

pub use dual::Dual;
pub use exchanger::Model;
pub use kinds::{Component, Equation, Kind, Port, Slot, Stream};
pub use laws::{Lately, Law, Medium};
pub use rating::{Rating, Suction};
