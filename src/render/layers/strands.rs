//! Lines laid over ground whose cells are smaller than a picture's pixels: chains of vertices in
//! space, fewer from farther away, and what of them a picture sees.

use super::chain::{Chain, LAST, LINE_ENDS, LINE_STARTS, Vertex};
use super::grid::Grid;
use super::items::Items;
use super::lens::{Lens, Pixels};
use super::rows::{Marks, Seen};
use super::surface::Surface;
use super::together::side_by_side;
use crate::cores::cores;
use crate::error::{Result, try_vec};
use crate::gpu::FloatImage;
use crate::gpu::shaders::numbers::layer_strands::{DEPTH_STEPS, PLACES_BEFORE, PLACES_PER_PIXEL};
use crate::render::far_cells::{depths, far_from};
use crate::render::{Interrupted, Terrain};
use crate::scene::layers::{Join, Kind, Part, Paths, Unit};
use crate::scene::vector::length;
use crate::scene::{Detail, Rays, View};
use std::sync::{Arc, Weak};

/// How far across its line a piece may be from it, in the smallest pixels for which it stands.
const ACROSS_PX: f64 = 0.125;
/// Pieces of a line that have their own level.
const STRETCH: usize = 64;
/// Of so many of them one is measured to know how high they are.
const MEASURED: usize = 8;
/// Stretches that are made at a time.
const TOGETHER: usize = 64;
/// Levels from that of the nearest ground on.
const MOST_LEVELS: i32 = 6;
/// Levels that are kept at most.
const MOST_KEPT: i32 = 9;
/// Samples of a DEM of which all are looked at, wherever it is: of a larger one that is not in
/// memory that would take too long, and pictures are the same of those that are.
const MOST_SAMPLES: usize = 1 << 26;
/// Vertices of a part.
const MOST_VERTICES: usize = 1 << 22;
/// Beyond these a piece's place has no room: pixels of a picture's side, and half a line's width.
const MOST_SIDE: u32 = 62_000;
const MOST_HALF: f32 = 800.0;

type Corners = [[f32; 3]; 2];

/// Some pieces of a feature's line.
struct Stretch {
    feature: u32,
    /// Box of its pieces' ends on the ground, low and high, by which its level is found; and of the
    /// vertices of all its levels.
    ends: Corners,
    vertices: Corners,
    /// Of each level, its vertices.
    levels: Vec<Vec<Vertex>>,
}

/// A part's lines over a terrain.
pub(super) struct Strands {
    paths: Arc<Paths>,
    heights: Weak<FloatImage>,
    /// Pixels of a level are 2^octave metres wide on the ground, or up to twice as wide: the
    /// first's, and one beyond the last's.
    octaves: [i32; 2],
    /// The topmost first.
    stretches: Vec<Stretch>,
}

/// The octave of a pixel's width in metres.
fn octave_of(pixel_m: f64) -> i32 {
    pixel_m.max(1e-9).log2().floor() as i32
}

/// Octaves of the least and the greatest width: the first, and one beyond the last.
fn octaves_between(pixels_m: [f64; 2]) -> [i32; 2] {
    let [near, far] = pixels_m.map(octave_of);
    [near, far.min(near + MOST_LEVELS - 1) + 1]
}

fn octaves_of(terrain: &Terrain, view: &View) -> [i32; 2] {
    let rays: Rays = view.camera.rays(view.size, [0.0; 2]);
    octaves_between(depths(terrain, view).map(|depth| depth * length(rays.direction_dy)))
}

impl Strands {
    /// Whether a part is drawn so: lines of the picture's widths with round joins, where no pixel
    /// is smaller than a cell.
    pub(super) fn draws(part: &Part, terrain: &Terrain, view: &View) -> bool {
        matches!(&part.kind, Kind::Stroke { join: Join::Round, dashes: None, .. })
            && part.paints.unit == Unit::Pixels
            && part.paths.xy.len() <= MOST_VERTICES
            && part.paints.most_half() <= MOST_HALF
            && view.size.iter().all(|side| *side <= MOST_SIDE)
            && terrain.extent.columns * terrain.extent.rows <= MOST_SAMPLES
            && !view.camera.is_map()
            && view.detail == Detail::Auto
            && depths(terrain, view)[0] >= far_from(terrain, view, 0)
    }

