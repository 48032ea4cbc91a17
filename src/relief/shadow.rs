//! Cast shadows: one sweep away from the sun, line by line.
//!
//! The raster is laid out so that the sun stands beyond row 0 and never to the left: rotated and
//! mirrored on the host, which makes every reading of the device contiguous, and lets a raster of
//! any size go through in blocks of these lines with one line of state between them.

use super::margin::{NO_GROUND, too_small};
use super::{Dem, Sun};
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::numbers;
use crate::gpu::shaders::shadow::{Bindings, Block, Constants, Shader};
use crate::gpu::{Buffer, Commands, Interrupted, MemoryUse, Workshop};
use crate::scene::vector::direction_deg;

/// Lines of one invocation.
const LINES: usize = numbers::shadow::LINES as usize;
/// Columns without ground on either side of a line: as many as an invocation looks at.
const BESIDE: usize = LINES + 2;
/// Cells of a word of shade.
const WORD: usize = 4;
/// Cells of one submission.
const CELLS: usize = 1 << 24;
/// Rows of one submission, for the loop of each invocation.
const MOST_ROWS: usize = 16_384;

/// How a raster lies for a sun: its lines are rows or columns, begun at either end, read in either
/// sense.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Lie {
    along_columns: bool,
    from_end: bool,
    mirrored: bool,
    /// Columns that a ray towards the sun moves on each line, in units of 2^-32; `diagonal` stands
    /// for a whole one.
    drift: u32,
    diagonal: bool,
    /// Height that a ray loses on each line away from the sun.
    drop: f64,
}

impl Lie {
    /// None where the sun stands in the zenith.
    fn new([east, north, up]: [f64; 3], spacing: [f64; 2], exaggeration: f64) -> Option<Self> {
        let steps = [east / spacing[0], -north / spacing[1]];
        let along_columns = steps[0].abs() > steps[1].abs();
        let (main, cross) = if along_columns { (steps[0], steps[1]) } else { (steps[1], steps[0]) };
        if main == 0.0 {
            return None;
        }
        // Rounded, so that a diagonal is one whatever the last digit of its sine.
        let drift = (cross.abs() / main.abs() * 2.0_f64.powi(32)).round();
        Some(Self {
            along_columns,
            from_end: main > 0.0,
            mirrored: cross < 0.0,
            drift: drift as u32,
            diagonal: drift >= 2.0_f64.powi(32),
            drop: up / (main.abs() * exaggeration),
        })
    }

    /// Lines, and cells in each.
    fn size(&self, dem: &Dem<'_>) -> [usize; 2] {
        if self.along_columns { [dem.columns(), dem.rows()] } else { [dem.rows(), dem.columns()] }
    }

    /// Place in the DEM of the first cell of a line, and from each cell to the next.
    fn line(&self, dem: &Dem<'_>, line: usize) -> (usize, isize) {
        let [lines, cells] = self.size(dem);
        let line = if self.from_end { lines - 1 - line } else { line };
        let (stride, across) =
            if self.along_columns { (1, dem.columns()) } else { (dem.columns(), 1) };
        let first = line * stride;
        if self.mirrored {
            (first + (cells - 1) * across, -(across as isize))
        } else {
            (first, across as isize)
        }
    }
}

/// Where the lines of a DEM lie in a larger raster, and what came from those nearer to the sun.
#[derive(Clone, Debug, Default)]
pub struct Band {
    /// Rows, or columns where the sun stands more to the east or west, that are nearer to the sun.
    pub before: usize,
    /// All of the raster's.
    pub of: usize,
    /// Heights of the shadows' ends after the lines before; none where there are no lines before.
    pub heights: Vec<f32>,
}

impl Band {
    /// Puts the heights into the first half of a state of `size` each.
    fn send(
        &self,
        workshop: &Workshop,
        state: &Buffer,
        size: usize,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        if self.heights.len() != size || self.before >= self.of {
            return Err(Error::Internal(
                "a band of shadows that does not follow the one before".into(),
            ));
        }
        let mut given =
            workshop.borrow_buffer("shadow heights", 8 * size as u64, MemoryUse::Upload)?;
        let target: &mut [f32] =
            bytemuck::try_cast_slice_mut(given.write()?).map_err(|_| too_small())?;
        target.get_mut(..size).ok_or_else(too_small)?.copy_from_slice(&self.heights);
        let mut commands = Commands::new(workshop.device())?;
        commands.copy(&given, state, 4 * size as u64)?;
        commands.submit_and_wait(interrupted)?;
        Ok(())
    }

    /// Takes the heights out of one of its halves.
    fn fetch(
        &mut self,
        workshop: &Workshop,
        state: &Buffer,
        size: usize,
        half: usize,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        let taken =
            workshop.borrow_buffer("shadow heights", 8 * size as u64, MemoryUse::ReadBack)?;
        let mut commands = Commands::new(workshop.device())?;
        commands.copy(state, &taken, 8 * size as u64)?;
        commands.submit_and_wait(interrupted)?;
        let ends: &[f32] = bytemuck::try_cast_slice(taken.read()?).map_err(|_| too_small())?;
        self.heights = ends.get(half * size..(half + 1) * size).ok_or_else(too_small)?.to_vec();
        Ok(())
    }
}

