//! The area of each pixel that outlines enclose.
//!
//! Edges are exact, and curves become the lines that FreeType makes of them, so that its coverage
//! and this differ by 2 of 255 or so; zeno's own rasteriser differs by up to 15.

/// A rectangle of coverage, 255 = all of the pixel.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// Of its first column, from the place that it was made for.
    pub left: i32,
    /// Of its first row, downwards.
    pub top: i32,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row.
    pub coverage: Vec<u8>,
}

/// From one point to the next, y down.
pub(super) type Edge = [[f32; 2]; 2];

/// More halvings than any outline needs.
const MOST_HALVINGS: u32 = 12;

/// What lies inside `rings`, each taken to be closed.
pub fn inside(rings: &[&[[f32; 2]]]) -> Mask {
    let edges: Vec<Edge> = rings
        .iter()
        .flat_map(|ring| {
            ring.iter().zip(ring.iter().cycle().skip(1)).map(|(from, to)| [*from, *to])
        })
        .collect();
    if edges.is_empty() { Mask::default() } else { filled(&edges) }
}

/// Coverage by non-zero winding; where contours of one direction overlap they cover once.
pub(super) fn filled(edges: &[Edge]) -> Mask {
    let start = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let bounds = edges.iter().flatten().fold(start, |all, [x, y]| {
        [all[0].min(*x), all[1].min(*y), all[2].max(*x), all[3].max(*y)]
    });
    if !bounds.iter().all(|bound| bound.abs() < 1e6) {
        return Mask::default();
    }
    let [left, top] = [bounds[0].floor(), bounds[1].floor()];
    let (width, height) = ((bounds[2].ceil() - left) as usize, (bounds[3].ceil() - top) as usize);
    // A column more: what lies right of an edge is told to the pixel after it.
    let mut changes = vec![0.0_f32; (width + 1) * height];
    for [from, to] in edges.iter().filter(|[from, to]| from[1] != to[1]) {
        add_edge(
            &mut changes,
            width + 1,
            [from[0] - left, from[1] - top],
            [to[0] - left, to[1] - top],
        );
    }
    let mut coverage = Vec::with_capacity(width * height);
    for row in changes.chunks_exact(width + 1) {
        let mut covered = 0.0_f32;
        coverage.extend(row.iter().take(width).map(|change| {
            covered += change;
            (covered.abs() * 256.0).min(255.0) as u8
        }));
    }
    Mask { left: left as i32, top: top as i32, width, height, coverage }
}

/// Equal steps of the parameter, twice as many for each fourfold bend; `flat` is how far a curve's
/// middle may be from that of its chord, in pixels, times four.
pub(super) fn quadratic(edges: &mut Vec<Edge>, [from, by, to]: [[f32; 2]; 3], flat: f32) {
    let mut bend = (from[0] - 2.0 * by[0] + to[0]).abs().max((from[1] - 2.0 * by[1] + to[1]).abs());
    let mut halvings = 0;
    while bend > flat && halvings < MOST_HALVINGS {
        bend /= 4.0;
        halvings += 1;
    }
    let steps = 1 << halvings;
    let mut before = from;
    for step in 1..=steps {
        let t = step as f32 / steps as f32;
        let at = |axis: usize| {
            let (a, b) =
                (from[axis] + t * (by[axis] - from[axis]), by[axis] + t * (to[axis] - by[axis]));
            a + t * (b - a)
        };
        let next = if step == steps { to } else { [at(0), at(1)] };
        edges.push([before, next]);
        before = next;
    }
}

/// Halves until both control points lie near a third of the chord.
pub(super) fn cubic(edges: &mut Vec<Edge>, points: [[f32; 2]; 4], flat: f32) {
    halved(edges, points, flat, MOST_HALVINGS);
}

fn halved(edges: &mut Vec<Edge>, [a, b, c, d]: [[f32; 2]; 4], flat: f32, halvings: u32) {
    let bends = |axis: usize| {
        let first = (2.0 * a[axis] - 3.0 * b[axis] + d[axis]).abs();
        let second = (a[axis] - 3.0 * c[axis] + 2.0 * d[axis]).abs();
        first.max(second) > 2.0 * flat
    };
    if halvings == 0 || !(bends(0) || bends(1)) {
        edges.push([a, d]);
        return;
    }
    let middle = |p: [f32; 2], q: [f32; 2]| [(p[0] + q[0]) / 2.0, (p[1] + q[1]) / 2.0];
    let (ab, bc, cd) = (middle(a, b), middle(b, c), middle(c, d));
    let (abc, bcd) = (middle(ab, bc), middle(bc, cd));
    let centre = middle(abc, bcd);
    halved(edges, [a, ab, abc, centre], flat, halvings - 1);
    halved(edges, [centre, bcd, cd, d], flat, halvings - 1);
}

