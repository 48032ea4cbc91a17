//! Things on their ground: prisms and tubes in columns and rows of the DEM, with heights that are
//! the DEM's less the reference height.

use super::outlook::Place;
use super::parts::{parts, within};
use super::rise::Box2;
use super::room::Room;
use super::solids::{Board, Prism, Tube, around, reach_of};
use super::things::{Rows, Things};
use super::under::Under;
use crate::error::{Error, Result, try_vec};
use crate::gpu::Interrupted;
use crate::scene::layers::Unit;
use crate::scene::soundings::Soundings;
use crate::scene::space::{Level, Solid, of_row};
use crate::scene::{Heightfield, SpaceLayer};
use std::sync::Arc;

/// Steps along a piece of a line over the ground, and along an edge that looks for its lowest
/// ground, at most.
const MOST_STEPS: f64 = 4096.0;

/// Pieces from one question whether to stop to the next.
const PIECES_AT_ONCE: usize = 4096;

/// Between two of those steps, in cells.
const STEP: f64 = 0.5;

/// Of a layer's tubes.
#[derive(Clone, Copy)]
struct Widths<'l> {
    /// By feature, or one for all.
    halves: &'l [f32],
    unit: Unit,
}

/// Of one.
#[derive(Clone, Copy)]
struct Size {
    half: f32,
    unit: Unit,
}

/// Puts things of a picture on their ground.
struct Placing<'p> {
    under: Under<'p>,
    /// World z of the ground above a place.
    surface: &'p dyn Fn([f64; 2]) -> f64,
    interrupted: Interrupted<'p>,
    /// Pieces since it was asked whether to stop.
    since: &'p mut usize,
    things: &'p mut Things,
    /// What the layer has in place of tubes.
    board: Option<Board>,
}

/// A path of some layer: its first vertex, one past its last, its feature.
type Run = (usize, usize, u32);

/// Places of which the heights are read together, or those of one feature if that has more.
const ASKED_AT_ONCE: usize = 1 << 20;

/// Puts `layers` over the ground. What lies beyond the DEM is left out, and what stands where no
/// ground is and has no height of its own.
pub(in crate::render) fn place(
    layers: &[Arc<SpaceLayer>],
    under: Under<'_>,
    room: Room<'_>,
    interrupted: Interrupted<'_>,
) -> Result<Things> {
    let mut things = Things { reference: under.reference(), ..Things::default() };
    let since = &mut 0;
    for layer in layers {
        room.check(things.pieces() + least_pieces(layer, under.field))?;
        let rows = things.add_colours(layer);
        let board = match &layer.solid {
            Solid::Tubes { board: Some(board), .. } => Some(things.board(board)),
            Solid::Tubes { .. } | Solid::Prisms { .. } => None,
        };
        let mut features: Vec<&[Run]> = try_vec(layer.paths.runs.len(), "things")?;
        features.extend(layer.paths.runs.chunk_by(|a, b| a.2 == b.2));
        let mut put = |features: &[&[Run]], surface: &dyn Fn([f64; 2]) -> f64, things: &mut _| {
            let mut placing = Placing { under, surface, interrupted, since, things, board };
            features.iter().try_for_each(|runs| {
                placing.feature(layer, rows, runs)?;
                room.check(placing.things.pieces())
            })
        };
        let Some(source) = under.source else {
            put(&features, &|place| under.field.surface_at(place), &mut things)?;
            continue;
        };
        let mut soundings = Soundings::default();
        let mut first = 0;
        for end in 1..=features.len() {
            // Which places are asked for does not depend on the answers, unlike what comes of it.
            put(&features[end - 1..end], &|place| soundings.ask(place), &mut Things::default())?;
            if soundings.waiting() >= ASKED_AT_ONCE || end == features.len() {
                soundings.sound(source.windows.as_ref(), under.field, interrupted)?;
                put(&features[first..end], &|_| soundings.answer(), &mut things)?;
                first = end;
            }
        }
    }
    if things.depend_on_view() {
        things.lows = Some(under.lows()?);
    }
    Ok(things)
}

