//! Masks onto pictures: sRGB bytes with straight alpha, mixed as they are encoded, as FreeType's
//! users know it from matplotlib and Pillow. In linear light dark letters on light ground would
//! come out thin.

use super::coverage::Mask;

/// A picture to draw on.
pub struct Canvas<'p> {
    /// Four bytes a pixel, row by row.
    pub rgba: &'p mut [u8],
    /// Width and height in pixels.
    pub size: [usize; 2],
}

/// Lays `colour` over the picture where `mask`, its place put at `at`, covers it; `opacity` in 0..1
/// is a factor.
pub fn lay(canvas: &mut Canvas<'_>, mask: &Mask, at: [i32; 2], colour: [u8; 4], opacity: f32) {
    let [width, height] = canvas.size;
    let strength = (f32::from(colour[3]) * opacity.clamp(0.0, 1.0)).round() as u32;
    let left = i64::from(mask.left) + i64::from(at[0]);
    let top = i64::from(mask.top) + i64::from(at[1]);
    let first = (-left).clamp(0, mask.width as i64) as usize;
    let last = (width as i64 - left).clamp(first as i64, mask.width as i64) as usize;
    let first_row = (-top).clamp(0, mask.height as i64) as usize;
    let last_row = (height as i64 - top).clamp(first_row as i64, mask.height as i64) as usize;
    for row in first_row..last_row {
        let y = top + row as i64;
        let covered = mask.coverage.get(row * mask.width + first..row * mask.width + last);
        let start = 4 * (y as usize * width + (left + first as i64).max(0) as usize);
        let pixels = canvas.rgba.get_mut(start..start + 4 * (last - first));
        let (Some(covered), Some(pixels)) = (covered, pixels) else { continue };
        for (&cover, pixel) in covered.iter().zip(pixels.chunks_exact_mut(4)) {
            if cover != 0 {
                mix(pixel, colour, divided(u32::from(cover) * strength));
            }
        }
    }
}

/// Lays one pixel over another: four bytes each, sRGB with straight alpha.
pub fn over(below: &mut [u8], above: &[u8]) {
    if let [red, green, blue, alpha] = *above {
        mix(below, [red, green, blue, alpha], alpha.into());
    }
}

/// A product of two bytes as a byte, rounded.
fn divided(product: u32) -> u32 {
    (product + 127) / 255
}

/// Porter and Duff's "over" of a colour with `alpha` in 0..=255.
fn mix(pixel: &mut [u8], colour: [u8; 4], alpha: u32) {
    let [red, green, blue, under] = pixel else { return };
    let below = u32::from(*under) * (255 - alpha);
    let whole = 255 * alpha + below;
    if whole == 0 {
        return;
    }
    for (channel, own) in [red, green, blue].into_iter().zip(colour) {
        let mixed = u32::from(own) * 255 * alpha + u32::from(*channel) * below;
        *channel = ((mixed + whole / 2) / whole) as u8;
    }
    *under = divided(whole) as u8;
}

#[cfg(test)]
mod tests {
    use super::{Canvas, Mask, lay};

    fn mask(coverage: &[u8]) -> Mask {
        Mask { left: 0, top: 0, width: coverage.len(), height: 1, coverage: coverage.to_vec() }
    }

    #[test]
    fn black_on_white_is_the_coverage() {
        let mut rgba = [255; 4 * 256];
        let all: Vec<u8> = (0..=255).collect();
        lay(
            &mut Canvas { rgba: &mut rgba, size: [256, 1] },
            &mask(&all),
            [0, 0],
            [0, 0, 0, 255],
            1.0,
        );
        for (cover, pixel) in rgba.chunks_exact(4).enumerate() {
            let grey = 255 - cover as u8;
            assert_eq!(pixel, [grey, grey, grey, 255]);
        }
    }

    #[test]
    fn over_nothing_it_is_the_colour_with_the_coverage_as_alpha() {
        let mut rgba = [0; 8];
        lay(
            &mut Canvas { rgba: &mut rgba, size: [2, 1] },
            &mask(&[255, 100]),
            [0, 0],
            [9, 80, 200, 255],
            1.0,
        );
        assert_eq!(rgba, [9, 80, 200, 255, 9, 80, 200, 100]);
    }

    #[test]
    fn what_lies_outside_is_left_out() {
        let mut rgba = [255; 4];
        for at in [[-2, 0], [1, 0], [0, 1], [0, -1], [i32::MIN, i32::MAX]] {
            lay(&mut Canvas { rgba: &mut rgba, size: [1, 1] }, &mask(&[255, 255]), at, [0; 4], 1.0);
        }
        assert_eq!(rgba, [255; 4]);
        lay(
            &mut Canvas { rgba: &mut rgba, size: [1, 1] },
            &mask(&[10, 255]),
            [-1, 0],
            [0, 0, 0, 255],
            1.0,
        );
        assert_eq!(rgba, [0, 0, 0, 255]);
    }
}
