//! Labels that found room, onto the picture.

use super::layer::{Item, LabelLayer};
use super::placement::{Placed, Spot};
use crate::text::{Canvas, Drawn, Mask, lay};
use std::sync::Arc;
use std::thread;

/// What is left of a label that the terrain hides.
const FAINT: f32 = 0.35;

/// Draws `placed` onto a picture, leaders first, layers of higher order last.
pub fn draw(canvas: &mut Canvas<'_>, layers: &[&LabelLayer], placed: &[Placed]) {
    let mut order: Vec<&Placed> = placed.iter().collect();
    order.sort_by(|a, b| height_of(layers, a).total_cmp(&height_of(layers, b)).then(a.layer.cmp(&b.layer)));
    for label in &order {
        let leader = layers.get(label.layer).and_then(|layer| layer.style.leader);
        if let (Some(ends), Some(leader)) = (label.leader, leader) {
            let mask = Mask::line(&ends.map(|end| end.map(|c| c as f32)), leader.width);
            lay(canvas, &mask, [0, 0], leader.colour, strength(label));
        }
    }
    for (label, (item, drawn)) in order.iter().zip(masks(layers, &order)) {
        let (Some(layer), Some(item), Some(drawn)) = (layers.get(label.layer), item, drawn) else { continue };
        let at = match label.spot {
            Spot::Upright(origin) => origin,
            Spot::Along(_) => [0, 0],
        };
        if let Some(halo) = &drawn.halo {
            lay(canvas, halo, at, layer.style.halo_colour, strength(label));
        }
        lay(canvas, &drawn.letters, at, item.colour, strength(label));
    }
}

fn height_of(layers: &[&LabelLayer], label: &Placed) -> f64 {
    layers.get(label.layer).map_or(0.0, |layer| layer.order)
}

fn strength(label: &Placed) -> f32 {
    if label.dim { FAINT } else { 1.0 }
}

type Made<'l> = (Option<&'l Item>, Option<Arc<Drawn>>);

/// The masks of all labels, made on every core.
fn masks<'l>(layers: &[&'l LabelLayer], labels: &[&Placed]) -> Vec<Made<'l>> {
    let make = |label: &Placed| -> Made<'l> {
        let Some(layer) = layers.get(label.layer) else { return (None, None) };
        let Some(item) = layer.items.get(label.item) else { return (None, None) };
        let drawn = match &label.spot {
            Spot::Upright(_) => layer.texts.upright(item.text, item.size, layer.style.halo),
            Spot::Along(places) => {
                Arc::new(layer.texts.turned(item.text, item.size, layer.style.halo, places))
            }
        };
        (Some(item), Some(drawn))
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let share = labels.len().div_ceil(threads).max(32);
    if share >= labels.len() {
        return labels.iter().map(|label| make(label)).collect();
    }
    let make = &make;
    thread::scope(|scope| {
        let running: Vec<_> = labels
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(|label| make(label)).collect::<Vec<_>>()))
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}
