#![allow(clippy::unwrap_used)]

use super::{Item, LabelLayer, Leader, Occlude, Place, Placed, Seen, Side, Spot, Style, place};
use crate::text::Texts;
use std::sync::Arc;

const SIZE: [u32; 2] = [600, 400];

fn layer(texts: &[&str], style: Style) -> LabelLayer {
    let numbered: Vec<(u64, &str)> =
        texts.iter().enumerate().map(|(row, text)| (row as u64, *text)).collect();
    let item = |text| Item {
        row: text as u64,
        text,
        priority: -(text as f64),
        size: 12.0,
        colour: [0, 0, 0, 255],
        place: Place::Point { at: [0.0; 2], lift: 0.0, inside: false },
    };
    LabelLayer {
        texts: Arc::new(Texts::new(&numbered, &[]).unwrap()),
        items: (0..texts.len()).map(item).collect(),
        vertices: Vec::new(),
        style,
        order: 0.0,
    }
}

fn style() -> Style {
    Style {
        halo: 1.0,
        halo_colour: [255; 4],
        sides: Side::AROUND.to_vec(),
        gap: 4.0,
        leader: None,
        occlude: Occlude::Hide,
    }
}

fn point(x: f64, y: f64) -> Seen {
    Seen::Point { pixel: [x, y], hidden: false }
}

fn items(placed: &[Placed]) -> Vec<usize> {
    placed.iter().map(|label| label.item).collect()
}

/// Noise that is the same everywhere.
fn scattered(count: usize) -> Vec<Seen> {
    let mut state = 1_u64;
    let mut next = |most: u32| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1 << 24) * f64::from(most)
    };
    (0..count).map(|_| point(next(SIZE[0]), next(SIZE[1]))).collect()
}

#[test]
fn nothing_is_put_where_boxes_are_kept_free() {
    let labels = layer(&["one"], Style { sides: vec![Side::Right, Side::Left], ..style() });
    let seen = [vec![point(300.0, 200.0)]];
    let free = place(&[&labels], &seen, SIZE, &[]);
    let box_of = free[0].bounds();
    let moved = place(&[&labels], &seen, SIZE, &[box_of]);
    assert!(moved[0].bounds()[2] <= box_of[0]);
    let all = [0.0, 0.0, f64::from(SIZE[0]), f64::from(SIZE[1])];
    assert!(place(&[&labels], &seen, SIZE, &[all]).is_empty());
}

