//! Pictures that stand for places: SVG or pixels, as sums of which the mean of any box is made.

use super::srgb;
use crate::error::{Error, Result, try_vec};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree};

/// Texels along the longer side of an outline, whose sums are exact as floats then, and of a
/// picture.
const OUTLINE_SIDE: usize = 128;
const PICTURE_SIDE: usize = 256;

/// What stands for places: its longer side is their size.
#[derive(Debug)]
pub struct Symbol {
    /// Texels across and down.
    pub size: [usize; 2],
    /// Whether it has colours of its own; else it is an outline, filled with a place's.
    pub coloured: bool,
    /// For each corner of texels, row by row, what all texels above and to the left of it have
    /// together: premultiplied linear red, green and blue in 65535ths, and alpha in 255ths.
    pub sums: Vec<[u32; 4]>,
}

impl Symbol {
    /// Of an SVG document: what its view box shows or, `cropped`, all that it draws.
    pub fn svg(text: &str, cropped: bool, coloured: bool) -> Result<Self> {
        let options = Options {
            // No files are read.
            image_href_resolver: ImageHrefResolver {
                resolve_string: Box::new(|_, _| None),
                ..ImageHrefResolver::default()
            },
            ..Options::default()
        };
        let tree = Tree::from_str(text, &options).map_err(|error| {
            Error::invalid(format!(
                "SVG must be a document that can be read; got {:?} ({error}); check it in a browser",
                shown(text)
            ))
        })?;
        let drawn = tree.root().abs_stroke_bounding_box();
        let [x, y, width, height] = if cropped {
            [drawn.x(), drawn.y(), drawn.width(), drawn.height()]
        } else {
            [0.0, 0.0, tree.size().width(), tree.size().height()]
        };
        let side = if coloured { PICTURE_SIDE } else { OUTLINE_SIDE };
        let longest = width.max(height);
        let nothing = || {
            Error::invalid(format!(
                "SVG must draw something; got {:?}, of which nothing is seen; pass path data such as 'M0 0 L4 0 L2 3 Z', or a \
                 document with shapes",
                shown(text)
            ))
        };
        if !(longest > 0.0 && longest.is_finite() && tree.root().has_children()) {
            return Err(nothing());
        }
        let scale = side as f32 / longest;
        let texels = [width, height].map(|side| (side * scale).ceil().max(1.0) as u32);
        let mut pixmap = Pixmap::new(texels[0], texels[1]).ok_or_else(nothing)?;
        // Texels that are cut are so on both sides.
        let [left, top] = [(width, texels[0]), (height, texels[1])]
            .map(|(side, texels)| 0.5 * (texels as f32 - side * scale));
        let way = Transform::from_row(scale, 0.0, 0.0, scale, left - x * scale, top - y * scale);
        resvg::render(&tree, way, &mut pixmap.as_mut());
        let texel = |[red, green, blue, alpha]: [u8; 4]| {
            let own = f64::from(alpha) / 255.0;
            let light = |channel: u8| {
                let straight = if alpha > 0 { f64::from(channel) / f64::from(alpha) } else { 0.0 };
                own * srgb::decode_unit(straight.min(1.0))
            };
            [light(red), light(green), light(blue), own]
        };
        let found: Vec<[f64; 4]> =
            pixmap.data().as_chunks().0.iter().map(|bytes: &[u8; 4]| texel(*bytes)).collect();
        if found.iter().all(|texel| texel[3] == 0.0) {
            return Err(nothing());
        }
        Self::of(&found, texels.map(|side| side as usize), coloured)
    }

