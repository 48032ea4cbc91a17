//! How high over each cell of the grid the sun is free of things: found in one sweep, it spares
//! most places a walk towards the sun.

use super::NO_THING;
use super::grid::Grid;
use crate::error::{Result, try_vec};
use crate::scene::Light;
use crate::scene::vector::{add_scaled, direction_deg};
use std::f64::consts::TAU;

/// Cells that are swept at most; of more the pyramid's coarser ones serve.
const MOST: usize = 1 << 18;
/// Points of a sun's rim, on a polygon round it.
const RIM: usize = 32;
/// Cells that a way leads aside within one, at most.
const MOST_ASIDE: f64 = 4.0;

/// Greatest heights of things in cells of a level of the pyramid.
pub(super) struct Tops {
    pub(super) level: i32,
    pub(super) size: [usize; 2],
    tops: Vec<f32>,
}

/// How rays go to the sun, whichever of its points they go to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Way {
    /// The axis along which they go farther, and whether to greater numbers.
    along: usize,
    forward: bool,
    /// Cells aside that they come into on the way through a whole one, and through a part of it.
    aside: [i64; 2],
    /// What they gain in height on the way through a whole one, at least.
    gain: f64,
}

impl Way {
    /// `in_grid` gives a direction in columns, rows and heights of the grid's finest cells. None
    /// where the sun is so wide, or so high, that its rays go all ways.
    pub(super) fn of(
        light: &Light,
        tops: &Tops,
        in_grid: impl Fn([f64; 3]) -> [f64; 3],
    ) -> Option<Self> {
        let middle = light.to_sun();
        let size = f64::from(tops.level).exp2();
        let way = |direction| {
            let [x, y, z] = in_grid(direction);
            [x / size, y / size, z]
        };
        let [x, y, _] = way(middle);
        let along = usize::from(y.abs() > x.abs());
        let forward = [x, y][along] > 0.0;
        let mut ways = vec![way(middle)];
        if light.has_soft_sun() {
            let radius = light.sun_radius_deg.to_radians().tan() / (TAU / 2.0 / RIM as f64).cos();
            let [right, up] = [
                direction_deg(light.azimuth_deg + 90.0, 0.0),
                direction_deg(light.azimuth_deg, light.altitude_deg + 90.0),
            ];
            ways.extend((0..RIM).map(|point| {
                let (sin, cos) = (TAU * point as f64 / RIM as f64).sin_cos();
                way(add_scaled(add_scaled(middle, radius * cos, right), radius * sin, up))
            }));
        }
        let mut found = Self { along, forward, aside: [0; 2], gain: f64::INFINITY };
        for way in ways {
            let ahead = if forward { way[along] } else { -way[along] };
            let aside = way[1 - along] / ahead;
            if ahead <= 0.0 || aside.abs() > MOST_ASIDE {
                return None;
            }
            let [low, high] = found.aside;
            found.aside = [low.min(aside.floor() as i64), high.max(aside.ceil() as i64)];
            found.gain = found.gain.min(way[2] / ahead);
        }
        Some(found)
    }
}

impl Tops {
    /// Of a pyramid as `Lists::pyramid` makes it.
    pub(super) fn of(grid: &Grid, pyramid: &[f32]) -> Result<Self> {
        let [width, height] = grid.padded.map(|side| side as usize);
        let mut level = 0;
        while (width >> level) * (height >> level) > MOST && level < grid.top_level {
            level += 1;
        }
        let size = [width >> level, height >> level];
        let mut tops = try_vec(size[0] * size[1], "things' heights")?;
        for row in pyramid.chunks_exact(width).skip(size[1]).take(size[1]) {
            tops.extend(row.iter().take(size[0]));
        }
        Ok(Self { level, size, tops })
    }

    /// Whether some thing of the cells under a box, in finest cells and heights, is as high as it.
    pub(super) fn reach(&self, low: [f64; 3], high: [f64; 3]) -> bool {
        let size = f64::from(self.level).exp2();
        let [columns, rows] = [0, 1].map(|axis: usize| {
            let end = |at: f64| (at / size).floor().clamp(-1.0, self.size[axis] as f64);
            (end(low[axis]).max(0.0) as usize)
                ..((end(high[axis]) + 1.0) as usize).min(self.size[axis])
        });
        rows.into_iter().any(|row| {
            let line = self.tops.get(row * self.size[0]..).unwrap_or_default();
            let cells = line.get(columns.clone()).unwrap_or_default();
            cells.iter().any(|top| f64::from(*top) >= low[2])
        })
    }

