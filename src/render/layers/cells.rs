//! Lines and areas on a device: for each cell of the ground what comes near it.

use super::band::{Band, Entries, Entry};
use super::block::{Places, reach};
use super::borders::Borders;
use super::divided::Quarters;
use super::grid::Grid;
use super::index::{BEYOND, Index, Kinds, LEAST_SHIFT, LONGEST_PIECE, step_bits};
use super::items::{Items, LAYER};
use super::level_lists::LevelLists;
use super::levels::Levels;
use super::lost::Lost;
use super::together::side_by_side;
use crate::error::Result;
use crate::gpu::{Buffer, Device, Interrupted};
use crate::render::Terrain;
use crate::render::far_cells::depths;
use crate::render::upload::upload;
use crate::scene::View;
use crate::scene::layers::{Join, Kind, Part, Paths};
use std::ops::Range;
use std::sync::Arc;

/// How far a line, or a border, of which vertices are left out may be from the whole one, in pixels.
const LINE_PX: f64 = 0.05;
const BORDER_PX: f64 = 0.02;
/// Entries of what cells are divided into.
const MOST_DIVIDED: usize = 1 << 22;

/// Items with their lists: what parts of the same paths may share.
pub(super) struct Indexed {
    key: Key,
    /// What it was made for, and the levels that there are.
    asked: Levels,
    pub(super) levels: Levels,
    pub(super) items: Buffer,
    pub(super) words: Buffer,
    /// Lists of some levels, from one up to another, that the device sees at once.
    pub(super) lists: Vec<(Range<i32>, Buffer)>,
    /// Whether items are told in the lists; else their numbers are.
    pub(super) whole: bool,
    /// Whether cells of the finest level that is worth having are to be in quarters, if it has that;
    /// lists have numbers then, since steps of such a cell are no measure for what is so small.
    dense: bool,
    /// Whether there are any.
    pub(super) divided: bool,
    /// Cells whose lists have lost something.
    pub(super) lost: Vec<Lost>,
    /// What the lists of each level say.
    pub(super) kinds: Vec<Kinds>,
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
            Kind::Stroke { join, dashes, .. } => {
                (Entries::Pieces, *join != Join::Round, dashes.is_some())
            }
            _ => (Entries::Edges, false, false),
        };
        Self { paths: part.paths.clone(), entries, linked, measured, beyond: reach(part, grid)[1] }
    }

    /// Whether lists of a level could tell places: of what reaches no farther than that, and of
    /// which nothing more is known.
    fn lists_places(&self, level: i32) -> bool {
        !self.linked && !self.measured && self.beyond <= BEYOND * f64::from(level).exp2()
    }

    /// Whether those of some levels do.
    fn is_whole(&self, levels: &Levels) -> bool {
        !levels.exact && self.lists_places(levels.finest)
    }

    /// How many times cells of a level may be divided: of the finest that is worth having, for
    /// smaller pixels. Items that reach far beyond themselves would be near all parts of it.
    fn deepest(&self, level: i32, levels: &Levels, grid: &Grid) -> i32 {
        if level > levels.limit {
            return 0;
        }
        let useful = (f64::from(level) - self.beyond.log2()).floor();
        useful.min(f64::from(grid.bits + level - LEAST_SHIFT)) as i32
    }

    fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.paths, &other.paths)
            && self.entries == other.entries
            && (self.linked, self.measured) == (other.linked, other.measured)
            && self.beyond == other.beyond
    }
}

