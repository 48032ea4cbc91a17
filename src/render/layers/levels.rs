//! Which levels of cells a picture asks for to draw lines and areas.

use super::block::reach;
use super::grid::Grid;
use super::index::LONGEST_PIECE;
use super::window::{Reached, Window};
use crate::scene::layers::{Join, Kind, Part};
use crate::scene::vector::{Vec3, length, sub};
use crate::scene::{Rays, View};

/// How much longer than wide a pixel may lie on the ground and still have all that it sees of a
/// line: beyond that a picture would show less than a hundredth of it.
const LONGEST: f64 = 4.0;
/// On slopes that face the eye pixels are smaller than on level ground at the same depth. These few have
/// no level of their own, which would be the largest, as long as they are at most so many times as small.
const SMALLER: f64 = 2.0;
/// Rays along a side of the picture by which pixels of level ground are measured.
const PIXEL_RAYS: u32 = 5;
/// Cells that a level may have; and of more than a few how many times as many as its lists have
/// entries: most of them would have none.
pub(super) const MOST_CELLS: i64 = 1 << 22;
const FEW_CELLS: f64 = 65_536.0;
const CELLS_OF_ENTRY: f64 = 256.0;
/// By how many levels the finest may be coarser than pixels want, and lists still tell places: in
/// steps that are no more than a few hundredths of a pixel.
const COARSER: i32 = 6;
/// Entries that its lists may have, for each item or at all.
const ENTRIES_OF_ITEM: f64 = 12.0;
const ENTRIES: f64 = 4_194_304.0;
/// Entries, and cells, of a level for a small part of the DEM.
const SMALL: f64 = 1_048_576.0;

/// Levels from the finest to the coarsest: cells of level L are 2^L of the DEM's wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    pub(super) finest: i32,
    pub(super) coarsest: i32,
    /// What lies no farther around a pixel than 1 / spread cells is in its cell's list.
    pub(super) spread: f64,
    /// Whether pixels are so small that steps of the places in lists would be seen.
    pub(super) exact: bool,
    /// The finest that is worth having, which serves all smaller pixels too.
    pub(super) limit: i32,
    pub(super) reached: Reached,
}

impl Levels {
    /// Those for `part` in a view with ground at depths from one to another; `before` are those of
    /// another view.
    pub(super) fn wanted(
        part: &Part,
        grid: &Grid,
        depths: [f64; 2],
        view: &View,
        before: Option<&Self>,
    ) -> Self {
        let spread = spread_of(part);
        let [low, high] = reaches(part, grid, depths, view).map(|reach| reach * spread);
        let (reached, limit) = before.map_or_else(
            || {
                let [_, beyond] = reach(part, grid);
                let reached = Reached::of(part, grid, spread, beyond);
                (reached, finest_of(part, grid, spread, &reached))
            },
            |before| (before.reached, before.limit),
        );
        let top = level_of(f64::from(grid.cells[0].max(grid.cells[1])));
        let coarsest = level_of(1.001 * high).clamp(limit, top.max(limit));
        let finest = level_of(0.999 * low).clamp(limit, coarsest);
        Self {
            finest,
            coarsest,
            spread,
            exact: finest - level_of(0.999 * low) > COARSER,
            limit,
            reached,
        }
    }

    /// Whether pictures that want `others` are served by these.
    pub(super) fn holds(&self, others: &Self) -> bool {
        self.finest <= others.finest && self.coarsest >= others.coarsest
    }

    /// That which a pixel wants whose sides are so many columns and rows: as `cell_of` of
    /// `shaders/include/layers.glsl`.
    pub(super) fn of_pixel(&self, part: &Part, grid: &Grid, [right, down]: [[f64; 2]; 2]) -> i32 {
        let (around, by_sides) = around_px(part, grid);
        level_of(self.spread * around * cells_across(right, down, by_sides))
    }

    pub(super) fn count(&self) -> usize {
        (self.coarsest - self.finest + 1) as usize
    }

    pub(super) fn each(&self) -> std::ops::RangeInclusive<i32> {
        self.finest..=self.coarsest
    }
}

