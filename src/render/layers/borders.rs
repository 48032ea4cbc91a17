//! Vertices of areas that are not seen from afar.
//!
//! Neighbours share borders, and nothing may be seen between them: a border loses the same vertices
//! in both. So rings are cut where borders meet, and each piece is looked at from the same end,
//! whichever ring it is of: as Douglas and Peucker (1973) do, but once for all tolerances.

use super::corners::{MEETING, Place, corners_of, first_of, in_parts};
use super::items::Items;
use crate::error::Result;
use crate::gpu::Interrupted;
use std::ops::Range;

/// Vertices of a ring, on average, from which on it is worth while to leave some out.
const FEW: usize = 8;
/// Vertices of a border of which one is kept at least: looking at longer ones may take long.
const LONGEST: usize = 1024;

/// The tolerances, in units, between which a vertex is left out.
#[derive(Clone, Copy)]
struct Unseen {
    from: f32,
    to: f32,
}

const ALWAYS_SEEN: Unseen = Unseen { from: f32::INFINITY, to: 0.0 };

/// What is known of the rings of areas, whose edges are `Items`.
pub(super) struct Borders {
    /// Of each edge's first vertex.
    vertices: Vec<Unseen>,
}

impl Borders {
    /// None where there is little to leave out.
    pub(super) fn of(items: &Items, interrupted: Interrupted<'_>) -> Result<Option<Self>> {
        let rings: Vec<Range<usize>> = items
            .runs
            .iter()
            .flat_map(|&(_, first, end)| rings_of(&items.words, first..end))
            .collect();
        if items.words.len() < FEW * rings.len() {
            return Ok(None);
        }
        let corners = corners_of(&items.words, &rings, interrupted)?;
        let made = in_parts(rings.len(), interrupted, |part| {
            let mut vertices = Vec::new();
            for ring in &rings[part] {
                add_ring(&mut vertices, &items.words[ring.clone()], &corners[ring.clone()]);
            }
            vertices
        })?;
        Ok(Some(Self { vertices: made.concat() }))
    }

    /// Edges between the vertices that are seen with `tolerance` units; None where most are.
    pub(super) fn simplified(&self, items: &Items, tolerance: f64) -> Option<Items> {
        if tolerance < 2.0 {
            return None;
        }
        let mut fewer =
            Items { words: Vec::with_capacity(items.words.len() / 2), ..Items::default() };
        let tolerance = tolerance as f32;
        let mut ring_of: Vec<Place> = Vec::new();
        for &(feature, first, end) in &items.runs {
            let start = fewer.words.len();
            for ring in rings_of(&items.words, first..end) {
                let seen = |index: &usize| {
                    let Unseen { from, to } = self.vertices[*index];
                    tolerance < from || tolerance > to
                };
                ring_of.clear();
                ring_of.extend(ring.filter(seen).map(|index| first_of(items.words[index])));
                if ring_of.len() > 2 {
                    let next = ring_of.iter().cycle().skip(1);
                    fewer.words.extend(
                        ring_of
                            .iter()
                            .zip(next)
                            .filter(|(a, b)| a != b)
                            .map(|(a, b)| [a[0], a[1], b[0], b[1]]),
                    );
                }
            }
            fewer.end_run(feature, start);
        }
        (fewer.words.len() * 5 < items.words.len() * 4).then_some(fewer)
    }
}

/// Edges, one after the other, up to where each ring comes back.
fn rings_of(words: &[[i32; 4]], edges: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let mut start = edges.start;
    edges.filter_map(move |index| {
        let [.., x, y] = words[index];
        (first_of(words[start]) == [x, y])
            .then(|| std::mem::replace(&mut start, index + 1)..index + 1)
    })
}

