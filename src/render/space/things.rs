//! Things of a picture in their places, and their colours.

use super::outlook::Outlook;
use super::rise::{Lows, Rise};
use super::solids::{Board, Prism, Tube, around, reach_of};
use crate::render::colours::colour_word;
use crate::scene::space::{self as given, of_row};
use crate::scene::{Heightfield, SpaceLayer, Symbol};
use std::sync::Arc;

/// All of a picture's.
#[derive(Default)]
pub(in crate::render) struct Things {
    pub(super) prisms: Vec<Prism>,
    /// From one place to another, seen from above.
    pub(super) edges: Vec<[[f64; 2]; 2]>,
    pub(super) tubes: Vec<Tube>,
    /// As `colour.glsl` unpacks them, and their alphas.
    pub(super) colours: Vec<[u32; 2]>,
    /// What boards show.
    pub(super) symbols: Vec<Arc<Symbol>>,
    /// How many of the colours one sees through.
    pub(super) through: usize,
    /// How far all but tubes in pixels rise over the ground under them.
    pub(super) rise: Rise,
    /// The DEM's own height from which theirs are counted.
    pub(super) reference: f32,
    /// How low the ground lies, if there are tubes in pixels.
    pub(super) lows: Option<Lows>,
}

impl Things {
    /// Whether one sees through what has the colour of this row.
    pub(super) fn is_through(&self, row: u32) -> bool {
        self.colours.get(row as usize).is_some_and(|word| f32::from_bits(word[1]) < 1.0)
    }

    /// Puts the layer's colours to the others: where one sees through some, of each feature, since
    /// each is seen once.
    pub(super) fn add_colours(&mut self, layer: &SpaceLayer) -> Rows {
        let first = self.colours.len() as u32;
        let is_through = |colour: &[f32; 4]| colour[3] > 0.0 && colour[3] < 1.0;
        let features = layer.paths.runs.last().map_or(0, |run| run.2 as usize + 1);
        let each = layer.colours.iter().any(is_through);
        let count = if each { layer.colours.len().max(features) } else { layer.colours.len() };
        for row in 0..count {
            let Some(colour) = of_row(&layer.colours, row as u32) else { continue };
            self.through += usize::from(is_through(&colour));
            self.colours.push([colour_word(colour), colour[3].to_bits()]);
        }
        Rows { first, last: (count as u32).saturating_sub(1) }
    }

    /// Puts a layer's symbol to the others, if it is not there.
    pub(super) fn board(&mut self, board: &given::Board) -> Board {
        let symbol = match board {
            given::Board::Shape(shape) => return Board::Shape(*shape),
            given::Board::Symbol(symbol) => symbol,
        };
        let known = self.symbols.iter().position(|known| Arc::ptr_eq(known, symbol));
        let number = known.unwrap_or(self.symbols.len());
        if known.is_none() {
            self.symbols.push(symbol.clone());
        }
        Board::Symbol(number, symbol.coloured)
    }

    /// What comes into cells, one by one.
    pub(super) fn pieces(&self) -> usize {
        self.edges.len() + self.tubes.len()
    }

    pub(super) fn depend_on_view(&self) -> bool {
        self.tubes.iter().any(|tube| tube.half < 0.0)
    }

    /// Makes tubes in pixels as wide as a view has them; how far all things rise over the ground
    /// then.
    pub(super) fn set_view(&mut self, outlook: &Outlook, field: &Heightfield) -> Rise {
        let mut rise = self.rise;
        let reference = f64::from(self.reference);
        for tube in self.tubes.iter_mut().filter(|tube| tube.half < 0.0) {
            let pixel = outlook.pixel_at(tube.ends[0]).max(outlook.pixel_at(tube.ends[1])).max(0.0);
            let half = -f64::from(tube.half) * pixel;
            tube.reach = reach_of(half * around(tube.board), field);
            let lowest = self.lows.as_ref().and_then(|lows| lows.under(tube.bounds()));
            rise.note(tube.top(), lowest.map(|lowest| lowest - reference));
        }
        rise
    }
}

/// Of a layer's colours.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    pub(super) first: u32,
    /// Counted from the first.
    pub(super) last: u32,
}
