//! A part of a layer on a device.

use super::block::{Places, block, constants, flat_paint, paint_words, reach};
use super::grid::Grid;
use super::index::{Cell, Entries, Lists, is_item};
use super::items::Items;
use super::levels::Levels;
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::{blocks, kinds};
use crate::gpu::{Buffer, Commands, Device, Interrupted, MemoryUse};
use crate::scene::layers::{Join, Kind, Part, Paths};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How far a line of which vertices are left out may be from the whole one, in pixels.
const TOLERANCE_PX: f64 = 0.05;

/// Items with their lists: what parts of the same paths may share.
pub(super) struct Indexed {
    key: Key,
    pub(super) levels: Levels,
    pub(super) items: Buffer,
    pub(super) words: Buffer,
    /// What the lists of each level say.
    pub(super) kinds: Vec<Vec<Cell>>,
    links: u32,
    lengths: u32,
}

/// What an index depends on, besides the grid.
#[derive(Clone)]
struct Key {
    paths: Arc<Paths>,
    entries: Entries,
    linked: bool,
    measured: bool,
    beyond: f64,
}

impl Key {
    fn of(part: &Part, grid: &Grid) -> Self {
        let (entries, linked, measured) = match &part.kind {
            Kind::Fill(_) => (Entries::Edges, false, false),
            Kind::Stroke { join, dashes, .. } => (Entries::Pieces, *join != Join::Round, dashes.is_some()),
            Kind::Marks { .. } => (Entries::Marks, false, false),
        };
        Self { paths: part.paths.clone(), entries, linked, measured, beyond: reach(part, grid)[1] }
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.paths, &other.paths)
            && self.entries == other.entries
            && (self.linked, self.measured) == (other.linked, other.measured)
            && self.beyond == other.beyond
    }
}

/// A part of a layer with all that `layer.comp` needs of it.
pub(super) struct Uploaded {
    device: Arc<Device>,
    part: Part,
    pub(super) index: Arc<Indexed>,
    pub(super) paints: Buffer,
    pub(super) block: blocks::Layer,
    /// LAYER and SHAPE.
    pub(super) constants: (i32, kinds::Shape),
}

impl Uploaded {
    /// With an index of `others` where one serves.
    pub(super) fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        levels: Levels,
        others: &[Arc<Indexed>],
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let key = Key::of(part, grid);
        let shared = others.iter().find(|index| index.key.is(&key) && index.levels.holds(&levels));
        let index = match shared {
            Some(index) => index.clone(),
            None => Arc::new(Indexed::new(device, part, key, grid, levels, interrupted)?),
        };
        let mut paints: Vec<[u32; 4]> = paint_words(&part.paints).collect();
        if let Kind::Marks { edge: Some(edge), .. } = &part.kind {
            paints.extend(paint_words(edge));
        }
        let places = Places {
            finest: index.levels.finest,
            levels: index.levels.coarsest - index.levels.finest + 1,
            spread: index.levels.spread,
            links: index.links,
            lengths: index.lengths,
        };
        Ok(Self {
            device: device.clone(),
            part: part.clone(),
            paints: upload(device, "layer's paints", &[bytemuck::cast_slice(&paints)], interrupted)?,
            block: block(part, grid, &places),
            constants: constants(part),
            index,
        })
    }

    /// Premultiplied linear light all over a feature, where it is the same.
    pub(super) fn flat_paint(&self, feature: u32) -> Option<[f64; 4]> {
        flat_paint(&self.part, feature)
    }

    pub(super) fn device(&self) -> &Arc<Device> {
        &self.device
    }
}