    pub(super) fn new(
        part: &Part,
        grid: &Grid,
        (terrain, view): (&Terrain, &View),
        before: Option<&Self>,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let octaves = octaves_of(terrain, view);
        // A camera that comes nearer and goes away again has the levels of both.
        let both = before.map(|before| {
            let [low, high] = before.octaves;
            [octaves[0].min(low), octaves[1].max(high)]
        });
        let octaves = both.filter(|[low, high]| high - low <= MOST_KEPT).unwrap_or(octaves);
        let items = Items::of(part, grid)?;
        let mut made = Self {
            paths: part.paths.clone(),
            heights: Arc::downgrade(&terrain.heights),
            octaves,
            stretches: Vec::new(),
        };
        let surface = Surface::whole(terrain, interrupted)?;
        let runs = items.runs.iter().rev().flat_map(|&(feature, first, end)| {
            (first..end).step_by(STRETCH).map(move |at| (feature, at..end.min(at + STRETCH)))
        });
        let runs: Vec<_> = runs.collect();
        let laying = Laying { grid, surface: &surface, exaggeration: terrain.extent.exaggeration };
        let groups = side_by_side(runs.len().div_ceil(TOGETHER), interrupted, |group| {
            let own = &runs[group * TOGETHER..runs.len().min((group + 1) * TOGETHER)];
            Ok(own
                .iter()
                .filter_map(|(feature, range)| {
                    laying.stretch(*feature, &items.words[range.clone()], octaves)
                })
                .collect::<Vec<_>>())
        })?;
        made.stretches = try_vec(groups.iter().map(Vec::len).sum(), "a layer's lines")?;
        groups.into_iter().for_each(|group| made.stretches.extend(group));
        Ok(made)
    }

    pub(super) fn serves(&self, part: &Part, terrain: &Terrain, view: &View) -> bool {
        Arc::ptr_eq(&self.paths, &part.paths)
            && self.heights.as_ptr() == Arc::as_ptr(&terrain.heights)
            && Self::draws(part, terrain, view)
            && self.has(octaves_of(terrain, view))
    }

    fn has(&self, [low, high]: [i32; 2]) -> bool {
        self.octaves[0] <= low && high <= self.octaves[1]
    }

    /// The pieces as a picture shows them, up to `reach` pixels around them.
    pub(super) fn seen(
        &self,
        lens: &Lens,
        reach: f64,
        interrupted: Interrupted<'_>,
    ) -> Result<Seen> {
        // What a picture shows does not depend on which other levels there are.
        let [first, end] = octaves_between(lens.depths.map(|depth| lens.pixel_m(depth)));
        let count = self.stretches.len();
        let parts = if count < TOGETHER { 1 } else { 8 * cores() };
        let depth = [lens.depths[0], 1.0 / lens.depth_step()].map(|depth| depth as f32);
        let made = side_by_side(parts, interrupted, |part| {
            let range = part * count / parts..(part + 1) * count / parts;
            let mut marks = Marks::default();
            let mut items: Vec<[u32; 4]> = Vec::new();
            for stretch in &self.stretches[range] {
                if lens.is_box_beside(stretch.vertices, reach) {
                    continue;
                }
                let pixel = lens.pixel_m(lens.nearest_of(stretch.ends));
                let octave = octave_of(pixel).clamp(first, end - 1);
                let Some(chain) = stretch.levels.get((octave - self.octaves[0]) as usize) else {
                    continue;
                };
                let seeing = (lens, reach as f32, depth);
                add_chain(chain, stretch.feature, seeing, &mut marks, &mut items);
            }
            Ok((marks, items))
        })?;
        Ok(Seen::of_pieces(made))
    }
}