/// Lists of small cells that know much around them are short; but each item stands in many of them.
fn spread_of(part: &Part) -> f64 {
    // Of lines in pixels, coarse levels leave out most.
    let simple = matches!(&part.kind, Kind::Stroke { join: Join::Round, dashes: None, .. });
    let vertices = part.paths.xy.len();
    if vertices <= 150_000 {
        0.5
    } else if vertices <= if simple { 900_000 } else { 500_000 } {
        1.0
    } else {
        2.0
    }
}

/// The least level whose cells are as wide.
pub(super) fn level_of(cells: f64) -> i32 {
    cells.max(1e-9).log2().ceil() as i32
}

/// Least and greatest number of cells around a pixel in which the shader looks for parts of `part`.
fn reaches(part: &Part, grid: &Grid, depths: [f64; 2], view: &View) -> [f64; 2] {
    let (around, by_sides) = around_px(part, grid);
    reaches_around(around, by_sides, grid, depths, view)
}

/// How far around its middle a pixel looks for parts of `part`, in pixels: along its sides, or as far
/// as a line's half width from a corner.
fn around_px(part: &Part, grid: &Grid) -> (f64, bool) {
    let [pixels, _] = reach(part, grid);
    let by_sides = matches!(part.kind, Kind::Fill(_)) || pixels == 0.0;
    (if by_sides { 0.5 } else { pixels + std::f64::consts::FRAC_1_SQRT_2 }, by_sides)
}

/// Least and greatest number of cells that are `around` pixels; of a pixel's `sides`, or of its
/// radii.
pub(super) fn reaches_around(
    around: f64,
    sides: bool,
    grid: &Grid,
    [nearest, farthest]: [f64; 2],
    view: &View,
) -> [f64; 2] {
    let footprint = [0, 1].map(|axis| f64::from(grid.cells[axis] + 1) * grid.spacing[axis]);
    let rays: Rays = view.camera.rays(view.size, footprint);
    if view.camera.is_map() {
        let across = [rays.origin_dx[0] / grid.spacing[0], rays.origin_dy[1] / grid.spacing[1]];
        let most = across.map(f64::abs).into_iter().fold(0.0, f64::max);
        return [around * most; 2];
    }
    let pixel = length(rays.direction_dy);
    let [narrow, wide] =
        [grid.spacing[0].min(grid.spacing[1]), grid.spacing[0].max(grid.spacing[1])];
    let least = pixel / wide;
    let level_ground = on_level_ground(&rays, view.size, grid.spacing, sides);
    let least = level_ground.clamp(least, SMALLER * least);
    // Seen from straight above and turned, the sides add up.
    let sides = if sides { std::f64::consts::SQRT_2 } else { 1.0 };
    [around * least * nearest, around * sides * LONGEST * pixel * farthest / narrow]
}

/// The least number of cells, for each unit of depth, that a pixel's `sides`, or its diameters, have on
/// level ground in a perspective.
fn on_level_ground(rays: &Rays, size: [u32; 2], [east, south]: [f64; 2], sides: bool) -> f64 {
    let mut least = f64::INFINITY;
    for probe in 0..PIXEL_RAYS * PIXEL_RAYS {
        let along = |number: u32, side: u32| {
            f64::from(number) / f64::from(PIXEL_RAYS - 1) * f64::from(side)
        };
        let pixel = [along(probe % PIXEL_RAYS, size[0]), along(probe / PIXEL_RAYS, size[1])];
        let way = sub(rays.at(pixel, 1.0), rays.origin);
        let on_ground = |step: Vec3| {
            let down = step[2] / way[2];
            [(step[0] - down * way[0]) / east, (step[1] - down * way[1]) / south]
        };
        let [right, down] = [on_ground(rays.direction_dx), on_ground(rays.direction_dy)];
        least = least.min(cells_across(right, down, sides));
    }
    least
}

/// Columns or rows, whichever are more, that a pixel's two sides have together, or its diameter.
fn cells_across(right: [f64; 2], down: [f64; 2], sides: bool) -> f64 {
    let along = |axis: usize| {
        let (a, b) = (right[axis].abs(), down[axis].abs());
        if sides { a + b } else { a.hypot(b) }
    };
    along(0).max(along(1))
}

