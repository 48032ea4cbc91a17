//! Areas on a device: for each cell of the ground the edges of rings that come near it, and what is
//! inside.

use super::block::Places;
use super::grid::Grid;
use super::index::{Cell, Entry, LONGEST_PIECE, Lists, step_bits};
use super::items::Items;
use super::levels::Levels;
use super::together::side_by_side;
use super::upload::LAYER;
use crate::error::{Error, Result, try_vec};
use crate::gpu::{Buffer, Device, Interrupted};
use crate::render::Terrain;
use crate::render::upload::upload;
use crate::scene::View;
use crate::scene::layers::{Kind, Part, Paths};
use std::ops::Range;
use std::sync::Arc;

/// Lists of some levels.
pub(super) struct Indexed {
    paths: Arc<Paths>,
    /// What it was made for, and the levels that there are.
    asked: Levels,
    pub(super) levels: Levels,
    /// The shader wants some, and does not read them.
    pub(super) items: Buffer,
    pub(super) words: Buffer,
    /// Lists of some levels, from one up to another, that the device sees at once.
    pub(super) lists: Vec<(Range<i32>, Buffer)>,
    /// What the lists of each level say.
    pub(super) kinds: Vec<Vec<Cell>>,
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
        let items = Items::of(part, grid)?;
        let asked = Levels::wanted(part, grid, terrain, view);
        let mut lists = side_by_side(asked.count(), |index| {
            let level = asked.finest + index as i32;
            let longest = (LONGEST_PIECE * f64::from(level + grid.bits).exp2()).min(2e9) as i32;
            let stepped = items.in_steps(step_bits(grid, level), longest)?;
            Lists::of(grid, &stepped, level, 1.0 / asked.spread)
        })?;
        if interrupted() {
            return Err(Error::Interrupted);
        }
        let most = device.limits().max_storage_bytes;
        let levels = in_one_buffer(&mut lists, asked, most);
        // Where the cells of each level begin, then these.
        let count = lists.len();
        let total = lists.iter().map(|level| level.cells.len()).sum::<usize>() + count;
        let mut words: Vec<u32> = try_vec(total, "a layer's lists")?;
        words.resize(count, 0);
        let divisible = part.paths.runs.len() > 1;
        let mut kinds = Vec::with_capacity(count);
        let mut groups: Vec<(Range<i32>, Buffer)> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (level, lists) in (0..).zip(lists) {
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
            if entries.is_empty() {
                entries = of_level;
            } else {
                entries.append(&mut of_level);
            }
        }
        groups.push(group(device, &groups, count as i32, &entries, interrupted)?);
        Ok(Some(Self {
            paths: part.paths.clone(),
            asked,
            levels,
            kinds,
            lists: groups,
            items: upload(device, LAYER, "layer's items", &[], interrupted)?,
            words: upload(
                device,
                LAYER,
                "layer's cells",
                &[bytemuck::cast_slice(&words)],
                interrupted,
            )?,
        }))
    }

    /// Whether it is what `part` wants for a view.
    pub(super) fn serves(&self, part: &Part, grid: &Grid, terrain: &Terrain, view: &View) -> bool {
        matches!(part.kind, Kind::Fill(_))
            && Arc::ptr_eq(&self.paths, &part.paths)
            && self.asked.holds(&Levels::wanted(part, grid, terrain, view))
    }

    pub(super) fn places(&self) -> Places {
        Places {
            finest: self.levels.finest,
            levels: self.levels.count() as i32,
            spread: self.levels.spread,
            ..Places::default()
        }
    }
}

/// Bytes of so many entries.
fn bytes(entries: usize) -> u64 {
    (size_of::<Entry>() * entries) as u64
}

/// Leaves the finest level out if all the others then fit into one buffer. For a second buffer each
/// pixel pays with another pass; with longer lists only those pay that would have had that level's.
fn in_one_buffer(lists: &mut Vec<Lists>, mut levels: Levels, most: u64) -> Levels {
    let of_all = lists.iter().map(|level| level.entries.len()).sum::<usize>();
    let of_finest = lists.first().map_or(0, |level| level.entries.len());
    if lists.len() > 2 && bytes(of_all) > most && bytes(of_all - of_finest) <= most {
        lists.remove(0);
        levels.finest += 1;
    }
    levels
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
