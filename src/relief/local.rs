//! Operators of a cell and its eight neighbours, several from one reading of the DEM.

use super::rim::{self, CORNER_ROWS, EIGHT};
use super::{Budget, Dem, Edges, Operator, blocks};
use crate::error::{Error, Result, try_vec};
use crate::gpu::{
    Binding, Commands, DeviceKind, Interrupted, Lent, MemoryUse, Workshop, gpu_struct, shaders,
};
use bytemuck::bytes_of;
use std::ops::Range;

gpu_struct! {
    struct Block: local::Block {
        columns: u32,
        rows: u32,
        pitch: u32,
        plane: u32,
        exaggeration: f32,
        light: [[f32; 4]; 4],
    }
}

/// Results of one pass over the heights, at most.
const TOGETHER: usize = 4;

/// Cells of a block: what a CPU's caches hold with heights and a result, or what keeps a GPU busy.
fn block_cells(kind: DeviceKind) -> u64 {
    if kind == DeviceKind::Cpu { 1 << 19 } else { 1 << 24 }
}

/// Rows that one invocation slides down: long on a CPU, where loads cost; short on a GPU, which wants many invocations.
fn rows_at_once(kind: DeviceKind) -> u32 {
    if kind == DeviceKind::Cpu { 32 } else { 8 }
}

/// The rasters of `operators`, each row-major like the DEM. A raster of a single row or column has no neighbours on two
/// sides, and is all NaN. `cells` changes the size of a block, which changes no result.
pub fn local(
    workshop: &Workshop,
    dem: &Dem<'_>,
    operators: &[Operator],
    edges: Edges,
    cells: Option<u64>,
    interrupted: Interrupted<'_>,
) -> Result<Vec<Vec<f32>>> {
    operators.iter().try_for_each(|operator| operator.check())?;
    let area = dem.rows() * dem.columns();
    let mut results = Vec::new();
    for _ in operators {
        results.push(try_vec(area, "a relief raster")?);
    }
    if dem.rows() < 2 || dem.columns() < 2 {
        dem.check_copy(dem.heights())?;
        results.iter_mut().for_each(|result| result.resize(area, f32::NAN));
        return Ok(results);
    }
    let task = Task { workshop, dem, edges, interrupted };
    let budget = Budget {
        cells: cells.unwrap_or_else(|| block_cells(workshop.device().report().kind)),
        buffer_bytes: workshop.device().limits().max_storage_bytes
            / operators.len().clamp(1, TOGETHER) as u64,
    };
    let row_bytes = 4 * rim::pitch(dem.columns()) as u64;
    if 3 * row_bytes > budget.buffer_bytes {
        return Err(Error::invalid(format!(
            "dem is too wide for {}; expected rows of at most {} cells, got {}; cut it into parts side by side",
            workshop.device().report().name,
            budget.buffer_bytes / 12 - 16,
            dem.columns()
        )));
    }
    for (rows, _) in blocks(dem.rows(), dem.columns(), 1, row_bytes, budget) {
        task.block(rows, operators, &mut results)?;
    }
    match edges {
        Edges::Nan => results.iter_mut().for_each(|result| clear_border(result, dem.columns())),
        Edges::Extend | Edges::Fill => task.corners(operators, &mut results)?,
    }
    Ok(results)
}

struct Task<'t> {
    workshop: &'t Workshop,
    dem: &'t Dem<'t>,
    edges: Edges,
    interrupted: Interrupted<'t>,
}

/// Heights with a rim on the device, and what is known of them.
struct Source<'w> {
    heights: Lent<'w>,
    per_metre: Lent<'w>,
    columns: usize,
    rows: usize,
    has_holes: bool,
}