/// Adds to each pixel what the edge covers of it and of all that lie right of it, so that sums
/// along a row are coverages.
fn add_edge(changes: &mut [f32], pitch: usize, from: [f32; 2], to: [f32; 2]) {
    let (sign, upper, lower) = if from[1] < to[1] { (1.0, from, to) } else { (-1.0, to, from) };
    let slope = (lower[0] - upper[0]) / (lower[1] - upper[1]);
    let place = |y: f32| upper[0] + (y - upper[1]) * slope;
    let bottom = lower[1].ceil() as usize;
    for row in upper[1] as usize..bottom {
        let (top, end) = (upper[1].max(row as f32), lower[1].min(row as f32 + 1.0));
        let (mut x0, mut x1) = (place(top), place(end));
        if x0 > x1 {
            (x0, x1) = (x1, x0);
        }
        let (low, high) = (upper[0].min(lower[0]), upper[0].max(lower[0]));
        (x0, x1) = (x0.clamp(low, high), x1.clamp(low, high));
        let height = sign * (end - top);
        let steepness = if x1 > x0 { height / (x1 - x0) } else { 0.0 };
        let (first, last) = (x0 as usize, x1 as usize);
        for column in first..=last {
            let (left, right) = (x0.max(column as f32), x1.min(column as f32 + 1.0));
            let share = if first == last { height } else { steepness * (right - left) };
            let beside = share * ((left + right) / 2.0 - column as f32);
            if let Some(change) = changes.get_mut(row * pitch + column) {
                *change += share - beside;
            }
            // Of the last column nothing lies further right; it is of no width then.
            if let Some(change) =
                changes.get_mut(row * pitch + column + 1).filter(|_| column + 1 < pitch)
            {
                *change += beside;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, filled, quadratic};

    fn polygon(points: &[[f32; 2]]) -> Vec<Edge> {
        points.iter().zip(points.iter().cycle().skip(1)).map(|(from, to)| [*from, *to]).collect()
    }

    #[test]
    fn areas_are_exact() {
        let mask = filled(&polygon(&[[-0.5, 0.25], [2.5, 0.25], [2.5, 1.0], [-0.5, 1.0]]));
        assert_eq!((mask.left, mask.top, mask.width, mask.height), (-1, 0, 4, 1));
        assert_eq!(mask.coverage, [96, 192, 192, 96]);
        let triangle = filled(&polygon(&[[0.0, 0.0], [4.0, 0.0], [4.0, 2.0]]));
        assert_eq!(triangle.coverage, [64, 192, 255, 255, 0, 0, 64, 192]);
    }

    #[test]
    fn overlapping_contours_cover_once_and_opposite_ones_are_holes() {
        let square = [[0.0, 0.0], [3.0, 0.0], [3.0, 3.0], [0.0, 3.0]];
        let mut inner = [[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0]];
        let both = [polygon(&square), polygon(&inner)].concat();
        assert!(filled(&both).coverage.iter().all(|&cover| cover == 255));
        inner.reverse();
        let holed = [polygon(&square), polygon(&inner)].concat();
        assert_eq!(filled(&holed).coverage, [255, 255, 255, 255, 0, 255, 255, 255, 255]);
    }

    #[test]
    fn curves_are_as_fine_as_asked_for() {
        for (flat, steps) in [(1.0, 2), (0.25, 4), (1.0 / 16.0, 8)] {
            let mut edges = Vec::new();
            quadratic(&mut edges, [[0.0, 0.0], [1.0, 2.0], [2.0, 0.0]], flat);
            assert_eq!(edges.len(), steps);
            assert_eq!((edges[0][0], edges[steps - 1][1]), ([0.0, 0.0], [2.0, 0.0]));
            assert_eq!(edges[steps / 2][0], [1.0, 1.0]);
        }
    }
}
