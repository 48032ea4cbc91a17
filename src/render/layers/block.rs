//! Numbers of a part of a layer, as `layer.comp` takes them.

use super::band::REFERENCE;
use super::grid::Grid;
use super::window::Reached;
use crate::error::Result;
use crate::gpu::shaders::blocks::Layer as Block;
use crate::gpu::shaders::kinds::Shape as ShapeKind;
use crate::gpu::shaders::numbers::layer_marks::DEPTH_BITS;
use crate::gpu::shaders::numbers::layers as bit;
use crate::render::mosaic::TILE;
use crate::scene::layers::{Cap, Join, Kind, Paints, Part, Shape, Unit};
use crate::scene::{Symbol, srgb};

/// Steps of a pixel for places of marks.
const STEPS: f64 = 256.0;

/// The specialisation constants LAYER and SHAPE of a part; `found` are the bits that tell how it is.
pub(super) fn constants(part: &Part, found: i32) -> (i32, ShapeKind) {
    let flag = |bit: i32, set: bool| if set { bit } else { 0 };
    let unit = found
        | flag(bit::IN_METRES, unit_of(part) == Unit::Metres)
        | flag(bit::ONE_PAINT, part.paints.count() == 1);
    match &part.kind {
        Kind::Fill(hatch) => {
            (bit::FILLS | unit | flag(bit::HATCHES, hatch.is_some()), ShapeKind::Disc)
        }
        Kind::Stroke { cap, join, dashes } => {
            let caps = match cap {
                // Of none, round ones ask the least of a pixel.
                _ if !part.paths.have_ends() => bit::ROUND_CAPS,
                Cap::Butt => 0,
                Cap::Round => bit::ROUND_CAPS,
                Cap::Square => bit::SQUARE_CAPS,
            };
            let joins = match join {
                Join::Round => 0,
                Join::Bevel => bit::JOINS,
                Join::Miter(_) => bit::JOINS | bit::MITRES,
            };
            (
                bit::STROKES | unit | caps | joins | flag(bit::DASHES, dashes.is_some()),
                ShapeKind::Disc,
            )
        }
        Kind::Marks { shape, edge, .. } => {
            (bit::MARKS | unit | flag(bit::EDGES, edge.is_some()), kind_of(*shape))
        }
    }
}

fn kind_of(shape: Shape) -> ShapeKind {
    match shape {
        Shape::Disc => ShapeKind::Disc,
        Shape::Square => ShapeKind::Square,
        Shape::Diamond => ShapeKind::Diamond,
        Shape::Triangle => ShapeKind::Triangle,
        Shape::Plus => ShapeKind::Plus,
        Shape::Cross => ShapeKind::Cross,
        Shape::Star => ShapeKind::Star,
        Shape::Symbol => ShapeKind::Symbol,
        Shape::Picture => ShapeKind::Picture,
    }
}

/// What a part's lengths are measured in: of a fill, its stripes'.
fn unit_of(part: &Part) -> Unit {
    match part.kind {
        Kind::Fill(Some((_, unit))) => unit,
        _ => part.paints.unit,
    }
}

/// How far a part reaches beyond its paths: pixels, and cells of the DEM.
pub(super) fn reach(part: &Part, grid: &Grid) -> [f64; 2] {
    let far = outermost(part);
    match part.paints.unit {
        Unit::Pixels => [far, 0.0],
        Unit::Metres => [0.0, far / grid.spacing[0].min(grid.spacing[1])],
    }
}

/// Half of the widest mark with its edge, in the unit of their sizes.
pub(super) fn outermost_side(part: &Part) -> f32 {
    let edge = match &part.kind {
        Kind::Marks { edge: Some(edge), .. } => edge.most_half(),
        _ => 0.0,
    };
    part.paints.most_half() + edge
}

/// Steps in which a part's marks have their places in a picture: so pictures that show the same have
/// the same numbers for it. Vast ones have fewer, as the words have room for.
pub(super) fn steps_per_pixel(part: &Part) -> f64 {
    let beside = f64::from(outermost_side(part)) + 2.0 * f64::from(TILE);
    (f64::from(1 << (31 - DEPTH_BITS)) / beside).log2().floor().exp2().clamp(1.0, STEPS)
}

/// The same in the unit of its sizes.
fn outermost(part: &Part) -> f64 {
    let half = f64::from(part.paints.most_half());
    match &part.kind {
        Kind::Fill(_) => 0.0,
        Kind::Stroke { cap, join, .. } => {
            let tip = if let Join::Miter(limit) = join { *limit } else { 1.0 };
            half * tip.max(if *cap == Cap::Square { std::f64::consts::SQRT_2 } else { 1.0 })
        }
        // A square's corner, and that of its edge.
        Kind::Marks { shape, .. } => {
            let corner = if *shape == Shape::Disc { 1.0 } else { std::f64::consts::SQRT_2 };
            corner * f64::from(outermost_side(part))
        }
    }
}

/// Where on the device what begins, for the members that say so.
#[derive(Default)]
pub(super) struct Places {
    pub(super) finest: i32,
    pub(super) spread: f64,
    pub(super) reached: Option<Reached>,
    pub(super) links: u32,
    pub(super) lengths: u32,
}