    /// Of pixels: sRGB bytes with straight alpha, row-major.
    pub fn picture(rgba: &[[u8; 4]], size: [usize; 2]) -> Result<Self> {
        if size.contains(&0) || rgba.len() != size[0] * size[1] {
            return Err(Error::invalid(format!(
                "image must have pixels; got {} x {} (rows x columns); pass an array (H, W, 3) or (H, W, 4)",
                size[1], size[0]
            )));
        }
        let longest = size[0].max(size[1]);
        let small = size.map(|side| {
            if longest > PICTURE_SIDE { (side * PICTURE_SIDE / longest).max(1) } else { side }
        });
        let decoded: [f64; 256] =
            std::array::from_fn(|byte| srgb::decode_unit(byte as f64 / 255.0));
        let mut texels: Vec<[f64; 4]> = try_vec(small[0] * small[1], "an image")?;
        for row in 0..small[1] {
            for column in 0..small[0] {
                let span = |at: usize, axis: usize| {
                    let first = at * size[axis] / small[axis];
                    first..((at + 1) * size[axis] / small[axis]).max(first + 1)
                };
                let mut sum = [0.0_f64; 4];
                let mut count = 0.0;
                for y in span(row, 1) {
                    for x in span(column, 0) {
                        let [red, green, blue, alpha] = rgba[y * size[0] + x];
                        let alpha = f64::from(alpha) / 255.0;
                        let light = |channel: u8| alpha * decoded[usize::from(channel)];
                        let own = [light(red), light(green), light(blue), alpha];
                        sum = [0, 1, 2, 3].map(|at: usize| sum[at] + own[at]);
                        count += 1.0;
                    }
                }
                texels.push(sum.map(|part| part / count));
            }
        }
        if texels.iter().all(|texel| texel[3] == 0.0) {
            return Err(Error::invalid(
                "image must show something; got pixels whose alpha is 0 everywhere; pass one with opaque \
                 pixels",
            ));
        }
        Self::of(&texels, small, true)
    }

    /// What a texel has, as in `sums`.
    fn texel(&self, [column, row]: [usize; 2]) -> [u32; 4] {
        let at = |right: usize, down: usize| {
            let place = (row + down) * (self.size[0] + 1) + column + right;
            self.sums.get(place).copied().unwrap_or_default()
        };
        let [own, left, above, both] = [at(1, 1), at(0, 1), at(1, 0), at(0, 0)];
        [0, 1, 2, 3].map(|part: usize| {
            own[part].wrapping_add(both[part]).wrapping_sub(left[part]).wrapping_sub(above[part])
        })
    }

    /// `sums` with light in 32767ths, which do not go round: the difference of any two is a signed
    /// number.
    pub fn half_sums(&self) -> Result<Vec<[u32; 4]>> {
        let [width, height] = self.size;
        let mut sums: Vec<[u32; 4]> = try_vec(self.sums.len(), "an image")?;
        sums.resize(width + 1, [0; 4]);
        for row in 0..height {
            let mut line = [0; 4];
            sums.push([0; 4]);
            for column in 0..width {
                let [red, green, blue, alpha] = self.texel([column, row]);
                let own = [red / 2, green / 2, blue / 2, alpha];
                line = [0, 1, 2, 3].map(|part: usize| line[part] + own[part]);
                let above = sums[row * (width + 1) + column + 1];
                sums.push([0, 1, 2, 3].map(|part: usize| above[part] + line[part]));
            }
        }
        Ok(sums)
    }

