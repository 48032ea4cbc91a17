//! Components: what they are told by keywords, as the laws that hold in them.

mod component;
pub mod dual;
mod equations;
pub mod exchanger;
mod kinds;
pub mod laws;
mod pipe;
pub mod rating;
pub mod shapes;

pub use component::{Component, OperationalState, Second, Stream};
pub use dual::Dual;
pub use equations::{Equation, Port, Slot};
pub use exchanger::Model;
pub use kinds::Kind;
pub(crate) use kinds::{Keyword, said};
pub use laws::{Lately, Law, Medium};
pub use rating::{Rating, Suction};
pub use shapes::{Curve, Function, Surface};
