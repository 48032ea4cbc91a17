//! Things that stand or hang over the ground: plain, validated data in world metres.
//!
//! Heights are the DEM's own, before exaggeration, which stretches things as it stretches the
//! ground.

use super::Symbol;
use super::colour::check_colour;
use super::layers::{Paths, Shape, Unit, check_lengths, known};
use crate::error::{Error, Result};
use std::sync::Arc;

/// What heights are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The ground at each vertex.
    Ground,
    /// What the DEM counts from.
    Datum,
}

/// A flat shape that faces the camera.
#[derive(Clone, Debug)]
pub enum Board {
    /// By its name.
    Shape(Shape),
    /// A symbol's.
    Symbol(Arc<Symbol>),
}

/// What becomes of the paths.
#[derive(Clone, Debug)]
pub enum Solid {
    /// Rings are upright walls with a level roof: by feature, or one for all, how high they are
    /// over their foot, and at what height of the DEM's that is; None: at the lowest ground along
    /// their rings.
    Prisms {
        /// Over the foot.
        heights: Vec<f64>,
        /// Of the foot.
        feet: Option<Vec<f64>>,
    },
    /// Lines are round tubes with round ends; a line of one vertex is a ball.
    Tubes {
        /// Height of each vertex.
        z: Vec<f64>,
        /// Over what.
        level: Level,
        /// Of arcs, whose level is the ground: they are over the straight way from that at a line's
        /// first vertex to that at its last, of which each vertex has such a share; NaN where the
        /// line is nowhere. An end with no ground beneath is as high as the other.
        shares: Option<Vec<f64>>,
        /// Of features, or one for all: half a tube's width.
        halves: Vec<f32>,
        /// What those are measured in.
        unit: Unit,
        /// In their place flat shapes that face the camera.
        board: Option<Board>,
    },
}

/// Things of one kind.
#[derive(Clone, Debug)]
pub struct SpaceLayer {
    /// Where, seen from above.
    pub paths: Paths,
    /// What.
    pub solid: Solid,
    /// sRGB of features, or one for all; what has no alpha is not there.
    pub colours: Vec<[f32; 4]>,
}

impl SpaceLayer {
    /// Prisms over rings, of which `holes` says which are holes.
    pub fn prisms(
        xy: Vec<[f64; 2]>,
        offsets: &[i64],
        features: &[i64],
        holes: &[bool],
        colours: Vec<[f32; 4]>,
        heights: Vec<f64>,
        feet: Option<Vec<f64>>,
    ) -> Result<Self> {
        check_colours(&colours)?;
        if let Some(row) = heights.iter().position(|height| !(height.is_finite() && *height >= 0.0))
        {
            return Err(Error::invalid(format!(
                "heights must be finite and at least 0; got {} in row {row}; pass metres from foot to roof",
                heights[row]
            )));
        }
        if let Some(row) = feet.iter().flatten().position(|foot| !foot.is_finite()) {
            return Err(Error::invalid(format!(
                "feet must be finite; got one that is not in row {row}; pass heights of the DEM's"
            )));
        }
        let feet_rows = feet.as_ref().map_or(1, Vec::len);
        let known =
            known(&[("colors", colours.len()), ("heights", heights.len()), ("feet", feet_rows)])?;
        let paths = Paths::new(xy, offsets, features, Some(holes), known)?;
        Ok(Self { paths, solid: Solid::Prisms { heights, feet }, colours })
    }

    /// Tubes along lines with a height at each vertex.
    pub fn tubes(
        xy: Vec<[f64; 2]>,
        z: Vec<f64>,
        level: Level,
        offsets: &[i64],
        features: &[i64],
        colours: Vec<[f32; 4]>,
        widths: &[f32],
        unit: Unit,
    ) -> Result<Self> {
        check_colours(&colours)?;
        if z.len() != xy.len() {
            return Err(Error::invalid(format!(
                "z must have a height for each vertex; expected {}, got {}; pass as many",
                xy.len(),
                z.len()
            )));
        }
        if let Some(row) = z.iter().position(|height| !height.is_finite()) {
            return Err(Error::invalid(format!(
                "z must be finite; got {} in row {row}; leave that vertex out, or its path",
                z[row]
            )));
        }
        check_lengths(widths, unit, "widths")?;
        let known = known(&[("colors", colours.len()), ("widths", widths.len())])?;
        let paths = Paths::new(xy, offsets, features, None, known)?;
        let halves = widths.iter().map(|width| 0.5 * width).collect();
        let solid = Solid::Tubes { z, level, shares: None, halves, unit, board: None };
        Ok(Self { paths, solid, colours })
    }

    /// Tubes over the straight way between the ground at the ends of each line, of which `shares`
    /// tells where each vertex is.
    pub fn over_straight_ways(mut self, way: Vec<f64>) -> Result<Self> {
        if let Solid::Tubes { shares, .. } = &mut self.solid {
            if way.len() != self.paths.xy.len() {
                return Err(Error::invalid(format!(
                    "shares must have one for each vertex; expected {}, got {}; pass as many",
                    self.paths.xy.len(),
                    way.len()
                )));
            }
            *shares = Some(way);
        }
        Ok(self)
    }

    /// The same with a flat shape that faces the camera in place of each ball.
    pub fn with_boards(mut self, shape: Board) -> Self {
        if let Solid::Tubes { board, .. } = &mut self.solid {
            *board = Some(shape);
        }
        self
    }
}

/// A row's value: the last serves all beyond it.
pub fn of_row<T: Copy>(values: &[T], row: u32) -> Option<T> {
    values.get(row as usize).or(values.last()).copied()
}

fn check_colours(colours: &[[f32; 4]]) -> Result<()> {
    colours.iter().try_for_each(|colour| check_colour(*colour, "colors"))
}

#[cfg(test)]
mod tests {
    use super::{Level, SpaceLayer};
    use crate::scene::layers::Unit;

    fn message(made: crate::error::Result<SpaceLayer>) -> String {
        made.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn numbers_are_checked_with_their_row() {
        let ring = || vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]];
        let white = [1.0; 4];
        let prism = |colours: Vec<[f32; 4]>, heights: Vec<f64>, feet| {
            SpaceLayer::prisms(ring(), &[0, 3], &[0], &[false], colours, heights, feet)
        };
        assert_eq!(message(prism(vec![white], vec![4.0], None)), "");
        assert!(message(prism(vec![white], vec![4.0, -1.0], None)).contains("got -1 in row 1"));
        assert!(message(prism(vec![white], vec![f64::NAN], None)).contains("got NaN in row 0"));
        assert!(
            message(prism(vec![white], vec![1.0], Some(vec![f64::INFINITY]))).contains("in row 0")
        );
        assert!(
            message(prism(vec![white; 2], vec![1.0; 3], None)).contains("a row for each feature")
        );
        let tube = |z: Vec<f64>, widths: &[f32]| {
            SpaceLayer::tubes(
                ring(),
                z,
                Level::Datum,
                &[0, 3],
                &[0],
                vec![white],
                widths,
                Unit::Metres,
            )
        };
        assert_eq!(message(tube(vec![1.0; 3], &[2.0])), "");
        assert!(message(tube(vec![1.0; 2], &[2.0])).contains("expected 3, got 2"));
        assert!(message(tube(vec![1.0, f64::NAN, 1.0], &[2.0])).contains("in row 1"));
        assert!(message(tube(vec![1.0; 3], &[-2.0])).contains("got -2 in row 0"));
    }
}