impl Indexed {
    fn new(
        device: &Arc<Device>,
        part: &Part,
        key: Key,
        grid: &Grid,
        levels: Levels,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let items = Items::of(part, grid)?;
        let pixels = reach(part, grid)[0];
        let lists = side_by_side(levels, |level| {
            // Pixels for which this level is used are no smaller than that.
            let pixel = f64::from(level + grid.bits).exp2()
                / (2.0 * levels.spread * (pixels + std::f64::consts::FRAC_1_SQRT_2));
            let fewer = (key.entries == Entries::Pieces && pixels > 0.0)
                .then(|| items.simplified(TOLERANCE_PX * pixel))
                .flatten();
            let of = fewer.as_ref().unwrap_or(&items);
            let lists = Lists::of(grid, of, key.entries, level, [1.0 / levels.spread, key.beyond])?;
            Ok((lists, fewer.map(|fewer| fewer.words).unwrap_or_default()))
        })?;
        if interrupted() {
            return Err(Error::Interrupted);
        }
        // The cells of each level, then its lists; both as places among all words.
        let count = lists.len();
        let total =
            lists.iter().map(|(level, _)| level.cells.len() + level.words.len()).sum::<usize>() + count;
        let lengths_at = total as u32;
        let mut words: Vec<u32> = try_vec(total + 2 * items.lengths.len(), "a layer's lists")?;
        words.resize(count, 0);
        let mut all_items = items.words;
        let mut kinds = Vec::with_capacity(count);
        for (level, (lists, own)) in lists.into_iter().enumerate() {
            let first_item = if own.is_empty() { 0 } else { all_items.len() as u32 };
            all_items.extend(own);
            kinds.push(lists.kinds);
            words[level] = words.len() as u32;
            let first = (words.len() + lists.cells.len()) as u32;
            words.extend(lists.cells.iter().map(|cell| first + cell));
            words.extend(
                lists.words.into_iter().map(|word| word + if is_item(word) { first_item } else { 0 }),
            );
        }
        let parts: [&[u8]; 2] = [bytemuck::cast_slice(&words), bytemuck::cast_slice(&items.lengths)];
        let all: [&[u8]; 2] = [bytemuck::cast_slice(&all_items), bytemuck::cast_slice(&items.links)];
        Ok(Self {
            key,
            levels,
            kinds,
            links: all_items.len() as u32,
            lengths: lengths_at,
            items: upload(device, "layer's items", &all, interrupted)?,
            words: upload(device, "layer's lists", &parts, interrupted)?,
        })
    }
}

/// What `work` makes of each level, on every core.
fn side_by_side<T: Send>(levels: Levels, work: impl Fn(i32) -> Result<T> + Sync) -> Result<Vec<T>> {
    let all: Vec<i32> = levels.each().collect();
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<T>)>> = Mutex::default();
    let run = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(level) = all.get(index) else { break };
            let made = work(*level);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, made));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..std::thread::available_parallelism().map_or(1, usize::from).min(all.len()) {
            // No thread to be had: the others do its work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, made)| made).collect()
}

/// Several pieces of memory, one after the other.
pub(super) fn upload(
    device: &Arc<Device>,
    name: &str,
    parts: &[&[u8]],
    interrupted: Interrupted<'_>,
) -> Result<Buffer> {
    let bytes = parts.iter().map(|part| part.len() as u64).sum::<u64>().max(16);
    let most = device.limits().max_storage_bytes;
    if bytes > most {
        return Err(Error::invalid(format!(
            "a layer is too large for {}; expected at most {most} bytes for its {name}, got {bytes}; make several layers of it",
            device.report().name
        )));
    }
    let mut staging = Buffer::new(device, name, bytes, MemoryUse::Upload)?;
    let mut target = staging.write()?;
    for part in parts {
        let (start, rest) = target
            .split_at_mut_checked(part.len())
            .ok_or_else(|| Error::Internal("staging of a layer is too small".into()))?;
        start.copy_from_slice(part);
        target = rest;
    }
    let buffer = Buffer::new(device, name, bytes, MemoryUse::Device)?;
    let mut commands = Commands::new(device)?;
    commands.copy(&staging, &buffer, bytes)?;
    commands.submit_and_wait(interrupted)?;
    Ok(buffer)
}
