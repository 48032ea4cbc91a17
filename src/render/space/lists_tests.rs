//! Tests of what comes into cells.

use super::{Board, Lists, Shape};
use crate::error::Error;
use crate::render::space::grid::Grid;
use crate::render::space::room::Room;
use crate::render::space::solids::Tube;
use crate::render::space::things::Things;
use crate::scene::Heightfield;
use std::cell::Cell;

fn lists(most_bytes: u64, stop: bool) -> Result<Lists, Error> {
    let field = Heightfield::new(vec![0.0; 400], 20, 20, [1.0; 2], 1.0)?;
    let tube = |row: f64| Tube {
        ends: [[0.0, row, 0.0], [19.0, row, 0.0]],
        half: 0.1,
        reach: [0.1; 3],
        board: None,
        row: 0,
    };
    let things =
        Things { tubes: (0..10).map(|row| tube(f64::from(row))).collect(), ..Things::default() };
    let Some(grid) = Grid::over(&things, &field, usize::MAX) else { unreachable!() };
    Lists::of(&things, &grid, Room::new(most_bytes, "a small device"), &|| stop)
}

/// Balls of a metre, the row of whose colour is their number.
fn balls(places: &[[f64; 2]], board: Option<Board>) -> Result<(Things, Lists), Error> {
    let field = Heightfield::new(vec![0.0; 400], 20, 20, [1.0; 2], 1.0)?;
    let ball = |(row, [x, y]): (usize, &[f64; 2])| Tube {
        ends: [[*x, *y, 1.0]; 2],
        half: 1.0,
        reach: [1.0; 3],
        board: board.filter(|_| row % 2 == 0),
        row: row as u32,
    };
    let tubes = places.iter().enumerate().map(ball).collect();
    let things = Things { tubes, ..Things::default() };
    let Some(grid) = Grid::over(&things, &field, usize::MAX) else { unreachable!() };
    let lists = Lists::of(&things, &grid, Room::new(1 << 27, "a device"), &|| false)?;
    Ok((things, lists))
}

#[test]
fn of_those_that_hide_the_same_the_first_is_enough() {
    let places = vec![[7.0, 8.0]; 20_000];
    let Ok((_, lists)) = balls(&places, None) else { unreachable!() };
    assert!(
        lists.marks.iter().all(|mark| mark >> crate::gpu::shaders::numbers::space::ROW_SHIFT == 0)
    );
    assert_eq!(lists.cells.windows(2).filter(|ends| ends[1] > ends[0]).count(), lists.marks.len());
    let Ok((_, lists)) = balls(&places, Some(Board::Shape(Shape::Star))) else { unreachable!() };
    assert_eq!(
        2 * lists.cells.windows(2).filter(|ends| ends[1] > ends[0]).count(),
        lists.marks.len()
    );
}

#[test]
fn too_many_over_each_other_are_refused_with_their_place() {
    let places: Vec<[f64; 2]> = (0..40_000).map(|at| [7.0 + 1e-5 * f64::from(at), 8.0]).collect();
    let message = balls(&places, None).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message.contains("at most 2048 pieces of them in one place"), "{message}");
    assert!(message.contains("around column"), "{message}");
}

#[test]
fn lists_end_where_a_device_has_no_more_room() {
    let Ok(whole) = lists(1 << 20, false) else { unreachable!() };
    let count = whole.marks.len();
    assert!(count > 20);
    assert!(lists(32 * count as u64, false).is_ok());
    let message = lists(32 * count as u64 - 1, false).err().map(|error| error.to_string());
    let expected = format!("a small device; expected at most {} pieces", count - 1);
    assert!(message.is_some_and(|message| message.contains(&expected)));
    assert!(matches!(lists(1 << 20, true), Err(Error::Interrupted)));
}

#[test]
fn one_may_stop_while_lists_are_made_sorted_and_thinned() {
    let Ok(field) = Heightfield::new(vec![0.0; 400], 20, 20, [1.0; 2], 1.0) else { unreachable!() };
    let ball =
        |row| Tube { ends: [[7.0, 8.0, 1.0]; 2], half: 1.0, reach: [1.0; 3], board: None, row };
    // Of one chunk each.
    let things = Things { tubes: (0..100).map(ball).collect(), ..Things::default() };
    let Some(grid) = Grid::over(&things, &field, usize::MAX) else { unreachable!() };
    let stopped_at = |look: usize| {
        let looks = Cell::new(0);
        let stop = || looks.replace(looks.get() + 1) == look;
        let made = Lists::of(&things, &grid, Room::new(1 << 27, "a device"), &stop);
        (made.map(|lists| lists.marks.len()), looks.get())
    };
    // Once the tubes are listed, entries counted and put in order, cells thinned.
    for look in 0..4 {
        let (made, looks) = stopped_at(look);
        assert!(matches!(made, Err(Error::Interrupted)) && looks == look + 1, "{look}: {looks}");
    }
    assert!(matches!(stopped_at(4), (Ok(1..), 4)));
}
