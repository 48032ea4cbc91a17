//! The View block of `shaders/include/view.glsl`: a view of a terrain in grid space.

use super::drape::DrapeLayer;
use super::far_cells::far_from;
use super::pyramid::BASE_LEVEL;
use super::strips::Strips;
use super::sun_disc::SunDisc;
use super::sun_map::{Numbers as SunMapNumbers, SunMap};
use super::tiles::TILE;
use super::{Terrain, scenery};
use crate::error::{Error, Result};
use crate::gpu::shaders::blocks;
use crate::scene::vector::length;
use crate::scene::{Rays, View, srgb};

/// The uniform blocks. Without a map of the sun its members are of no use.
pub(super) fn blocks(
    terrain: &Terrain,
    view: &View,
    sun_map: Option<&SunMap>,
    drape: &DrapeLayer,
) -> Result<blocks::All> {
    Ok(blocks::All { drape: drape.block(terrain), view: view_block(terrain, view, sun_map)? })
}

fn view_block(terrain: &Terrain, view: &View, sun_map: Option<&SunMap>) -> Result<blocks::View> {
    let [dx, dy] = terrain.spacing;
    let exaggeration = terrain.exaggeration;
    let direction = |v| to_grid(terrain, v);
    let single = |v: [f64; 3]| v.map(|value| value as f32);
    let reference = f64::from(terrain.reference_height);
    let rays = world_rays(terrain, view);
    let grid = grid_rays(terrain, &rays);
    let tile_reach = |a: [f64; 3], b: [f64; 3]| {
        let half = f64::from(TILE) / 2.0;
        (half * (a[0].abs() + b[0].abs()).max(a[1].abs() + b[1].abs())) as f32
    };
    let to_sun = view.light.to_sun();
    let disc = SunDisc::new(&view.light, terrain.spacing, exaggeration);
    let sky = terrain.sky.as_ref();
    let sky_block = sky.map_or(1, |sky| sky.block) as f32;
    let sky_size = sky.map_or([1; 2], |sky| sky.image.size());
    let sun = sun_map.map_or_else(SunMapNumbers::default, SunMap::numbers);
    let [vmin, vmax] = view.range.unwrap_or(terrain.range);
    let scenery = scenery::Numbers::new(terrain, view)?;
    let alpha = view.background[3];
    let linear = |channel: f32| srgb::decode_unit(channel.into()) as f32 * alpha;
    let [red, green, blue, _] = view.background;
    let strips = Strips::new(view.size[0]);
    let block = blocks::View {
        origin: single(grid.origin),
        origin_dx: single(grid.origin_dx),
        origin_dy: single(grid.origin_dy),
        direction: single(grid.direction),
        direction_dx: single(grid.direction_dx),
        direction_dy: single(grid.direction_dy),
        near: grid.near as f32,
        far: grid.far as f32,
        to_sun: single(direction(to_sun)),
        to_sun_world: if view.light.is_up() { single(to_sun) } else { [0.0; 3] },
        sun_ahead: disc.ahead,
        sun_aside: disc.aside,
        sun_rises: disc.rises,
        sun_turn: disc.turn,
        sun_across: disc.across,
        sun_up: disc.up,
        normal_scale: single([exaggeration / dx, -exaggeration / dy, 1.0]),
        reference_height: terrain.reference_height,
        cell_metres: dx.max(dy) as f32,
        cell_height: (dx.max(dy) / exaggeration) as f32,
        pixel: [length(rays.origin_dy) as f32, length(rays.direction_dy) as f32],
        height_bounds: scenery.heights.map(|bound| (bound - reference) as f32),
        cells: [terrain.columns as i32 - 1, terrain.rows as i32 - 1],
        texel: [1.0 / terrain.columns as f32, 1.0 / terrain.rows as f32],
        base_cells: terrain.pyramid.layout.base_cells.map(|side| side as i32),
        top_level: terrain.pyramid.layout.top_level as i32,
        vmin,
        value_range: if vmax > vmin { vmax - vmin } else { f32::INFINITY },
        colours: view.colormap.entries().len() as i32,
        ambient: view.light.ambient as f32,
        sky_place: [1.0 / sky_block, (1.0 / sky_block - 1.0) / 2.0],
        sky_size: sky_size.map(|side| side as i32),
        sky_texel: sky_size.map(|side| 1.0 / side as f32),
        sun_map_scale: sun.scale,
        sun_map_level: sun.level,
        sun_map_size: sun.size,
        sun_map_texel: sun.texel,
        sun_map_plane: sun.plane,
        exposure: view.light.exposure as f32,
        samples: view.samples as i32,
        sample_places: sample_places(view.samples),
        background: [linear(red), linear(green), linear(blue), alpha],
        background_bytes: bytes_of_colour(view.background),
        size: view.size,
        patches_to: far_from(terrain, view, BASE_LEVEL) as f32,
        tile_reach: [
            tile_reach(grid.origin_dx, grid.origin_dy),
            tile_reach(grid.direction_dx, grid.direction_dy),
        ],
        strips: strips.count,
        strip_leap: strips.leap,
        strip_share: strips.share(),
        world_scale: single([dx, -dy, exaggeration]),
        base_colour: scenery.base_colour,
        water_level: scenery.water_level,
        water_path: scenery.water_path,
        water_extinction: scenery.water_extinction,
        water_glint: scenery.water_glint,
        water_colour: scenery.water_colour,
        haze_colour: scenery.haze_colour,
        haze_extinction: scenery.haze_extinction,
        haze_thinning: scenery.haze_thinning,
        haze_level: scenery.haze_level,
        haze_upwards: scenery.haze_upwards,
        contour_interval: scenery.contour_interval,
        contour_index: scenery.contour_index,
        contour_base: scenery.contour_base,
        contour_width: scenery.contour_width,
        contour_filter: scenery.contour_filter,
        contour_filter_share: scenery.contour_filter_share,
        contour_least: scenery.contour_least,
        contour_colour: scenery.contour_colour,
        sky_zenith: scenery.sky_zenith,
        sky_horizon: scenery.sky_horizon,
        sky_below: scenery.sky_below,
    };
    let vectors = [
        block.origin,
        block.origin_dx,
        block.origin_dy,
        block.direction,
        block.direction_dx,
        block.direction_dy,
        block.to_sun,
        block.normal_scale,
    ];
    if vectors.iter().flatten().all(|component| component.is_finite()) {
        return Ok(block);
    }
    Err(Error::invalid(format!(
        "camera, spacing and vert_exag must keep the view within float32; expected cells and heights of ordinary sizes, got \
             spacing ({dx}, {dy}) and vert_exag {exaggeration}; use other units"
    )))
}

