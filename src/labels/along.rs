//! Texts along lines: stretches that are long and straight enough, the middle first.

use super::layer::{Side, Style};
use crate::text::{Shaped, Turned};

/// Half the height of a capital letter, in ems: what stands in the middle beside an anchor.
pub(super) const HALF_CAPITAL: f64 = 0.357;

/// From one baseline to the next, in ems.
pub(super) const LINE: f64 = 1.25;

/// The cosine of the most that a baseline may turn from one glyph to the next: 25 degrees.
const LEAST_COSINE: f64 = 0.906;

/// Positions of a text on a line, the best first: on longer runs before shorter ones, in their
/// middles before their ends.
pub(super) fn along(
    points: &[([f64; 2], bool)],
    hidden_too: bool,
    size: f32,
    shaped: &Shaped,
    style: &Style,
) -> impl Iterator<Item = Vec<Turned>> {
    let wanted = f64::from(shaped.advance * size);
    let mut runs: Vec<Run> = points
        .split(|(point, hidden)| !point.iter().all(|c| c.is_finite()) || (*hidden && !hidden_too))
        .map(|run| Run::new(run.iter().map(|(point, _)| *point)))
        .filter(|run| run.length() >= wanted && run.length() > 0.0)
        .collect();
    runs.sort_by(|a, b| b.length().total_cmp(&a.length()));
    let (shaped, style) = (shaped.clone(), style.clone());
    runs.into_iter().flat_map(move |run| {
        let spare = run.length() - wanted;
        let step = (wanted / 2.0).max(8.0);
        let steps = (spare / 2.0 / step).floor() as i64;
        let mut found = Vec::new();
        for number in 0..=2 * steps {
            // 0, 1, −1, 2, −2 ... from the middle.
            let offset = if number % 2 == 0 { -number / 2 } else { number / 2 + 1 };
            found.extend(run.set(spare / 2.0 + step * offset as f64, size, &shaped, &style));
        }
        found
    })
}

/// A polyline with its length up to each point.
struct Run {
    points: Vec<[f64; 2]>,
    lengths: Vec<f64>,
}

impl Run {
    fn new(points: impl Iterator<Item = [f64; 2]>) -> Self {
        let mut run = Self { points: Vec::new(), lengths: Vec::new() };
        for point in points {
            let so_far = match (run.points.last(), run.lengths.last()) {
                (Some(last), Some(length)) => length + distance(*last, point),
                _ => 0.0,
            };
            run.points.push(point);
            run.lengths.push(so_far);
        }
        run
    }

    fn length(&self) -> f64 {
        self.lengths.last().copied().unwrap_or(0.0)
    }

    fn at(&self, length: f64) -> [f64; 2] {
        let after = self
            .lengths
            .partition_point(|so_far| *so_far < length)
            .clamp(1, self.points.len().max(2) - 1);
        let (Some(a), Some(b)) = (self.points.get(after - 1), self.points.get(after)) else {
            return self.points.first().copied().unwrap_or_default();
        };
        let (from, to) = (
            self.lengths.get(after - 1).copied().unwrap_or(0.0),
            self.lengths.get(after).copied().unwrap_or(0.0),
        );
        let share = if to > from { ((length - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
        [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
    }

    /// The text from `start` on; None where the line bends too much. It never stands on its head.
    fn set(&self, start: f64, size: f32, shaped: &Shaped, style: &Style) -> Option<Vec<Turned>> {
        let em = f64::from(size);
        let wanted = f64::from(shaped.advance) * em;
        let (first, last) = (self.at(start), self.at(start + wanted));
        let backwards = last[0] < first[0];
        // Of several lines the first above the line, or in its middle, has the others beneath it.
        let others = LINE * shaped.lines.saturating_sub(1) as f64 * em;
        let lift = match style.sides.first() {
            Some(Side::Top | Side::TopLeft | Side::TopRight) => {
                -f64::from(style.gap + style.halo) - others
            }
            Some(Side::Bottom | Side::BottomLeft | Side::BottomRight) => {
                f64::from(style.gap + style.halo) + 2.0 * HALF_CAPITAL * em
            }
            _ => HALF_CAPITAL * em - others / 2.0,
        };
        let place = |x: f64| self.at(if backwards { start + wanted - x } else { start + x });
        let mut places: Vec<Turned> = Vec::with_capacity(shaped.glyphs.len());
        let mut height = 0.0;
        for glyph in &shaped.glyphs {
            let (x, advance) = (f64::from(glyph.x) * em, f64::from(glyph.advance) * em);
            let middle = x + advance / 2.0;
            // Over an em at least: small bends of the line do not make letters dance.
            let reach = (advance / 2.0).max(em / 2.0);
            let (from, to) =
                (place((middle - reach).max(0.0)), place((middle + reach).min(wanted)));
            let length = distance(from, to);
            if length == 0.0 {
                return None;
            }
            let along = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
            // Where a line of the text begins, the last one's end is no neighbour.
            let same_line = (f64::from(glyph.y) - height).abs() < LINE / 2.0;
            height = f64::from(glyph.y);
            if let Some(before) = places.last().filter(|_| same_line) {
                let cosine =
                    along[0] * f64::from(before.along[0]) + along[1] * f64::from(before.along[1]);
                if cosine < LEAST_COSINE {
                    return None;
                }
            }
            let centre = place(middle);
            // Down from the line to the baseline, and back from the glyph's middle to its origin.
            let down = lift + f64::from(glyph.y) * em;
            let origin = [
                centre[0] - along[0] * advance / 2.0 - along[1] * down,
                centre[1] - along[1] * advance / 2.0 + along[0] * down,
            ];
            places
                .push(Turned { origin: origin.map(|c| c as f32), along: along.map(|c| c as f32) });
        }
        Some(places)
    }
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}
