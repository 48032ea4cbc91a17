//! A line's vertices on the ground, as many as the ground wants.

/// How far up in the picture a piece may be from its line, in pixels.
const UP_PX: f64 = 0.3;
/// Pixels that a piece is long at least, if it can be cut, and at most.
const SHORTEST_PX: f64 = 1.5;
const LONGEST_PX: f64 = 8.0;
/// Times that a piece is halved.
const MOST_HALVINGS: usize = 24;

/// Column, row and height, and whether a line starts or ends there.
#[derive(Clone, Copy)]
pub(super) struct Vertex {
    pub(super) at: [f32; 3],
    pub(super) bits: u32,
}

/// Of a piece: see `shaders/include/layer_strands.glsl`.
pub(super) const LINE_ENDS: u32 = 1 << 31;
pub(super) const LINE_STARTS: u32 = 1 << 30;
/// No piece goes on from there.
pub(super) const LAST: u32 = 1;

impl Vertex {
    fn new([x, y]: [f64; 2], height: f64, bits: u32) -> Self {
        Self { at: [x as f32, y as f32, height as f32], bits }
    }
}

/// A place and the height there; None over a hole.
pub(super) type Place = ([f64; 2], Option<f64>);

/// Vertices of a line for pixels of a width.
pub(super) struct Chain<H> {
    vertices: Vec<Vertex>,
    /// Cells that a pixel is wide.
    pixel: f64,
    /// Heights by which a piece may be off.
    up: f64,
    /// Ends of parts of a piece, the next one last.
    waiting: Vec<Place>,
    height: H,
    /// Whether the end of the last piece is the last vertex.
    on_ground: bool,
}

impl<H: Fn([f64; 2]) -> Option<f64>> Chain<H> {
    /// For pixels `pixel` cells wide, which is `pixel_h` of the heights that `height` tells.
    pub(super) fn new(room: usize, pixel: f64, pixel_h: f64, height: H) -> Self {
        let vertices = Vec::with_capacity(room);
        Self { vertices, pixel, up: UP_PX * pixel_h, waiting: Vec::new(), height, on_ground: false }
    }

    pub(super) fn height(&self, at: [f64; 2]) -> Option<f64> {
        (self.height)(at)
    }

    pub(super) fn into_vertices(self) -> Vec<Vertex> {
        self.vertices
    }

    /// A piece of the line, `joined` to the one before, in as many as the ground wants: what lies
    /// over a hole is left out. The line may start and end there.
    pub(super) fn add(&mut self, (p, q): (Place, Place), joined: bool, [starts, ends]: [bool; 2]) {
        let (mut from, mut joined) = (p, joined && self.on_ground);
        let mut first = if starts { LINE_STARTS } else { 0 };
        self.waiting.push(q);
        while let Some(&(to, height)) = self.waiting.last() {
            let off = [to[0] - from.0[0], to[1] - from.0[1]];
            let far = (off[0] * off[0] + off[1] * off[1]).sqrt() / self.pixel;
            if far > SHORTEST_PX && self.waiting.len() < MOST_HALVINGS {
                let middle = [0.5 * (to[0] + from.0[0]), 0.5 * (to[1] + from.0[1])];
                let there = (self.height)(middle);
                let bends = match (from.1, there, height) {
                    (Some(a), Some(m), Some(b)) => (m - 0.5 * (a + b)).abs() > self.up,
                    _ => true,
                };
                if far > LONGEST_PX || bends {
                    self.waiting.push((middle, there));
                    continue;
                }
            }
            self.waiting.pop();
            if let (Some(a), Some(b)) = (from.1, height) {
                match self.vertices.last_mut().filter(|_| joined) {
                    Some(before) => before.bits = before.bits & !LAST | first,
                    None => self.vertices.push(Vertex::new(from.0, a, first)),
                }
                self.vertices.push(Vertex::new(to, b, LAST));
            }
            (joined, first) = (from.1.is_some() && height.is_some(), 0);
            from = (to, height);
        }
        if let Some(end) = self.vertices.last_mut().filter(|_| ends && joined) {
            end.bits |= LINE_ENDS;
        }
        self.on_ground = joined;
    }
}

#[cfg(test)]
mod tests {
    use super::{Chain, LAST, LINE_ENDS, LINE_STARTS, LONGEST_PX, SHORTEST_PX};

    /// Of a line over level ground, of which what `hole` holds is missing; cells are pixels.
    fn over(hole: impl Fn(f64) -> bool, places: &[f64]) -> Vec<(f32, u32)> {
        let height = |at: [f64; 2]| (!hole(at[0])).then_some(0.0);
        let mut chain = Chain::new(0, 1.0, 1.0, height);
        let place = |at: f64| ([at, 5.0], (!hole(at)).then_some(0.0));
        let last = places.len() - 2;
        for (number, two) in places.windows(2).enumerate() {
            let joined = number > 0;
            chain.add((place(two[0]), place(two[1])), joined, [number == 0, number == last]);
        }
        chain.vertices.iter().map(|vertex| (vertex.at[0], vertex.bits)).collect()
    }

    #[test]
    fn lines_are_chains_of_short_pieces() {
        let chain = over(|_| false, &[0.0, 50.0, 51.0]);
        assert_eq!(
            (chain[0], chain[chain.len() - 1]),
            ((0.0, LINE_STARTS), (51.0, LAST | LINE_ENDS))
        );
        for two in chain.windows(2) {
            assert!(two[0].1 & LAST == 0 && two[1].0 - two[0].0 <= LONGEST_PX as f32, "{two:?}");
        }
    }

    #[test]
    fn lines_go_on_up_to_a_hole_and_after_it() {
        for (first, end) in [(20.0, 31.0), (0.0, 9.0), (90.0, 100.0)] {
            let chain = over(|at| (first..=end).contains(&at), &[0.0, 100.0]);
            assert!(chain.iter().all(|(at, _)| !(first..=end).contains(&f64::from(*at))));
            let pieces = chain.windows(2).filter(|two| two[0].1 & LAST == 0);
            let drawn: f64 = pieces.map(|two| f64::from(two[1].0 - two[0].0)).sum();
            let ground = 100.0 - (end - first);
            assert!(drawn <= ground && drawn > ground - 2.0 * SHORTEST_PX, "{drawn} {ground}");
            let starts = chain.iter().any(|(_, bits)| bits & LINE_STARTS != 0);
            let ends = chain.iter().any(|(_, bits)| bits & LINE_ENDS != 0);
            assert_eq!([starts, ends], [first > 0.0, end < 100.0]);
        }
    }

    #[test]
    fn lines_do_not_go_on_over_holes_beside_short_pieces() {
        let hole = |at: f64| (10.0..=12.0).contains(&at);
        let chain = over(hole, &[0.0, 9.0, 11.0, 12.4, 20.0]);
        let over = |two: &[(f32, u32)]| two[0].1 & LAST == 0 && two[0].0 < 10.0 && two[1].0 > 12.0;
        assert!(!chain.windows(2).any(over) && chain.iter().any(|(at, _)| *at > 12.0), "{chain:?}");
        let chain = super::tests::over(hole, &[0.0, 9.0, 11.0, 12.4]);
        assert!(chain.iter().all(|(at, bits)| bits & LINE_ENDS == 0 || *at > 12.0), "{chain:?}");
    }
}
