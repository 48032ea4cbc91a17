//! Tests of what is told of things before any is made.

use super::{Room, Under, least_pieces, place};
use crate::error::Result;
use crate::scene::layers::Unit;
use crate::scene::space::Level;
use crate::scene::{Heightfield, SpaceLayer};
use std::sync::Arc;

const WHITE: [f32; 4] = [1.0; 4];

fn field() -> Result<Heightfield> {
    Heightfield::new(vec![0.0; 41 * 21], 41, 21, [1.0; 2], 1.0)
}

/// Lines of these vertices in world metres, 3 m high.
fn lines(level: Level, lines: &[&[[f64; 2]]], width: f32) -> Result<SpaceLayer> {
    let xy = lines.concat();
    let mut offsets = vec![0];
    for line in lines {
        offsets.extend(offsets.last().map(|last| last + line.len() as i64));
    }
    let features: Vec<i64> = (0..lines.len() as i64).collect();
    let z = vec![3.0; xy.len()];
    SpaceLayer::tubes(xy, z, level, &offsets, &features, vec![WHITE], &[width], Unit::Metres)
}

fn boxes(height: f64) -> Result<SpaceLayer> {
    let ring = vec![[-2.0, -2.0], [2.0, -2.0], [2.0, 2.0], [-2.0, 2.0]];
    SpaceLayer::prisms(ring, &[0, 4], &[0], &[false], vec![WHITE], vec![height], None)
}

/// Those told and those made.
fn pieces(layer: SpaceLayer, most: u64) -> Result<[usize; 2]> {
    let field = field()?;
    let least = least_pieces(&layer, &field);
    let under = Under { field: &field, source: None };
    let things = place(&[Arc::new(layer)], under, Room::new(32 * most, "a device"), &|| false)?;
    Ok([least, things.pieces()])
}

#[test]
fn as_many_pieces_are_made_as_were_told_or_more() -> Result<()> {
    let zigzag: &[[f64; 2]] = &[[-19.0, 0.0], [-9.0, 5.0], [0.0, 0.0], [9.0, 5.0], [30.0, 0.0]];
    let around: &[[f64; 2]] = &[[10.0, 1.0], [19.0, 2.0], [0.0, 0.0], [-19.0, 3.0], [-10.0, 4.0]];
    let ball: &[[f64; 2]] = &[[4.0, 4.0]];
    for (layer, expected) in [
        (lines(Level::Datum, &[zigzag, ball], 1.0), [4, 5]),
        (
            lines(Level::Ground, &[around], 1.0)?.over_straight_ways(vec![
                0.0,
                0.4,
                f64::NAN,
                0.4,
                1.0,
            ]),
            [2, 2],
        ),
        (lines(Level::Datum, &[zigzag, ball], 0.0), [0, 0]),
        (boxes(4.0), [3, 4]),
        (boxes(0.0), [0, 0]),
    ] {
        assert_eq!(pieces(layer?, 1000)?, expected);
    }
    let [least, made] = pieces(lines(Level::Ground, &[zigzag], 1.0)?, 1000)?;
    assert!(least == 3 && made > 30, "{made}");
    Ok(())
}

#[test]
fn what_has_no_size_takes_no_room() -> Result<()> {
    let line: Vec<[f64; 2]> = (0..100).map(|at| [f64::from(at) / 10.0, 0.0]).collect();
    assert_eq!(pieces(lines(Level::Datum, &[&line], 0.0)?, 10)?, [0, 0]);
    let refused = pieces(lines(Level::Datum, &[&line], 1.0)?, 10);
    assert!(refused.is_err_and(|error| error.to_string().contains("got 99 or more")));
    Ok(())
}