/// What is known of a ring's vertices.
fn add_ring(vertices: &mut Vec<Unseen>, edges: &[[i32; 4]], corners: &[f32]) {
    let count = edges.len();
    let start = vertices.len();
    let place = |index: usize| first_of(edges[index % count]);
    vertices.resize(start + count, ALWAYS_SEEN);
    let mut ends: Vec<usize> = (0..count).filter(|index| corners[*index] == MEETING).collect();
    if ends.is_empty() {
        // Nothing tells where to begin but the places themselves.
        let Some(first) = (0..count).min_by_key(|index| place(*index)) else { return };
        let far = |index: &usize| {
            let off = [0, 1]
                .map(|axis: usize| f64::from(place(*index)[axis]) - f64::from(place(first)[axis]));
            off[0] * off[0] + off[1] * off[1]
        };
        let second = (0..count)
            .max_by(|a, b| far(a).total_cmp(&far(b)).then(place(*a).cmp(&place(*b))))
            .unwrap_or(first);
        ends = vec![first.min(second), first.max(second)];
        ends.dedup();
    }
    let mut border: Vec<Place> = Vec::new();
    let mut lost: Vec<f32> = Vec::new();
    let next = ends.iter().copied().skip(1).chain(ends.first().map(|first| first + count));
    for (from, to) in ends.iter().copied().zip(next) {
        border.clear();
        border.extend((from..=to).map(place));
        let backwards = border.iter().rev().lt(border.iter());
        if backwards {
            border.reverse();
        }
        deviations(&border, &mut lost);
        if backwards {
            lost.reverse();
        }
        for (index, off) in (from + 1..to).zip(&lost[1..]) {
            let index = index % count;
            vertices[start + index] = Unseen { from: *off, to: corners[index] };
        }
    }
}

/// Of each vertex of a border by how many units it is off what joins those that are kept with
/// a lesser tolerance: it is left out with more.
fn deviations(border: &[Place], lost: &mut Vec<f32>) {
    lost.clear();
    lost.resize(border.len(), f32::INFINITY);
    let mut stack: Vec<(usize, usize, f64)> = Vec::new();
    let mut first = 0;
    while first + 1 < border.len() {
        let end = (first + LONGEST).min(border.len() - 1);
        stack.push((first, end, f64::INFINITY));
        first = end;
    }
    while let Some((first, end, most)) = stack.pop() {
        let mut farthest = (0.0, first);
        for index in first + 1..end {
            let off2 = distance2(border[index], border[first], border[end]);
            if off2 > farthest.0 || farthest.1 == first {
                farthest = (off2, index);
            }
        }
        let (off2, index) = farthest;
        if index == first {
            continue;
        }
        let off = off2.sqrt().min(most);
        lost[index] = off as f32;
        stack.extend([(first, index, off), (index, end, off)]);
    }
}

/// The square of a place's distance from what joins two others.
fn distance2(at: Place, a: Place, b: Place) -> f64 {
    let off =
        |from: Place, to: Place| [0, 1].map(|axis| f64::from(to[axis]) - f64::from(from[axis]));
    let (along, way) = (off(a, b), off(a, at));
    let long2 = along[0] * along[0] + along[1] * along[1];
    let part = if long2 > 0.0 { (way[0] * along[0] + way[1] * along[1]) / long2 } else { 0.0 };
    let part = part.clamp(0.0, 1.0);
    let aside = [way[0] - part * along[0], way[1] - part * along[1]];
    aside[0] * aside[0] + aside[1] * aside[1]
}

#[cfg(test)]
mod tests {
    use super::{Borders, MEETING, corners_of, distance2, first_of, rings_of};
    use crate::render::layers::corners::{NARROW, mean_width, strips_of};
    use crate::render::layers::items::Items;

    /// Edges of rings, each of a feature of its own.
    fn items(rings: &[Vec<[i32; 2]>]) -> Items {
        let mut items = Items::default();
        for (feature, ring) in (0..).zip(rings) {
            let first = items.words.len();
            let next = ring.iter().cycle().skip(1);
            items.words.extend(ring.iter().zip(next).map(|(a, b)| [a[0], a[1], b[0], b[1]]));
            items.end_run(feature, first);
        }
        items
    }

    /// With `tolerance`, of each ring its vertices.
    fn simplified(rings: &[Vec<[i32; 2]>], tolerance: f64) -> Vec<Vec<[i32; 2]>> {
        let items = items(rings);
        let Ok(borders) = Borders::of(&items, &|| false) else { unreachable!() };
        let Some(fewer) = borders.and_then(|borders| borders.simplified(&items, tolerance)) else {
            return rings.to_vec();
        };
        fewer
            .runs
            .iter()
            .flat_map(|run| rings_of(&fewer.words, run.1..run.2).collect::<Vec<_>>())
            .map(|ring| fewer.words[ring].iter().map(|edge| first_of(*edge)).collect())
            .collect()
    }

    /// From (0, 0) to (0, 4000), by a way that `seed` tells.
    fn wavy(seed: u32) -> Vec<[i32; 2]> {
        wavy_of(seed, 400)
    }

