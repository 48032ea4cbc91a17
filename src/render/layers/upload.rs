//! A part of a layer on a device.

use super::block::{Places, block, constants, flat_paint, paint_words, reach, symbol_words};
use super::grid::Grid;
use super::index::{BEYOND, Cell, Entries, Entry, LONGEST_PIECE, Lists, is_item, step_bits};
use super::items::Items;
use super::levels::Levels;
use crate::error::{Error, Result, try_vec};
use crate::gpu::shaders::{blocks, kinds};
use crate::gpu::{Buffer, Device, Interrupted};
use crate::render::upload::{Owner, upload};
use crate::scene::layers::{Join, Kind, Part, Paths};
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// For messages.
pub(super) const LAYER: Owner = ["a layer is too large", "make several layers of it"];

/// How far a line of which vertices are left out may be from the whole one, in pixels.
const TOLERANCE_PX: f64 = 0.05;

/// Items with their lists: what parts of the same paths may share.
pub(super) struct Indexed {
    key: Key,
    /// What it was made for, and the levels that there are.
    pub(super) asked: Levels,
    pub(super) levels: Levels,
    pub(super) items: Buffer,
    pub(super) words: Buffer,
    /// Lists of some levels, from one up to another, that the device sees at once.
    pub(super) lists: Vec<(Range<i32>, Buffer)>,
    /// Whether items are told in the lists; else their numbers are.
    whole: bool,
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
            Kind::Stroke { join, dashes, .. } => {
                (Entries::Pieces, *join != Join::Round, dashes.is_some())
            }
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
    /// With an index of `others` where one serves; None if the device has no room for it in one
    /// piece.
    pub(super) fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        levels: Levels,
        others: &[Arc<Indexed>],
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let key = Key::of(part, grid);
        let shared = others.iter().find(|index| index.key.is(&key) && index.asked.holds(&levels));
        let index = match shared {
            Some(index) => index.clone(),
            None => match Indexed::new(device, part, key, grid, levels, interrupted)? {
                Some(index) => Arc::new(index),
                None => return Ok(None),
            },
        };
        let mut paints: Vec<[u32; 4]> = paint_words(&part.paints).collect();
        if let Kind::Marks { edge: Some(edge), .. } = &part.kind {
            paints.extend(paint_words(edge));
        }
        if let Kind::Marks { symbol: Some(symbol), .. } = &part.kind {
            // A symbol has no edge.
            paints.extend(symbol_words(symbol));
        }
        let places = Places {
            finest: index.levels.finest,
            levels: index.levels.coarsest - index.levels.finest + 1,
            spread: index.levels.spread,
            links: index.links,
            lengths: index.lengths,
        };
        Ok(Some(Self {
            device: device.clone(),
            part: part.clone(),
            paints: upload(
                device,
                LAYER,
                "layer's paints",
                &[bytemuck::cast_slice(&paints)],
                interrupted,
            )?,
            block: block(part, grid, &places),
            constants: constants(part, index.whole),
            index,
        }))
    }

    /// What it was made of.
    pub(super) fn part(&self) -> &Part {
        &self.part
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
    ) -> Result<Option<Self>> {
        let items = Items::of(part, grid)?;
        let [pixels, beyond] = reach(part, grid);
        let whole = items.links.is_empty()
            && items.lengths.is_empty()
            && beyond <= BEYOND * f64::from(levels.finest).exp2();
        let asked = levels;
        let mut lists = side_by_side(levels, |level| {
            level_of(&items, &key, grid, (level, &levels), pixels, whole)
        })?;
        if interrupted() {
            return Err(Error::Interrupted);
        }
        let most = device.limits().max_storage_bytes;
        let levels = in_one_buffer(&mut lists, levels, most);
        // Where the cells of each level begin, then these; lengths.
        let count = lists.len();
        let total = lists.iter().map(|(level, _)| level.cells.len()).sum::<usize>() + count;
        let lengths_at = total as u32;
        let mut words: Vec<u32> = try_vec(total, "a layer's lists")?;
        words.resize(count, 0);
        let divisible = part.paths.runs.len() > 1;
        let mut all_items = if whole { Vec::new() } else { items.words };
        let mut kinds = Vec::with_capacity(count);
        let mut groups: Vec<(Range<i32>, Buffer)> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (level, (lists, own)) in (0..).zip(lists) {
            let first_item = if own.is_empty() { 0 } else { all_items.len() as u32 };
            all_items.extend(own);
            kinds.push(lists.kinds);
            if bytes(lists.entries.len()) > most && divisible {
                return Ok(None);
            }
            if bytes(entries.len() + lists.entries.len()) > most {
                groups.push(group(device, &groups, level, &entries, interrupted)?);
                entries.clear();
            }
            words[level as usize] = words.len() as u32;
            let first = entries.len() as u32;
            words.extend(lists.cells.iter().map(|cell| first + cell));
            let mut of_level = lists.entries;
            if first_item > 0 && !whole {
                let items = of_level.iter_mut().filter(|entry| is_item(**entry));
                items.for_each(|entry| entry[0] += first_item);
            }
            if entries.is_empty() {
                entries = of_level;
            } else {
                entries.append(&mut of_level);
            }
        }
        groups.push(group(device, &groups, count as i32, &entries, interrupted)?);
        if size_of_val(all_items.as_slice()) as u64 > most && divisible {
            return Ok(None);
        }
        let parts: [&[u8]; 2] =
            [bytemuck::cast_slice(&words), bytemuck::cast_slice(&items.lengths)];
        let all: [&[u8]; 2] =
            [bytemuck::cast_slice(&all_items), bytemuck::cast_slice(&items.links)];
        Ok(Some(Self {
            key,
            asked,
            levels,
            kinds,
            lists: groups,
            whole,
            links: all_items.len() as u32,
            lengths: lengths_at,
            items: upload(device, LAYER, "layer's items", &all, interrupted)?,
            words: upload(device, LAYER, "layer's cells", &parts, interrupted)?,
        }))
    }
}

