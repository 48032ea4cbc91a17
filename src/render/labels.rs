//! Labels on a finished picture: where their places are in it, which of these the terrain hides,
//! and then their texts.

use super::ground::Sent;
use super::space::Under;
use super::{Engine, Frame, Interrupted, Terrain, ms_since};
use crate::error::Result;
use crate::labels::{LabelLayer, Place, Placed, Seen, Sheet};
use crate::scene::soundings::Soundings;
use crate::scene::vector::length;
use crate::scene::{Heightfield, Rays, View};
use crate::text::Canvas;
use std::sync::Arc;
use std::time::Instant;

/// A label's place in the world.
enum Spot {
    /// A point; NaN where there is no ground.
    Point([f64; 3]),
    /// A line on the ground, in steps of a cell; NaN parts one run from the next.
    Line(Vec<[f64; 3]>),
}

/// Labels with their places on a terrain.
pub(super) struct Anchored {
    pub(super) layer: Arc<LabelLayer>,
    spots: Vec<Spot>,
}

impl Anchored {
    /// Puts the labels of `layer` on the ground.
    pub(super) fn new(
        layer: Arc<LabelLayer>,
        under: Under<'_>,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let field = under.field;
        let Some(source) = under.source else {
            let spots = anchor(&layer, field, |place| field.surface_at(place));
            return Ok(Self { layer, spots });
        };
        let mut soundings = Soundings::default();
        anchor(&layer, field, |place| soundings.ask(place));
        soundings.sound(source.windows.as_ref(), field, interrupted)?;
        let spots = anchor(&layer, field, |_| soundings.answer());
        Ok(Self { layer, spots })
    }
}

/// A label that a picture shows.
#[derive(Clone, Debug)]
pub struct ShownLabel {
    /// Which of the layers.
    pub layer: usize,
    /// The caller's row.
    pub row: u64,
    /// Left, top, right and bottom of its text with its halo, in pixels.
    pub bounds: [f64; 4],
    /// Drawn faintly, behind the terrain.
    pub dim: bool,
}

/// Most steps of a label's line: what it has room for is far shorter.
const MOST_STEPS: f64 = 4096.0;

fn anchor(layer: &LabelLayer, field: &Heightfield, surface: impl Fn([f64; 2]) -> f64) -> Vec<Spot> {
    let ground = |[x, y]: [f64; 2]| [x, y, surface([x, y])];
    let place = |place: &Place| match place {
        Place::Point { at, lift, .. } => {
            let [x, y, z] = ground(*at);
            Spot::Point([x, y, z + lift * field.exaggeration()])
        }
        Place::Line(range) => {
            let vertices = layer.vertices.get(range.clone()).unwrap_or_default();
            let way = |pair: &[[f64; 2]]| match pair {
                [a, b] => (b[0] - a[0]).hypot(b[1] - a[1]),
                _ => 0.0,
            };
            let length: f64 =
                vertices.windows(2).map(way).filter(|length| length.is_finite()).sum();
            let step = field.spacing()[0].max(field.spacing()[1]).max(length / MOST_STEPS);
            let mut points = Vec::new();
            for pair in vertices.windows(2) {
                let &[a, b] = pair else { continue };
                let length = way(pair);
                let steps =
                    if length.is_finite() { (length / step).ceil().max(1.0) as usize } else { 1 };
                points.extend((0..steps).map(|number| {
                    let share = number as f64 / steps as f64;
                    ground([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])])
                }));
            }
            points.extend(vertices.last().copied().map(ground));
            Spot::Line(points)
        }
    };
    layer.items.iter().map(|item| place(&item.place)).collect()
}

/// A place in the picture and its view depth; NaN parts one run of a line from the next.
type Projected = ([f64; 2], f64);

const APART: Projected = ([f64::NAN; 2], f64::NAN);

/// Between neighbouring points of a line at least, in pixels.
const STRIDE: f64 = 3.0;

