//! Operators of a cell and its eight neighbours, several from one reading of the DEM.

use super::hands::in_hands;
use super::rim::{self, CORNER_ROWS, SIXTEEN};
use super::{Budget, Dem, Edges, Ground, Operator, Places, blocks};
use crate::error::{Error, Result};
use crate::gpu::shaders::kinds;
use crate::gpu::shaders::local::{Bindings, Block, Constants, Shader};
use crate::gpu::{Commands, DeviceKind, Interrupted, Lent, MemoryUse, Workshop};
use std::ops::Range;

/// Results of one pass over the heights, at most.
const TOGETHER: usize = 4;

/// Hands that have a block each: more than that only push each other out of the caches.
const HANDS: usize = 3;

/// Cells of a block: what a CPU's caches hold with heights and results, or what keeps a GPU busy.
fn block_cells(kind: DeviceKind, results: usize) -> u64 {
    let cells = if kind == DeviceKind::Cpu { 1 << 20 } else { 1 << 25 };
    cells / (1 + results.min(TOGETHER) as u64)
}

/// Rows that one invocation slides down: long on a CPU, where loads cost; short on a GPU, which
/// wants many invocations.
fn rows_at_once(kind: DeviceKind) -> u32 {
    if kind == DeviceKind::Cpu { 32 } else { 8 }
}

/// Dispatches of a block. A CPU that begins one with a single core, while another copies, also ends
/// it with one; so there it gets a second beginning.
fn dispatches(kind: DeviceKind) -> u32 {
    if kind == DeviceKind::Cpu { 2 } else { 1 }
}

/// Fills `results` with the rasters of `operators`, each row-major like the DEM and of its size. A
/// raster of a single row or column has no neighbours on two sides, and is all NaN. `cells` changes
/// the size of a block, which changes no result.
pub fn local(
    workshop: &Workshop,
    dem: &Dem<'_>,
    operators: &[Operator],
    edges: Edges,
    cells: Option<u64>,
    results: &mut [&mut [f32]],
    interrupted: Interrupted<'_>,
) -> Result<()> {
    operators.iter().try_for_each(|operator| operator.check())?;
    if results.len() != operators.len()
        || results.iter().any(|result| result.len() != dem.heights().len())
    {
        return Err(too_small());
    }
    if dem.rows() < 2 || dem.columns() < 2 {
        dem.check_copy(dem.heights())?;
        results.iter_mut().for_each(|result| result.fill(f32::NAN));
        return Ok(());
    }
    let task = Task { workshop, dem, edges };
    let budget = Budget {
        cells: cells
            .unwrap_or_else(|| block_cells(workshop.device().report().kind, operators.len())),
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
    task.blocks(
        blocks(dem.rows(), dem.columns(), 1, row_bytes, budget).map(|(rows, _)| rows),
        operators,
        results,
        interrupted,
    )?;
    match edges {
        Edges::Nan => results.iter_mut().for_each(|result| clear_border(result, dem.columns())),
        Edges::Line => {}
        Edges::Extend => task.corners(operators, results, interrupted)?,
    }
    Ok(())
}

struct Task<'t> {
    workshop: &'t Workshop,
    dem: &'t Dem<'t>,
    edges: Edges,
}

/// What a dispatch must know of the nodes on the device.
#[derive(Clone, Copy, Default)]
struct Lattice {
    size: [u32; 2],
    per_cell: [f32; 2],
    first: u32,
}

/// Heights with a rim on the device, and what is known of them.
struct Source<'w> {
    heights: Lent<'w>,
    per_metre: Lent<'w>,
    nodes: Lent<'w>,
    lattice: Lattice,
    columns: usize,
    rows: Range<usize>,
    has_holes: bool,
}

impl Source<'_> {
    /// Columns of the results as the device writes them.
    fn width(&self) -> usize {
        self.columns.next_multiple_of(SIXTEEN)
    }

    fn plane(&self) -> usize {
        self.width() * self.rows.len()
    }

    /// Takes the results of up to four operators off the device, row by row, or all rows at a time.
    fn take(&self, target: &Lent<'_>, mut take: impl FnMut(usize, usize, &[f32])) -> Result<()> {
        let all: &[f32] = bytemuck::try_cast_slice(target.read()?).map_err(|_| too_small())?;
        for (index, plane) in all.chunks_exact(self.plane()).enumerate() {
            if self.width() == self.columns {
                take(index, self.rows.start, plane);
            } else {
                for (row, values) in plane.chunks_exact(self.width()).enumerate() {
                    take(
                        index,
                        self.rows.start + row,
                        values.get(..self.columns).unwrap_or_default(),
                    );
                }
            }
        }
        Ok(())
    }
}