/// The uniform block of a part.
pub(super) fn block(part: &Part, grid: &Grid, places: &Places) -> Block {
    let first = |paints: &Paints| {
        paint_words(paints).next().map_or([0; 3], |[light, more, half, _]| [light, more, half])
    };
    let first_edge = match &part.kind {
        Kind::Marks { edge: Some(edge), .. } => first(edge),
        _ => [0; 3],
    };
    let mut block = Block {
        reference: REFERENCE,
        bits: grid.bits,
        unit: f64::from(-grid.bits).exp2() as f32,
        finest: places.finest,
        // Of a picture: `Sight::block` tells.
        first_level: 0,
        levels: 0,
        spread: places.spread as f32,
        low: places.reached.map_or([0; 2], |reached| reached.low),
        high: places.reached.map_or([0; 2], |reached| reached.high),
        around: places.reached.map_or(0, |reached| reached.around),
        paints: part.paints.count() as u32,
        paint: first(&part.paints),
        edge: first_edge,
        edges: part.paints.count() as u32,
        symbol: part.paints.count() as u32,
        symbol_size: [0; 2],
        links: places.links,
        lengths: places.lengths,
        reach: reach(part, grid)[0] as f32,
        outermost: outermost(part) as f32,
        miter_limit: 1.0,
        place_step: (1.0 / steps_per_pixel(part)) as f32,
        nearest: 0.0,
        depth_step: 0.0,
        pattern_period: 1.0,
        pattern_across: [0.0; 2],
        pattern_from: [0.0; 4],
        pattern_on: [0.0; 4],
    };
    match &part.kind {
        Kind::Fill(Some((hatch, unit))) => {
            let (sin, cos) = hatch.angle_deg.to_radians().sin_cos();
            // In the picture rows count down; metres count north.
            let sin = if *unit == Unit::Pixels { sin } else { -sin };
            block.pattern_across = [sin as f32, cos as f32];
            block.pattern_period = hatch.spacing as f32;
            block.pattern_on[0] = hatch.width.min(hatch.spacing) as f32;
        }
        Kind::Stroke { join, dashes, .. } => {
            if let Join::Miter(limit) = join {
                block.miter_limit = *limit as f32;
            }
            if let Some(dashes) = dashes {
                let mut from = 0.0;
                for (slot, [on, off]) in dashes.lengths.iter().enumerate() {
                    block.pattern_from[slot] = from as f32;
                    block.pattern_on[slot] = *on as f32;
                    from += on + off;
                }
                block.pattern_period = from as f32;
            }
        }
        Kind::Marks { symbol: Some(symbol), .. } => {
            block.symbol_size = symbol.size.map(|side| side as i32);
        }
        _ => {}
    }
    block
}

/// Linear light, premultiplied, of a part that is the same all over a feature; None of any other.
pub(super) fn flat_paint(part: &Part, feature: u32) -> Option<[f64; 4]> {
    let Kind::Fill(None) = part.kind else { return None };
    let ([red, green, blue, alpha], _) = part.paints.of(feature as usize);
    let alpha = f64::from(alpha);
    let light = |channel: f32| alpha * srgb::decode_unit(channel.into());
    Some([light(red), light(green), light(blue), alpha])
}

/// Colours and halves, four words each: linear light in half floats.
pub(super) fn paint_words(paints: &Paints) -> impl Iterator<Item = [u32; 4]> {
    (0..paints.count()).map(|feature| {
        let ([red, green, blue, alpha], half) = paints.of(feature);
        let linear = |channel: f32| srgb::decode_unit(channel.into()) as f32;
        let [red, green, blue, alpha] =
            [linear(red), linear(green), linear(blue), alpha].map(half_bits);
        [red | green << 16, blue | alpha << 16, half.to_bits(), 0]
    })
}

/// The sums of a symbol: of its alpha, four a word of four, or of light and alpha.
pub(super) fn symbol_words(symbol: &Symbol) -> Result<Vec<[u32; 4]>> {
    if symbol.coloured {
        return symbol.half_sums();
    }
    let word = |sums: &[[u32; 4]]| [0, 1, 2, 3].map(|at| sums.get(at).map_or(0, |sum| sum[3]));
    Ok(symbol.sums.chunks(4).map(word).collect())
}

/// A number in 0..=1 as a half float, rounded to the nearest.
fn half_bits(value: f32) -> u32 {
    // Halves below 2^-14 are multiples of 2^-24.
    if value < 6.103_515_6e-5 {
        return (value * 16_777_216.0).round() as u32;
    }
    let bits = value.to_bits() + 0xfff + (value.to_bits() >> 13 & 1);
    (bits >> 13) - ((127 - 15) << 10)
}

#[cfg(test)]
mod tests {
    use super::half_bits;

    #[test]
    fn halves_are_the_nearest() {
        for (value, bits) in
            [(0.0, 0), (1.0, 0x3c00), (0.5, 0x3800), (0.333_251_95, 0x3555), (5.960_464_5e-8, 1)]
        {
            assert_eq!(half_bits(value), bits, "{value}");
        }
        assert_eq!(half_bits(0.999_9), 0x3c00);
    }
}