/// A direction in world metres in grid space: columns, rows (southward), heights of the DEM.
fn to_grid(terrain: &Terrain, [x, y, z]: [f64; 3]) -> [f64; 3] {
    let [dx, dy] = terrain.spacing;
    [x / dx, -y / dy, z / terrain.exaggeration]
}

fn world_rays(terrain: &Terrain, view: &View) -> Rays {
    let [dx, dy] = terrain.spacing;
    view.camera.rays(view.size, [terrain.columns as f64 * dx, terrain.rows as f64 * dy])
}

/// The same in grid space. All in f64; only results are rounded.
fn grid_rays(terrain: &Terrain, rays: &Rays) -> Rays {
    let [x, y, z] = to_grid(terrain, rays.origin);
    let middle = [terrain.columns, terrain.rows].map(|samples| (samples as f64 - 1.0) / 2.0);
    Rays {
        origin: [x + middle[0], y + middle[1], z - f64::from(terrain.reference_height)],
        origin_dx: to_grid(terrain, rays.origin_dx),
        origin_dy: to_grid(terrain, rays.origin_dy),
        direction: to_grid(terrain, rays.direction),
        direction_dx: to_grid(terrain, rays.direction_dx),
        direction_dy: to_grid(terrain, rays.direction_dy),
        ..*rays
    }
}

/// Whether rays may run exactly along a border between patches, which matters where one is a hole: ALONG_BORDERS of the shaders. Those
/// of a perspective do not if its eye is not over a border.
pub(super) fn has_rays_along_borders(terrain: &Terrain, view: &View) -> bool {
    let rays = grid_rays(terrain, &world_rays(terrain, view));
    let may_run = |axis: usize| {
        let one_origin = rays.origin_dx[axis] == 0.0 && rays.origin_dy[axis] == 0.0;
        !one_origin || (rays.origin[axis] as f32).fract() == 0.0
    };
    terrain.has_holes && (may_run(0) || may_run(1))
}

/// Four bytes of sRGB with straight alpha in a word; nothing at all where nothing is seen.
fn bytes_of_colour(rgba: [f32; 4]) -> u32 {
    if rgba[3] == 0.0 { 0 } else { u32::from_le_bytes(rgba.map(|channel| (channel * 255.0 + 0.5) as u8)) }
}

/// Where the samples lie in a pixel: one at the centre; else the points of a Hammersley set in base 2 (i / n, bit-reversed
/// i, each moved to the middle of its stratum), so that rows and columns are all different.
fn sample_places(samples: u32) -> [[f32; 2]; 16] {
    let mut places = [[0.5; 2]; 16];
    let n = samples.clamp(1, 16);
    let bits = n.trailing_zeros();
    for (i, place) in (0..n).zip(&mut places) {
        let reversed = i.reverse_bits().checked_shr(32 - bits).unwrap_or(0);
        *place = [(i as f32 + 0.5) / n as f32, (reversed as f32 + 0.5) / n as f32];
    }
    places
}

#[cfg(test)]
mod tests {
    use super::sample_places;

    #[test]
    fn samples_share_no_row_or_column_and_centre_on_the_pixel() {
        assert_eq!(sample_places(1)[0], [0.5, 0.5]);
        for n in [2_u32, 4, 8, 16] {
            let places = &sample_places(n)[..n as usize];
            for axis in 0..2 {
                let mut seen: Vec<_> = places.iter().map(|place| (place[axis] * n as f32) as u32).collect();
                seen.sort_unstable();
                assert_eq!(seen, (0..n).collect::<Vec<_>>());
                let mean = places.iter().map(|place| place[axis]).sum::<f32>() / n as f32;
                assert!((mean - 0.5).abs() < 1e-6);
            }
        }
    }
}
