//! Marks of the picture's sizes, which stand upright around where their places are seen.

use super::block::{outermost_side, steps_per_pixel};
use super::lens::{Lens, Pixels};
use super::spots::Spot;
use crate::gpu::shaders::numbers::layer_marks::{DEPTH_BITS, DEPTH_LEFT_OUT};
use crate::render::mosaic::TILE;
use crate::scene::layers::Part;

/// Half a pixel, and what numbers are rounded by: a mark lies on the pixels that touch the square
/// around it.
const TOUCHING: f32 = 0.501;
/// Beyond these no place is told from others.
const MOST_STEPS: f64 = 536_870_912.0;

/// A mark in a picture: columns and rows in steps, what its words tell of its depth, and its
/// feature.
pub(super) struct Upright {
    place: [i32; 2],
    depth: [u32; 2],
    feature: u32,
}

/// A depth's bits, rounded to those that are told: the upper ones and the lower.
fn depth_words(depth: f64) -> [u32; 2] {
    let bits = ((depth as f32).to_bits() + (1 << (DEPTH_LEFT_OUT - 1))) >> DEPTH_LEFT_OUT;
    [bits >> DEPTH_BITS, bits & ((1 << DEPTH_BITS) - 1)]
}

/// Those of a part in a picture, by the numbers of their marks.
pub(super) struct Uprights {
    all: Vec<Upright>,
    /// Steps of a row of eight pixels, across and down.
    steps: [i32; 2],
    /// Words of an entry.
    pub(super) words: usize,
}

impl Uprights {
    /// Those of a part.
    pub(super) fn of(part: &Part, all: Vec<Upright>) -> Self {
        let words = if part.paints.count() == 1 { 2 } else { 3 };
        let steps = steps_per_pixel(part) as i32;
        Self { all, steps: [TILE as i32 * steps, steps], words }
    }

    pub(super) fn entry(&self, number: u32) -> Option<Entry<'_>> {
        self.all.get(number as usize).map(|mark| Entry { mark, steps: self.steps })
    }
}

/// How a part's marks stand in a picture.
pub(super) struct Standing<'l> {
    lens: &'l Lens,
    steps: f64,
    reach: f32,
}

impl<'l> Standing<'l> {
    pub(super) fn new(part: &Part, lens: &'l Lens) -> Self {
        let reach = outermost_side(part) + TOUCHING;
        Self { lens, steps: steps_per_pixel(part), reach }
    }

    /// A mark and the pixels it is on, if it is on any; the spot knows its feature.
    pub(super) fn mark(&self, spot: &Spot) -> Option<(Upright, Pixels)> {
        let Self { lens, steps, reach } = self;
        let [x, y, depth] = lens.place_of(spot)?;
        let place =
            [x, y].map(|along| (along * steps).round().clamp(-MOST_STEPS, MOST_STEPS) as i32);
        let span = |axis: usize| {
            let at = place[axis] as f32 * (1.0 / steps) as f32;
            lens.pixels_between(axis, at - reach, at + reach)
        };
        let pixels = Pixels { columns: span(0)?, rows: span(1)? };
        Some((Upright { place, depth: depth_words(depth), feature: spot.item }, pixels))
    }
}

/// What lists have of a mark.
#[derive(Clone, Copy)]
pub(super) struct Entry<'m> {
    mark: &'m Upright,
    steps: [i32; 2],
}

impl Entry<'_> {
    /// In the list of a row of eight pixels.
    pub(super) fn words(&self, eight: u16, row: u32) -> [u32; 3] {
        let Upright { place, depth, feature } = self.mark;
        let corner = [i32::from(eight) * self.steps[0], row as i32 * self.steps[1]];
        let word = |axis: usize| ((place[axis] - corner[axis]) << DEPTH_BITS) as u32 | depth[axis];
        [word(0), word(1), *feature]
    }
}

#[cfg(test)]
mod tests {
    use super::{DEPTH_BITS, DEPTH_LEFT_OUT, Entry, Upright, depth_words};

    /// As layer_marks.glsl reads them.
    fn read([x, y, feature]: [u32; 3]) -> ([i32; 2], f32, u32) {
        let low = (1 << DEPTH_BITS) - 1;
        let depth = ((x & low) << DEPTH_BITS | y & low) << DEPTH_LEFT_OUT;
        ([x, y].map(|word| word as i32 >> DEPTH_BITS), f32::from_bits(depth), feature)
    }

    #[test]
    fn entries_tell_where_a_mark_is_and_how_deep() {
        let steps = [8 * 256, 256];
        for (place, depth) in [([0, 0], 1.0), ([70_000, 3], 36_812.3), ([-500_000, 499_000], 1e-3)]
        {
            let mark = Upright { place, depth: depth_words(depth), feature: 7 };
            let entry = Entry { mark: &mark, steps };
            let (at, seen, feature) = read(entry.words(0, 0));
            assert_eq!((at, feature), (place, 7));
            assert!((seen / depth as f32 - 1.0).abs() < 1e-5, "{seen} {depth}");
            let (beside, ..) = read(entry.words(3, 5));
            assert_eq!(beside, [place[0] - 24 * 256, place[1] - 5 * 256]);
        }
    }
}