    /// It on `columns` x `rows` pixels, row-major sRGB bytes with straight alpha, each the mean of
    /// what is on it. It fills `[left, top, width, height]` in pixels; an outline is filled with
    /// `colour`, sRGB in 0..=1 with straight alpha, whose alpha pictures take too.
    pub fn pixels(
        &self,
        [columns, rows]: [usize; 2],
        [left, top, width, height]: [f64; 4],
        colour: [f64; 4],
    ) -> Result<Vec<[u8; 4]>> {
        // The texels on a pixel, and how much of it each is on.
        let shares = |pixel: usize, from: f64, side: f64, texels: usize| {
            let texel = side / texels as f64;
            let [low, high] = [0.0, 1.0].map(|end| (pixel as f64 + end - from) / texel);
            let first = low.floor().clamp(0.0, texels as f64) as usize;
            let end = high.ceil().clamp(0.0, texels as f64) as usize;
            let share = move |at: usize| {
                let over = high.min(at as f64 + 1.0) - low.max(at as f64);
                (at, over.max(0.0) * texel)
            };
            (first..end).map(share).collect::<Vec<_>>()
        };
        let across: Vec<_> =
            (0..columns).map(|column| shares(column, left, width, self.size[0])).collect();
        let mut pixels = try_vec(columns * rows, "a symbol")?;
        for row in 0..rows {
            let down = shares(row, top, height, self.size[1]);
            for own in &across {
                let mut sum = [0.0; 4];
                for (y, tall) in &down {
                    for (x, wide) in own {
                        let texel = self.texel([*x, *y]);
                        sum = [0, 1, 2, 3]
                            .map(|part: usize| sum[part] + wide * tall * f64::from(texel[part]));
                    }
                }
                let cover = (sum[3] / 255.0).min(1.0);
                let light = |part: usize| {
                    if !self.coloured {
                        return colour[part];
                    }
                    let light = sum[part] / 65535.0 / cover.max(1e-9);
                    srgb::encode_unit(light.min(1.0))
                };
                let byte = |unit: f64| (255.0 * unit.clamp(0.0, 1.0)).round() as u8;
                let alpha = byte(colour[3] * cover);
                let [red, green, blue] = [0, 1, 2].map(|part| byte(light(part)));
                pixels.push(if alpha > 0 { [red, green, blue, alpha] } else { [0; 4] });
            }
        }
        Ok(pixels)
    }

    /// Of linear light, premultiplied, in 0..=1.
    fn of(texels: &[[f64; 4]], size: [usize; 2], coloured: bool) -> Result<Self> {
        let [width, height] = size;
        let mut sums: Vec<[u32; 4]> = try_vec((width + 1) * (height + 1), "an image")?;
        sums.resize(width + 1, [0; 4]);
        for (row, texels) in texels.chunks_exact(width).enumerate() {
            let mut line = [0_u32; 4];
            sums.push([0; 4]);
            for (column, [red, green, blue, alpha]) in texels.iter().enumerate() {
                let own = [red * 65535.0, green * 65535.0, blue * 65535.0, alpha * 255.0];
                // Light may go round beyond 32 bits, for differences alone are asked for.
                line = [0, 1, 2, 3].map(|at: usize| line[at].wrapping_add(own[at].round() as u32));
                let above = sums[row * (width + 1) + column + 1];
                sums.push([0, 1, 2, 3].map(|at: usize| above[at].wrapping_add(line[at])));
            }
        }
        Ok(Self { size, coloured, sums })
    }
}

