//! The order of a picture's tiles among the workgroups: see `shaders/include/strips.glsl`.

use crate::gpu::shaders::{blocks, numbers};

/// Pixels across a strip.
const STRIP: u32 = numbers::strips::STRIP;

/// The strips of a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strips {
    /// How many: layers of workgroups to dispatch.
    pub(super) count: u32,
    /// From one to the next, round and round.
    pub(super) leap: u32,
    /// Pixels across the widest.
    pub(super) width: u32,
}

impl Strips {
    /// Those of a picture that is `width` pixels wide.
    pub(super) fn new(width: u32) -> Self {
        let count = width.div_ceil(STRIP).max(1);
        // The golden section spreads any run of strips evenly over the picture.
        let mut leap = (f64::from(count) * 0.618) as u32;
        while gcd(leap, count) != 1 {
            leap += 1;
        }
        Self { count, leap, width: width.min(STRIP) }
    }
}

/// For a picture that is `width` pixels wide.
pub(super) fn block(width: u32) -> blocks::Strips {
    let Strips { count, leap, .. } = Strips::new(width);
    blocks::Strips { count, leap, share: 1.0 / count as f32 }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::{STRIP, Strips, block};

    #[test]
    fn each_strip_of_any_picture_is_taken_once() {
        for width in 1..=65_535_u32 {
            if width % STRIP > 1 {
                continue;
            }
            let strips = Strips::new(width);
            let share = block(width).share;
            let mut taken: Vec<u32> = (0..strips.count)
                .map(|layer| {
                    let place = layer * strips.leap;
                    let rounds = ((place as f32 + 0.5) * share) as u32;
                    place - rounds * strips.count
                })
                .collect();
            taken.sort_unstable();
            assert_eq!(taken, (0..width.div_ceil(STRIP)).collect::<Vec<_>>());
        }
    }
}