/// The shadows of a band of whole lines of a larger raster, as [`shadow_mask`] has them in all of
/// it, and heights of the shadows' ends for the next band away from the sun.
pub fn shadow_band(
    workshop: &Workshop,
    dem: &Dem<'_>,
    sun: Sun,
    band: &mut Band,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    shadows(workshop, dem, sun, None, Some(band), interrupted)
}

/// 1 where the sun is hidden, 0 where it is seen, NaN in holes; row-major like the DEM.
///
/// A ray from the sun is followed over the lines between samples that it crosses: rows where it
/// runs more north than east, columns elsewhere, the ground between two samples being straight.
/// `lines` changes the size of a block, which changes no result.
pub fn shadow_mask(
    workshop: &Workshop,
    dem: &Dem<'_>,
    sun: Sun,
    lines: Option<u64>,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    shadows(workshop, dem, sun, lines, None, interrupted)
}

fn shadows(
    workshop: &Workshop,
    dem: &Dem<'_>,
    sun: Sun,
    lines: Option<u64>,
    band: Option<&mut Band>,
    interrupted: Interrupted<'_>,
) -> Result<Vec<f32>> {
    check(sun)?;
    dem.check_copy(dem.heights())?;
    let area = dem.rows() * dem.columns();
    let mut mask = try_vec(area, "a shadow mask")?;
    let lie = lie(dem, sun);
    let all = |value: f32| {
        dem.heights().iter().map(move |height| if height.is_nan() { f32::NAN } else { value })
    };
    let Some(lie) = lie.filter(|_| sun.altitude_deg > 0.0) else {
        mask.extend(all(if sun.altitude_deg > 0.0 { 0.0 } else { 1.0 }));
        return Ok(mask);
    };
    mask.resize(area, 0.0);
    let mut whole = Band::default();
    let band = band.unwrap_or(&mut whole);
    band.of = band.of.max(lie.size(dem)[0]);
    sweep(workshop, dem, lie, lines, band, &mut mask, interrupted)?;
    Ok(mask)
}

fn check(sun: Sun) -> Result<()> {
    if !sun.azimuth_deg.is_finite() || !(-90.0..=90.0).contains(&sun.altitude_deg) {
        return Err(Error::invalid(format!(
            "azimuth must be finite and altitude in -90..90 degrees; got {} and {}; pass the sun's bearing and height",
            sun.azimuth_deg, sun.altitude_deg
        )));
    }
    Ok(())
}

fn lie(dem: &Dem<'_>, sun: Sun) -> Option<Lie> {
    let towards = direction_deg(sun.azimuth_deg, sun.altitude_deg);
    Lie::new(towards, dem.spacing_at(dem.rows() / 2), dem.exaggeration())
}

/// Whether the lines of a sweep are columns, and whether the last one comes first; none where the
/// sun stands in the zenith or is down.
pub fn shadow_order(dem: &Dem<'_>, sun: Sun) -> Result<Option<(bool, bool)>> {
    check(sun)?;
    let found = lie(dem, sun).filter(|_| sun.altitude_deg > 0.0);
    Ok(found.map(|lie| (lie.along_columns, lie.from_end)))
}

fn sweep(
    workshop: &Workshop,
    dem: &Dem<'_>,
    lie: Lie,
    lines: Option<u64>,
    band: &mut Band,
    mask: &mut [f32],
    interrupted: Interrupted<'_>,
) -> Result<()> {
    let device = workshop.device();
    let [all_lines, columns] = lie.size(dem);
    // Rays cross the raster's far side too: those that enter beside it reach cells further on.
    let drifted = |line: usize| {
        if lie.diagonal { line } else { ((line as u64 * u64::from(lie.drift)) >> 32) as usize }
    };
    let rays = columns + drifted(band.of) + 1;
    let words = rays.next_multiple_of(LINES) / WORD;
    let pitch = columns + 2 * BESIDE;
    let bytes = device.limits().max_storage_bytes;
    let by_bytes = (bytes / (4 * pitch.max(words) as u64)) as usize;
    let by_cells = lines.map_or((CELLS / columns).max(64), |lines| lines as usize);
    let step = by_bytes.min(by_cells).min(MOST_ROWS);
    if step == 0 {
        return Err(Error::invalid(format!(
            "dem is too wide for {}; expected lines of at most {} cells, got {columns}; cut it into parts",
            device.report().name,
            bytes / 8
        )));
    }
    let pipeline = workshop.pipeline::<Shader>(&Constants {});
    let state =
        workshop.borrow_buffer("shadow heights", 8 * (words * WORD) as u64, MemoryUse::Device)?;
    let size = words * WORD;
    if band.before > 0 {
        band.send(workshop, &state, size, interrupted)?;
    }
    for first in (0..all_lines).step_by(step) {
        let rows = step.min(all_lines - first);
        let mut heights = workshop.borrow_buffer(
            "lines of heights",
            4 * (pitch * rows) as u64,
            MemoryUse::Upload,
        )?;
        let target: &mut [f32] =
            bytemuck::try_cast_slice_mut(heights.write()?).map_err(|_| too_small())?;
        lay_out(dem, &lie, first, target.get_mut(..pitch * rows).ok_or_else(too_small)?, pitch);
        let shade =
            workshop.borrow_buffer("shade", 4 * (words * rows) as u64, MemoryUse::ReadBack)?;
        let block = Block {
            columns: columns as i32,
            rows: rows as i32,
            pitch: pitch as i32,
            first_row: (band.before + first) as i32,
            lines: (words * WORD) as i32,
            odd: (first / step % 2) as i32,
            words: words as i32,
            drift: lie.drift,
            diagonal: lie.diagonal.into(),
            drop: lie.drop as f32,
        };
        let mut commands = Commands::new(device)?;
        let bindings = Bindings { heights: &heights, state: &state, shade: &shade };
        commands.dispatch(&pipeline, [(words * WORD / LINES) as u32, 1, 1], &block, &bindings)?;
        commands.submit_and_wait(interrupted)?;
        let shades = shade.read()?.get(..4 * words * rows).ok_or_else(too_small)?;
        write_lines(dem, &lie, first, mask, shades, 4 * words, |line| drifted(band.before + line))?;
        if interrupted() {
            return Err(Error::Interrupted);
        }
    }
    if band.before + all_lines < band.of {
        // Blocks write the halves by turns, the first block the second one.
        band.fetch(workshop, &state, size, all_lines.div_ceil(step) % 2, interrupted)?;
    }
    Ok(())
}

