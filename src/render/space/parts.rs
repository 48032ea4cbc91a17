//! Lines that go on far beyond the DEM, in parts.

use super::outlook::Place;

/// How often the box around the DEM is doubled: what lies beyond the last one is as good as nowhere.
const DOUBLINGS: usize = 24;

/// Shares of the way from `a` to `b` between which it lies in a box; None of one that does not.
pub(super) fn within<const AXES: usize>(
    a: [f64; AXES],
    b: [f64; AXES],
    low: [f64; AXES],
    high: [f64; AXES],
) -> Option<[f64; 2]> {
    let mut shares = [0.0_f64, 1.0];
    for axis in 0..AXES {
        let way = b[axis] - a[axis];
        if way == 0.0 {
            if a[axis] < low[axis] || a[axis] > high[axis] {
                return None;
            }
            continue;
        }
        let [first, second] = [low[axis], high[axis]].map(|side| (side - a[axis]) / way);
        shares = [shares[0].max(first.min(second)), shares[1].min(first.max(second))];
    }
    (shares[0] <= shares[1]).then_some(shares)
}

/// The way from `a` to `b` in parts that are not much longer than they are far from `middle`, or than `reach`.
///
/// Shaders have both ends in float32: a tube that begins a thousand times as far away as the DEM is
/// large would be as uncertain near by as it is there. `height` is how many of the other axes' units
/// one of the third's is.
pub(super) fn parts([a, b]: [Place; 2], middle: Place, reach: f64, height: f64) -> Vec<Place> {
    let scaled = |[x, y, z]: Place| [x, y, z * height];
    let [from, to, middle] = [a, b, middle].map(scaled);
    let mut shares = Vec::new();
    let mut reach = reach;
    for _ in 0..DOUBLINGS {
        let [low, high] = [-reach, reach].map(|side| middle.map(|at| at + side));
        if let Some(cuts) = within(from, to, low, high) {
            if cuts[0] <= 0.0 && cuts[1] >= 1.0 {
                if shares.is_empty() {
                    return vec![a, b];
                }
                shares.extend([0.0, 1.0]);
                break;
            }
            shares.extend(cuts);
        }
        reach *= 2.0;
    }
    shares.sort_by(f64::total_cmp);
    shares.dedup();
    let at = |share: f64| [0, 1, 2].map(|axis| a[axis] + share * (b[axis] - a[axis]));
    shares.into_iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::{parts, within};

    #[test]
    fn a_way_is_cut_where_it_enters_and_leaves_a_box() {
        let [low, high] = [[0.0, 0.0], [4.0, 2.0]];
        assert_eq!(within([-4.0, 1.0], [12.0, 1.0], low, high), Some([0.25, 0.5]));
        assert_eq!(within([1.0, 1.0], [3.0, 2.0], low, high), Some([0.0, 1.0]));
        assert_eq!(within([-4.0, 3.0], [12.0, 3.0], low, high), None);
        assert_eq!(within([-1.0, 1.0], [1.0, 4.0], low, high), None);
    }

    #[test]
    fn parts_are_short_near_by_and_long_far_away() {
        let middle = [10.0, 10.0, 0.0];
        let near = [[1.0, 2.0, 3.0], [19.0, 8.0, -3.0]];
        assert_eq!(parts(near, middle, 20.0, 1.0), near);
        let far = [[-1e6, 10.0, 5.0], [1e6, 10.0, 5.0]];
        let cut = parts(far, middle, 20.0, 1.0);
        assert_eq!((cut[0], cut[cut.len() - 1]), (far[0], far[1]));
        for ends in cut.windows(2) {
            let [a, b] = [ends[0][0] - 10.0, ends[1][0] - 10.0];
            assert!(b > a && b - a <= 40.0_f64.max(1.001 * a.abs().min(b.abs())), "{a} {b}");
        }
        // A wire to a satellite is cut by its height.
        assert!(parts([[10.0; 3], [10.0, 10.0, 4e7]], middle, 20.0, 1.0).len() > 20);
        assert!(parts([[1e300; 3], [2e300; 3]], middle, 20.0, 1.0).is_empty());
    }
}
