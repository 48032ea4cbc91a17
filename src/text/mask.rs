//! Coverage of a path in pixels.

use super::coverage::Mask;
use swash::zeno::{self, Cap, Command, Join, Point, Stroke};

/// How lines are drawn; lengths in pixels.
#[derive(Clone, Copy, Debug)]
pub struct Pen<'d> {
    /// Of the line.
    pub width: f32,
    /// Ends and corners are round; else ends are cut off and corners sharp.
    pub round: bool,
    /// The last point leads to the first.
    pub closed: bool,
    /// On and off in turn; empty for a line without gaps.
    pub dash: &'d [f32],
}

impl Mask {
    /// A line through `points`, `width` pixels wide, with round ends.
    pub fn line(points: &[[f32; 2]], width: f32) -> Self {
        Self::stroke(&[points], &Pen { width, round: true, closed: false, dash: &[] })
    }

    /// `lines` drawn with `pen`.
    pub fn stroke(lines: &[&[[f32; 2]]], pen: &Pen<'_>) -> Self {
        let mut path = Vec::new();
        for points in lines {
            for (number, &[x, y]) in points.iter().enumerate() {
                let point = Point::new(x, y);
                path.push(if number == 0 {
                    Command::MoveTo(point)
                } else {
                    Command::LineTo(point)
                });
            }
            if pen.closed && !points.is_empty() {
                path.push(Command::Close);
            }
        }
        let mut stroke = Stroke::new(pen.width);
        if pen.round {
            stroke.join(Join::Round).cap(Cap::Round);
        } else {
            stroke.join(Join::Miter).cap(Cap::Butt);
        }
        if !pen.dash.is_empty() {
            stroke.dash(pen.dash, 0.0);
        }
        let (coverage, place) = zeno::Mask::new(&path[..]).style(stroke).render();
        Self {
            left: place.left,
            top: place.top,
            width: place.width as usize,
            height: place.height as usize,
            coverage,
        }
    }

    /// What lies within `reach` pixels of what is covered, edges taken to be where coverage says.
    ///
    /// A pixel is as covered as the nearest edge reaches into it: of each pixel nearby its
    /// coverage, plus the reach, less the way from there. That is exact beside straight edges along
    /// rows or columns; stroking outlines takes ten times as long.
    pub(super) fn grown(&self, reach: f32) -> Self {
        let border = (reach + 1.0).ceil() as usize;
        let (width, height) = (self.width + 2 * border, self.height + 2 * border);
        let mut coverage = vec![0_u8; width * height];
        for down in 0..=2 * border {
            for right in 0..=2 * border {
                let way = [right, down].map(|at| at as f32 - border as f32);
                let gain = ((reach - way[0].hypot(way[1])) * 255.0).round();
                if gain <= -255.0 {
                    continue;
                }
                let (more, less) = (gain.clamp(0.0, 255.0) as u8, (-gain).clamp(0.0, 255.0) as u8);
                for (row, from) in self.coverage.chunks_exact(self.width.max(1)).enumerate() {
                    let start = (row + down) * width + right;
                    let to = coverage.get_mut(start..start + self.width).unwrap_or_default();
                    for (to, &from) in to.iter_mut().zip(from) {
                        let grown = from.saturating_add(more).saturating_sub(less);
                        *to = (*to).max(if from == 0 { 0 } else { grown });
                    }
                }
            }
        }
        let border = border as i32;
        Self { left: self.left - border, top: self.top - border, width, height, coverage }
    }
}
