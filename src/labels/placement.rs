//! Which labels are drawn, and where: greedy by priority.

use super::along::{HALF_CAPITAL, LINE, along};
pub use super::boxes::Rect;
use super::boxes::Taken;
use super::layer::{Item, LabelLayer, Leader, Occlude, Place, Side, Style};
use crate::text::{Shaped, Turned};

/// How much further out labels with leaders are tried, in ems.
const RINGS: [f64; 3] = [1.5, 3.0, 5.0];
/// Between a label's halo and its neighbour's, pixels.
const MARGIN: f64 = 1.0;

/// Where a label's place is in the picture, pixels.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// Outside, or where there is no ground.
    Nowhere,
    /// A point.
    Point {
        /// x and y, down.
        pixel: [f64; 2],
        /// Behind the terrain.
        hidden: bool,
    },
    /// A line's points, each with whether it is hidden; NaN parts one run from the next.
    Line(Vec<([f64; 2], bool)>),
}

/// How a label stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Spot {
    /// Upright, its first baseline beginning at this pixel corner.
    Upright([i32; 2]),
    /// Along a line, glyph by glyph.
    Along(Vec<Turned>),
}

/// A label that found room.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Of which layer.
    pub layer: usize,
    /// Which of its items.
    pub item: usize,
    /// Where.
    pub spot: Spot,
    /// Drawn faintly.
    pub dim: bool,
    /// From the anchor to the label.
    pub leader: Option<[[f64; 2]; 2]>,
    /// What it takes of the picture: left, top, right, bottom in pixels.
    pub boxes: Vec<Rect>,
}

impl Placed {
    /// Left, top, right and bottom of the text with its halo.
    pub fn bounds(&self) -> Rect {
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let texts = if self.leader.is_some() { self.boxes.get(..1) } else { self.boxes.get(..) };
        texts.unwrap_or_default().iter().fold(start, |all, area| {
            [all[0].min(area[0]), all[1].min(area[1]), all[2].max(area[2]), all[3].max(area[3])]
        })
    }
}

/// Places the labels of all layers in a picture of `size`; `seen` tells of each item where it is,
/// and nothing is put where `kept` is.
pub fn place(
    layers: &[&LabelLayer],
    seen: &[Vec<Seen>],
    size: [u32; 2],
    kept: &[Rect],
) -> Vec<Placed> {
    let mut queue = Vec::new();
    for (layer, (labels, seen)) in layers.iter().zip(seen).enumerate() {
        for (item, (label, seen)) in labels.items.iter().zip(seen).enumerate() {
            let faint = match (seen, labels.style.occlude) {
                (Seen::Nowhere, _) | (Seen::Point { hidden: true, .. }, Occlude::Hide) => continue,
                (Seen::Point { hidden, .. }, Occlude::Dim) => *hidden,
                _ => false,
            };
            queue.push((faint, label.priority, layer, item));
        }
    }
    // Stable: of the same priority the earlier layer and row comes first.
    queue.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut taken = Taken::default();
    taken.take(kept);
    let mut placed = Vec::new();
    for (faint, _, layer, item) in queue {
        let (Some(labels), Some(seen)) =
            (layers.get(layer), seen.get(layer).and_then(|all| all.get(item)))
        else {
            continue;
        };
        let Some(label) = labels.items.get(item) else { continue };
        let Some(shaped) = labels.texts.get(label.text).filter(|shaped| !shaped.glyphs.is_empty())
        else {
            continue;
        };
        let found = match seen {
            Seen::Nowhere => None,
            Seen::Point { pixel, .. } => beside(*pixel, label, shaped, &labels.style, &taken, size),
            Seen::Line(points) => on_line(points, label, shaped, &labels.style, &taken, size),
        };
        let Some((spot, boxes, leader, dim)) = found else { continue };
        taken.take(&boxes);
        placed.push(Placed { layer, item, spot, dim: dim || faint, leader, boxes });
    }
    placed
}

type Found = (Spot, Vec<Rect>, Option<[[f64; 2]; 2]>, bool);

/// The first free position beside a point.
fn beside(
    pixel: [f64; 2],
    label: &Item,
    shaped: &Shaped,
    style: &Style,
    taken: &Taken,
    size: [u32; 2],
) -> Option<Found> {
    let gap = f64::from(style.gap + style.halo);
    let inside = matches!(label.place, Place::Point { inside: true, .. });
    for &side in style.sides_of(inside) {
        let (origin, area) = standing(pixel, side, gap, label, shaped, style);
        if taken.fit(&[area], size) {
            return Some((Spot::Upright(origin), vec![area], None, false));
        }
    }
    let leader = style.leader?;
    for ring in RINGS {
        for side in Side::AROUND {
            let (origin, area) =
                standing(pixel, side, gap + ring * f64::from(label.size), label, shaped, style);
            if !taken.fit(&[area], size) {
                continue;
            }
            let end = nearest(pixel, area);
            let mut boxes = vec![area];
            boxes.extend(steps(pixel, end, leader));
            if taken.fit(boxes.get(1..).unwrap_or_default(), size) {
                return Some((Spot::Upright(origin), boxes, Some([pixel, end]), false));
            }
        }
    }
    None
}

