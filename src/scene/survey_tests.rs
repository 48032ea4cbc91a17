//! Pieces of a survey: each once, and those of a chunk together.

use super::{Order, PIECE, TOGETHER};

#[test]
fn pieces_come_once_and_those_of_a_chunk_together() {
    for size in [[2, 2], [40_000, 40_000], [65_536, 3000], [513, 9000]] {
        for chunk in [[1, 1], [40_000, 1], [1024, 1024], [6000, 5800], [100_000; 2]] {
            let order = Order::of(size, chunk);
            let places: Vec<_> = (0..order.pieces()).map(|at| order.first_patch(at)).collect();
            let mut sorted = places.clone();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), places.len(), "{size:?} {chunk:?}");
            let inside = |first: &[usize; 2]| first[0] < size[0] - 1 && first[1] < size[1] - 1;
            assert!(places.iter().all(inside), "{size:?} {chunk:?}");
        }
    }
    let order = Order::of([8 * PIECE * TOGETHER + 1, 9 * PIECE], [2 * PIECE * TOGETHER, 3 * PIECE]);
    let of_chunk = |at: usize| {
        let [column, row] = order.first_patch(at);
        [column / (2 * PIECE * TOGETHER), row / (3 * PIECE)]
    };
    assert!((0..6).all(|at| of_chunk(at) == [0, 0]));
    assert!((6..12).all(|at| of_chunk(at) == [1, 0]));
}