impl Task<'_> {
    fn source(&self, columns: usize, rows: impl ExactSizeIterator<Item = usize>) -> Result<Source<'_>> {
        let count = rows.len();
        let bytes = 4 * (rim::pitch(columns) * (count + 2)) as u64;
        let heights = self.workshop.borrow_buffer("heights with a rim", bytes, MemoryUse::Upload)?;
        let mut per_metre = self.workshop.borrow_buffer("row scales", 8 * count as u64, MemoryUse::Upload)?;
        for (row, scale) in rows.zip(floats(&mut per_metre)?.chunks_exact_mut(2)) {
            let inverse = self.dem.spacing_at(row).map(|metres| (1.0 / metres) as f32);
            scale.copy_from_slice(&inverse);
        }
        Ok(Source { heights, per_metre, columns, rows: count, has_holes: false })
    }

    fn block(&self, rows: Range<usize>, operators: &[Operator], results: &mut [Vec<f32>]) -> Result<()> {
        let columns = self.dem.columns();
        let mut source = self.source(columns, rows.clone())?;
        let cells = rim::pitch(columns) * (rows.len() + 2);
        let target = floats(&mut source.heights)?.get_mut(..cells).ok_or_else(too_small)?;
        source.has_holes = rim::copy(self.dem, rows.start, target)?;
        for (operators, results) in operators.chunks(TOGETHER).zip(results.chunks_mut(TOGETHER)) {
            self.run(&source, operators, |index, row| {
                results.get_mut(index).ok_or_else(too_small)?.extend_from_slice(row);
                Ok(())
            })?;
        }
        Ok(())
    }

    fn corners(&self, operators: &[Operator], results: &mut [Vec<f32>]) -> Result<()> {
        let (columns, last) = (self.dem.columns(), self.dem.rows() - 1);
        let mut source = self.source(1, (0..CORNER_ROWS - 2).map(|row| if row < 6 { 0 } else { last }))?;
        rim::corners(self.dem, floats(&mut source.heights)?);
        source.has_holes = true;
        let places = [0, columns - 1, last * columns, last * columns + columns - 1];
        for (operators, results) in operators.chunks(TOGETHER).zip(results.chunks_mut(TOGETHER)) {
            let mut seen = [0; TOGETHER];
            self.run(&source, operators, |index, rows| {
                for value in rows {
                    let row = seen.get_mut(index).ok_or_else(too_small)?;
                    let place = (*row % 3 == 0).then(|| places.get(*row / 3)).flatten();
                    if let Some(cell) = place.and_then(|place| results.get_mut(index)?.get_mut(*place)) {
                        *cell = *value;
                    }
                    *row += 1;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Runs up to four operators, and hands each one's results on, some whole rows at a time, in order.
    fn run(
        &self,
        source: &Source<'_>,
        operators: &[Operator],
        mut take: impl FnMut(usize, &[f32]) -> Result<()>,
    ) -> Result<()> {
        let device = self.workshop.device();
        let at_once = rows_at_once(device.report().kind);
        let mut constants = [0; 7];
        let mut light = [[0.0; 4]; TOGETHER];
        for (operator, (constant, light)) in operators.iter().zip(constants.iter_mut().zip(&mut light)) {
            *constant = operator.code();
            *light = operator.light();
        }
        let fill = source.has_holes && self.edges == Edges::Fill;
        constants[TOGETHER..].copy_from_slice(&[at_once, source.has_holes.into(), fill.into()]);
        let pipeline = self.workshop.pipeline(&shaders::local::SHADER, &constants)?;
        let width = source.columns.next_multiple_of(EIGHT);
        let plane = width * source.rows;
        let bytes = 4 * (plane * operators.len()) as u64;
        let target = self.workshop.borrow_buffer("relief results", bytes, MemoryUse::ReadBack)?;
        let block = Block {
            columns: (width / EIGHT) as u32,
            rows: source.rows as u32,
            pitch: (rim::pitch(source.columns) / 4) as u32,
            plane: (plane / 4) as u32,
            exaggeration: self.dem.exaggeration() as f32,
            light,
        };
        let mut commands = Commands::new(device)?;
        let bindings =
            [Binding::Buffer(&source.heights), Binding::Buffer(&source.per_metre), Binding::Buffer(&target)];
        let threads = [block.columns, block.rows.div_ceil(at_once)];
        commands.dispatch(&pipeline, threads, bytes_of(&block), &bindings)?;
        commands.submit_and_wait(self.interrupted)?;
        let all: &[f32] = bytemuck::try_cast_slice(target.read()?).map_err(|_| too_small())?;
        for (index, plane) in all.chunks_exact(plane).take(operators.len()).enumerate() {
            if width == source.columns {
                take(index, plane)?;
            } else {
                for row in plane.chunks_exact(width) {
                    take(index, row.get(..source.columns).ok_or_else(too_small)?)?;
                }
            }
        }
        if (self.interrupted)() { Err(Error::Interrupted) } else { Ok(()) }
    }
}

fn clear_border(result: &mut [f32], columns: usize) {
    let rows = result.len() / columns;
    for (row, cells) in result.chunks_exact_mut(columns).enumerate() {
        if row == 0 || row + 1 == rows {
            cells.fill(f32::NAN);
        } else if let [first, .., last] = cells {
            (*first, *last) = (f32::NAN, f32::NAN);
        }
    }
}

fn floats<'b>(buffer: &'b mut Lent<'_>) -> Result<&'b mut [f32]> {
    bytemuck::try_cast_slice_mut(buffer.write()?).map_err(|_| too_small())
}

fn too_small() -> Error {
    Error::Internal("a buffer of relief is too small or not aligned".into())
}