/// Where the first baseline begins, and what the text takes with its halo and a margin.
fn standing(
    pixel: [f64; 2],
    side: Side,
    gap: f64,
    label: &Item,
    shaped: &Shaped,
    style: &Style,
) -> ([i32; 2], Rect) {
    let em = f64::from(label.size);
    let [left, top, right, bottom] = shaped.ink.map(|length| f64::from(length) * em);
    let [across, down] = side.way();
    // Aslant the way is as long as straight.
    let gap =
        if across != 0.0 && down != 0.0 { gap * std::f64::consts::FRAC_1_SQRT_2 } else { gap };
    let x = match across {
        a if a > 0.0 => pixel[0] + gap - left,
        a if a < 0.0 => pixel[0] - gap - right,
        _ => pixel[0] - (left + right) / 2.0,
    };
    let middle = (LINE * shaped.lines.saturating_sub(1) as f64 / 2.0 - HALF_CAPITAL) * em;
    let y = match down {
        d if d > 0.0 => pixel[1] + gap - top,
        d if d < 0.0 => pixel[1] - gap - bottom,
        _ => pixel[1] - middle,
    };
    // Whole pixels: letters look the same in every place, and are drawn once.
    let origin = [x.round(), y.round()];
    let reach = f64::from(style.halo) + MARGIN;
    let area = [
        origin[0] + left - reach,
        origin[1] + top - reach,
        origin[0] + right + reach,
        origin[1] + bottom + reach,
    ];
    (origin.map(|corner| corner as i32), area)
}

fn nearest(point: [f64; 2], [left, top, right, bottom]: Rect) -> [f64; 2] {
    [point[0].clamp(left, right), point[1].clamp(top, bottom)]
}

/// A line as boxes of a few pixels, without the last pixel, which touches the label.
fn steps(from: [f64; 2], to: [f64; 2], leader: Leader) -> Vec<Rect> {
    let way = [to[0] - from[0], to[1] - from[1]];
    let count = (way[0].hypot(way[1]) / 6.0).ceil().max(1.0) as usize;
    let reach = f64::from(leader.width) / 2.0;
    let at = |step: usize| {
        let share = step as f64 / count as f64;
        [from[0] + share * way[0], from[1] + share * way[1]]
    };
    (0..count)
        .map(|step| {
            let (a, b) = (at(step), at(step + 1));
            [
                a[0].min(b[0]) - reach,
                a[1].min(b[1]) - reach,
                a[0].max(b[0]) + reach,
                a[1].max(b[1]) + reach,
            ]
        })
        .collect()
}

/// The first free stretch of a line; of what the terrain hides as the style says.
fn on_line(
    points: &[([f64; 2], bool)],
    label: &Item,
    shaped: &Shaped,
    style: &Style,
    taken: &Taken,
    size: [u32; 2],
) -> Option<Found> {
    let passes: &[(bool, bool)] = match style.occlude {
        Occlude::Hide => &[(false, false)],
        Occlude::Dim => &[(false, false), (true, true)],
        Occlude::Show => &[(true, false)],
    };
    for &(hidden_too, dim) in passes {
        for places in along(points, hidden_too, label.size, shaped, style) {
            let boxes = turned_boxes(&places, label.size, shaped, style);
            if taken.fit(&boxes, size) {
                return Some((Spot::Along(places), boxes, None, dim));
            }
        }
    }
    None
}

/// A box round each glyph, from the lowest of the text to its highest.
fn turned_boxes(places: &[Turned], size: f32, shaped: &Shaped, style: &Style) -> Vec<Rect> {
    let reach = f64::from(style.halo) + MARGIN;
    let [_, top, _, bottom] = shaped.ink.map(|length| length * size);
    let boxed = |(glyph, place): (&crate::text::Glyph, &Turned)| {
        let [right, down] = place.along;
        // From the glyph's origin, not from the first baseline.
        let [top, bottom] = [top, bottom].map(|height| height - glyph.y * size);
        let corners = [
            [0.0, top],
            [0.0, bottom],
            [glyph.advance * size, top],
            [glyph.advance * size, bottom],
        ];
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        corners.iter().fold(start, |area, [x, y]| {
            let at =
                [place.origin[0] + right * x - down * y, place.origin[1] + down * x + right * y]
                    .map(f64::from);
            [
                area[0].min(at[0] - reach),
                area[1].min(at[1] - reach),
                area[2].max(at[0] + reach),
                area[3].max(at[1] + reach),
            ]
        })
    };
    shaped.glyphs.iter().zip(places).map(boxed).collect()
}