/// The finest level that is worth having: finer ones would have more entries than the paths have
/// items.
fn finest_of(part: &Part, grid: &Grid, spread: f64, reached: &Reached) -> i32 {
    let [_, beyond] = reach(part, grid);
    let paths = &part.paths;
    let mut along = 0.0;
    for &(first, end, _) in &paths.runs {
        let mut places = paths.xy[first..end].iter().map(|vertex| grid.place(*vertex));
        let Some(mut a) = places.next() else { continue };
        let mut of_path = 0.0;
        for b in places {
            if let Some([from, to]) = grid.clip_piece(a, b) {
                of_path += (to - from) * (b[0] - a[0]).abs().max((b[1] - a[1]).abs());
            }
            a = b;
        }
        along += of_path;
    }
    let items = paths.xy.len() as f64;
    let mut level = level_of(f64::from(grid.cells[0].max(grid.cells[1])));
    while grid.bits + level > 8 {
        let wide = f64::from(level - 1).exp2();
        // A disc of that many cells across around each vertex, and what lies between, in pieces.
        let across = 1.0 + 2.0 / spread + 2.0 * beyond / wide;
        let between = along / wide * (across + 1.0);
        let mut entries = items * across * across + between;
        let cells = reached.window(grid, level - 1).count() as f64;
        let [mut most, mut most_cells] = [ENTRIES, MOST_CELLS as f64];
        let finer = Window::whole(grid, level - 1).count() as f64 > most_cells;
        if finer || beyond > 0.0 {
            entries += between / LONGEST_PIECE * (across + 1.0).min(cells / across);
        }
        if finer {
            // Finer than all of the DEM could be: for small things.
            [most, most_cells] = [SMALL, SMALL.max(items)];
        }
        let mostly_empty = cells > FEW_CELLS.max(CELLS_OF_ENTRY * entries);
        if entries > most.max(ENTRIES_OF_ITEM * items) || cells > most_cells || mostly_empty {
            break;
        }
        level -= 1;
    }
    level
}

#[cfg(test)]
mod tests {
    use super::{cells_across, on_level_ground};
    use crate::scene::Camera;

    const SIZE: [u32; 2] = [160, 120];
    const SPACING: [f64; 2] = [10.0, 12.0];

    /// What a pixel sees of the ground at height 0, by rays beside its own.
    fn measured(rays: &crate::scene::Rays, [px, py]: [f64; 2], sides: bool) -> f64 {
        let ground = |pixel: [f64; 2]| {
            let [from, to] = [rays.at(pixel, 0.0), rays.at(pixel, 1.0)];
            let depth = from[2] / (from[2] - to[2]);
            let at = rays.at(pixel, depth);
            ([at[0] / SPACING[0], at[1] / SPACING[1]], depth)
        };
        let step = 1e-3;
        let (here, depth) = ground([px, py]);
        let side = |pixel: [f64; 2]| {
            let (there, _) = ground(pixel);
            [0, 1].map(|axis: usize| (there[axis] - here[axis]) / (step * depth))
        };
        cells_across(side([px + step, py]), side([px, py + step]), sides)
    }

    #[test]
    fn no_pixel_of_level_ground_is_smaller_than_the_least() {
        for (azimuth, altitude) in [(0.0, 35.0), (45.0, 35.0), (200.0, 60.0), (300.0, 85.0)] {
            let Ok(camera) = Camera::orbit([0.0; 3], 900.0, azimuth, altitude, 40.0) else {
                unreachable!()
            };
            let rays = camera.rays(SIZE, [650.0, 588.0]);
            for sides in [false, true] {
                let least = on_level_ground(&rays, SIZE, SPACING, sides);
                let all = (0..SIZE[0] * SIZE[1]).map(|pixel| {
                    let at = [pixel % SIZE[0], pixel / SIZE[0]].map(|at| f64::from(at) + 0.5);
                    measured(&rays, at, sides)
                });
                let found = all.fold(f64::INFINITY, f64::min);
                let of = found / least;
                assert!((0.97..1.05).contains(&of), "{azimuth} {altitude} {sides}: {of}");
            }
        }
    }
}
