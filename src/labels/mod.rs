//! Labels: which of many texts a picture has room for, and where each stands. Knows no GPU, no
//! terrain and no Python.
//!
//! Candidates are taken by priority; one gets the first of its positions in which it meets nothing
//! that stands already (an R*-tree of boxes knows), or none. All of it is arithmetic of the host in
//! the order of the caller's rows, so the same candidates give the same labels on every machine.

mod along;
mod boxes;
mod draw;
mod layer;
mod placement;

pub use draw::Sheet;
pub use layer::{Item, LabelLayer, Leader, Occlude, Place, Side, Style};
pub use placement::{Placed, Rect, Seen, Spot, place};

#[cfg(test)]
mod tests;