impl Indexed {
    /// None if the device has no room for it in one piece.
    pub(super) fn new(
        device: &Arc<Device>,
        part: &Part,
        grid: &Grid,
        (terrain, view): (&Terrain, &View),
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Self>> {
        let key = Key::of(part, grid);
        let asked = Levels::wanted(part, grid, depths(terrain, view), view, None);
        let items = Items::of(part, grid)?;
        let [pixels, _] = reach(part, grid);
        let most = device.limits().max_storage_bytes;
        let made = |whole| lists_of(&items, &key, grid, &asked, (pixels, most, whole), interrupted);
        let (mut lists, whole, dense) = dense_or_not(&key, grid, &asked, made)?;
        let levels = in_one_buffer(&mut lists, asked, most);
        // Where the cells of each level begin, then these; those in quarters; lengths.
        let count = lists.len();
        let mut words: Vec<Vec<u32>> = vec![Vec::with_capacity(count)];
        let mut lengths_at = count as u32;
        let cells = lists.iter().flat_map(|level| &level.bands).map(|band| band.cells.len());
        let mut quarters = Vec::new();
        let quarters_at = lengths_at + cells.sum::<usize>() as u32;
        let mut lost = Vec::new();
        let divisible = part.paths.runs.len() > 1;
        // Each level has its own where it lists places.
        let mut all_items = if key.lists_places(asked.finest) { Vec::new() } else { items.words };
        let mut kinds = Vec::with_capacity(count);
        let mut groups: Vec<(Range<i32>, Buffer)> = Vec::new();
        let (mut entries, mut end): (Vec<Vec<Entry>>, u32) = (Vec::new(), 0);
        for (level, mut lists) in (0..).zip(lists) {
            let first_item = if lists.items.is_empty() { 0 } else { all_items.len() as u32 };
            all_items.append(&mut lists.items);
            if bytes(lists.count) > most && divisible {
                return Ok(None);
            }
            if bytes(end) + bytes(lists.count) > most {
                groups.push(group(device, &groups, level, &entries, interrupted)?);
                (entries, end) = (Vec::new(), 0);
            }
            words[0].push(lengths_at);
            lists.place(end, quarters_at + quarters.len() as u32, first_item);
            quarters.extend(lists.quarters);
            lost.extend(lists.lost);
            kinds.push(lists.kinds);
            end += lists.count;
            for Band { cells, entries: own, .. } in lists.bands {
                lengths_at += cells.len() as u32;
                words.push(cells);
                entries.push(own);
            }
        }
        lengths_at += quarters.len() as u32;
        let divided = !quarters.is_empty();
        words.push(quarters);
        groups.push(group(device, &groups, count as i32, &entries, interrupted)?);
        if size_of_val(all_items.as_slice()) as u64 > most && divisible {
            return Ok(None);
        }
        let mut parts: Vec<&[u8]> = words.iter().map(|own| bytemuck::cast_slice(own)).collect();
        parts.push(bytemuck::cast_slice(&items.lengths));
        let all: [&[u8]; 2] =
            [bytemuck::cast_slice(&all_items), bytemuck::cast_slice(&items.links)];
        Ok(Some(Self {
            key,
            asked,
            levels,
            dense,
            divided,
            lost,
            kinds,
            lists: groups,
            whole,
            links: all_items.len() as u32,
            lengths: lengths_at,
            items: upload(device, LAYER, "layer's items", &all, interrupted)?,
            words: upload(device, LAYER, "layer's cells", &parts, interrupted)?,
        }))
    }

    /// Whether it is what `part` wants for a view: with the lists that would be made for this alone.
    pub(super) fn serves(&self, part: &Part, grid: &Grid, terrain: &Terrain, view: &View) -> bool {
        if matches!(part.kind, Kind::Marks { .. }) || !self.key.is(&Key::of(part, grid)) {
            return false;
        }
        let wanted = Levels::wanted(part, grid, depths(terrain, view), view, Some(&self.asked));
        let dense = self.dense && wanted.finest == wanted.limit;
        self.asked.holds(&wanted) && self.whole == (self.key.is_whole(&wanted) && !dense)
    }

    /// The first of the levels that a view alone would have, and how many there are up to its last.
    pub(super) fn levels_for(
        &self,
        part: &Part,
        grid: &Grid,
        depths: [f64; 2],
        view: &View,
    ) -> [i32; 2] {
        let wanted = Levels::wanted(part, grid, depths, view, Some(&self.asked));
        let [first, last] =
            [wanted.finest, wanted.coarsest].map(|level| (level - self.levels.finest).max(0));
        [first, last + 1]
    }

    pub(super) fn places(&self) -> Places {
        Places {
            finest: self.levels.finest,
            spread: self.levels.spread,
            reached: Some(self.levels.reached),
            links: self.links,
            lengths: self.lengths,
        }
    }
}

/// Bytes of so many entries.
fn bytes(entries: u32) -> u64 {
    size_of::<Entry>() as u64 * u64::from(entries)
}

/// Leaves the finest level out if all the others then fit into one buffer. For a second buffer each
/// pixel pays with another pass; with longer lists only those pay that would have had that level's.
fn in_one_buffer(lists: &mut Vec<LevelLists>, mut levels: Levels, most: u64) -> Levels {
    let of_all = lists.iter().map(|level| bytes(level.count)).sum::<u64>();
    let of_finest = lists.first().map_or(0, |level| bytes(level.count));
    if lists.len() > 2 && of_all > most && of_all - of_finest <= most {
        lists.remove(0);
        levels.finest += 1;
    }
    levels
}

/// Lists that tell items or not, as far as that may be; which they are; and whether cells of the
/// finest level are in quarters, or would be if there was room for more.
fn dense_or_not(
    key: &Key,
    grid: &Grid,
    levels: &Levels,
    made: impl Fn(bool) -> Result<Vec<LevelLists>>,
) -> Result<(Vec<LevelLists>, bool, bool)> {
    let whole = key.is_whole(levels);
    let lists = made(whole)?;
    let too_long = lists.first().is_some_and(|finest| !finest.lost.is_empty());
    let dense = too_long && key.deepest(levels.finest, levels, grid) > 0;
    Ok(if dense && whole { (made(false)?, false, dense) } else { (lists, whole, dense) })
}

/// The lists of all levels from the finest, of at most so many bytes if that can be.
fn lists_of(
    items: &Items,
    key: &Key,
    grid: &Grid,
    levels: &Levels,
    (pixels, most, whole): (f64, u64, bool),
    interrupted: Interrupted<'_>,
) -> Result<Vec<LevelLists>> {
    let borders = match key.entries {
        Entries::Edges if levels.coarsest > levels.limit => Borders::of(items, interrupted)?,
        _ => None,
    };
    let indices = side_by_side(levels.count(), interrupted, |index| {
        let level = levels.finest + index as i32;
        let fewer = fewer_of(items, borders.as_ref(), key, grid, (level, levels), pixels);
        index_of(items, fewer, key, grid, (level, levels), whole)
    })?;
    let numbers: Vec<(usize, usize)> = (0..)
        .zip(&indices)
        .flat_map(|(level, (index, _))| (0..index.count()).map(move |band| (level, band)))
        .collect();
    let bands = side_by_side(numbers.len(), interrupted, |number| {
        let (level, band) = numbers[number];
        let (index, own) = &indices[level];
        index.band(band, own.as_ref().unwrap_or(items))
    })?;
    let mut room = (most / bytes(1)) as usize;
    room = room.saturating_sub(bands.iter().map(|band| band.entries.len()).sum());
    let mut bands = bands.into_iter();
    let lists = (levels.finest..).zip(indices).map(|(level, (index, own))| {
        let mut bands: Vec<Band> = bands.by_ref().take(index.count()).collect();
        let deepest = if whole { 0 } else { key.deepest(level, levels, grid) };
        let divide = deepest > 0 && bands.iter().any(|band| !band.too_long.is_empty());
        let quarters = divide.then(|| {
            let of = own.as_ref().unwrap_or(items);
            Quarters::of(&index, &mut bands, of, (deepest, room.min(MOST_DIVIDED)), interrupted)
        });
        let items = own.filter(|_| !whole).map(|own| own.words).unwrap_or_default();
        let finer = level == levels.limit;
        LevelLists::new(&index, bands, (quarters.transpose()?, finer), items)
    });
    lists.collect()
}

/// The same items with as few vertices as the pixels of a level need; None where that is most.
fn fewer_of(
    items: &Items,
    borders: Option<&Borders>,
    key: &Key,
    grid: &Grid,
    (level, levels): (i32, &Levels),
    pixels: f64,
) -> Option<Items> {
    // The finest serves pixels of any size.
    if level <= levels.limit {
        return None;
    }
    // Pixels for which this level is used are no smaller than that, but for some on slopes (SMALLER).
    let pixel = f64::from(level + grid.bits).exp2()
        / (2.0 * levels.spread * (pixels + std::f64::consts::FRAC_1_SQRT_2));
    match key.entries {
        Entries::Edges => borders?.simplified(items, BORDER_PX * pixel),
        Entries::Pieces if pixels > 0.0 => items.simplified(LINE_PX * pixel),
        Entries::Pieces => None,
    }
}

/// What the lists of a level are made of, and the items if these are not those of all levels.
fn index_of(
    items: &Items,
    fewer: Option<Items>,
    key: &Key,
    grid: &Grid,
    (level, levels): (i32, &Levels),
    whole: bool,
) -> Result<(Index, Option<Items>)> {
    // The places of long pieces are not exact in single precision: they are cut, but where more is
    // known of each.
    let longest = (LONGEST_PIECE * f64::from(level + grid.bits).exp2()).min(2e9) as i32;
    let steps = if whole { step_bits(grid, level) } else { 0 };
    let own = if key.lists_places(level) {
        Some(fewer.as_ref().unwrap_or(items).in_steps(steps, longest)?)
    } else {
        None
    };
    let window = levels.reached.window(grid, level);
    let reach = [1.0 / levels.spread, key.beyond];
    let of = own.as_ref().unwrap_or(items);
    Ok((Index::of(grid, of, key.entries, (level, window), reach, whole)?, own))
}

/// The entries of the levels from those of `groups` to one.
fn group(
    device: &Arc<Device>,
    groups: &[(Range<i32>, Buffer)],
    end: i32,
    entries: &[Vec<Entry>],
    interrupted: Interrupted<'_>,
) -> Result<(Range<i32>, Buffer)> {
    let first = groups.last().map_or(0, |(levels, _)| levels.end);
    let parts: Vec<&[u8]> = entries.iter().map(|own| bytemuck::cast_slice(own)).collect();
    Ok((first..end, upload(device, LAYER, "layer's lists", &parts, interrupted)?))
}
