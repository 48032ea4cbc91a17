//! A part's pieces, or marks, as they lie on the ground: cut where they are long, with heights, in
//! blocks of which it is known where they are. From afar a block has fewer pieces.

use super::grid::Grid;
use super::items::{BLOCK, Items};
use super::surface::{Profile, Surface};
use super::together::side_by_side;
use crate::error::{Result, try_vec};
use crate::render::{Interrupted, Terrain};

/// How far a line of which vertices are left out may be from the whole one, in pixels.
const TOLERANCE_PX: f64 = 0.05;
/// Spans of long pieces at most: then they are cut into longer ones.
const MOST_SPANS: f64 = 4e6;
/// Blocks that are made at a time.
const TOGETHER: usize = 64;

/// An item, or part of a long one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) item: u32,
    /// Units.
    pub(super) ends: [[i32; 2]; 2],
    pub(super) profile: Profile,
}

/// All items, or fewer, in blocks.
pub(super) struct Detail {
    /// Cells that a pixel has to be wide.
    pub(super) pixel: f64,
    /// Where each block's spans begin, and the last one's end.
    pub(super) firsts: Vec<u32>,
    pub(super) spans: Vec<Span>,
}

/// Low and high corner of a block: columns, rows, heights.
pub(super) type Bounds = [[f64; 3]; 2];

/// Of nothing.
const NOWHERE: Bounds = [[f64::INFINITY; 3], [f64::NEG_INFINITY; 3]];

/// A part's spans, with all items and then with fewer.
pub(super) struct Spans {
    pub(super) bounds: Vec<Bounds>,
    pub(super) details: Vec<Detail>,
    /// How far items reach beyond themselves, in cells.
    pub(super) beside: f64,
}

/// For which pixels a picture wants fewer items: 2^first to 2^last cells wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) first: i32,
    pub(super) last: i32,
}

impl Wanted {
    pub(super) fn holds(&self, others: &Self) -> bool {
        self.first <= others.first && self.last >= others.last
    }
}

impl Detail {
    /// Spans of all blocks.
    pub(super) fn count(&self) -> usize {
        self.spans.len()
    }

    /// Those of a block.
    pub(super) fn of(&self, block: usize) -> &[Span] {
        let at = |block: usize| self.firsts.get(block).map_or(0, |first| *first as usize);
        self.spans.get(at(block)..at(block + 1)).unwrap_or_default()
    }
}

impl Spans {
    /// Of `items`, to which those of the details that leave some out are added; `beside` is how far
    /// they reach beyond themselves in cells of the DEM.
    pub(super) fn new(
        items: &mut Items,
        grid: &Grid,
        terrain: &Terrain,
        beside: f64,
        wanted: Wanted,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let units = f64::from(1 << grid.bits);
        let own = items.words.len();
        let blocks = own.div_ceil(BLOCK);
        let mut kept: Vec<(f64, Vec<u32>)> =
            vec![(0.0, (0..=blocks).map(|block| (block * BLOCK).min(own) as u32).collect())];
        for level in wanted.first..=wanted.last {
            let pixel = f64::from(level).exp2();
            if let Some(firsts) = items.add_simplified(own, TOLERANCE_PX * pixel * units) {
                kept.push((pixel, firsts));
            }
        }
        let mut bounds = vec![NOWHERE; blocks];
        let mut details = Vec::with_capacity(kept.len());
        let surface = Surface::under(terrain, around(items, units, beside), interrupted)?;
        let Some(surface) = surface else {
            return Ok(Self { bounds, details, beside });
        };
        let longest = surface.longest().max(length(&items.words[..own], units) / MOST_SPANS);
        let cutting = Cutting { surface: &surface, units, beside, longest };
        for (pixel, of_blocks) in kept {
            let groups = side_by_side(blocks.div_ceil(TOGETHER), |group| {
                let range = group * TOGETHER..((group + 1) * TOGETHER).min(blocks);
                cutting.blocks(items, &of_blocks[range.start..=range.end])
            })?;
            let count = groups.iter().map(|(spans, _)| spans.len()).sum();
            let mut spans: Vec<Span> = try_vec(count, "a layer's spans")?;
            let mut firsts = Vec::with_capacity(blocks + 1);
            for (of_group, begins) in groups {
                let first = spans.len() as u32;
                firsts.extend(begins.into_iter().map(|begin| first + begin));
                spans.extend_from_slice(&of_group);
            }
            firsts.push(spans.len() as u32);
            let detail = Detail { pixel, firsts, spans };
            for (block, bounds) in bounds.iter_mut().enumerate() {
                detail.of(block).iter().for_each(|span| widen(bounds, span, units));
            }
            details.push(detail);
        }
        Ok(Self { bounds, details, beside })
    }
}