/// Adds the pieces of a chain that are in the picture.
fn add_chain(
    chain: &[Vertex],
    feature: u32,
    (lens, reach, [nearest, per_depth]): (&Lens, f32, [f32; 2]),
    marks: &mut Marks,
    items: &mut Vec<[u32; 4]>,
) {
    let mut before = ([0.0; 3], LAST);
    for vertex in chain {
        let b = lens.seen_at(vertex.at);
        let (a, bits) = std::mem::replace(&mut before, (b, vertex.bits));
        // Nothing so near the eye is on the ground, but it may be beyond the DEM, or behind the eye.
        if bits & LAST != 0 || a[2].min(b[2]) < 0.5 * nearest {
            continue;
        }
        let span = |axis: usize| {
            let (low, high) = (a[axis].min(b[axis]), a[axis].max(b[axis]));
            lens.pixels_between(axis, low - reach, high + reach)
        };
        let (Some(columns), Some(rows)) = (span(0), span(1)) else { continue };
        let depth = ((0.5 * (a[2] + b[2]) - nearest) * per_depth) as u32;
        let depth = depth.min(DEPTH_STEPS as u32);
        let place = |axis: usize| {
            ((a[axis] + PLACES_BEFORE as f32) * PLACES_PER_PIXEL as f32).clamp(0.0, 16_777_215.0)
                as u32
        };
        let along = |axis: usize| {
            let long = ((b[axis] - a[axis]) * PLACES_PER_PIXEL as f32).round();
            u32::from(long.clamp(-32_767.0, 32_767.0) as i16 as u16)
        };
        marks.push(items.len() as u32, Pixels { columns, rows });
        items.push([
            place(0) << 8 | depth >> 8,
            place(1) << 8 | depth & 255,
            along(0) | along(1) << 16,
            feature | bits & LINE_STARTS | vertex.bits & LINE_ENDS,
        ]);
    }
}

const NOWHERE: Corners = [[f32::INFINITY; 3], [f32::NEG_INFINITY; 3]];

/// A box that has another place, too.
fn with([low, high]: Corners, at: [f32; 3]) -> Corners {
    [
        [0, 1, 2].map(|axis: usize| low[axis].min(at[axis])),
        [0, 1, 2].map(|axis: usize| high[axis].max(at[axis])),
    ]
}

/// What lines are laid on.
struct Laying<'g> {
    grid: &'g Grid,
    surface: &'g Surface,
    exaggeration: f64,
}

impl Laying<'_> {
    /// None if there is no ground under it.
    fn stretch(&self, feature: u32, pieces: &[[i32; 4]], octaves: [i32; 2]) -> Option<Stretch> {
        let unit = f64::from(-self.grid.bits).exp2();
        let mut ends = NOWHERE;
        for (number, piece) in pieces.iter().enumerate() {
            let [x0, y0, x1, y1] = piece.map(|along| f64::from(along) * unit);
            for at in [[x0, y0], [x1, y1]] {
                // Over a hole it is as high as the others.
                let height = if number % MEASURED == 0 { self.surface.mean(at, 0.0) } else { None };
                let height = height.map_or(f32::NAN, |height| height as f32);
                ends = with(ends, [at[0] as f32, at[1] as f32, height]);
            }
        }
        if ends[0][2] > ends[1][2] {
            [ends[0][2], ends[1][2]] = self.surface.range();
        }
        let unit_m = self.grid.spacing[0].min(self.grid.spacing[1]) * unit;
        let levels: Vec<Vec<Vertex>> = (octaves[0]..octaves[1])
            .map(|octave| {
                let pixel_m = f64::from(octave).exp2();
                self.chain(&Items::joined(pieces, ACROSS_PX * pixel_m / unit_m), pixel_m)
            })
            .collect();
        let vertices = levels.iter().flatten().fold(NOWHERE, |all, vertex| with(all, vertex.at));
        levels.iter().any(|chain| !chain.is_empty()).then_some(Stretch {
            feature,
            ends,
            vertices,
            levels,
        })
    }

    fn chain(&self, pieces: &[[i32; 4]], pixel_m: f64) -> Vec<Vertex> {
        let unit = f64::from(-self.grid.bits).exp2();
        let pixel = pixel_m / self.grid.spacing[0].max(self.grid.spacing[1]);
        let height = |at: [f64; 2]| self.surface.mean(at, pixel);
        let mut chain = Chain::new(pieces.len() + 2, pixel, pixel_m / self.exaggeration, height);
        let mut last: Option<([i32; 2], Option<f64>)> = None;
        for &[x0, y0, x1, y1] in pieces {
            let (a, b) = ([x0 & !1, y0], [x1 & !1, y1]);
            let [p, q] = [a, b].map(|at| at.map(|along| f64::from(along) * unit));
            let before = last.filter(|(end, _)| *end == a);
            let from = before.map_or_else(|| chain.height(p), |(_, height)| height);
            let to = chain.height(q);
            let bits = [x0, x1].map(|x| x & 1 != 0);
            chain.add(((p, from), (q, to)), before.is_some(), bits);
            last = Some((b, to));
        }
        chain.into_vertices()
    }
}
