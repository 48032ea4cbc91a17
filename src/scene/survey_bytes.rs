//! A survey as bytes, to be kept beside a DEM: plain little-endian numbers, checked as they are
//! read.

use super::outline::Outline;
use super::statistics::Stats;
use super::survey::{Plan, Survey};
use crate::error::{Error, Result, try_vec};

/// The first bytes, with the layout's number.
const MAGIC: &[u8; 8] = b"vfpyr\0\0\x02";

impl Survey {
    /// All that it knows, for [`Survey::from_bytes`].
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let blocks = self.outline.blocks();
        let planes = || self.planes.iter().chain(&self.coarser);
        let numbers: usize = planes().map(Vec::len).sum();
        let mut bytes = try_vec(256 + 8 * blocks.len() + 4 * numbers, "a survey as bytes")?;
        bytes.extend_from_slice(MAGIC);
        let Plan { level, cells, exact } = self.plan;
        for whole in [
            level as usize,
            cells[0],
            cells[1],
            exact.into(),
            self.size[0],
            self.size[1],
            self.holes.into(),
        ] {
            bytes.extend((whole as u64).to_le_bytes());
        }
        let range = self.range.unwrap_or([f32::NAN; 2]);
        for single in [self.reference, range[0], range[1], self.least_positive] {
            bytes.extend(single.to_le_bytes());
        }
        let Stats { min, max, mean, std } = self.stats;
        let robust = self.robust.unwrap_or([f64::NAN; 2]);
        for double in [min, max, mean, std, robust[0], robust[1]] {
            bytes.extend(double.to_le_bytes());
        }
        let singles = blocks.iter().flatten().chain(planes().flatten());
        bytes.extend(singles.flat_map(|single| single.to_le_bytes()));
        Ok(bytes)
    }

    /// What [`Survey::to_bytes`] made; None of anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Option<Self>> {
        let mut rest = Rest(bytes);
        Ok(rest.survey()?.filter(|_| rest.0.is_empty()))
    }
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

    fn survey(&mut self) -> Result<Option<Survey>> {
        if self.take::<8>().as_ref() != Some(MAGIC) {
            return Ok(None);
        }
        let (Some([level, across, down, exact, columns, rows, holes]), Some(singles)) =
            (self.wholes(), self.singles(4)?)
        else {
            return Ok(None);
        };
        let (Some([min, max, mean, std, low, high]), Some(cells)) =
            (self.doubles(), across.checked_mul(down))
        else {
            return Ok(None);
        };
        if columns < 2 || rows < 2 || level > 30 {
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
        let (Ok(planes), &[reference, least, greatest, least_positive]) =
            (<[Vec<f32>; 4]>::try_from(planes), singles.as_slice())
        else {
            return Ok(None);
        };
        Ok(Some(Survey {
            plan: Plan { level: level as u32, cells: [across, down], exact: exact != 0 },
            size: [columns, rows],
            reference,
            planes,
            coarser: [means, reliefs],
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
        let plan = Plan { level: 2, cells: [20, 16], exact: true };
        let survey = Survey::of(&Hill, plan, &|| false, &|_| Ok(())).unwrap();
        assert_eq!((survey.range, survey.holes), (Some([0.0, 69.0 * 49.0]), true));
        let bytes = survey.to_bytes().unwrap();
        let back = Survey::from_bytes(&bytes).unwrap().unwrap();
        assert_eq!(back.to_bytes().unwrap(), bytes);
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
