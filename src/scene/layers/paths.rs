//! Vertices in pieces: lines, rings or single places, each of a feature.

use crate::error::{Error, Result};

/// Vertices in world metres and where each path of them begins, ordered by feature.
#[derive(Clone, Debug, Default)]
pub struct Paths {
    /// x east, y north.
    pub xy: Vec<[f64; 2]>,
    /// (first vertex, one past the last, feature), features ascending; rings without the vertex
    /// that closes them.
    pub runs: Vec<(usize, usize, u32)>,
    /// Whether each goes back to its first vertex.
    pub closed: bool,
}

/// Most vertices of a layer, and most features: an entry of the index has so many bits.
pub(super) const MOST: usize = (1 << 30) - 1;

impl Paths {
    /// Lines, or rings if `holes`, of which those that are holes run the other way round.
    pub fn new(
        xy: Vec<[f64; 2]>,
        offsets: &[i64],
        features: &[i64],
        holes: Option<&[bool]>,
        known: usize,
    ) -> Result<Self> {
        check_vertices(&xy)?;
        check_offsets(offsets, xy.len())?;
        let count = offsets.len() - 1;
        check_count("features", features.len(), count)?;
        if let Some(holes) = holes {
            check_count("holes", holes.len(), count)?;
        }
        let mut runs = Vec::with_capacity(count);
        for (path, pair) in offsets.windows(2).enumerate() {
            let (first, mut end) = (pair[0] as usize, pair[1] as usize);
            let feature = feature_of(features[path], path, known)?;
            if holes.is_some() && end - first > 1 && xy[first] == xy[end - 1] {
                end -= 1;
            }
            runs.push((first, end, feature));
        }
        let mut paths = Self { xy, runs, closed: holes.is_some() };
        if let Some(holes) = holes {
            for (run, &hole) in paths.runs.iter().zip(holes) {
                let ring = &mut paths.xy[run.0..run.1];
                if (signed_area(ring) < 0.0) != hole {
                    ring.reverse();
                }
            }
        }
        paths.runs.sort_by_key(|run| run.2);
        Ok(paths)
    }

    /// Whether any begins and ends: a line that comes back to where it began does not.
    pub fn have_ends(&self) -> bool {
        let returns = |&(first, end, _): &(usize, usize, u32)| {
            let line = &self.xy[first..end];
            let pieces = line.windows(2).filter(|pair| pair[0] != pair[1]).count();
            pieces > 2 && line.first() == line.last()
        };
        !self.closed && !self.runs.iter().all(returns)
    }

    /// The vertices in two parts, between the two features nearest to the middle; None of a single
    /// one.
    pub fn halves(&self) -> Option<[Self; 2]> {
        let count: usize = self.runs.iter().map(|(first, end, _)| end - first).sum();
        let mut so_far = 0;
        let from_middle = (1..self.runs.len()).filter_map(|run| {
            let before = self.runs[run - 1];
            so_far += before.1 - before.0;
            (before.2 != self.runs[run].2).then_some(((2 * so_far).abs_diff(count), run))
        });
        let middle =
            from_middle.min_by_key(|&(off, run)| (off, std::cmp::Reverse(run))).map(|(_, run)| run);
        let (low, high) = self.runs.split_at_checked(middle?)?;
        let part = |runs: &[(usize, usize, u32)]| {
            let mut part = Self { closed: self.closed, ..Self::default() };
            for &(first, end, feature) in runs {
                let start = part.xy.len();
                part.xy.extend_from_slice(&self.xy[first..end]);
                part.runs.push((start, part.xy.len(), feature));
            }
            part
        };
        Some([part(low), part(high)])
    }

    /// Single places.
    pub fn places(xy: Vec<[f64; 2]>, features: &[i64], known: usize) -> Result<Self> {
        check_vertices(&xy)?;
        check_count("features", features.len(), xy.len())?;
        let run = |(index, feature): (usize, &i64)| {
            Ok((index, index + 1, feature_of(*feature, index, known)?))
        };
        let mut runs = features.iter().enumerate().map(run).collect::<Result<Vec<_>>>()?;
        runs.sort_by_key(|run| run.2);
        Ok(Self { xy, runs, closed: false })
    }

    /// West, south, east, north.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        let first = self.xy.first()?;
        let mut bounds = [first[0], first[1], first[0], first[1]];
        for [x, y] in &self.xy {
            bounds = [bounds[0].min(*x), bounds[1].min(*y), bounds[2].max(*x), bounds[3].max(*y)];
        }
        Some(bounds)
    }
}