/// How items become spans.
struct Cutting<'s> {
    surface: &'s Surface,
    units: f64,
    beside: f64,
    /// Cells that a span may be long.
    longest: f64,
}

impl Cutting<'_> {
    /// Spans of some blocks, given by their first items, and where each block's begin.
    fn blocks(&self, items: &Items, firsts: &[u32]) -> Result<(Vec<Span>, Vec<u32>)> {
        let count = firsts.last().unwrap_or(&0) - firsts.first().unwrap_or(&0);
        let mut spans = try_vec(count as usize, "a layer's spans")?;
        let mut begins = Vec::with_capacity(firsts.len());
        for pair in firsts.windows(2) {
            begins.push(spans.len() as u32);
            for item in pair[0]..pair[1] {
                self.item(&mut spans, item, items.ends(item as usize));
            }
        }
        Ok((spans, begins))
    }

    fn item(&self, spans: &mut Vec<Span>, item: u32, [a, b]: [[i32; 2]; 2]) {
        let far = |axis: usize| (f64::from(b[axis]) - f64::from(a[axis])).abs() / self.units;
        let parts = (far(0).max(far(1)) / self.longest).ceil().max(1.0) as i64;
        let at = |part: i64| {
            [0, 1].map(|axis| {
                let way = i64::from(b[axis]) - i64::from(a[axis]);
                (i64::from(a[axis]) + way * part / parts) as i32
            })
        };
        let mut from = a;
        for part in 1..=parts {
            let to = at(part);
            let ends = [from, to];
            let places = ends.map(|end| end.map(|along| f64::from(along) / self.units));
            if let Some(profile) = self.surface.profile(places, self.beside) {
                spans.push(Span { item, ends, profile });
            }
            from = to;
        }
    }
}

/// The corners of what items reach, in columns and rows.
fn around(items: &Items, units: f64, beside: f64) -> [[f64; 2]; 2] {
    let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
    for item in 0..items.words.len() {
        for end in items.ends(item) {
            for axis in 0..2 {
                let at = f64::from(end[axis]) / units;
                corners[0][axis] = corners[0][axis].min(at - beside);
                corners[1][axis] = corners[1][axis].max(at + beside);
            }
        }
    }
    corners
}

/// Cells that items are long, all of them together.
fn length(words: &[[i32; 4]], units: f64) -> f64 {
    let far = |word: &[i32; 4]| {
        let off = [0, 1].map(|axis| (f64::from(word[2 + axis]) - f64::from(word[axis])).abs());
        off[0].max(off[1]) / units
    };
    words.iter().map(far).sum()
}

fn widen(bounds: &mut Bounds, span: &Span, units: f64) {
    let Profile { ends, bulge } = span.profile;
    for ([x, y], z) in span.ends.into_iter().zip(ends) {
        let place = [f64::from(x) / units, f64::from(y) / units];
        let low = [place[0], place[1], f64::from(z - bulge)];
        let high = [place[0], place[1], f64::from(z + bulge)];
        for axis in 0..3 {
            bounds[0][axis] = bounds[0][axis].min(low[axis]);
            bounds[1][axis] = bounds[1][axis].max(high[axis]);
        }
    }
}