/// The beginning of a text, for a message.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{OUTLINE_SIDE, PICTURE_SIDE, Symbol};

    fn document(inside: &str) -> String {
        format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 4'>{inside}</svg>")
    }

    fn alpha(symbol: &Symbol, [column, row]: [usize; 2]) -> u32 {
        let width = symbol.size[0] + 1;
        let at = |x: usize, y: usize| symbol.sums[y * width + x][3];
        at(column + 1, row + 1) + at(column, row) - at(column, row + 1) - at(column + 1, row)
    }

    #[test]
    fn a_document_fills_its_view_box_and_a_path_its_own() {
        let half = document("<rect x='0' y='0' width='4' height='4'/>");
        let symbol = Symbol::svg(&half, false, false).unwrap();
        assert_eq!(symbol.size, [OUTLINE_SIDE, OUTLINE_SIDE / 2]);
        assert_eq!([[10, 10], [63, 63], [64, 10]].map(|at| alpha(&symbol, at)), [255, 255, 0]);
        assert_eq!(symbol.sums.last().unwrap()[3], 255 * 64 * 64);
        let symbol = Symbol::svg(&half, true, false).unwrap();
        assert_eq!((symbol.size, alpha(&symbol, [127, 127])), ([OUTLINE_SIDE; 2], 255));
    }

    #[test]
    fn colours_are_linear_light_and_large_pictures_are_means() {
        let symbol = Symbol::svg(&document("<path d='M0 0H8V4H0Z' fill='#808080'/>"), false, true);
        let sums = symbol.unwrap().sums;
        let [red, .., alpha] = *sums.last().unwrap();
        assert_eq!(alpha, 255 * 256 * 128);
        let mean = f64::from(red) / 65535.0 / (256.0 * 128.0);
        assert!((mean - 0.2159).abs() < 1e-3, "{mean}");
        let pixels: Vec<[u8; 4]> = (0..1000 * 10)
            .map(|at| if at % 1000 < 500 { [255, 0, 0, 255] } else { [0; 4] })
            .collect();
        let symbol = Symbol::picture(&pixels, [1000, 10]).unwrap();
        assert_eq!(symbol.size, [PICTURE_SIDE, 2]);
        assert_eq!(
            [[0, 0], [127, 1], [128, 0]].map(|at| super::tests::alpha(&symbol, at)),
            [255, 255, 0]
        );
    }

    #[test]
    fn sums_of_halves_are_those_of_texels_though_whole_ones_go_round() {
        let white = vec![[255_u8; 4]; 300 * 300];
        let symbol = Symbol::picture(&white, [300, 300]).unwrap();
        let sums = symbol.half_sums().unwrap();
        let [red, _, _, alpha] = *sums.last().unwrap();
        assert_eq!([red, alpha], [32767 * 256 * 256, 255 * 256 * 256]);
        assert_eq!((symbol.texel([255, 255]), sums.len()), ([65535, 65535, 65535, 255], 257 * 257));
    }

    #[test]
    fn pixels_are_means_of_what_is_on_them() {
        let pixels = [[255, 0, 0, 255], [0, 0, 255, 255], [255, 0, 0, 255], [0, 0, 0, 0]];
        let symbol = Symbol::picture(&pixels, [2, 2]).unwrap();
        let own = |size, place| symbol.pixels(size, place, [0.0, 0.0, 0.0, 1.0]).unwrap();
        assert_eq!(own([2, 2], [0.0, 0.0, 2.0, 2.0]), pixels);
        // Two of red and one of blue on three quarters of the pixel, in linear light.
        assert_eq!(own([1, 1], [0.0, 0.0, 1.0, 1.0]), [[213, 0, 156, 191]]);
        // Half a pixel on, at half its size.
        let half = own([3, 2], [0.5, 0.0, 2.0, 2.0]);
        assert_eq!(half[0], [255, 0, 0, 128]);
        assert_eq!(half[5], [0; 4]);
        let outline = Symbol::svg(&document("<rect width='4' height='4'/>"), false, false).unwrap();
        let seen = outline.pixels([4, 2], [0.0, 0.0, 4.0, 2.0], [1.0, 0.5, 0.0, 0.5]).unwrap();
        assert_eq!([seen[0], seen[1], seen[2]], [[255, 128, 0, 128], [255, 128, 0, 128], [0; 4]]);
    }

    #[test]
    fn what_draws_nothing_is_refused() {
        // A document that is there, and would be drawn if files were read.
        let file = tempfile::Builder::new().suffix(".svg").tempfile().unwrap();
        std::fs::write(file.path(), document("<rect width='4' height='4'/>")).unwrap();
        let linked =
            format!("<image href='{}' width='4' height='4'/>", file.path().to_str().unwrap());
        for (text, said) in [
            ("<svg", "can be read"),
            (&*document(""), "draw something"),
            (&*document("<path d='M0 0'/>"), "draw something"),
            (&*document("<rect x='50' width='3' height='3'/>"), "draw something"),
            (&*document(&linked), "draw something"),
        ] {
            let message = Symbol::svg(text, false, false).unwrap_err().to_string();
            assert!(message.contains(said), "{text}: {message}");
        }
        let clear = Symbol::picture(&[[9, 9, 9, 0]; 4], [2, 2]).unwrap_err().to_string();
        assert!(clear.contains("must show something"));
        assert!(Symbol::picture(&[], [0, 4]).unwrap_err().to_string().contains("got 4 x 0"));
    }
}
