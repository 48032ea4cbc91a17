//! What things are made of, in columns and rows of the DEM, with heights that are the DEM's less
//! the reference height.

use super::outlook::Place;
use super::rise::Box2;
use crate::scene::Heightfield;
use crate::scene::layers::Shape;
use std::f64::consts::SQRT_2;
use std::ops::Range;

/// Upright walls under one roof.
pub(super) struct Prism {
    /// Which of the edges.
    pub(super) edges: Range<usize>,
    /// Heights.
    pub(super) foot: f64,
    pub(super) top: f64,
    /// Of its colour.
    pub(super) row: u32,
}

/// A flat shape that faces the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Board {
    Shape(Shape),
    /// Which of the picture's, and whether it has colours of its own.
    Symbol(usize, bool),
}

/// A straight tube.
pub(super) struct Tube {
    pub(super) ends: [Place; 2],
    /// Half its width in metres or, negative, in pixels.
    pub(super) half: f32,
    /// How far it reaches beyond its axis: columns, rows, heights. Of one in pixels that is a
    /// view's.
    pub(super) reach: Place,
    /// A flat shape that faces the camera, in place of a ball.
    pub(super) board: Option<Board>,
    /// Of its colour.
    pub(super) row: u32,
}

impl Tube {
    pub(super) fn bounds(&self) -> Box2 {
        let [a, b] = self.ends;
        [
            [0, 1].map(|axis: usize| a[axis].min(b[axis]) - self.reach[axis]),
            [0, 1].map(|axis: usize| a[axis].max(b[axis]) + self.reach[axis]),
        ]
    }

    pub(super) fn top(&self) -> f64 {
        self.ends[0][2].max(self.ends[1][2]) + self.reach[2]
    }
}

/// How far a shape reaches, in half its width: a square to its corners.
pub(super) fn around(board: Option<Board>) -> f64 {
    if board.is_some() { SQRT_2 } else { 1.0 }
}

/// How far a tube reaches that has half that width in metres.
pub(super) fn reach_of(half: f64, field: &Heightfield) -> Place {
    let [dx, dy] = field.spacing();
    [half / dx, half / dy, half / field.exaggeration()]
}
