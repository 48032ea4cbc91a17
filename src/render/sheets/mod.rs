//! A DEM that is not on the device as a whole: an atlas of sheets, of its heights and of each of
//! its fine levels, brought as rays need them.
//!
//! A picture is drawn with what is there. Each sheet that a ray looks at is noted, and those that
//! were missed are brought, in place of the least recently used; then it is drawn again, until
//! nothing is missed. What a band has used stays until it is done, so that this ends; a band that
//! needs more sheets at a time than there is room for is drawn in parts.

mod cut;
mod fill;
mod parts;

pub use cut::{Cut, Wish};
pub(super) use parts::{Region, Tiles, Whole};

use super::{Engine, Interrupted};
use crate::error::{Error, Result};
use crate::gpu::shaders::{blocks, numbers};
use crate::gpu::{Buffer, Commands, FloatImage, MemoryUse};
use crate::scene::windows::in_parallel;
use crate::scene::{Survey, Windows};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sheets brought together.
const TOGETHER: usize = 32;

/// A DEM that stays where it is, and what is known of it.
#[derive(Clone)]
pub struct Source {
    /// Where its heights are.
    pub windows: Arc<dyn Windows>,
    /// What one pass through all of them has found.
    pub survey: Arc<Survey>,
    /// How it is cut.
    pub cut: Cut,
}

/// Sheets on the device, and what is where.
pub(super) struct Sheets {
    source: Source,
    atlas: Arc<FloatImage>,
    pub(super) directory: FloatImage,
    pub(super) usage: Buffer,
    state: Mutex<State>,
    brought: AtomicU64,
}

/// Which sheets are there.
#[derive(Clone)]
struct State {
    /// The slot of each sheet, by its entry in the directory.
    slots: Vec<Option<u32>>,
    /// The sheet in each slot, and when it was last used.
    sheets: Vec<(Option<usize>, u64)>,
    clock: u64,
    /// What the present band has used or asked for.
    kept: Vec<bool>,
}

/// What came of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Settled {
    Complete,
    /// Sheets were missed, and are there now.
    Again,
    /// More are needed than there is room for.
    TooMany,
}

impl Sheets {
    /// None there yet.
    pub(super) fn new(
        engine: &Engine,
        source: &Source,
        atlas: Arc<FloatImage>,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let device = engine.device();
        let cut = source.cut;
        let [across, down] = cut.directory();
        let all = (across * down) as usize;
        let directory = FloatImage::new(device, "directory of sheets", [across, down])?;
        let usage = Buffer::new(device, "use of sheets", 4 * all as u64, MemoryUse::ReadBack)?;
        let sheets = vec![(None, 0); cut.slots as usize];
        let state = State { slots: vec![None; all], sheets, clock: 0, kept: vec![false; all] };
        let entries = directory_of(engine, &cut, &state)?;
        let mut commands = Commands::new(device)?;
        commands.initialise(&directory);
        commands.write_rectangle(&entries, &directory, [0, 0, across, down]);
        commands.submit_and_wait(interrupted)?;
        let (source, state, brought) = (source.clone(), Mutex::new(state), AtomicU64::new(0));
        Ok(Self { source, atlas, directory, usage, state, brought })
    }

    /// For `shaders/include/sheets.glsl`.
    pub(super) fn block(&self) -> blocks::Sheets {
        let Cut { side, layout, count, first_slot, slot, .. } = self.source.cut;
        let whole = |side: [u32; 2]| side.map(|side| side as i32);
        blocks::Sheets {
            side: side as i32,
            whole_level: layout.finest as i32,
            whole_cells: whole(layout.cells_of(layout.finest)),
            count: whole(count),
            first_slot: whole(first_slot),
            slot: slot as i32,
            texel: self.atlas.size().map(|side| 1.0 / side as f32),
        }
    }

    /// Where its heights are.
    pub(super) fn windows(&self) -> &dyn Windows {
        self.source.windows.as_ref()
    }

    /// Heights in [column, row, columns, rows], from the source.
    pub(super) fn read(&self, window: [usize; 4], target: &mut [f32]) -> Result<()> {
        self.source.windows.read(window, target)
    }