impl<'t> Task<'t> {
    /// Blocks by several hands, each of which copies heights in, waits for the device and takes
    /// results off: while one waits, another copies, and a third has the device's next work ready.
    fn blocks(
        &self,
        rows: impl Iterator<Item = Range<usize>>,
        operators: &[Operator],
        results: &mut [&mut [f32]],
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        let columns = self.dem.columns();
        let mut rest: Vec<&mut [f32]> = results.iter_mut().map(|result| &mut **result).collect();
        let mut parts = Vec::new();
        for rows in rows {
            let cells = rows.len() * columns;
            let heads = rest.iter_mut().map(|rest| rest.split_off_mut(..cells).unwrap_or_default());
            parts.push((heads.collect::<Vec<_>>(), rows));
        }
        in_hands(parts, HANDS, interrupted, |(mut part, rows), interrupted| {
            let source = block(self.workshop, self.dem, rows)?;
            let targets = self.run(&source, operators, interrupted)?;
            store(&source, &targets, &mut part)
        })
    }

    fn corners(
        &self,
        operators: &[Operator],
        results: &mut [&mut [f32]],
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        let (columns, last) = (self.dem.columns(), self.dem.rows() - 1);
        let rows = (0..CORNER_ROWS - 2).map(|row| if row < 6 { 0 } else { last });
        let columns_of = |row: usize| if row % 6 < 3 { 0 } else { columns - 1 };
        let nodes = corner_nodes(self.dem, (0..CORNER_ROWS - 2).map(columns_of).zip(rows.clone()));
        let mut source = source(self.workshop, self.dem, 1, 0..CORNER_ROWS - 2, rows, nodes)?;
        rim::corners(self.dem, floats(&mut source.heights)?);
        source.has_holes = true;
        let places = [0, columns - 1, last * columns, last * columns + columns - 1];
        let targets = self.run(&source, operators, interrupted)?;
        for (target, results) in targets.iter().zip(results.chunks_mut(TOGETHER)) {
            source.take(target, |index, row, value| {
                let place = (row % 3 == 0).then(|| places.get(row / 3)).flatten();
                let cell = place.and_then(|place| results.get_mut(index)?.get_mut(*place));
                if let (Some(cell), [value]) = (cell, value) {
                    *cell = *value;
                }
            })?;
        }
        Ok(())
    }

    /// The results of the operators on the device, up to four in a buffer.
    fn run(
        &self,
        source: &Source<'_>,
        operators: &[Operator],
        interrupted: Interrupted<'_>,
    ) -> Result<Vec<Lent<'t>>> {
        let mut targets = Vec::new();
        for operators in operators.chunks(TOGETHER) {
            targets.push(self.run_together(source, operators, interrupted)?);
        }
        if interrupted() { Err(Error::Interrupted) } else { Ok(targets) }
    }

    fn run_together(
        &self,
        source: &Source<'_>,
        operators: &[Operator],
        interrupted: Interrupted<'_>,
    ) -> Result<Lent<'t>> {
        let device = self.workshop.device();
        let at_once = rows_at_once(device.report().kind);
        let mut codes = [kinds::Operator::None; TOGETHER];
        let mut light = [[0.0; 4]; TOGETHER];
        for (operator, (code, light)) in operators.iter().zip(codes.iter_mut().zip(&mut light)) {
            *code = operator.code();
            *light = operator.light();
        }
        let fill = source.has_holes && self.edges == Edges::Extend;
        let rows_differ = matches!(self.dem.ground(), Ground::Degrees { .. });
        let [first, second, third, fourth] = codes;
        let pipeline = self.workshop.pipeline::<Shader>(&Constants {
            first,
            second,
            third,
            fourth,
            rows: at_once,
            has_holes: source.has_holes,
            fill_holes: fill,
            rows_differ,
            placed: self.dem.places().is_some(),
            evenly: self.dem.places().is_some_and(|places| places.evenly()),
        });
        let bytes = 4 * (source.plane() * operators.len()) as u64;
        let target = self.workshop.borrow_buffer("relief results", bytes, MemoryUse::ReadBack)?;
        let block = Block {
            columns: (source.width() / SIXTEEN) as u32,
            first: 0,
            rows: source.rows.len() as u32,
            pitch: (rim::pitch(source.columns) / 4) as u32,
            plane: (source.plane() / 4) as u32,
            exaggeration: self.dem.exaggeration() as f32,
            light,
            nodes_across: source.lattice.size[0],
            nodes_down: source.lattice.size[1],
            per_cell: source.lattice.per_cell,
            first_place: source.lattice.first,
        };
        let mut commands = Commands::new(device)?;
        let bindings = Bindings {
            heights: &source.heights,
            scales: &source.per_metre,
            nodes: &source.nodes,
            results: &target,
        };
        let band = block.rows.div_ceil(dispatches(device.report().kind)).next_multiple_of(at_once);
        let bands: Vec<Block> =
            (0..block.rows).step_by(band as usize).map(|first| Block { first, ..block }).collect();
        let threads = |band_block: &Block| {
            [block.columns, band.min(block.rows - band_block.first).div_ceil(at_once), 1]
        };
        let parts: Vec<_> = bands.iter().map(|block| (threads(block), *block)).collect();
        commands.dispatch_parts(&pipeline, &parts, &bindings)?;
        commands.submit_and_wait(interrupted)?;
        Ok(target)
    }
}

