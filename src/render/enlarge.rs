//! A picture at the size of a window: its pixels as they are where it has that size, else linear
//! between them.

use crate::gpu::ByteOrder;
use std::ops::Range;

/// Shares of two neighbours are in parts of this.
const WHOLE: u32 = 256;

/// Fills `target`, of `to` = (width, height) pixels of `order`, with the picture `rgba` of `from`.
/// What the picture lets through is seen before white.
pub(super) fn enlarge(
    rgba: &[u8],
    from: [u32; 2],
    target: &mut [u8],
    to: [u32; 2],
    order: ByteOrder,
) {
    let [width, height] = from.map(|side| side as usize);
    let row =
        |number: usize| rgba.get(4 * width * number..4 * width * (number + 1)).unwrap_or_default();
    if from == to {
        for (number, line) in target.chunks_exact_mut(4 * width.max(1)).take(height).enumerate() {
            opaque(row(number), line, order);
        }
        return;
    }
    let columns: Vec<_> = (0..to[0]).map(|x| between(x, from[0], to[0])).collect();
    let mut flat = vec![0; 4 * width];
    // The two rows of the picture between which the window's lie, each as wide as the window.
    let mut wide = [0, 1].map(|_| (usize::MAX, vec![0_u8; 4 * to[0] as usize]));
    for (y, line) in
        target.chunks_exact_mut(4 * to[0].max(1) as usize).take(to[1] as usize).enumerate()
    {
        let ([above, below], share) = between(y as u32, from[1], to[1]);
        if wide[1].0 == above {
            wide.swap(0, 1);
        }
        for ((number, pixels), wanted) in wide.iter_mut().zip([above, below]) {
            if *number != wanted {
                opaque(row(wanted), &mut flat, order);
                widen(&flat, &columns, pixels);
                *number = wanted;
            }
        }
        let [(_, above), (_, below)] = &wide;
        mix(above, below, share, line);
    }
}

/// The two pixels of `from` between which the middle of `at`, one of `to`, lies, and the share of
/// the second.
fn between(at: u32, from: u32, to: u32) -> ([usize; 2], u32) {
    let last = u64::from(from.max(1)) - 1;
    // In parts of a pixel, from the middle of the first one.
    let whole = u64::from(WHOLE);
    let place = ((2 * u64::from(at) + 1) * u64::from(from) * whole / (2 * u64::from(to.max(1))))
        .saturating_sub(whole / 2)
        .min(last * whole);
    let first = place / whole;
    ([first as usize, (first + 1).min(last) as usize], (place % whole) as u32)
}

/// A row as the window has it: opaque, in its order of bytes.
fn opaque(rgba: &[u8], target: &mut [u8], order: ByteOrder) {
    let before_white = |colour: u8, alpha: u8| {
        let [colour, alpha] = [colour, alpha].map(u32::from);
        ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
    };
    for (pixel, target) in rgba.chunks_exact(4).zip(target.chunks_exact_mut(4)) {
        let [r, g, b, alpha] = [pixel[0], pixel[1], pixel[2], pixel[3]];
        let [r, g, b] =
            if alpha == 255 { [r, g, b] } else { [r, g, b].map(|c| before_white(c, alpha)) };
        target.copy_from_slice(&match order {
            ByteOrder::Rgba => [r, g, b, 255],
            ByteOrder::Bgra => [b, g, r, 255],
        });
    }
}

/// A row with as many pixels as there are `columns`.
fn widen(row: &[u8], columns: &[([usize; 2], u32)], target: &mut [u8]) {
    let pixel = |number: usize| -> Range<usize> { 4 * number..4 * number + 4 };
    for (([left, right], share), target) in columns.iter().zip(target.chunks_exact_mut(4)) {
        if let (Some(left), Some(right)) = (row.get(pixel(*left)), row.get(pixel(*right))) {
            mix(left, right, *share, target);
        }
    }
}

/// `share` parts of `b`, the rest of `a`.
fn mix(a: &[u8], b: &[u8], share: u32, target: &mut [u8]) {
    for ((a, b), target) in a.iter().zip(b).zip(target) {
        let sum = u32::from(*a) * (WHOLE - share) + u32::from(*b) * share;
        *target = ((sum + WHOLE / 2) / WHOLE) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_size_keeps_every_byte() {
        let rgba: Vec<u8> =
            (0..4 * 6).map(|at| if at % 4 == 3 { 255 } else { at as u8 * 9 }).collect();
        let mut target = vec![0; rgba.len()];
        enlarge(&rgba, [3, 2], &mut target, [3, 2], ByteOrder::Rgba);
        assert_eq!(target, rgba);
        enlarge(&rgba, [3, 2], &mut target, [3, 2], ByteOrder::Bgra);
        for (there, here) in target.chunks(4).zip(rgba.chunks(4)) {
            assert_eq!(there, [here[2], here[1], here[0], 255]);
        }
    }

    #[test]
    fn a_ramp_stays_one_and_its_ends_stay_where_they_are() {
        let rgba: Vec<u8> = (0..16).flat_map(|x| [10 * x, 100, 200, 255]).collect();
        for (width, height) in [(64, 3), (37, 1), (16, 5), (5, 2), (1, 1)] {
            let mut target = vec![0; 4 * width * height];
            enlarge(&rgba, [16, 1], &mut target, [width as u32, height as u32], ByteOrder::Rgba);
            for (at, pixel) in target.chunks(4).enumerate() {
                let place = ((at % width) as f64 + 0.5) * 16.0 / width as f64 - 0.5;
                let expected = 10.0 * place.clamp(0.0, 15.0);
                assert!(
                    (f64::from(pixel[0]) - expected).abs() <= 1.0,
                    "{width}: {pixel:?}, not {expected}"
                );
                assert_eq!(pixel[1..], [100, 200, 255]);
            }
        }
    }

    #[test]
    fn what_is_let_through_is_white() {
        let mut target = [0; 4];
        enlarge(&[0, 0, 0, 0], [1, 1], &mut target, [1, 1], ByteOrder::Bgra);
        assert_eq!(target, [255; 4]);
        enlarge(&[10, 20, 30, 128], [1, 1], &mut target, [1, 1], ByteOrder::Rgba);
        assert_eq!(target, [132, 137, 142, 255]);
    }
}
