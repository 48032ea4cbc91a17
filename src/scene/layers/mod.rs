//! Lines, polygons and points that are part of the ground: plain, validated data in world metres.
//!
//! A [`GroundLayer`] is made of parts, each of one kind, from the lowest to the topmost: a casing
//! lies below its lines, an edge above its fill.

mod check;
mod paths;
mod tables;

pub use check::Input;
pub use paths::Paths;
pub(super) use tables::{check_lengths, known};

use super::Symbol;
use crate::error::{Error, Result};
use std::sync::Arc;

/// What sizes are measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pixels of the picture.
    Pixels,
    /// Metres of the map.
    Metres,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    /// At its last vertex.
    Butt,
    /// With half a disc.
    Round,
    /// Half its width beyond.
    Square,
}

/// How two pieces of a line meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Join {
    /// With a part of a disc.
    Round,
    /// With a tip, cut off at so many half widths.
    Miter(f64),
    /// Cut off.
    Bevel,
}

/// On and off along a line, in turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Dashes {
    /// Lengths on and off.
    pub lengths: Vec<[f64; 2]>,
}

/// Stripes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hatch {
    /// Of the stripes, counter-clockwise from the right or from east.
    pub angle_deg: f64,
    /// From one to the next.
    pub spacing: f64,
    /// Of one.
    pub width: f64,
}

/// The outline of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Shape {
    Disc,
    Square,
    Diamond,
    Triangle,
    Plus,
    Cross,
    Star,
    /// That of a [`Symbol`], which goes with it.
    Symbol,
    /// A [`Symbol`] in its own colours.
    Picture,
}

impl Shape {
    /// Their names, of those that have one.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("disc", Self::Disc),
        ("square", Self::Square),
        ("diamond", Self::Diamond),
        ("triangle", Self::Triangle),
        ("plus", Self::Plus),
        ("cross", Self::Cross),
        ("star", Self::Star),
    ];

    /// How far its tips go out where its sides do so by 1.
    pub fn tip(self) -> f32 {
        match self {
            Self::Diamond => std::f32::consts::SQRT_2,
            Self::Triangle => 2.0,
            // One over the sine of 18 degrees.
            Self::Star => 3.236_068,
            _ => 1.0,
        }
    }
}

/// Colours and sizes of features: one for each, or one for all.
#[derive(Clone, Debug)]
pub struct Paints {
    /// sRGB with straight alpha.
    pub colours: Vec<[f32; 4]>,
    /// Half a line's width or a mark's size; of fills, nothing.
    pub halves: Vec<f32>,
    /// What those are measured in.
    pub unit: Unit,
}

impl Paints {
    /// Of a feature: the last serves all beyond it.
    pub fn of(&self, feature: usize) -> ([f32; 4], f32) {
        let pick = |count: usize| feature.min(count.saturating_sub(1));
        let colour = self.colours.get(pick(self.colours.len())).copied().unwrap_or_default();
        let half = self.halves.get(pick(self.halves.len())).copied().unwrap_or_default();
        (colour, half)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.colours.len().max(self.halves.len()).max(1)
    }

    /// The greatest size of a feature that is seen.
    pub fn most_half(&self) -> f32 {
        self.halves.iter().copied().fold(0.0, f32::max)
    }
}

/// What a part draws along, or within, its paths.
#[derive(Clone, Debug)]
pub enum Kind {
    /// The inside of rings, where that is odd; all of it, or stripes in a unit.
    Fill(Option<(Hatch, Unit)>),
    /// Lines, or rings.
    Stroke {
        /// How they end.
        cap: Cap,
        /// How their pieces meet.
        join: Join,
        /// None: whole.
        dashes: Option<Dashes>,
    },
    /// A shape at each vertex, with an edge in the unit of its size.
    Marks {
        /// The shape.
        shape: Shape,
        /// What it is if it is a symbol's.
        symbol: Option<Arc<Symbol>>,
        /// Colours, and how far its tips lie on both sides of the shape's.
        edge: Option<Arc<Paints>>,
    },
}

/// One kind of thing with its colours.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where.
    pub paths: Arc<Paths>,
    /// What.
    pub kind: Kind,
    /// How it looks.
    pub paints: Arc<Paints>,
}

/// A layer on the ground.
#[derive(Clone, Debug)]
pub struct GroundLayer {
    /// "lines", "polygons" or "points".
    pub kind: &'static str,
    /// Layers with a greater one lie above.
    pub zorder: f64,
    /// Rows of the colours that paths may have.
    pub features: usize,
    /// Parts that are seen, the lowest first.
    pub parts: Vec<Part>,
    /// West, south, east, north of the vertices.
    pub bounds: Option<[f64; 4]>,
}

/// `value` by its name, for the argument `argument`.
pub fn by_name<T: Copy>(value: &str, argument: &str, names: &[(&'static str, T)]) -> Result<T> {
    names.iter().find(|(name, _)| *name == value).map(|(_, found)| *found).ok_or_else(|| {
        let known: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        Error::none_of(argument, value, &known)
    })
}

impl Unit {
    /// Their names.
    pub const NAMES: [(&'static str, Self); 2] = [("px", Self::Pixels), ("m", Self::Metres)];
}

impl Cap {
    /// Their names.
    pub const NAMES: [(&'static str, Self); 3] =
        [("butt", Self::Butt), ("round", Self::Round), ("square", Self::Square)];
}

impl Join {
    /// Their names, with the mitre's limit.
    pub fn names(limit: f64) -> [(&'static str, Self); 3] {
        [("round", Self::Round), ("miter", Self::Miter(limit)), ("bevel", Self::Bevel)]
    }
}