/// Pieces that a layer has at least if there is ground under all of it, found before any is made:
/// those of which both ends are over the DEM.
fn least_pieces(layer: &SpaceLayer, field: &Heightfield) -> usize {
    let reach = [field.columns(), field.rows()];
    let half: [f64; 2] =
        [0, 1].map(|axis: usize| (reach[axis] - 1) as f64 / 2.0 * field.spacing()[axis]);
    let is_over = |place: &[f64; 2]| (0..2).all(|axis| place[axis].abs() <= half[axis]);
    let is_piece = |first: usize, ends: &[[f64; 2]]| {
        let &[a, b] = ends else { return false };
        let is_drawn = match &layer.solid {
            Solid::Tubes { shares: Some(shares), .. } => is_step(shares, first),
            Solid::Tubes { .. } | Solid::Prisms { .. } => true,
        };
        a != b && is_drawn && ends.iter().all(is_over)
    };
    let of_run = |&(first, end, feature): &Run| {
        let seen = of_row(&layer.colours, feature).is_some_and(|colour| colour[3] > 0.0);
        let has_size = match &layer.solid {
            Solid::Prisms { heights, .. } => of_row(heights, feature) != Some(0.0),
            Solid::Tubes { halves, .. } => of_row(halves, feature) != Some(0.0),
        };
        // A prism has walls between two places, and the ends of an arc are two.
        let has_ends = match &layer.solid {
            Solid::Prisms { .. } => false,
            Solid::Tubes { shares, .. } => shares.is_none(),
        };
        match layer.paths.xy.get(first..end).unwrap_or_default() {
            line if !(seen && has_size) || line.is_empty() => 0,
            [place] => usize::from(has_ends && is_over(place)),
            line => (first..).zip(line.windows(2)).filter(|(at, ends)| is_piece(*at, ends)).count(),
        }
    };
    layer.paths.runs.iter().map(of_run).sum()
}

/// Whether an arc has both the vertex at `first` and the next.
fn is_step(shares: &[f64], first: usize) -> bool {
    shares.get(first..first + 2).is_some_and(|ends| ends.iter().all(|share| !share.is_nan()))
}

