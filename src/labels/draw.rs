//! Labels that found room, onto the picture.

use super::layer::{Item, LabelLayer};
use super::placement::{Placed, Spot};
use crate::cores::cores;
use crate::text::{Canvas, Drawn, Mask, lay};
use std::sync::Arc;
use std::thread;

/// What is left of a label that the terrain hides.
const FAINT: f32 = 0.35;

/// Labels as they lie on a picture, the undermost first. They are made once, and laid on the
/// picture or on rows of it.
#[derive(Default)]
pub struct Sheet(Vec<Inked>);

/// Something of one colour.
struct Inked {
    ink: Ink,
    at: [i32; 2],
    colour: [u8; 4],
    strength: f32,
}

enum Ink {
    Leader(Mask),
    Halo(Arc<Drawn>),
    Letters(Arc<Drawn>),
}

impl Sheet {
    /// Of `placed`: leaders first, layers of higher order last.
    pub fn new(layers: &[&LabelLayer], placed: &[Placed]) -> Self {
        let mut order: Vec<&Placed> = placed.iter().collect();
        order.sort_by(|a, b| {
            height_of(layers, a).total_cmp(&height_of(layers, b)).then(a.layer.cmp(&b.layer))
        });
        let mut sheet = Vec::new();
        for label in &order {
            let leader = layers.get(label.layer).and_then(|layer| layer.style.leader);
            if let (Some(ends), Some(leader)) = (label.leader, leader) {
                let mask = Mask::line(&ends.map(|end| end.map(|c| c as f32)), leader.width);
                let (ink, strength) = (Ink::Leader(mask), strength(label));
                sheet.push(Inked { ink, at: [0, 0], colour: leader.colour, strength });
            }
        }
        for (label, (item, drawn)) in order.iter().zip(masks(layers, &order)) {
            let (Some(layer), Some(item), Some(drawn)) = (layers.get(label.layer), item, drawn)
            else {
                continue;
            };
            let at = match label.spot {
                Spot::Upright(origin) => origin,
                Spot::Along(_) => [0, 0],
            };
            let strength = strength(label);
            if drawn.halo.is_some() {
                let colour = layer.style.halo_colour;
                sheet.push(Inked { ink: Ink::Halo(drawn.clone()), at, colour, strength });
            }
            sheet.push(Inked { ink: Ink::Letters(drawn), at, colour: item.colour, strength });
        }
        Self(sheet)
    }

    /// Lays it on rows of the picture, of which `first_row` is the canvas' first.
    pub fn lay_on(&self, canvas: &mut Canvas<'_>, first_row: u32) {
        for Inked { ink, at: [x, y], colour, strength } in &self.0 {
            let mask = match ink {
                Ink::Leader(mask) => Some(mask),
                Ink::Halo(drawn) => drawn.halo.as_ref(),
                Ink::Letters(drawn) => Some(&drawn.letters),
            };
            if let Some(mask) = mask {
                lay(canvas, mask, [*x, y.saturating_sub_unsigned(first_row)], *colour, *strength);
            }
        }
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
    let threads = cores();
    let share = labels.len().div_ceil(threads).max(32);
    if share >= labels.len() {
        return labels.iter().map(|label| make(label)).collect();
    }
    let make = &make;
    thread::scope(|scope| {
        let running: Vec<_> = labels
            .chunks(share)
            .map(|part| {
                scope.spawn(move || part.iter().map(|label| make(label)).collect::<Vec<_>>())
            })
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}
