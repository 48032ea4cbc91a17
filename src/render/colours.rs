//! Colours by height, for `shaders/include/colour.glsl`.

use super::Terrain;
use crate::gpu::shaders::blocks;
use crate::scene::{Colormap, View, srgb};

pub(super) fn block(terrain: &Terrain, view: &View) -> blocks::Colours {
    let [vmin, vmax] = view.range.unwrap_or(terrain.extent.range);
    let value_range = if vmax > vmin { vmax - vmin } else { f32::INFINITY };
    blocks::Colours { vmin, value_range, entries: view.colormap.entries().len() as i32 }
}

fn colours(colormap: &Colormap) -> impl Iterator<Item = [f32; 4]> {
    colormap.entries().iter().copied().chain([colormap.under(), colormap.over()])
}

/// An opaque colour as `unpack_colour` reads it.
pub(super) fn colour_word([red, green, blue, _]: [f32; 4]) -> u32 {
    let bits =
        |channel: f32, most: f64| (srgb::decode_unit(channel.into()).sqrt() * most).round() as u32;
    bits(red, 2047.0) | bits(green, 2047.0) << 11 | bits(blue, 1023.0) << 22
}

/// The entries, then `under` and `over`, as `shaders/include/colour.glsl` unpacks them; then their
/// alphas; then `bad`, and its alpha.
pub(super) fn colormap_words(colormap: &Colormap, bad: Option<[f32; 4]>) -> Vec<u32> {
    let bad = bad.unwrap_or_default();
    let alphas = colours(colormap).map(|rgba| rgba[3].to_bits());
    colours(colormap)
        .map(colour_word)
        .chain(alphas)
        .chain([colour_word(bad), bad[3].to_bits()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::colormap_words;
    use crate::scene::{Colormap, srgb};

    #[test]
    fn packed_colours_come_back_as_the_same_bytes() {
        let bytes: Vec<[f32; 4]> = (0..=255_u8).map(|b| [f32::from(b) / 255.0; 4]).collect();
        let Ok(colormap) = Colormap::from_rgba(bytes) else { unreachable!("256 valid colours") };
        for (byte, word) in (0..=255_u8).zip(colormap_words(&colormap, None)) {
            let roots = [
                (word & 0x7ff) as f32 / 2047.0,
                (word >> 11 & 0x7ff) as f32 / 2047.0,
                (word >> 22) as f32 / 1023.0,
            ];
            assert_eq!(roots.map(|root| srgb::encode(root * root)), [byte; 3]);
        }
    }
}
