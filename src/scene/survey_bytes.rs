//! A survey as bytes, to be kept beside a DEM: plain little-endian numbers, checked as they are
//! read.

use super::fine_levels::FineLevels;
use super::outline::Outline;
use super::statistics::Stats;
use super::survey::{Plan, Survey};
use crate::error::{Error, Result, try_vec};
use std::io::{self, Write};

/// The first bytes, with the layout's number.
const MAGIC: &[u8; 8] = b"vfpyr\0\0\x04";

impl Survey {
    /// How many bytes [`Survey::write`] writes.
    pub fn byte_count(&self) -> usize {
        let singles = self.all_planes().map(Vec::len).sum::<usize>();
        MAGIC.len() + 8 * 8 + 4 * 4 + 6 * 8 + 8 * self.outline.blocks().len() + 4 * singles
    }

    fn all_planes(&self) -> impl Iterator<Item = &Vec<f32>> {
        let slopes = std::iter::once(&self.slopes);
        self.planes.iter().chain(&self.coarser).chain(slopes).chain(self.fine.planes())
    }

    /// All that it knows, for [`Survey::from_bytes`].
    pub fn write(&self, target: &mut dyn Write) -> io::Result<()> {
        target.write_all(MAGIC)?;
        let Plan { level, cells, fine, exact } = self.plan;
        for whole in [
            level as usize,
            fine as usize,
            cells[0],
            cells[1],
            exact.into(),
            self.size[0],
            self.size[1],
            self.holes.into(),
        ] {
            target.write_all(&(whole as u64).to_le_bytes())?;
        }
        let range = self.range.unwrap_or([f32::NAN; 2]);
        write_singles(target, &[self.reference, range[0], range[1], self.least_positive])?;
        let Stats { min, max, mean, std } = self.stats;
        let robust = self.robust.unwrap_or([f64::NAN; 2]);
        for double in [min, max, mean, std, robust[0], robust[1]] {
            target.write_all(&double.to_le_bytes())?;
        }
        write_singles(target, self.outline.blocks().as_flattened())?;
        self.all_planes().try_for_each(|plane| write_singles(target, plane))
    }

    /// What [`Survey::write`] wrote; None of anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>> {
        let mut rest = Rest(bytes);
        Ok(rest.survey()?.filter(|_| rest.0.is_empty()))
    }
}

fn write_singles(target: &mut dyn Write, singles: &[f32]) -> io::Result<()> {
    let mut bytes = [0; 4096];
    for part in singles.chunks(bytes.len() / 4) {
        for (four, single) in bytes.as_chunks_mut().0.iter_mut().zip(part) {
            *four = single.to_le_bytes();
        }
        target.write_all(bytes.get(..4 * part.len()).unwrap_or_default())?;
    }
    Ok(())
}