impl Engine {
    /// Draws the labels of what was sent onto a picture of it.
    pub(super) fn draw_labels(
        &self,
        sent: &Sent<'_>,
        view: &View,
        footprint: [f64; 2],
        frame: &mut Frame,
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<ShownLabel>> {
        let start = Instant::now();
        let (sheet, shown) = self.label_sheet(sent, view, footprint, interrupted)?;
        let size = view.size.map(|side| side as usize);
        sheet.lay_on(&mut Canvas { rgba: &mut frame.rgba, size }, 0);
        frame.metrics.total_ms += ms_since(start);
        Ok(shown)
    }

    /// The labels for which a picture of `terrain` has room, as they lie on it.
    pub(super) fn label_sheet(
        &self,
        sent: &Sent<'_>,
        view: &View,
        footprint: [f64; 2],
        interrupted: Interrupted<'_>,
    ) -> Result<(Sheet, Vec<ShownLabel>)> {
        let &Sent { labels, terrain, .. } = sent;
        if labels.is_empty() {
            return Ok(Default::default());
        }
        let layers: Vec<&LabelLayer> =
            labels.iter().map(|anchored| anchored.layer.as_ref()).collect();
        let rays = view.camera.rays(view.size, footprint);
        let projected: Vec<Vec<Vec<Projected>>> = labels
            .iter()
            .map(|anchored| {
                anchored.spots.iter().map(|spot| project(spot, &rays, view.size)).collect()
            })
            .collect();
        let asked: Vec<Projected> =
            projected.iter().flatten().flatten().filter(|at| at.1.is_finite()).copied().collect();
        let places: Vec<[f32; 2]> =
            asked.iter().map(|(pixel, _)| pixel.map(|at| at as f32)).collect();
        let ground = self.depths_at(sent, view, &places, interrupted)?;
        let tolerance = Tolerance::new(&rays, terrain);
        let mut hidden = asked.iter().zip(&ground).map(|(at, depth)| tolerance.hides(*depth, at.1));
        let mut tell = |at: &Projected| (at.0, at.1.is_finite() && hidden.next().unwrap_or(false));
        let mut seen = Vec::new();
        for (points, anchored) in projected.iter().zip(labels) {
            let told = points.iter().zip(&anchored.spots).map(|(points, spot)| match spot {
                Spot::Line(_) => Seen::Line(points.iter().map(&mut tell).collect()),
                Spot::Point(_) => points
                    .first()
                    .map(&mut tell)
                    .map_or(Seen::Nowhere, |(pixel, hidden)| Seen::Point { pixel, hidden }),
            });
            seen.push(told.collect::<Vec<_>>());
        }
        let placed = crate::labels::place(&layers, &seen, view.size, &view.keep_out);
        let shown = placed.iter().filter_map(|label| shown(&layers, label)).collect();
        Ok((Sheet::new(&layers, &placed), shown))
    }
}

fn shown(layers: &[&LabelLayer], label: &Placed) -> Option<ShownLabel> {
    let row = layers.get(label.layer)?.items.get(label.item)?.row;
    Some(ShownLabel { layer: label.layer, row, bounds: label.bounds(), dim: label.dim })
}

/// What of a place lies in the picture and between the clip planes: a point or none, or a line's
/// points.
fn project(place: &Spot, rays: &Rays, size: [u32; 2]) -> Vec<Projected> {
    let [width, height] = size.map(f64::from);
    let within = |point: &[f64; 3]| {
        let (pixel, depth) = rays.project(*point)?;
        let inside = (0.0..=width).contains(&pixel[0]) && (0.0..=height).contains(&pixel[1]);
        (inside && depth >= rays.near && depth <= rays.far).then_some((pixel, depth))
    };
    match place {
        Spot::Point(point) => within(point).into_iter().collect(),
        Spot::Line(points) => {
            let mut run: Vec<Projected> = Vec::new();
            let mut skipped = None;
            for point in points {
                let Some(at) = within(point) else {
                    run.extend(skipped.take());
                    run.push(APART);
                    continue;
                };
                let near = run
                    .last()
                    .is_some_and(|last| (at.0[0] - last.0[0]).hypot(at.0[1] - last.0[1]) < STRIDE);
                if near {
                    skipped = Some(at);
                } else {
                    skipped = None;
                    run.push(at);
                }
            }
            run.extend(skipped);
            run
        }
    }
}

/// How much nearer than a place the ground may be that is seen there, and be that place: rounding,
/// and half a pixel.
struct Tolerance {
    pixel: [f64; 2],
    cell: f64,
}

impl Tolerance {
    fn new(rays: &Rays, terrain: &Terrain) -> Self {
        // Metres that a pixel covers at depth t: x + y t.
        let pixel = [length(rays.origin_dx), length(rays.direction_dx)];
        Self { pixel, cell: 1e-3 * terrain.extent.spacing[0].min(terrain.extent.spacing[1]) }
    }

    /// Whether ground at view depth `ground`, NaN for none, hides what is at depth `own`.
    fn hides(&self, ground: f32, own: f64) -> bool {
        let allowed =
            0.5 * (self.pixel[0] + self.pixel[1] * own.abs()) + self.cell + 1e-6 * own.abs();
        // False for NaN.
        f64::from(ground) < own - allowed
    }
}

#[cfg(test)]
mod tests {
    use super::{Spot, project};
    use crate::scene::Camera;

    #[test]
    fn a_line_is_parted_where_it_leaves_the_picture() {
        let rays =
            Camera::map(Some([0.0, 0.0, 100.0, 100.0])).map(|map| map.rays([100, 100], [100.0; 2]));
        let Ok(rays) = rays else { unreachable!() };
        let line = [
            [10.0, 50.0, 0.0],
            [11.0, 50.0, 0.0],
            [90.0, 50.0, 0.0],
            [150.0, 50.0, 0.0],
            [60.0, 20.0, f64::NAN],
            [60.0, 30.0, 0.0],
        ];
        let found = project(&Spot::Line(line.to_vec()), &rays, [100, 100]);
        let places: Vec<Option<[f64; 2]>> =
            found.iter().map(|at| at.1.is_finite().then_some(at.0)).collect();
        assert_eq!(
            places,
            [Some([10.0, 50.0]), Some([90.0, 50.0]), None, None, Some([60.0, 70.0])]
        );
        assert!(project(&Spot::Point([f64::NAN; 3]), &rays, [100, 100]).is_empty());
    }
}