    fn wavy_of(seed: u32, steps: i32) -> Vec<[i32; 2]> {
        let mut state = seed;
        (0..=steps)
            .map(|step| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let off = if step % steps == 0 { 0 } else { (state >> 27) as i32 - 16 };
                [off, 10 * step]
            })
            .collect()
    }

    fn turned(ring: &[[i32; 2]], by: usize, backwards: bool) -> Vec<[i32; 2]> {
        let mut ring = [&ring[by..], &ring[..by]].concat();
        if backwards {
            ring.reverse();
        }
        ring
    }

    #[test]
    fn neighbours_lose_the_same_vertices() {
        let border = wavy(7);
        let mut left: Vec<_> = border.clone();
        left.extend([[-3000, 4000], [-3000, 0]]);
        let mut right: Vec<_> = border.iter().rev().copied().collect();
        right.extend([[3000, 0], [3000, 4000]]);
        let rings = [turned(&left, 123, false), turned(&right, 301, false)];
        for tolerance in [3.0, 8.0, 20.0] {
            let fewer = simplified(&rings, tolerance);
            let [one, other] = [0, 1].map(|ring: usize| {
                let mut shared: Vec<_> =
                    fewer[ring].iter().filter(|at| border.contains(at)).copied().collect();
                shared.sort_unstable_by_key(|at| at[1]);
                shared
            });
            assert_eq!(one, other);
            assert!(one.len() < 380 && one.contains(&[0, 0]) && one.contains(&[0, 4000]));
            let tolerance2 = tolerance * tolerance * 1.0001;
            for at in &border {
                let near = one.windows(2).any(|two| distance2(*at, two[0], two[1]) <= tolerance2);
                assert!(near, "{at:?} {tolerance}");
            }
        }
    }

    #[test]
    fn borders_meet_where_their_rings_part_in_whichever_strip_that_is() {
        let border = wavy_of(7, 20_000);
        let mut left = border.clone();
        left.extend([[-300_000, 200_000], [-300_000, 0]]);
        let mut right: Vec<_> = border.iter().rev().copied().collect();
        right.extend([[500_000, 0], [500_000, 200_000]]);
        let items = items(&[turned(&left, 123, false), turned(&right, 301, true)]);
        let rings = [0..left.len(), left.len()..items.words.len()];
        assert!(strips_of(&items.words, &rings).len() > 3);
        let Ok(corners) = corners_of(&items.words, &rings, &|| false) else { unreachable!() };
        let widths = rings.clone().map(|ring| mean_width(&items.words[ring]) / NARROW);
        assert!(widths[0] < widths[1]);
        for (index, (word, corner)) in items.words.iter().zip(corners).enumerate() {
            let at = first_of(*word);
            let own = widths[usize::from(index >= left.len() && at[0] > 1000)] as f32;
            let meeting = [[0, 0], [0, 200_000]].contains(&at);
            assert_eq!(corner, if meeting { MEETING } else { own }, "{at:?}");
        }
    }

    #[test]
    fn a_ring_is_simplified_the_same_from_wherever_it_is_told() {
        let mut ring = wavy(3);
        ring.extend(wavy(5).iter().rev().map(|at| [at[0] + 2500, at[1]]));
        let mut known: Option<Vec<_>> = None;
        for (by, backwards) in [(0, false), (1, true), (400, false), (777, true)] {
            let mut fewer = simplified(&[turned(&ring, by, backwards)], 12.0).remove(0);
            assert!(fewer.len() < ring.len() / 2);
            fewer.sort_unstable();
            assert_eq!(*known.get_or_insert_with(|| fewer.clone()), fewer);
        }
    }

    #[test]
    fn what_is_narrow_keeps_its_vertices() {
        let mut strip = wavy(3);
        strip.extend(wavy(3).iter().rev().map(|at| [at[0] + 30, at[1]]));
        assert_eq!(simplified(std::slice::from_ref(&strip), 20.0)[0].len(), strip.len());
        assert!(simplified(std::slice::from_ref(&strip), 4.0)[0].len() < strip.len());
    }

    #[test]
    fn rings_end_where_they_come_back() {
        let [a, b] = [vec![[0, 0], [9, 0], [9, 9]], vec![[0, 0], [5, 1], [7, 8], [1, 7]]];
        let mut items = items(&[a]);
        let first = items.words.len();
        items
            .words
            .extend(b.iter().zip(b.iter().cycle().skip(1)).map(|(a, b)| [a[0], a[1], b[0], b[1]]));
        items.end_run(0, first);
        assert_eq!(rings_of(&items.words, 0..7).collect::<Vec<_>>(), [0..3, 3..7]);
    }
}