impl Placing<'_> {
    /// All paths of a feature follow each other.
    fn feature(&mut self, layer: &SpaceLayer, rows: Rows, runs: &[Run]) -> Result<()> {
        match &layer.solid {
            Solid::Prisms { heights, feet } => {
                self.prism(layer, rows, runs, heights, feet.as_deref())
            }
            Solid::Tubes { z, level, shares, halves, unit, .. } => {
                let widths = Widths { halves, unit: *unit };
                self.tubes(layer, rows, runs, (z, *level, shares.as_deref()), widths)
            }
        }
    }

    /// Before so many pieces: asks now and then whether to.
    fn go_on(&mut self, pieces: usize) -> Result<()> {
        *self.since += pieces;
        if *self.since >= PIECES_AT_ONCE {
            *self.since = 0;
            if (self.interrupted)() {
                return Err(Error::Interrupted);
            }
        }
        Ok(())
    }

    fn flat(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let middle = [self.under.field.columns(), self.under.field.rows()]
            .map(|samples| (samples - 1) as f64 / 2.0);
        let [dx, dy] = self.under.field.spacing();
        [x / dx + middle[0], middle[1] - y / dy]
    }

    fn reference(&self) -> f64 {
        self.under.reference().into()
    }

    /// The DEM's own height of the ground; NaN where there is none.
    fn ground(&self, place: [f64; 2]) -> f64 {
        (self.surface)(place) / self.under.field.exaggeration()
    }

    /// Whether a box of places seen from above has a part of the DEM.
    fn is_over(&self, places: impl Iterator<Item = [f64; 2]>) -> bool {
        let [mut low, mut high] = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for place in places {
            for axis in 0..2 {
                low[axis] = low[axis].min(place[axis]);
                high[axis] = high[axis].max(place[axis]);
            }
        }
        let last = self.last();
        (0..2).all(|axis| high[axis] >= 0.0 && low[axis] <= last[axis])
    }

    /// Takes note of a thing that reaches up to `top` over a box seen from above.
    fn note_rise(&mut self, bounds: Box2, top: f64) {
        let lowest = self.under.lowest(bounds).map(|lowest| lowest - self.reference());
        self.things.rise.note(top, lowest);
    }

    /// Points along what of a piece is over the DEM, both ends among them, no farther apart than a
    /// share of a cell.
    fn along(&self, [a, b]: [[f64; 2]; 2]) -> impl Iterator<Item = (f64, [f64; 2])> + use<> {
        let [dx, dy] = self.under.field.spacing();
        let over = within(self.flat(a), self.flat(b), [0.0; 2], self.last());
        over.into_iter().flat_map(move |[first, last]| {
            let way = last - first;
            let cells = ((b[0] - a[0]) / dx).abs().max(((b[1] - a[1]) / dy).abs()) * way;
            let steps = (cells / STEP).ceil().clamp(1.0, MOST_STEPS);
            (0..=steps as usize).map(move |step| {
                let share = first + step as f64 / steps * way;
                (share, [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])])
            })
        })
    }

    /// Column and row of the last sample.
    fn last(&self) -> [f64; 2] {
        [self.under.field.columns(), self.under.field.rows()].map(|samples| (samples - 1) as f64)
    }

    /// A straight piece in parts whose ends keep their digits.
    fn parted(&self, ends: [Place; 2]) -> Vec<Place> {
        let field = self.under.field;
        let [last, [dx, dy]] = [self.last(), field.spacing()];
        let height = field.exaggeration() / dx.min(dy);
        let relief = field.range().map_or(0.0, |[low, high]| f64::from(high - low)) * height;
        parts(ends, [last[0] / 2.0, last[1] / 2.0, 0.0], last[0].max(last[1]).max(relief), height)
    }

    fn prism(
        &mut self,
        layer: &SpaceLayer,
        rows: Rows,
        rings: &[Run],
        heights: &[f64],
        feet: Option<&[f64]>,
    ) -> Result<()> {
        let paths = &layer.paths;
        let Some(&(_, _, feature)) = rings.first() else { return Ok(()) };
        self.go_on(rings.iter().map(|ring| ring.1 - ring.0).sum())?;
        let seen = of_row(&layer.colours, feature).is_some_and(|colour| colour[3] > 0.0);
        let height = of_row(heights, feature).unwrap_or_default();
        let vertices =
            || rings.iter().flat_map(|ring| paths.xy.get(ring.0..ring.1).unwrap_or_default());
        if !seen || height == 0.0 || !self.is_over(vertices().map(|vertex| self.flat(*vertex))) {
            return Ok(());
        }
        let pieces = rings.iter().flat_map(|ring| {
            let ring = paths.xy.get(ring.0..ring.1).unwrap_or_default();
            ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| [*a, *b])
        });
        let foot = match feet.and_then(|feet| of_row(feet, feature)) {
            Some(foot) => foot,
            None => pieces
                .clone()
                .flat_map(|piece| self.along(piece))
                .map(|(_, place)| self.ground(place))
                .filter(|ground| ground.is_finite())
                .fold(f64::INFINITY, f64::min),
        };
        if foot.is_infinite() {
            return Ok(());
        }
        let foot = foot - self.reference();
        let first = self.things.edges.len();
        let flat: Vec<_> = pieces.map(|piece| piece.map(|end| self.flat(end))).collect();
        let mut corners = [[f64::INFINITY; 2], [f64::NEG_INFINITY; 2]];
        for place in flat.iter().flatten() {
            for axis in 0..2 {
                corners[0][axis] = corners[0][axis].min(place[axis]);
                corners[1][axis] = corners[1][axis].max(place[axis]);
            }
        }
        self.note_rise(corners, foot + height);
        self.things.edges.extend(flat.into_iter().filter(|[a, b]| a != b));
        let row = rows.first + feature.min(rows.last);
        let edges = first..self.things.edges.len();
        self.things.prisms.push(Prism { edges, foot, top: foot + height, row });
        Ok(())
    }

    fn tubes(
        &mut self,
        layer: &SpaceLayer,
        rows: Rows,
        runs: &[Run],
        (z, level, shares): (&[f64], Level, Option<&[f64]>),
        widths: Widths<'_>,
    ) -> Result<()> {
        for &(first, end, feature) in runs {
            let seen = of_row(&layer.colours, feature).is_some_and(|colour| colour[3] > 0.0);
            let half = of_row(widths.halves, feature).unwrap_or_default();
            let size = Size { half, unit: widths.unit };
            if !seen || half == 0.0 {
                continue;
            }
            let row = rows.first + feature.min(rows.last);
            let (Some(line), Some(z)) = (layer.paths.xy.get(first..end), z.get(first..end)) else {
                continue;
            };
            let last = line.len().saturating_sub(1);
            if let Some(shares) = shares {
                self.arc(line, z, shares.get(first..end).unwrap_or_default(), size, row)?;
                continue;
            }
            for at in 0..line.len().min(last.max(1)) {
                self.go_on(1)?;
                let next = (at + 1).min(last);
                self.piece([line[at], line[next]], [z[at], z[next]], level, size, row);
            }
        }
        Ok(())
    }

    /// A line over the straight way from the ground at its first vertex to that at its last.
    fn arc(
        &mut self,
        line: &[[f64; 2]],
        z: &[f64],
        shares: &[f64],
        size: Size,
        row: u32,
    ) -> Result<()> {
        let ([Some(first), Some(last)], [Some(begin), Some(end)]) =
            ([line.first(), line.last()], [shares.first(), shares.last()])
        else {
            return Ok(());
        };
        let least = self.under.field.range().map_or(0.0, |range| f64::from(range[0]));
        let [a, b] = [(first, begin), (last, end)]
            .map(|(place, share)| if share.is_nan() { f64::NAN } else { self.ground(*place) });
        let or = |ground: f64, other: f64| [ground, other].into_iter().find(|z| z.is_finite());
        let [a, b] = [or(a, b), or(b, a)].map(|ground| ground.unwrap_or(least));
        let height = |at: usize| z[at] + a + (b - a) * shares[at];
        for at in 0..line.len() - 1 {
            self.go_on(1)?;
            if is_step(shares, at) {
                let heights = [height(at), height(at + 1)];
                self.piece([line[at], line[at + 1]], heights, Level::Datum, size, row);
            }
        }
        Ok(())
    }

    fn piece(
        &mut self,
        line: [[f64; 2]; 2],
        z: [f64; 2],
        level: Level,
        Size { half, unit }: Size,
        row: u32,
    ) {
        if !self.is_over(line.iter().map(|end| self.flat(*end))) {
            return;
        }
        let reference = self.reference();
        let lifted = |(share, [x, y]): (f64, [f64; 2]), ground: f64| {
            let [column, row] = self.flat([x, y]);
            [column, row, z[0] + share * (z[1] - z[0]) + ground - reference]
        };
        let points: Vec<Place> = match level {
            Level::Datum => self.parted([lifted((0.0, line[0]), 0.0), lifted((1.0, line[1]), 0.0)]),
            Level::Ground => self.along(line).map(|at| lifted(at, self.ground(at.1))).collect(),
        };
        let board = self.board;
        let signed = if unit == Unit::Pixels { -half } else { half };
        for ends in points.windows(2) {
            let &[a, b] = ends else { continue };
            if !(a[2].is_finite() && b[2].is_finite()) {
                continue;
            }
            let reach = match unit {
                Unit::Metres => reach_of(f64::from(half) * around(board), self.under.field),
                Unit::Pixels => [0.0; 3],
            };
            let tube = Tube { ends: [a, b], half: signed, reach, board, row };
            if unit == Unit::Metres {
                self.note_rise(tube.bounds(), tube.top());
            }
            self.things.tubes.push(tube);
        }
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
