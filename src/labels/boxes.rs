//! What of a picture is taken.

use rstar::{AABB, RTree};

/// Left, top, right, bottom in pixels.
pub type Rect = [f64; 4];

/// Pixels that a touch may be deep.
const TOUCH: f64 = 1e-6;

/// Rectangles that do not overlap those taken later.
#[derive(Default)]
pub(super) struct Taken(RTree<rstar::primitives::Rectangle<[f64; 2]>>);

impl Taken {
    /// Whether all of `boxes` lie inside the picture and meet nothing; boxes that only touch do not
    /// meet.
    pub(super) fn fit(&self, boxes: &[Rect], size: [u32; 2]) -> bool {
        let [width, height] = size.map(f64::from);
        boxes.iter().all(|&[left, top, right, bottom]| {
            let inside = left >= 0.0 && top >= 0.0 && right <= width && bottom <= height;
            // A touch is none: the tree counts common borders.
            let area =
                AABB::from_corners([left + TOUCH, top + TOUCH], [right - TOUCH, bottom - TOUCH]);
            inside && self.0.locate_in_envelope_intersecting(area).next().is_none()
        })
    }

    pub(super) fn take(&mut self, boxes: &[Rect]) {
        for &[left, top, right, bottom] in boxes {
            self.0.insert(rstar::primitives::Rectangle::from_corners([left, top], [right, bottom]));
        }
    }
}
