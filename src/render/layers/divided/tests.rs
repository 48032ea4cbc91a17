//! Lists of cells in quarters against those that finer levels would have.

use super::{ANY_FINER, IN_QUARTERS, Lost, QUARTERS_SPREAD, Quarters};
use crate::render::layers::band::{Band, END, Entries, Entry, MOST_ENTRIES};
use crate::render::layers::grid::Grid;
use crate::render::layers::index::Index;
use crate::render::layers::items::Items;
use crate::render::layers::window::Window;

const LEVEL: i32 = 2;
const DEEPEST: i32 = 3;

/// One of few vertices, and two of thousands within it.
fn rings(grid: &Grid) -> Items {
    let mut items = Items::default();
    for (feature, radius, count) in [(0, 20.0, 40), (1, 1.5, 6000), (2, 0.9, 6000)] {
        let first = items.words.len();
        let at = |step: u32| {
            let (sin, cos) = (f64::from(step) * std::f64::consts::TAU / f64::from(count)).sin_cos();
            let out = radius * (1.0 - 0.25 * f64::from(step * 7919 % 101) / 101.0);
            grid.fixed([33.1 + out * cos, 30.7 + out * sin])
        };
        for step in 0..count {
            let [[x0, y0], [x1, y1]] = [at(step), at((step + 1) % count)];
            items.words.push([x0, y0, x1, y1]);
        }
        items.end_run(feature, first);
    }
    items
}

/// All lists of a level, which is one band.
fn lists(grid: &Grid, items: &Items, entries: Entries, level: i32) -> (Index, Band) {
    let window = (level, Window::whole(grid, level));
    let around = if level == LEVEL { 1.0 } else { 1.0 / f64::from(QUARTERS_SPREAD) };
    let made = Index::of(grid, items, entries, window, [around, 0.0], false)
        .and_then(|index| index.band(0, items).map(|band| (index, band)));
    let Ok((index, band)) = made else { unreachable!() };
    assert_eq!(index.count(), 1);
    (index, band)
}

fn list(entries: &[Entry], start: u32) -> Vec<Entry> {
    let list = entries[start as usize..].iter().take_while(|entry| entry[0] != END);
    list.copied().collect()
}

#[test]
fn quarters_have_the_lists_that_finer_levels_would_have() {
    let grid = Grid::new(65, 65, [1.0, 1.0]);
    let items = rings(&grid);
    for entries in [Entries::Edges, Entries::Pieces] {
        let (index, band) = lists(&grid, &items, entries, LEVEL);
        let mut bands = [band];
        let room = (DEEPEST, usize::MAX);
        let made = Quarters::of(&index, &mut bands, &items, room, &|| false);
        let Ok(quarters) = made else { unreachable!() };
        let finer: Vec<_> =
            (1..=DEEPEST).map(|depth| lists(&grid, &items, entries, LEVEL - depth)).collect();
        let all = [&bands[0].entries[..], &quarters.entries].concat();
        let mut leaves = 0;
        let cells = bands[0].cells.iter().enumerate();
        let mut waiting: Vec<_> =
            cells.map(|(number, start)| (index.window.cell(number), 0, *start)).collect();
        while let Some((cell, depth, start)) = waiting.pop() {
            if start & IN_QUARTERS != 0 {
                let at = (start & !IN_QUARTERS) as usize;
                assert_eq!(list(&all, quarters.words[at]).len(), MOST_ENTRIES as usize);
                let below = Window { first: cell.map(|at| 2 * at), size: [2; 2] };
                waiting.extend((0..4).map(|number| {
                    (below.cell(number), depth + 1, quarters.words[at + 1 + number])
                }));
            } else if depth > 0 {
                leaves += 1;
                let (finer, band) = &finer[depth - 1];
                let Some(at) = finer.window.index(cell) else { unreachable!() };
                let same = list(&all, start) == list(&band.entries, band.cells[at]);
                assert!(same, "{entries:?} {cell:?} {depth}");
            }
        }
        assert!(leaves > 20, "{leaves}");
        // Only what is small enough has lost something for all that is smaller.
        let last = index.scale.shift - DEEPEST;
        let is_last = |lost: &Lost| lost.serves[0] == ANY_FINER;
        assert!(quarters.lost.iter().all(|lost| is_last(lost) == (lost.shift == last)));
    }
}

#[test]
fn where_there_is_no_room_the_longest_are_divided() {
    let grid = Grid::new(65, 65, [1.0, 1.0]);
    let items = rings(&grid);
    let (index, band) = lists(&grid, &items, Entries::Edges, LEVEL);
    let lengths: Vec<u32> = band.too_long.iter().map(|long| long.entries).collect();
    let room = 2 * MOST_ENTRIES as usize;
    let made = Quarters::of(&index, &mut [band], &items, (1, room), &|| false);
    let Ok(quarters) = made else { unreachable!() };
    assert!(lengths.len() > 2 && quarters.words.len() == 5);
    let own = quarters.lost.iter().filter(|lost| lost.shift == index.scale.shift);
    let (left, divided): (Vec<&Lost>, Vec<&Lost>) =
        own.partition(|lost| lost.serves[0] == ANY_FINER);
    assert_eq!((divided.len(), left.len()), (1, lengths.len() - 1));
    assert_eq!(Some(divided[0].entries), lengths.iter().copied().max());
}
