//! Where borders of areas meet.

use super::together::side_by_side;
use crate::cores::cores;
use crate::error::{Error, Result, try_vec, try_zeros};
use crate::gpu::Interrupted;
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A ring's mean width is so many tolerances at least, or it keeps all of its vertices: what is
/// narrow may be much together.
pub(super) const NARROW: f64 = 4.0;
/// Edges of a strip, on average, and strips at most: what is known of its places should stay near a
/// core.
const IN_STRIP: usize = 8192;
const MOST_STRIPS: usize = 128;
/// Rings from which on several threads pay.
const FEW: usize = 8;

pub(super) type Place = [i32; 2];

/// A place of one ring or more.
struct Corner {
    /// The places before and after it, the lower first.
    beside: [Place; 2],
    /// The least of its rings' widths, in tolerances; or MEETING.
    to: f32,
}

/// Borders meet at a place if not all rings have the same places beside it.
pub(super) const MEETING: f32 = -1.0;

/// Edges of a ring that begin in one strip of the ground, one after the other.
type Stretch = (usize, Range<usize>);

pub(super) fn first_of([x, y, ..]: [i32; 4]) -> Place {
    [x, y]
}

/// What `work` makes of some of so many rings at a time.
pub(super) fn in_parts<T: Send>(
    rings: usize,
    interrupted: Interrupted<'_>,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Result<Vec<T>> {
    let parts = if rings < FEW { 1 } else { (8 * cores()).min(rings) };
    side_by_side(parts, interrupted, |part| {
        Ok(work(part * rings / parts..(part + 1) * rings / parts))
    })
}

/// Of the place where each edge begins the least width of its rings, in tolerances; or MEETING.
pub(super) fn corners_of(
    words: &[[i32; 4]],
    rings: &[Range<usize>],
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    let widths = in_parts(rings.len(), interrupted, |part| {
        let width = |ring: &Range<usize>| (mean_width(&words[ring.clone()]) / NARROW) as f32;
        rings[part].iter().map(width).collect::<Vec<_>>()
    })?;
    let widths = widths.concat();
    let strips = strips_of(words, rings);
    let made = side_by_side(strips.len(), interrupted, |strip| {
        corners_in(&strips[strip], words, rings, &widths)
    })?;
    let mut corners: Vec<f32> = try_zeros(words.len(), "a layer's borders")?;
    for (strip, own) in strips.iter().zip(made) {
        let mut own = &own[..];
        for (_, stretch) in strip {
            let (first, rest) = own.split_at(stretch.len());
            corners[stretch.clone()].copy_from_slice(first);
            own = rest;
        }
    }
    Ok(corners)
}

/// Where edges begin in each of some strips of the ground, so that equal places are in one of them.
pub(super) fn strips_of(words: &[[i32; 4]], rings: &[Range<usize>]) -> Vec<Vec<Stretch>> {
    let [low, high] = words
        .iter()
        .fold([i32::MAX, i32::MIN], |[low, high], word| [low.min(word[1]), high.max(word[1])]);
    let wanted = (words.len() / IN_STRIP).clamp(1, MOST_STRIPS) as i64;
    let wide = (i64::from(high) - i64::from(low)) / wanted + 1;
    let mut strips = vec![Vec::<Stretch>::new(); wanted as usize];
    for (number, ring) in rings.iter().enumerate() {
        for index in ring.clone() {
            let strip = (i64::from(words[index][1]) - i64::from(low)) / wide;
            let strip = &mut strips[strip as usize];
            match strip.last_mut() {
                Some((of, stretch)) if *of == number && stretch.end == index => stretch.end += 1,
                _ => strip.push((number, index..index + 1)),
            }
        }
    }
    strips
}

/// The same of the edges of a strip, one stretch after the other.
fn corners_in(
    strip: &[Stretch],
    words: &[[i32; 4]],
    rings: &[Range<usize>],
    widths: &[f32],
) -> Result<Vec<f32>> {
    let count = strip.iter().map(|(_, stretch)| stretch.len()).sum();
    let mut corners: Vec<Corner> = try_vec(count, "a layer's borders")?;
    let mut numbers: Vec<u32> = try_vec(count, "a layer's borders")?;
    let mut known: FxHashMap<u64, u32> = FxHashMap::default();
    known.try_reserve(count).map_err(|error| Error::OutOfMemory {
        purpose: "a layer's borders".into(),
        bytes: (size_of::<(u64, u32)>() * count) as u64,
        detail: error.to_string(),
    })?;
    for (ring, stretch) in strip {
        let (edges, to) = (&rings[*ring], widths[*ring]);
        let last = stretch.start.checked_sub(1).filter(|before| edges.contains(before));
        let mut before = first_of(words[last.unwrap_or(edges.end - 1)]);
        for &[x, y, next_x, next_y] in &words[stretch.clone()] {
            let mut beside = [before, [next_x, next_y]];
            beside.sort_unstable();
            let place = u64::from(x.cast_unsigned()) << 32 | u64::from(y.cast_unsigned());
            let number = *known.entry(place).or_insert_with(|| {
                // A place where a ring turns back is an end.
                let to = if beside[0] == beside[1] { MEETING } else { to };
                corners.push(Corner { beside, to });
                corners.len() as u32 - 1
            });
            let corner = &mut corners[number as usize];
            let meeting = corner.beside != beside;
            corner.to = if meeting { MEETING } else { corner.to.min(to) };
            numbers.push(number);
            before = [x, y];
        }
    }
    Ok(numbers.iter().map(|number| corners[*number as usize].to).collect())
}

/// Twice its area by its length.
pub(super) fn mean_width(edges: &[[i32; 4]]) -> f64 {
    let Some(&origin) = edges.first() else { return 0.0 };
    let (mut area, mut length) = (0.0, 0.0);
    for edge in edges {
        let [x0, y0, x1, y1] = edge.map(f64::from);
        let [from_x, from_y] = first_of(origin).map(f64::from);
        area += (x0 - from_x) * (y1 - from_y) - (x1 - from_x) * (y0 - from_y);
        length += (x1 - x0).hypot(y1 - y0);
    }
    area.abs() / length.max(1.0)
}