    /// What one pass through the DEM has found.
    pub(super) fn survey(&self) -> &Arc<Survey> {
        &self.source.survey
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of sheets that were brought so far.
    pub(super) fn bytes_brought(&self) -> u64 {
        self.brought.load(Ordering::Relaxed)
    }

    fn begin(&self) {
        self.state().kept.fill(false);
    }

    /// Looks at what the pass that is over has used, and brings what it has missed.
    fn settle(&self, engine: &Engine, interrupted: Interrupted<'_>) -> Result<Settled> {
        let noted: Vec<u32> = bytemuck::cast_slice(self.usage.read()?).to_vec();
        let (missed, room) = {
            let mut state = self.state();
            state.note(&noted);
            let all =
                || (0..).zip(&noted).filter(|(_, note)| **note == numbers::sheets::SHEET_MISSED);
            (all().map(|(sheet, _)| sheet).collect::<Vec<usize>>(), state.room())
        };
        if missed.is_empty() {
            return Ok(Settled::Complete);
        }
        if missed.len() > room {
            return Ok(Settled::TooMany);
        }
        log::debug!("{} sheets of the DEM are brought", missed.len());
        for batch in missed.chunks(TOGETHER) {
            self.bring(engine, batch, interrupted)?;
        }
        Ok(Settled::Again)
    }

    /// Reads these sheets and puts them into slots. If that fails those count as there that were.
    fn bring(&self, engine: &Engine, batch: &[usize], interrupted: Interrupted<'_>) -> Result<()> {
        let Source { windows, survey, cut } = &self.source;
        let bytes = cut.slot_bytes();
        let mut staging =
            engine.borrow_buffer("sheets", bytes * batch.len() as u64, MemoryUse::Upload)?;
        {
            let parts = texels(&mut staging)?.chunks_exact_mut(bytes as usize / 4);
            let parts: Vec<Mutex<&mut [f32]>> = parts.map(Mutex::new).collect();
            let fill = |at: usize, stop: &dyn Fn() -> bool| {
                let (Some(entry), Some(part)) = (batch.get(at), parts.get(at)) else {
                    return Ok(());
                };
                let mut part = part.lock().unwrap_or_else(PoisonError::into_inner);
                let known =
                    cut.sheet(*entry).and_then(|sheet| Some((sheet, cut.first_patch(&sheet)?)));
                known.map_or(Ok(()), |sheet| {
                    fill::fill(cut, windows.as_ref(), survey, sheet, &mut part, stop)
                })
            };
            in_parallel(batch.len(), interrupted, &|_| Ok(()), fill)?;
        }
        let (state, slots) = self.state().with(batch)?;
        let entries = directory_of(engine, cut, &state)?;
        let mut commands = Commands::new(engine.device())?;
        for (at, slot) in (0..).zip(slots) {
            let [x, y] = cut.corner(slot);
            commands.write_rectangle_from(
                &staging,
                at * bytes,
                &self.atlas,
                [x, y, cut.slot, cut.slot],
            );
        }
        let [across, down] = cut.directory();
        commands.write_rectangle(&entries, &self.directory, [0, 0, across, down]);
        commands.submit_and_wait(&|| false)?;
        // The atlas and its directory have changed together, and so it is known only now.
        *self.state() = state;
        self.brought.fetch_add(bytes * batch.len() as u64, Ordering::Relaxed);
        Ok(())
    }
}

/// The directory as it is to be, in memory that the device reads.
fn directory_of(engine: &Engine, cut: &Cut, state: &State) -> Result<Buffer> {
    let bytes = 4 * state.slots.len() as u64;
    let mut entries =
        Buffer::new(engine.device(), "directory of sheets", bytes, MemoryUse::Upload)?;
    for (entry, slot) in texels(&mut entries)?.iter_mut().zip(&state.slots) {
        *entry = slot.map_or(-1.0, |slot| cut.entry(slot));
    }
    Ok(entries)
}

impl State {
    fn note(&mut self, noted: &[u32]) {
        self.clock += 1;
        let used = (0..).zip(noted).zip(&mut self.kept).filter(|((_, note), _)| **note != 0);
        for ((sheet, _), kept) in used {
            *kept = true;
            let slot = self.slots.get(sheet).copied().flatten();
            if let Some((_, last)) = slot.and_then(|slot| self.sheets.get_mut(slot as usize)) {
                *last = (*last).max(self.clock);
            }
        }
    }

    /// Slots that the present band can do without.
    fn room(&self) -> usize {
        self.sheets.iter().filter(|(sheet, _)| !self.is_kept(*sheet)).count()
    }

    fn is_kept(&self, sheet: Option<usize>) -> bool {
        sheet.is_some_and(|sheet| self.kept.get(sheet).copied().unwrap_or(false))
    }

    /// How it will be once these sheets are there, and the slots that they are to have: the least
    /// recently used.
    fn with(&self, batch: &[usize]) -> Result<(Self, Vec<u32>)> {
        let mut free: Vec<(u64, u32)> = (0..)
            .zip(&self.sheets)
            .filter(|(_, (sheet, _))| !self.is_kept(*sheet))
            .map(|(slot, (_, last))| (*last, slot))
            .collect();
        free.sort_unstable();
        let slots: Vec<u32> = free.iter().map(|(_, slot)| *slot).take(batch.len()).collect();
        if slots.len() < batch.len() {
            return Err(Error::Internal("no room for a sheet".into()));
        }
        let mut state = self.clone();
        for (sheet, slot) in batch.iter().zip(&slots) {
            let Some(entry) = state.sheets.get_mut(*slot as usize) else { continue };
            let before = std::mem::replace(entry, (Some(*sheet), self.clock));
            if let Some(place) = before.0.and_then(|sheet| state.slots.get_mut(sheet)) {
                *place = None;
            }
            if let Some(place) = state.slots.get_mut(*sheet) {
                *place = Some(*slot);
            }
        }
        Ok((state, slots))
    }
}

fn texels(buffer: &mut Buffer) -> Result<&mut [f32]> {
    bytemuck::try_cast_slice_mut(buffer.write()?)
        .map_err(|failure| Error::Internal(format!("memory for sheets: {failure}")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::State;

    #[test]
    fn the_least_recently_used_go_and_what_is_there_stays_known_until_others_are() {
        let sheets = vec![(Some(0), 3), (Some(1), 1), (Some(2), 2)];
        let state = State {
            slots: vec![Some(0), Some(1), Some(2), None, None],
            sheets,
            clock: 4,
            kept: vec![false; 5],
        };
        let (next, slots) = state.with(&[3, 4]).unwrap();
        assert_eq!(slots, [1, 2]);
        assert_eq!(next.slots, [Some(0), None, None, Some(1), Some(2)]);
        assert_eq!(next.sheets[1..], [(Some(3), 4), (Some(4), 4)]);
        assert_eq!(state.slots, [Some(0), Some(1), Some(2), None, None]);
        assert!(state.with(&[3, 4, 3, 4]).is_err());
    }
}
