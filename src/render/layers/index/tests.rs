//! Lists of an index against what they were made of.

use super::Index;
use crate::error::Result;
use crate::gpu::shaders::numbers::layers::BEFORE;
use crate::render::layers::band::{Band, END, Entries, IS_INSIDE, NEXT_FEATURE, is_item};
use crate::render::layers::grid::Grid;
use crate::render::layers::items::Items;
use crate::render::layers::window::Window;

/// All lists of a level that is one band.
fn lists_of(
    grid: &Grid,
    items: &Items,
    entries: Entries,
    level: (i32, Window),
    reach: [f64; 2],
    whole: bool,
) -> Result<Band> {
    let index = Index::of(grid, items, entries, level, reach, whole)?;
    assert_eq!(index.count(), 1);
    index.band(0, items)
}

fn list(lists: &Band, cell: usize) -> Vec<u32> {
    let words = lists.entries[lists.cells[cell] as usize..].iter().map(|entry| entry[0]);
    words.take_while(|word| *word != END).collect()
}

/// A square from cell 2 to cell 6, of feature 3.
fn square(grid: &Grid) -> Items {
    let corners = [[2.0, 2.0], [6.0, 2.0], [6.0, 6.0], [2.0, 6.0]].map(|corner| grid.fixed(corner));
    let words = (0..4).map(|at| [corners[at], corners[(at + 1) % 4]]);
    let words = words.map(|[a, b]| [a[0], a[1], b[0], b[1]]).collect();
    Items { words, runs: vec![(3, 0, 4)], ..Items::default() }
}

#[test]
fn places_in_lists_are_whole_steps_from_their_cell() {
    let grid = Grid::new(65, 65, [1.0, 1.0]);
    let items = square(&grid);
    for level in [0, 2, 3] {
        let shift = grid.bits + level;
        let Ok(stepped) = items.in_steps(super::step_bits(&grid, level), 2 << shift) else {
            unreachable!()
        };
        let window = Window::whole(&grid, level);
        let Ok(lists) =
            lists_of(&grid, &stepped, Entries::Edges, (level, window), [2.0, 0.0], true)
        else {
            unreachable!()
        };
        let columns = window.size[0];
        for (cell, &first) in lists.cells.iter().enumerate() {
            let place = [cell as i32 % columns, cell as i32 / columns];
            let list = lists.entries[first as usize..].iter().take_while(|entry| entry[0] != END);
            for entry in list.filter(|entry| is_item(**entry)) {
                let back = entry.map(|word| {
                    let at = [word & 0x7fff, word >> 15 & 0x7fff].map(|part| part as i32);
                    [0, 1].map(|axis| {
                        (at[axis] << super::step_bits(&grid, level))
                            + ((place[axis] - BEFORE) << shift)
                    })
                });
                let edge = [back[0][0], back[0][1], back[1][0], back[1][1]];
                assert!(stepped.words.contains(&edge), "{level}: {edge:?}");
            }
        }
    }
}

#[test]
fn cells_know_edges_beside_them_and_what_they_are_inside() {
    let grid = Grid::new(9, 9, [1.0, 1.0]);
    let window = Window::whole(&grid, 0);
    let Ok(lists) = lists_of(&grid, &square(&grid), Entries::Edges, (0, window), [0.5, 0.0], false)
    else {
        unreachable!()
    };
    assert_eq!(window.size, [8, 8]);
    let at = |column: usize, row: usize| list(&lists, row * 8 + column);
    assert!(at(0, 0).is_empty());
    assert_eq!(at(3, 4), [NEXT_FEATURE | IS_INSIDE | 3]);
    // All cells that are only inside share a list.
    assert_eq!(lists.cells[4 * 8 + 3], lists.cells[3 * 8 + 3]);
    assert_eq!(at(4, 2), [NEXT_FEATURE | IS_INSIDE | 3, 0]);
    assert_eq!(at(4, 1), [NEXT_FEATURE | 3, 0]);
    assert_eq!(at(6, 6), [NEXT_FEATURE | 3, 1, 2]);
    assert!(at(7, 7).is_empty());
}

#[test]
fn slanted_pieces_are_listed_along_their_way_only() {
    let grid = Grid::new(65, 65, [1.0, 1.0]);
    let (a, b) = (grid.fixed([0.0, 0.0]), grid.fixed([64.0, 64.0]));
    let items =
        Items { words: vec![[a[0], a[1], b[0], b[1]]], runs: vec![(0, 0, 1)], ..Items::default() };
    let window = (0, Window::whole(&grid, 0));
    let Ok(lists) = lists_of(&grid, &items, Entries::Pieces, window, [0.5, 0.0], false) else {
        unreachable!()
    };
    for cell in 0..64 * 64 {
        let off = (cell % 64_usize).abs_diff(cell / 64);
        // Listed if it comes within half a cell, and not two cells farther.
        assert!(off > 1 || !list(&lists, cell).is_empty(), "{cell}");
        assert!(off < 4 || list(&lists, cell).is_empty(), "{cell}");
    }
}

#[test]
fn bands_have_the_lists_that_all_rows_together_would_have() {
    let grid = Grid::new(301, 301, [1.0, 1.0]);
    let ring = |middle: f64, wide: f64| {
        (0..200).map(move |step| {
            let (sin, cos) = (f64::from(step) * 0.01 * std::f64::consts::PI).sin_cos();
            [middle + wide * cos, middle + wide * sin]
        })
    };
    let mut items = Items::default();
    for (feature, (middle, wide)) in [(60.0, 90.0), (150.0, 140.0), (140.0, 3.3)].iter().enumerate()
    {
        let first = items.words.len();
        let ring: Vec<_> = ring(*middle, *wide).map(|at| grid.fixed(at)).collect();
        let next = ring.iter().cycle().skip(1);
        items.words.extend(ring.iter().zip(next).map(|(a, b)| [a[0], a[1], b[0], b[1]]));
        items.end_run(feature as u32, first);
    }
    let window = Window::whole(&grid, 0);
    let Ok(index) = Index::of(&grid, &items, Entries::Edges, (0, window), [1.0, 0.0], false) else {
        unreachable!()
    };
    assert!(index.count() > 2);
    let all: Vec<_> = items.runs.iter().rev().map(|run| (run.0, run.1..run.2)).collect();
    let Ok(whole) = Band::of(index.scale, window, &items.words, &all) else { unreachable!() };
    let mut cell = 0;
    for number in 0..index.count() {
        let Ok(band) = index.band(number, &items) else { unreachable!() };
        for own in 0..band.cells.len() {
            assert_eq!(list(&band, own), list(&whole, cell), "{cell}");
            assert_eq!(band.kinds[own], whole.kinds[cell], "{cell}");
            cell += 1;
        }
    }
    assert_eq!(cell, window.count());
}
