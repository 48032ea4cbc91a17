//! The sun's disc for `shaders/include/sun_disc.glsl`, in the plane that touches the sky at its
//! middle.

use crate::gpu::shaders::blocks;
use crate::scene::vector::direction_deg;
use crate::scene::{Light, View};
use bytemuck::Zeroable;

/// The disc's highest point is taken for no higher than this: beyond the zenith there is no rise
/// ahead.
const HIGHEST_DEG: f64 = 89.9;

/// All zero for a sun that is a point.
pub(super) fn block(light: &Light, [dx, dy]: [f64; 2], exaggeration: f64) -> blocks::SunDisc {
    if !light.has_soft_sun() {
        return Zeroable::zeroed();
    }
    let radius = light.sun_radius_deg.to_radians().tan();
    let [east, north, _] = direction_deg(light.azimuth_deg, 0.0);
    let [flat, _, rise] = direction_deg(90.0, light.altitude_deg);
    let rise_of =
        |altitude_deg: f64| altitude_deg.clamp(0.0, HIGHEST_DEG).to_radians().tan() / exaggeration;
    // A plane through the zenith has no side to turn to: there the slices stay within 45 degrees.
    let turn = radius / flat.max(radius);
    let edges = [-1.0, 1.0].map(|side| rise_of(light.altitude_deg + side * light.sun_radius_deg));
    let single = |numbers: [f64; 3]| numbers.map(|number| number as f32);
    blocks::SunDisc {
        ahead: [(east / dx) as f32, (-north / dy) as f32],
        aside: [(turn * north / dx) as f32, (turn * east / dy) as f32],
        rises: edges.map(|edge| edge as f32),
        turn: [exaggeration * flat / radius, rise / radius, flat, exaggeration * rise]
            .map(|part| part as f32),
        across: single([north, -east, 0.0].map(|part| part * radius)),
        up: single([-rise * east, -rise * north, flat].map(|part| part * radius)),
    }
}

/// Planes through the sun's disc in which a sample looks for the horizon; 0 for a sun without a
/// disc. Many samples, each with its own, need fewer.
pub(super) fn slices(view: &View) -> i32 {
    match (view.light.has_soft_sun() && view.light.is_up(), view.samples) {
        (false, _) => 0,
        (true, ..=4) => 3,
        (true, _) => 2,
    }
}