#[test]
fn no_two_overlap_and_all_are_inside() {
    let names: Vec<String> = (0..800).map(|n| format!("Place {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let leader = Some(Leader { width: 1.0, colour: [0, 0, 0, 255] });
    for leader in [None, leader] {
        let labels = layer(&names, Style { leader, ..style() });
        let placed = place(&[&labels], &[scattered(names.len())], SIZE, &[]);
        assert!(placed.len() > 60, "{}", placed.len());
        let boxes: Vec<(usize, [f64; 4])> = placed
            .iter()
            .flat_map(|label| label.boxes.iter().map(|area| (label.item, *area)))
            .collect();
        for (number, (item, a)) in boxes.iter().enumerate() {
            assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= 600.0 && a[3] <= 400.0);
            for (other, b) in &boxes[..number] {
                let apart = a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
                assert!(apart || item == other, "{item} {a:?} and {other} {b:?}");
            }
        }
        assert_eq!(placed, place(&[&labels], &[scattered(names.len())], SIZE, &[]));
    }
}

#[test]
fn the_first_in_priority_gets_its_place() {
    let mut labels = layer(&["One", "Two", "Three"], Style { sides: vec![Side::Right], ..style() });
    let seen = [vec![point(100.0, 100.0), point(102.0, 101.0), point(300.0, 100.0)]];
    assert_eq!(items(&place(&[&labels], &seen, SIZE, &[])), [0, 2]);
    labels.items[1].priority = 5.0;
    assert_eq!(items(&place(&[&labels], &seen, SIZE, &[])), [1, 2]);
    // Another position is as good.
    labels.style.sides.push(Side::Left);
    assert_eq!(items(&place(&[&labels], &seen, SIZE, &[])), [1, 0, 2]);
}

#[test]
fn a_text_stands_where_its_side_says() {
    for (name, side) in Side::ALL {
        let labels = layer(&["Ham"], Style { sides: vec![side], halo: 0.0, ..style() });
        let placed = place(&[&labels], &[vec![point(300.5, 200.5)]], SIZE, &[]);
        let [left, top, right, bottom] = placed[0].boxes[0];
        let across = if name.contains("right") {
            left > 300.0
        } else if name.contains("left") {
            right < 301.0
        } else {
            (left + right - 601.0).abs() < 2.0
        };
        let down = if name.contains("top") {
            bottom < 201.0
        } else if name.contains("bottom") {
            top > 200.0
        } else {
            (top + bottom - 401.0).abs() < 3.0
        };
        assert!(across && down, "{name}: {:?}", placed[0].boxes);
        assert_eq!(Side::parse(name).unwrap(), side);
    }
    assert!(Side::parse("above").unwrap_err().to_string().contains("top right"));
}

#[test]
fn a_text_stands_as_far_off_aslant_as_straight() {
    let [x, y] = [300.5, 200.5];
    for &(name, side) in &Side::ALL[1..] {
        let labels = layer(&["Ham"], Style { sides: vec![side], halo: 0.0, gap: 20.0, ..style() });
        let placed = place(&[&labels], &[vec![point(x, y)]], SIZE, &[]);
        let [left, top, right, bottom] = placed[0].boxes[0];
        let across = (left - x).max(x - right).max(0.0);
        let down = (top - y).max(y - bottom).max(0.0);
        // Less the margin, and half a pixel of rounding.
        let off = across.hypot(down);
        assert!((17.5..=20.0).contains(&off), "{name}: {off}");
    }
}

#[test]
fn what_is_hidden_is_left_out_or_faint_or_not() {
    let hidden = Seen::Point { pixel: [100.0, 100.0], hidden: true };
    let seen = [vec![hidden, point(101.0, 101.0), Seen::Nowhere]];
    let of = |occlude| {
        let labels = layer(
            &["One", "Two", "Three"],
            Style { sides: vec![Side::Right, Side::Left], occlude, ..style() },
        );
        place(&[&labels], &seen, SIZE, &[])
            .iter()
            .map(|label| (label.item, label.dim))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(Occlude::Hide), [(1, false)]);
    assert_eq!(of(Occlude::Dim), [(1, false), (0, true)]);
    assert_eq!(of(Occlude::Show), [(0, false), (1, false)]);
}

#[test]
fn a_leader_reaches_further_out() {
    let leader = Some(Leader { width: 1.0, colour: [0, 0, 0, 255] });
    let mut labels = layer(&["One", "Two"], Style { sides: vec![Side::Center], ..style() });
    let seen = [vec![point(100.0, 100.0), point(101.0, 101.0)]];
    assert_eq!(items(&place(&[&labels], &seen, SIZE, &[])), [0]);
    labels.style.leader = leader;
    let placed = place(&[&labels], &seen, SIZE, &[]);
    assert_eq!(items(&placed), [0]); // its anchor lies under the first one
    let seen = [vec![point(100.0, 100.0), point(100.0, 112.0)]];
    let placed = place(&[&labels], &seen, SIZE, &[]);
    assert_eq!(items(&placed), [0, 1]);
    let ends = placed[1].leader.unwrap();
    assert_eq!(ends[0], [100.0, 112.0]);
    assert!((ends[1][0] - ends[0][0]).hypot(ends[1][1] - ends[0][1]) > 10.0);
}

#[test]
fn a_text_follows_a_line_and_keeps_upright() {
    let labels = layer(&["Long River"], Style { sides: vec![Side::Center], ..style() });
    let arc: Vec<([f64; 2], bool)> = (0..=90)
        .map(|degree| (f64::from(degree)).to_radians())
        .map(|angle| ([300.0 + 150.0 * angle.cos(), 300.0 - 150.0 * angle.sin()], false))
        .collect();
    let mut backwards = arc.clone();
    backwards.reverse();
    let mut spots = Vec::new();
    for line in [arc, backwards] {
        let placed = place(&[&labels], &[vec![Seen::Line(line)]], SIZE, &[]);
        let Spot::Along(places) = &placed[0].spot else { unreachable!("{placed:?}") };
        for glyph in places {
            assert!(glyph.along[0] > 0.0, "{glyph:?}");
            let off = (glyph.origin[0] - 300.0).hypot(glyph.origin[1] - 300.0) - 150.0;
            assert!(off.abs() < 7.0, "{off}");
        }
        spots.push(places.iter().map(|glyph| glyph.origin.map(f32::round)).collect::<Vec<_>>());
    }
    assert_eq!(spots[0], spots[1]);
}

#[test]
fn a_line_that_is_short_bent_or_hidden_has_no_label() {
    let labels = layer(&["Long River"], style());
    let straight = |hidden| vec![([100.0, 100.0], hidden), ([400.0, 100.0], hidden)];
    let none = |line| place(&[&labels], &[vec![Seen::Line(line)]], SIZE, &[]).is_empty();
    assert!(!none(straight(false)));
    assert!(none(straight(true)));
    assert!(none(vec![([100.0, 100.0], false), ([130.0, 100.0], false)]));
    assert!(none(
        (0..40)
            .map(|n| ([100.0 + 4.0 * f64::from(n), 100.0 + 8.0 * f64::from(n % 2)], false))
            .collect()
    ));
    assert!(none(vec![]) && none(vec![([5.0, 5.0], false); 3]));
    let parted = vec![
        ([100.0, 100.0], false),
        ([250.0, 100.0], false),
        ([f64::NAN; 2], false),
        ([250.0, 100.0], false),
        ([260.0, 100.0], false),
    ];
    assert!(!none(parted));
}

#[test]
fn lines_of_a_text_lie_on_the_side_of_the_line_that_is_asked_for() {
    for side in [Side::Top, Side::Center, Side::Bottom] {
        let style = Style { sides: vec![side], halo: 0.0, ..style() };
        let labels = layer(&["HH\nH\nHH"], style);
        let line = Seen::Line(vec![([100.0, 200.0], false), ([500.0, 200.0], false)]);
        let placed = place(&[&labels], &[vec![line]], SIZE, &[]);
        let [_, top, _, bottom] = placed[0].bounds();
        let fits = match side {
            Side::Top => bottom <= 200.0,
            Side::Bottom => top >= 200.0,
            _ => (top + bottom - 400.0).abs() < 4.0,
        };
        assert!(fits, "{side:?}: {top} to {bottom}");
        // Two line feeds and a capital at 12 pixels an em, with a margin.
        assert!((bottom - top - (2.5 + 0.714) * 12.0 - 2.0).abs() < 0.1, "{}", bottom - top);
    }
}

#[test]
fn a_line_of_a_text_may_turn_from_where_the_last_one_ends() {
    let labels = layer(&["Long River\nLong River"], style());
    let arc = (0..=90)
        .map(|degree| f64::from(degree).to_radians())
        .map(|angle| ([300.0 + 90.0 * angle.cos(), 300.0 - 90.0 * angle.sin()], false));
    let seen = [vec![Seen::Line(arc.collect())]];
    assert_eq!(place(&[&labels], &seen, SIZE, &[]).len(), 1);
}

#[test]
fn without_sides_of_its_own_a_text_stands_in_areas_and_beside_points() {
    let mut labels = layer(&["One", "Two"], Style { sides: Vec::new(), ..style() });
    labels.items[1].place = Place::Point { at: [0.0; 2], lift: 0.0, inside: true };
    let seen = [vec![point(100.0, 200.0), point(400.0, 200.0)]];
    let placed = place(&[&labels], &seen, SIZE, &[]);
    let middles = placed.iter().map(|label| (label.bounds()[0] + label.bounds()[2]) / 2.0);
    let middles: Vec<f64> = middles.collect();
    assert!(middles[0] > 110.0 && (middles[1] - 400.0).abs() < 1.0, "{middles:?}");
}

#[test]
fn bad_numbers_are_refused() {
    let wrong = |change: fn(&mut LabelLayer)| {
        let mut labels = layer(&["One"], style());
        change(&mut labels);
        labels.validate().unwrap_err().to_string()
    };
    assert!(wrong(|labels| labels.style.halo = f32::NAN).starts_with("halo must be"));
    assert!(wrong(|labels| labels.items[0].size = 0.0).starts_with("size must be"));
    assert!(layer(&["One"], style()).validate().is_ok());
}