/// Bytes that are yet to be read.
struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn wholes<const N: usize>(&mut self) -> Option<[usize; N]> {
        let mut wholes = [0; N];
        for whole in &mut wholes {
            *whole = usize::try_from(u64::from_le_bytes(self.take()?)).ok()?;
        }
        Some(wholes)
    }

    fn doubles<const N: usize>(&mut self) -> Option<[f64; N]> {
        let mut doubles = [0.0; N];
        for double in &mut doubles {
            *double = f64::from_le_bytes(self.take()?);
        }
        Some(doubles)
    }

    fn singles(&mut self, count: usize) -> Result<Option<Vec<f32>>> {
        let Some((bytes, rest)) =
            count.checked_mul(4).and_then(|count| self.0.split_at_checked(count))
        else {
            return Ok(None);
        };
        self.0 = rest;
        let mut singles = try_vec(count, "a survey")?;
        singles.extend(bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)));
        Ok(Some(singles))
    }

    fn fine_levels(&mut self, plan: Plan) -> Result<Option<FineLevels>> {
        // Of cells that there are bytes for, so that no file says how much memory is taken.
        let cells = plan.cells.map(|side| side as u64);
        if FineLevels::bytes(plan.fine, plan.level, cells) > self.0.len() as u64 {
            return Ok(None);
        }
        let mut levels = FineLevels::unknown(plan.fine, plan.level, plan.cells)?;
        for plane in levels.planes_mut() {
            let Some(values) = self.singles(plane.len())? else { return Ok(None) };
            *plane = values;
        }
        Ok(Some(levels))
    }

    fn survey(&mut self) -> Result<Option<Survey>> {
        if self.take::<8>().as_ref() != Some(MAGIC) {
            return Ok(None);
        }
        let (Some([level, fine, across, down, exact, columns, rows, holes]), Some(singles)) =
            (self.wholes(), self.singles(4)?)
        else {
            return Ok(None);
        };
        let (Some([min, max, mean, std, low, high]), Some(cells)) =
            (self.doubles(), across.checked_mul(down))
        else {
            return Ok(None);
        };
        if columns < 2 || rows < 2 || level > 8 || fine > level || fine == 0 {
            return Ok(None);
        }
        let unknown = Outline::unknown(columns, rows)?;
        let Some(blocks) = self.singles(2 * unknown.blocks().len())? else { return Ok(None) };
        let mut planes = Vec::new();
        for _ in 0..4 {
            planes.extend(self.singles(cells)?);
        }
        let (Some(means), Some(reliefs)) = (self.singles(cells / 4)?, self.singles(cells / 4)?)
        else {
            return Ok(None);
        };
        let plan = Plan {
            level: level as u32,
            cells: [across, down],
            fine: fine as u32,
            exact: exact != 0,
        };
        let Some(slopes) = self.singles(plan.slopes_cells().iter().product())? else {
            return Ok(None);
        };
        let Some(fine) = self.fine_levels(plan)? else { return Ok(None) };
        let (Ok(planes), &[reference, least, greatest, least_positive]) =
            (<[Vec<f32>; 4]>::try_from(planes), singles.as_slice())
        else {
            return Ok(None);
        };
        Ok(Some(Survey {
            plan,
            size: [columns, rows],
            reference,
            planes,
            coarser: [means, reliefs],
            slopes,
            fine,
            range: (least <= greatest).then_some([least, greatest]),
            holes: holes != 0,
            outline: unknown
                .with_blocks(blocks.as_chunks().0)
                .ok_or_else(|| Error::Internal("blocks".into()))?,
            stats: Stats { min, max, mean, std },
            robust: (!low.is_nan()).then_some([low, high]),
            least_positive,
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::scene::Windows;

    struct Hill;

    impl Windows for Hill {
        fn size(&self) -> [usize; 2] {
            [70, 50]
        }

        fn read(&self, [column, row, columns, _]: [usize; 4], target: &mut [f32]) -> Result<()> {
            for (at, height) in target.iter_mut().enumerate() {
                let [x, y] = [column + at % columns, row + at / columns];
                *height = if x == 7 { f32::NAN } else { (x * y) as f32 };
            }
            Ok(())
        }
    }

    #[test]
    fn what_was_kept_comes_back_and_nothing_else_does() {
        let plan = Plan { level: 5, cells: [4, 4], fine: 3, exact: true };
        let survey = Survey::of(&Hill, plan, &|| false, &|_| Ok(())).unwrap();
        assert_eq!((survey.range, survey.holes), (Some([0.0, 69.0 * 49.0]), true));
        let written = |survey: &Survey| {
            let mut bytes = Vec::new();
            survey.write(&mut bytes).unwrap();
            assert_eq!(bytes.len(), survey.byte_count());
            bytes
        };
        let bytes = written(&survey);
        let back = Survey::from_bytes(&bytes).unwrap().unwrap();
        assert_eq!(written(&back), bytes);
        assert!(back.fine.planes().flatten().any(|&cell| cell > 0.0));
        assert_eq!(
            (back.plan, back.size, back.outline.range()),
            (plan, [70, 50], survey.outline.range())
        );
        for wrong in
            [&bytes[..bytes.len() - 1], &bytes[1..], &[bytes.as_slice(), &[0]].concat(), &[]]
        {
            assert!(Survey::from_bytes(wrong).unwrap().is_none());
        }
    }
}