    /// For each cell a height above which nothing stands between a place in it and the sun.
    pub(super) fn clear(&self, way: &Way) -> Result<Vec<f32>> {
        let Way { along, forward, aside: [low, high], gain } = *way;
        let [length, width] = [self.size[along], self.size[1 - along]];
        let place = |ahead: usize, across: usize| {
            if along == 0 { across * self.size[0] + ahead } else { ahead * self.size[0] + across }
        };
        let mut clear = try_vec(self.tops.len(), "heights in the sun")?;
        clear.resize(self.tops.len(), NO_THING);
        // Of a row of cells across the way, and of rays that come into the one behind it.
        let mut tops = vec![NO_THING; width];
        let mut entering = vec![NO_THING; width];
        let mut next = vec![NO_THING; width];
        let highest = |of: &[f32], across: usize| {
            let at = |off: i64| (across as i64 + off).clamp(0, width as i64 - 1) as usize;
            let span = of.get(at(low)..=at(high)).unwrap_or_default();
            span.iter().copied().fold(NO_THING, f32::max)
        };
        let sinks = (-gain).max(0.0) as f32;
        for step in 0..length {
            let ahead = if forward { length - 1 - step } else { step };
            for (across, top) in tops.iter_mut().enumerate() {
                *top = self.tops[place(ahead, across)];
            }
            for (across, next) in next.iter_mut().enumerate() {
                let [here, later] = [highest(&tops, across), highest(&entering, across)];
                clear[place(ahead, across)] = (here.max(later) + sinks).next_up();
                let gained = (f64::from(later) - gain) as f32;
                *next = (here + sinks).max(gained).next_up().max(NO_THING);
            }
            std::mem::swap(&mut entering, &mut next);
        }
        Ok(clear)
    }
}

#[cfg(test)]
mod tests {
    use super::{NO_THING, Tops, Way};
    use crate::scene::Light;

    fn tops(size: [usize; 2], stands: &[([usize; 2], f32)]) -> Tops {
        let mut tops = vec![NO_THING; size[0] * size[1]];
        for ([x, y], top) in stands {
            tops[y * size[0] + x] = *top;
        }
        Tops { level: 0, size, tops }
    }

    fn sun(azimuth_deg: f64, altitude_deg: f64, sun_radius_deg: f64) -> Light {
        Light { azimuth_deg, altitude_deg, sun_radius_deg, ..Light::default() }
    }

    /// Whether a ray from a place meets a cell with a thing that high, in small steps.
    fn is_hidden(tops: &Tops, mut at: [f64; 3], way: [f64; 3]) -> bool {
        let step = 0.05 / way[0].hypot(way[1]).max(way[2] / 10.0);
        for _ in 0..2000 {
            let [x, y] = [at[0].floor(), at[1].floor()];
            if x < 0.0 || y < 0.0 || x >= tops.size[0] as f64 || y >= tops.size[1] as f64 {
                return false;
            }
            if at[2] < f64::from(tops.tops[y as usize * tops.size[0] + x as usize]) {
                return true;
            }
            at = [0, 1, 2].map(|axis: usize| at[axis] + step * way[axis]);
        }
        false
    }

    #[test]
    fn what_is_above_it_is_in_the_sun_and_most_of_what_is_below_is_near_a_shadow() {
        let stands = [([12, 9], 4.0), ([13, 9], 6.0), ([30, 20], 9.0), ([3, 28], 2.0)];
        let tops = tops([40, 32], &stands);
        let grid = |[x, y, z]: [f64; 3]| [x, -y, z];
        let (mut free, mut all) = (0, 0);
        for azimuth in (0..360).step_by(47) {
            for (altitude, radius) in [(35.0, 0.0), (8.0, 0.0), (60.0, 3.0), (89.0, 0.0)] {
                let light = sun(f64::from(azimuth), altitude, radius);
                let Some(way) = Way::of(&light, &tops, grid) else { unreachable!() };
                let Ok(clear) = tops.clear(&way) else { unreachable!() };
                for turn in 0..5 {
                    let turn = f64::from(turn) - 2.0;
                    let light = sun(
                        f64::from(azimuth) + 0.45 * radius * turn,
                        altitude - 0.2 * radius * turn,
                        0.0,
                    );
                    let direction = grid(light.to_sun());
                    for number in 0..60 {
                        let [x, y] = [
                            f64::from(number * 37 % 400) / 10.0,
                            f64::from(number * 53 % 320) / 10.0,
                        ];
                        let own = clear[y as usize * 40 + x as usize];
                        all += 1;
                        free += usize::from(own < 0.0);
                        let z = f64::from(own.max(0.0)) + 1e-3;
                        assert!(
                            !is_hidden(&tops, [x, y, z], direction),
                            "{azimuth} {altitude} {x} {y}"
                        );
                    }
                }
            }
        }
        assert!(free * 10 > all * 7, "{free} of {all}");
    }

    #[test]
    fn a_sun_whose_rays_go_all_ways_has_no_one_way() {
        let tops = tops([8, 8], &[([3, 3], 5.0)]);
        assert_eq!(Way::of(&sun(40.0, 89.0, 3.0), &tops, |way| way), None);
        assert!(Way::of(&sun(40.0, 50.0, 3.0), &tops, |way| way).is_some());
        let low = Way::of(&sun(90.0, 1.0, 3.0), &tops, |way| way);
        assert!(low.is_some_and(|low| low.gain < 0.0 && low.aside == [-1, 1] && low.forward));
    }
}
