//! Corners of things, for a camera that is to have them in frame.

use super::outlook::Place;
use super::place::Things;
use crate::scene::Heightfield;
use crate::scene::vector::Vec3;

/// How far beyond the DEM things are looked at, as a share of its sides: what comes from afar would
/// make the ground small.
const MARGIN: f64 = 0.05;

/// Places in world metres beyond which none of `things` over `field` reaches; what is as wide on
/// every picture counts without its width.
pub(in crate::render) fn corners(things: &Things, field: &Heightfield) -> Vec<Vec3> {
    let sides = [field.columns(), field.rows()].map(|samples| (samples - 1) as f64);
    let [dx, dy] = field.spacing();
    let reference = f64::from(things.reference);
    let in_world = |[column, row, height]: Place| -> Vec3 {
        [
            (column - sides[0] / 2.0) * dx,
            (sides[1] / 2.0 - row) * dy,
            (height + reference) * field.exaggeration(),
        ]
    };
    let room = sides.map(|side| [-MARGIN * side, (1.0 + MARGIN) * side]);
    ends(things, room).into_iter().map(in_world).collect()
}

fn ends(things: &Things, room: [[f64; 2]; 2]) -> Vec<Place> {
    let mut found = Vec::new();
    for prism in &things.prisms {
        let edges = things.edges.get(prism.edges.clone()).unwrap_or_default();
        for [a, b] in edges {
            let line = [[a[0], a[1], prism.top], [b[0], b[1], prism.top]];
            found.extend(within(line, room).into_iter().flatten());
        }
    }
    for tube in &things.tubes {
        for end in within(tube.ends, room).into_iter().flatten() {
            let [x, y, z] = tube.reach;
            for reach in
                [[-x, 0.0, 0.0], [x, 0.0, 0.0], [0.0, -y, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]]
            {
                found.push([0, 1, 2].map(|axis| end[axis] + reach[axis]));
            }
        }
    }
    found
}

/// The part of a line that lies over a box seen from above; None: none does.
fn within([a, b]: [Place; 2], room: [[f64; 2]; 2]) -> Option<[Place; 2]> {
    let mut part = [0.0_f64, 1.0_f64];
    for (axis, [low, high]) in room.into_iter().enumerate() {
        let way = b[axis] - a[axis];
        if way == 0.0 {
            if a[axis] < low || a[axis] > high {
                return None;
            }
            continue;
        }
        let [first, second] = [(low - a[axis]) / way, (high - a[axis]) / way];
        part[0] = part[0].max(first.min(second));
        part[1] = part[1].min(first.max(second));
    }
    let at = |share: f64| [0, 1, 2].map(|axis| a[axis] + share * (b[axis] - a[axis]));
    (part[0] <= part[1]).then(|| part.map(at))
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn lines_end_where_the_room_does() {
        let room = [[0.0, 10.0], [0.0, 10.0]];
        let line = |a, b| within([a, b], room);
        let inside = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        assert_eq!(line(inside[0], inside[1]), Some(inside));
        assert_eq!(
            line([-10.0, 5.0, 0.0], [10.0, 5.0, 8.0]),
            Some([[0.0, 5.0, 4.0], [10.0, 5.0, 8.0]])
        );
        assert_eq!(line([-10.0, 5.0, 0.0], [-1.0, 5.0, 8.0]), None);
        assert_eq!(line([11.0, 5.0, 0.0], [11.0, 5.0, 0.0]), None);
        assert_eq!(line([-4.0, 4.0, 0.0], [4.0, -4.1, 8.0]), None);
    }
}
