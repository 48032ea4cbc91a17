//! What is behind the ground: a sky, for `shaders/include/sky.glsl`, or a plain colour, for
//! `backdrop.glsl`.

use crate::gpu::shaders::blocks;
use crate::scene::{Sky, srgb};

pub(super) fn block(sky: &Sky) -> blocks::Sky {
    blocks::Sky {
        zenith: srgb::decode_colour(sky.zenith),
        horizon: srgb::decode_colour(sky.horizon),
        below: srgb::decode_colour(sky.below),
    }
}

/// Of sRGB with straight alpha.
pub(super) fn backdrop(colour: [f32; 4]) -> blocks::Backdrop {
    let alpha = colour[3];
    let linear = |channel: f32| srgb::decode_unit(channel.into()) as f32 * alpha;
    let [red, green, blue, _] = colour;
    blocks::Backdrop {
        colour: [linear(red), linear(green), linear(blue), alpha],
        bytes: bytes_of(colour),
    }
}

/// Four bytes of sRGB with straight alpha in a word; nothing at all where nothing is seen.
fn bytes_of(rgba: [f32; 4]) -> u32 {
    if rgba[3] == 0.0 {
        0
    } else {
        u32::from_le_bytes(rgba.map(|channel| (channel * 255.0 + 0.5) as u8))
    }
}
