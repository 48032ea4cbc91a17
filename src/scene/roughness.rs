//! How rough ground is, in words of numbers: to the bit what `shaders/include/roughness.glsl` makes
//! of it, which tells what they are.

const LOW_BITS: u32 = 4095;
const LEAST_WORD: f32 = 1e-30;
const MOST_DEVIATION: f32 = 4.0;
const FEW_STEEP: f32 = 0.35;
const PER_MORE_STEEP: f32 = 5.0;

fn word(number: f32, part: f32) -> f32 {
    let low = (part.clamp(0.0, 1.0) * LOW_BITS as f32 + 0.5) as u32;
    if number < LEAST_WORD { 0.0 } else { f32::from_bits((number.to_bits() & !LOW_BITS) | low) }
}

fn number_of(word: f32) -> f32 {
    f32::from_bits(word.to_bits() & !LOW_BITS)
}

fn part_of(word: f32) -> f32 {
    (word.to_bits() & LOW_BITS) as f32 * (1.0 / LOW_BITS as f32)
}

/// A relief, and how far slopes deviate.
pub fn relief_word(relief: f32, deviation: f32) -> f32 {
    let part = deviation / (MOST_DEVIATION * relief).max(LEAST_WORD);
    word(relief, part.sqrt())
}

/// Slopes of patches: their mean square, and the mean of their sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Slopes {
    /// Mean, or sum, of squares.
    pub squares: f32,
    /// The same of sizes.
    pub sizes: f32,
}

impl Slopes {
    /// Of the slope in the middle of a patch, along its two diagonals: the sum of its squares, and
    /// of its sizes.
    pub fn of_patch([x, y, z, w]: [f32; 4]) -> Self {
        let [fall, cross] = [w - x, y - z];
        Self { squares: fall * fall + cross * cross, sizes: fall.abs() + cross.abs() }
    }

    /// Both.
    pub fn plus(self, other: Self) -> Self {
        Self { squares: self.squares + other.squares, sizes: self.sizes + other.sizes }
    }

    /// Of sums over so many patches the means.
    pub fn mean_of_patches(self, count: f32) -> Self {
        let share = 0.5 / count.max(1.0);
        Self { squares: self.squares * share, sizes: self.sizes * share }
    }

    /// The means of so many cells of which this is the sum.
    pub fn mean(self, count: f32) -> Self {
        Self { squares: self.squares / count, sizes: self.sizes / count }
    }

    /// As one number.
    pub fn word(self) -> f32 {
        word(self.squares, self.part())
    }

    /// What a word says.
    pub fn in_word(word: f32) -> Self {
        let squares = number_of(word);
        Self { squares, sizes: (part_of(word) * squares).sqrt() }
    }

    /// Of the mean square what is the square of the mean.
    fn part(self) -> f32 {
        self.sizes * self.sizes / self.squares.max(LEAST_WORD)
    }

    /// How far they deviate from those of a surface with that mean square.
    pub fn deviation_from(self, surface: f32) -> f32 {
        let share = ((self.part() - FEW_STEEP) * PER_MORE_STEEP).clamp(0.0, 1.0);
        ((self.squares - surface).max(0.0) * (0.5 * share)).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::{Slopes, number_of, part_of, relief_word};

    #[test]
    fn a_word_keeps_both_numbers() {
        for relief in [1e-20, 3.5e-3, 7.25, 4.2e4] {
            for share in [0.0, 1e-3, 0.3, 3.9] {
                let word = relief_word(relief, share * relief);
                let root = part_of(word);
                assert!((number_of(word) / relief - 1.0).abs() < 5e-4);
                let kept = 4.0 * root * root;
                assert!((kept - share).abs() <= 0.02 * share + 1e-6, "{share} {kept}");
            }
        }
        assert_eq!(relief_word(0.0, 1.0).to_bits(), 0);
        let slopes = Slopes { squares: 0.7, sizes: 0.6 };
        let kept = Slopes::in_word(slopes.word());
        assert!((kept.squares - 0.7).abs() < 5e-4 && (kept.sizes - 0.6).abs() < 5e-4, "{kept:?}");
        assert_eq!(Slopes::in_word(Slopes::default().word()), Slopes::default());
    }

    #[test]
    fn few_steep_patches_are_steps() {
        let flat = Slopes::of_patch([1.0, 1.0, 1.0, 1.0]);
        let wall = Slopes::of_patch([0.0, 20.0, 0.0, 20.0]);
        let sum = (0..15).fold(wall, |sum, _| sum.plus(flat));
        assert_eq!(sum.mean_of_patches(16.0).deviation_from(0.0), 0.0);
        let all = (0..15).fold(wall, |sum, _| sum.plus(wall));
        assert!(all.mean_of_patches(16.0).deviation_from(0.0) > 10.0);
    }
}