/// Nodes of a lattice and how they lie.
type Nodes = (Vec<f32>, Lattice);

/// The nodes of the DEM for a block that begins with a row; one of zeros where there are none.
fn nodes_of(dem: &Dem<'_>, first: usize) -> Nodes {
    let Some(places) = dem.places() else { return (vec![0.0; Places::NODE], Lattice::default()) };
    let size = places.size().map(|side| side as u32);
    let per_cell = places.per_cell().map(|nodes| nodes as f32);
    (places.nodes().to_vec(), Lattice { size, per_cell, first: first as u32 })
}

/// A lattice with a row for each of these cells, (column, row), which stand one below the other on
/// the device.
fn corner_nodes(dem: &Dem<'_>, cells: impl Iterator<Item = (usize, usize)>) -> Nodes {
    let Some(places) = dem.places() else { return (vec![0.0; Places::NODE], Lattice::default()) };
    let mut nodes = Vec::new();
    for (column, row) in cells {
        let node = places.at(column, row);
        nodes.extend(node.iter().chain(&node));
    }
    let down = nodes.len() / (2 * Places::NODE);
    (nodes, Lattice { size: [2, down as u32], per_cell: [1.0, 1.0], first: 0 })
}

/// Room on the device for `rows` rows of heights with a rim, and the scales of these DEM rows.
fn source<'w>(
    workshop: &'w Workshop,
    dem: &Dem<'_>,
    columns: usize,
    rows: Range<usize>,
    dem_rows: impl Iterator<Item = usize>,
    (node_values, lattice): Nodes,
) -> Result<Source<'w>> {
    let bytes = 4 * (rim::pitch(columns) * (rows.len() + 2)) as u64;
    let heights = workshop.borrow_buffer("heights with a rim", bytes, MemoryUse::Upload)?;
    let mut per_metre =
        workshop.borrow_buffer("row scales", 8 * rows.len() as u64, MemoryUse::Upload)?;
    for (row, scale) in dem_rows.zip(floats(&mut per_metre)?.chunks_exact_mut(2)) {
        let scale_of = |metres: f64| if dem.places().is_some() { 1.0 } else { 1.0 / metres };
        let inverse = dem.spacing_at(row).map(|metres| scale_of(metres) as f32);
        scale.copy_from_slice(&inverse);
    }
    let bytes = 4 * node_values.len() as u64;
    let mut nodes = workshop.borrow_buffer("places", bytes, MemoryUse::Upload)?;
    floats(&mut nodes)?
        .get_mut(..node_values.len())
        .ok_or_else(too_small)?
        .copy_from_slice(&node_values);
    Ok(Source { heights, per_metre, nodes, lattice, columns, rows, has_holes: false })
}

fn block<'w>(workshop: &'w Workshop, dem: &Dem<'_>, rows: Range<usize>) -> Result<Source<'w>> {
    let nodes = nodes_of(dem, rows.start);
    let mut source = source(workshop, dem, dem.columns(), rows.clone(), rows.clone(), nodes)?;
    let cells = rim::pitch(dem.columns()) * (rows.len() + 2);
    let target = floats(&mut source.heights)?.get_mut(..cells).ok_or_else(too_small)?;
    source.has_holes = rim::copy(dem, rows.start, target)?;
    Ok(source)
}

/// Takes the results of a block off the device, into its part of each raster.
fn store(source: &Source<'_>, targets: &[Lent<'_>], results: &mut [&mut [f32]]) -> Result<()> {
    for (target, results) in targets.iter().zip(results.chunks_mut(TOGETHER)) {
        source.take(target, |index, row, values| {
            let first = (row - source.rows.start) * source.columns;
            let room = results
                .get_mut(index)
                .and_then(|result| result.get_mut(first..)?.get_mut(..values.len()));
            if let Some(room) = room {
                room.copy_from_slice(values);
            }
        })?;
    }
    Ok(())
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