fn check_vertices(xy: &[[f64; 2]]) -> Result<()> {
    if xy.len() >= MOST {
        return Err(Error::invalid(format!(
            "xy must have fewer than {MOST} vertices; got {}; make several layers of them",
            xy.len()
        )));
    }
    match xy.iter().position(|vertex| !vertex.iter().all(|number| number.is_finite())) {
        None => Ok(()),
        Some(row) => Err(Error::invalid(format!(
            "xy must be finite; expected metres in every row, got {:?} in row {row}; leave that vertex out, or its path",
            xy[row]
        ))),
    }
}

fn check_offsets(offsets: &[i64], vertices: usize) -> Result<()> {
    let ends = (offsets.first().copied(), offsets.last().copied());
    if ends != (Some(0), Some(vertices as i64)) {
        return Err(Error::invalid(format!(
            "offsets must begin with 0 and end with the number of vertices, {vertices}; got {:?} and {:?}; pass one number \
             more than there are paths",
            ends.0, ends.1
        )));
    }
    match offsets.windows(2).position(|pair| pair[1] < pair[0]) {
        None => Ok(()),
        Some(row) => Err(Error::invalid(format!(
            "offsets must not fall; got {} after {} in row {}; path i is xy[offsets[i]:offsets[i + 1]]",
            offsets[row + 1],
            offsets[row],
            row + 1
        ))),
    }
}

fn check_count(name: &str, got: usize, wanted: usize) -> Result<()> {
    if got == wanted {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{name} must have one number for each path; expected {wanted}, got {got}; pass as many as there are"
    )))
}

fn feature_of(feature: i64, row: usize, known: usize) -> Result<u32> {
    let most = if known == 1 { MOST } else { known };
    usize::try_from(feature).ok().filter(|&feature| feature < most).map(|feature| feature as u32).ok_or_else(|| {
        Error::invalid(format!(
            "features must be rows of the colours and sizes; expected 0 to {}, got {feature} in row {row}; pass as many colours \
             as there are features, or one for all",
            most - 1
        ))
    })
}

/// Twice a ring's area, positive counter-clockwise, relative to its first vertex so that nothing is
/// lost far from the origin.
fn signed_area(ring: &[[f64; 2]]) -> f64 {
    let Some(&[x0, y0]) = ring.first() else { return 0.0 };
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| (a[0] - x0) * (b[1] - y0) - (b[0] - x0) * (a[1] - y0)).sum()
}

#[cfg(test)]
mod tests {
    use super::Paths;

    #[test]
    fn rings_lose_their_last_vertex_and_holes_turn_round() {
        let square = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]];
        let mut xy = square.to_vec();
        xy.extend(square);
        let Ok(paths) = Paths::new(xy, &[0, 5, 10], &[1, 0], Some(&[true, false]), 2) else {
            unreachable!()
        };
        assert_eq!(paths.runs, [(5, 9, 0), (0, 4, 1)]);
        assert_eq!(super::signed_area(&paths.xy[5..9]), 2.0);
        assert_eq!(super::signed_area(&paths.xy[0..4]), -2.0);
    }

    #[test]
    fn halves_part_between_features() {
        let xy: Vec<[f64; 2]> = (0..8).map(|at| [f64::from(at), 0.0]).collect();
        let Ok(paths) = Paths::new(xy, &[0, 2, 4, 6, 8], &[0, 1, 1, 2], None, 3) else {
            unreachable!()
        };
        let Some([low, high]) = paths.halves() else { unreachable!() };
        assert_eq!(low.runs, [(0, 2, 0), (2, 4, 1), (4, 6, 1)]);
        assert_eq!((high.runs, high.xy), (vec![(0, 2, 2)], vec![[6.0, 0.0], [7.0, 0.0]]));
        assert!(low.halves().is_some_and(|[first, _]| first.runs.len() == 1));
        assert!(Paths { runs: vec![(0, 2, 5), (2, 4, 5)], ..paths }.halves().is_none());
    }

    #[test]
    fn bad_vertices_and_offsets_are_told_with_their_row() {
        let message = |xy: Vec<[f64; 2]>, offsets: &[i64], features: &[i64]| {
            Paths::new(xy, offsets, features, None, 1)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert!(message(vec![[0.0; 2], [f64::NAN, 0.0]], &[0, 2], &[0]).contains("in row 1"));
        assert!(message(vec![[0.0; 2]; 4], &[0, 3, 2, 4], &[0; 3]).contains("after 3 in row 2"));
        assert!(message(vec![[0.0; 2]; 4], &[0, 3], &[0]).contains("the number of vertices, 4"));
        assert!(message(vec![[0.0; 2]; 4], &[0, 4], &[-1]).contains("got -1 in row 0"));
    }
}
