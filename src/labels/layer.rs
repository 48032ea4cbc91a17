//! A layer of labels as callers describe it, checked.

use crate::error::{Error, Result};
use crate::text::Texts;
use std::ops::Range;
use std::sync::Arc;

/// On which side of its anchor a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Its middle on the anchor.
    Center,
    /// Right of it.
    Right,
    /// Left of it.
    Left,
    /// Above it.
    Top,
    /// Below it.
    Bottom,
    /// Above and right of it.
    TopRight,
    /// Above and left of it.
    TopLeft,
    /// Below and right of it.
    BottomRight,
    /// Below and left of it.
    BottomLeft,
}

impl Side {
    /// All with their names; the middle is the first.
    pub const ALL: [(&'static str, Self); 9] = [
        ("center", Self::Center),
        ("top right", Self::TopRight),
        ("right", Self::Right),
        ("top", Self::Top),
        ("top left", Self::TopLeft),
        ("bottom right", Self::BottomRight),
        ("left", Self::Left),
        ("bottom", Self::Bottom),
        ("bottom left", Self::BottomLeft),
    ];

    /// All but the middle, in the order in which "auto" tries them.
    pub const AROUND: [Self; 8] = {
        let mut around = [Self::Center; 8];
        let mut at = 0;
        while at < around.len() {
            around[at] = Self::ALL[at + 1].1;
            at += 1;
        }
        around
    };

    /// The side of that name.
    pub fn parse(name: &str) -> Result<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, side)| *side).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
            Error::invalid(format!(
                "anchor must be \"auto\" or of {}; got {name:?}; pass e.g. anchor=\"top right\"",
                names.join(", ")
            ))
        })
    }

    /// Right and down: −1, 0 or 1 each.
    pub(super) fn way(self) -> [f64; 2] {
        match self {
            Self::Center => [0.0, 0.0],
            Self::Right => [1.0, 0.0],
            Self::Left => [-1.0, 0.0],
            Self::Top => [0.0, -1.0],
            Self::Bottom => [0.0, 1.0],
            Self::TopRight => [1.0, -1.0],
            Self::TopLeft => [-1.0, -1.0],
            Self::BottomRight => [1.0, 1.0],
            Self::BottomLeft => [-1.0, 1.0],
        }
    }
}

/// What becomes of a label whose anchor the terrain hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occlude {
    /// It is not drawn.
    Hide,
    /// It is drawn faintly, where the others leave room.
    Dim,
    /// It is drawn like any other.
    Show,
}

impl Occlude {
    /// `"hide"`, `"dim"` or `"show"`.
    pub fn parse(name: &str) -> Result<Self> {
        match name {
            "hide" => Ok(Self::Hide),
            "dim" => Ok(Self::Dim),
            "show" => Ok(Self::Show),
            _ => Err(Error::invalid(format!(
                "occlude must be \"hide\", \"dim\" or \"show\"; got {name:?}; pass e.g. occlude=\"dim\""
            ))),
        }
    }
}

/// A line from an anchor to a label that stands further away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leader {
    /// Pixels.
    pub width: f32,
    /// sRGB with straight alpha.
    pub colour: [u8; 4],
}

/// What all labels of a layer have in common. Lengths are in pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// How far the halo reaches; 0 for none.
    pub halo: f32,
    /// sRGB with straight alpha.
    pub halo_colour: [u8; 4],
    /// Positions that are tried, in this order; none for those of each place's own: beside points,
    /// in the middle of areas and of lines.
    pub sides: Vec<Side>,
    /// From the anchor to the text.
    pub gap: f32,
    /// Lets labels stand further away.
    pub leader: Option<Leader>,
    /// What the terrain hides.
    pub occlude: Occlude,
}

impl Style {
    /// Positions that are tried for a text beside a point, or `inside` an area.
    pub(super) fn sides_of(&self, inside: bool) -> &[Side] {
        match (&self.sides[..], inside) {
            ([], true) => &[Side::Center],
            ([], false) => &Side::AROUND,
            (sides, _) => sides,
        }
    }
}

/// Where a label belongs on the ground; world metres.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// To a point, `lift` metres above the ground before exaggeration.
    Point {
        /// x and y.
        at: [f64; 2],
        /// Metres.
        lift: f64,
        /// Stands for an area that it lies in.
        inside: bool,
    },
    /// Along a line: these of the layer's vertices. NaN parts one run from the next.
    Line(Range<usize>),
}

/// One label.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The caller's.
    pub row: u64,
    /// Which of the layer's texts.
    pub text: usize,
    /// Greater ones get their places first.
    pub priority: f64,
    /// Pixels an em.
    pub size: f32,
    /// sRGB with straight alpha.
    pub colour: [u8; 4],
    /// Where.
    pub place: Place,
}

/// Many labels of one style.
#[derive(Clone)]
pub struct LabelLayer {
    /// Their texts.
    pub texts: Arc<Texts>,
    /// The labels, in the caller's order.
    pub items: Vec<Item>,
    /// Of the lines among their places.
    pub vertices: Vec<[f64; 2]>,
    /// How they look.
    pub style: Style,
    /// Layers of greater order lie over others.
    pub order: f64,
}

impl std::fmt::Debug for LabelLayer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "LabelLayer of {} labels", self.items.len())
    }
}

impl LabelLayer {
    /// Refuses what cannot be drawn.
    pub fn validate(&self) -> Result<()> {
        let style = &self.style;
        let lengths = [
            ("halo", style.halo),
            ("offset", style.gap),
            ("leader", style.leader.map_or(0.0, |leader| leader.width)),
        ];
        for (name, length) in lengths {
            if !(0.0..=MOST_PX).contains(&length) {
                return Err(Error::invalid(format!(
                    "{name} must be 0 to {MOST_PX} pixels; got {length}; pass e.g. \"1.5pt\""
                )));
            }
        }
        for item in &self.items {
            if !(item.size > 0.0 && item.size <= MOST_PX) {
                return Err(Error::invalid(format!(
                    "size must be above 0 and at most {MOST_PX} pixels; got {}; pass e.g. size=\"9pt\"",
                    item.size
                )));
            }
            if item.priority.is_nan() || item.text >= self.texts.len() {
                return Err(Error::Internal("a label without text or priority".into()));
            }
        }
        Ok(())
    }
}

/// The largest letters and the widest halo.
const MOST_PX: f32 = 2048.0;
