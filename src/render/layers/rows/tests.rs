//! Lists of rows against the boxes that they are of.

use super::{MOST_ENTRIES, MOST_TURNS, MarkLists, Marks, Pixels, Range, Seen};

/// Marks that are boxes in the order of the lists, numbered.
fn seen(boxes: &[Pixels]) -> Seen {
    let mut marks = Marks::default();
    (0..).zip(boxes).for_each(|(item, seen)| marks.push(item, *seen));
    Seen::of_items(vec![marks])
}

/// Lists with their entries.
type Written = (MarkLists, Vec<u32>);

/// Those on a picture of 40 x 30 pixels, the topmost first, and what they have lost.
fn all_lists(seen: &Seen, rows: Range<u32>, room: u64) -> (Vec<Written>, Option<[u32; 2]>) {
    let room = (room, u32::MAX);
    let Ok((all, lost)) = MarkLists::of(seen, (rows, 5), room, &|| false) else { unreachable!() };
    let written = all.into_iter().map(|lists| {
        let mut entries = vec![u32::MAX; lists.entries()];
        assert!(lists.write(&mut entries, &|| false).is_ok());
        (lists, entries)
    });
    (written.collect(), lost)
}

/// The same where there is room for all in one.
fn lists(boxes: &[Pixels], rows: Range<u32>, room: u64) -> (MarkLists, Vec<u32>) {
    let (mut all, lost) = all_lists(&seen(boxes), rows, room);
    assert_eq!((all.len(), lost), (1, None));
    all.remove(0)
}

fn box_of(number: u32) -> Pixels {
    let (column, row) = ((number * 7 % 38) as u16, (number * 11 % 27) as u16);
    Pixels { columns: [column, (column + 9).min(39)], rows: [row, row + (number % 3) as u16] }
}

#[test]
fn each_row_of_eight_lists_what_is_on_it_in_order() {
    for count in [0, 3, 200, 9000] {
        let boxes: Vec<Pixels> = (0..count).map(box_of).collect();
        for rows in [0..30, 8..19] {
            let (lists, entries) = lists(&boxes, rows.clone(), 1 << 30);
            for row in rows.clone() {
                for eight in 0..5_u16 {
                    let at = ((row - rows.start) * 5 + u32::from(eight)) as usize;
                    let own = lists.firsts[at] as usize..lists.firsts[at + 1] as usize;
                    let on = |seen: &Pixels| {
                        (u32::from(seen.rows[0])..=u32::from(seen.rows[1])).contains(&row)
                            && seen.columns[0] / 8 <= eight
                            && seen.columns[1] / 8 >= eight
                    };
                    let expected = (0..).zip(&boxes).filter(|(_, seen)| on(seen));
                    let expected: Vec<u32> = expected.map(|(item, _)| item).collect();
                    assert_eq!(entries[own], expected);
                }
            }
        }
    }
}

#[test]
fn what_lists_have_no_room_for_is_in_others() {
    let everywhere = Pixels { columns: [0, 39], rows: [0, 29] };
    let boxes = vec![everywhere; 4000];
    let mut seen = seen(&boxes);
    for known in [false, true] {
        if known {
            assert!(seen.fits((30, 5), &|| false).is_ok_and(|fits| !fits));
        }
        let (all, lost) = all_lists(&seen, 3..30, 1 << 30);
        assert_eq!((all.len(), lost), (2, None));
        assert_eq!([all[0].0.firsts[1], all[1].0.firsts[1]], [MOST_ENTRIES, 1000]);
        let entries = &all[1].1;
        assert_eq!((entries[0], entries[999], entries[1000]), (MOST_ENTRIES, 3999, MOST_ENTRIES));
        assert_eq!(entries.len(), 1000 * 27 * 5);
    }
    // As many times shorter as there is no room.
    let (all, lost) = all_lists(&seen, 0..30, 40_000);
    assert!(lost.is_none() && all.iter().all(|(_, entries)| entries.len() <= 40_000));
    let one: Vec<u32> =
        all.iter().flat_map(|(_, entries)| &entries[..entries.len() / 150]).copied().collect();
    assert_eq!(one, (0..4000).collect::<Vec<u32>>());
}

#[test]
fn what_no_list_has_is_told() {
    let boxes = vec![Pixels { columns: [9, 12], rows: [4, 4] }; 100_000];
    let (all, lost) = all_lists(&seen(&boxes), 0..30, 1 << 30);
    assert_eq!((all.len(), lost), (MOST_TURNS as usize, Some([96_000, 100_000])));
}