/// Lines copied side by side where they lie across the rows: as many as a cache line has floats.
const TOGETHER: usize = 16;

fn lay_out(dem: &Dem<'_>, lie: &Lie, first: usize, target: &mut [f32], pitch: usize) {
    let known = |height: f32| if height.is_nan() { NO_GROUND } else { height };
    for (index, lines) in target.chunks_mut(TOGETHER * pitch).enumerate() {
        let mut places = [(0, 0); TOGETHER];
        for (number, (line, place)) in lines.chunks_exact_mut(pitch).zip(&mut places).enumerate() {
            *place = lie.line(dem, first + index * TOGETHER + number);
            let east = line.len() - BESIDE;
            line.get_mut(..BESIDE).unwrap_or_default().fill(NO_GROUND);
            line.get_mut(east..).unwrap_or_default().fill(NO_GROUND);
        }
        let [(start, stride), ..] = places;
        if stride == 1 {
            for (line, (start, _)) in lines.chunks_exact_mut(pitch).zip(places) {
                let row = dem.heights().get(start..start + pitch - 2 * BESIDE).unwrap_or_default();
                let cells = line.get_mut(BESIDE..).unwrap_or_default();
                cells.iter_mut().zip(row).for_each(|(cell, height)| *cell = known(*height));
            }
            continue;
        }
        // Neighbouring lines begin one cell apart, or a row apart where they are only mirrored.
        let count = lines.len() / pitch;
        let apart = if count > 1 { places[1].0 as isize - start as isize } else { 0 };
        for cell in 0..pitch - 2 * BESIDE {
            let mut at = start as isize + cell as isize * stride;
            for number in 0..count {
                if let Some(target) = lines.get_mut(number * pitch + cell + BESIDE) {
                    *target = dem.heights().get(at as usize).copied().map_or(NO_GROUND, known);
                }
                at += apart;
            }
        }
    }
}

/// Writes shades, rows of `pitch` bytes of which a line's begin at its drift, to the lines from
/// `first` on.
fn write_lines(
    dem: &Dem<'_>,
    lie: &Lie,
    first: usize,
    mask: &mut [f32],
    shades: &[u8],
    pitch: usize,
    drifted: impl Fn(usize) -> usize,
) -> Result<()> {
    let value = |shade: u8| if shade > 1 { f32::NAN } else { f32::from(shade) };
    let [_, columns] = lie.size(dem);
    for (index, lines) in shades.chunks(TOGETHER * pitch).enumerate() {
        let mut places = [(0, 0, 0); TOGETHER];
        for (number, place) in places.iter_mut().enumerate().take(lines.len() / pitch) {
            let line = first + index * TOGETHER + number;
            let (start, stride) = lie.line(dem, line);
            *place = (start, stride, number * pitch + drifted(line));
        }
        let places = places.get(..lines.len() / pitch).ok_or_else(too_small)?;
        if let Some((_, 1, _)) = places.first() {
            for (start, _, offset) in places {
                let cells = mask.get_mut(*start..start + columns).ok_or_else(too_small)?;
                let shades = lines.get(*offset..offset + columns).ok_or_else(too_small)?;
                cells.iter_mut().zip(shades).for_each(|(cell, shade)| *cell = value(*shade));
            }
            continue;
        }
        for cell in 0..columns {
            for (start, stride, offset) in places {
                let at = *start as isize + cell as isize * stride;
                let shade = lines.get(offset + cell).copied().ok_or_else(too_small)?;
                *mask.get_mut(at as usize).ok_or_else(too_small)? = value(shade);
            }
        }
    }
    Ok(())
}