/// Lists, and items that they number.
type OfLevel = (Lists, Vec<[i32; 4]>);

/// Bytes of so many entries.
fn bytes(entries: usize) -> u64 {
    (size_of::<Entry>() * entries) as u64
}

/// Leaves the finest level out if all the others then fit into one buffer. For a second buffer each
/// pixel pays with another pass; with longer lists only those pay that would have had that level's.
fn in_one_buffer(lists: &mut Vec<OfLevel>, mut levels: Levels, most: u64) -> Levels {
    let of_all = lists.iter().map(|(level, _)| level.entries.len()).sum::<usize>();
    let of_finest = lists.first().map_or(0, |(level, _)| level.entries.len());
    if lists.len() > 2 && bytes(of_all) > most && bytes(of_all - of_finest) <= most {
        lists.remove(0);
        levels.finest += 1;
    }
    levels
}

/// The lists of a level, and the items that they number if these are not those of all levels.
fn level_of(
    items: &Items,
    key: &Key,
    grid: &Grid,
    (level, levels): (i32, &Levels),
    pixels: f64,
    whole: bool,
) -> Result<OfLevel> {
    // Pixels for which this level is used are no smaller than that.
    let pixel = f64::from(level + grid.bits).exp2()
        / (2.0 * levels.spread * (pixels + std::f64::consts::FRAC_1_SQRT_2));
    let fewer = (key.entries == Entries::Pieces && pixels > 0.0)
        .then(|| items.simplified(TOLERANCE_PX * pixel))
        .flatten();
    let mut of = fewer.as_ref().unwrap_or(items);
    let stepped;
    if whole {
        let longest = (LONGEST_PIECE * f64::from(level + grid.bits).exp2()).min(2e9) as i32;
        stepped = of.in_steps(step_bits(grid, level), longest)?;
        of = &stepped;
    }
    let lists = Lists::of(grid, of, key.entries, level, [1.0 / levels.spread, key.beyond], whole)?;
    Ok((lists, fewer.filter(|_| !whole).map(|fewer| fewer.words).unwrap_or_default()))
}

/// The entries of the levels from those of `groups` to one.
fn group(
    device: &Arc<Device>,
    groups: &[(Range<i32>, Buffer)],
    end: i32,
    entries: &[Entry],
    interrupted: Interrupted<'_>,
) -> Result<(Range<i32>, Buffer)> {
    let first = groups.last().map_or(0, |(levels, _)| levels.end);
    Ok((
        first..end,
        upload(device, LAYER, "layer's lists", &[bytemuck::cast_slice(entries)], interrupted)?,
    ))
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
