//! Tables with a row for each feature, or one for all.

use super::Unit;
use crate::error::{Error, Result};

/// Greatest length in pixels: a picture's side.
const MOST_PIXELS: f32 = 65_536.0;

/// Widths or sizes.
pub(in crate::scene) fn check_lengths(lengths: &[f32], unit: Unit, name: &str) -> Result<()> {
    let most = if unit == Unit::Pixels { MOST_PIXELS } else { f32::MAX };
    match lengths.iter().position(|length| !(0.0..=most).contains(length)) {
        None => Ok(()),
        Some(row) => Err(Error::invalid(format!(
            "{name} must be finite and at least 0, in pixels at most {MOST_PIXELS}; got {} in row {row}; pass lengths in pixels or \
             metres",
            lengths[row]
        ))),
    }
}

/// How many features tables, each a name and its rows, know together: 1 serves all.
pub(in crate::scene) fn known(tables: &[(&str, usize)]) -> Result<usize> {
    let known = tables.iter().map(|(_, rows)| *rows).max().unwrap_or(0);
    if known > 0 && tables.iter().all(|(_, rows)| *rows == 1 || *rows == known) {
        return Ok(known);
    }
    let names: Vec<String> = tables.iter().map(|(name, _)| (*name).to_string()).collect();
    let rows: Vec<String> = tables.iter().map(|(_, rows)| rows.to_string()).collect();
    Err(Error::invalid(format!(
        "{} must have a row for each feature, or one for all; got {} rows; pass as many of each",
        listed(&names),
        listed(&rows)
    )))
}

/// As a sentence has them.
fn listed(words: &[String]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        words => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_lengths, known};
    use crate::scene::layers::Unit;

    #[test]
    fn tables_have_one_row_or_as_many_as_the_others() {
        assert_eq!(known(&[("colors", 1), ("sizes", 1)]).ok(), Some(1));
        assert_eq!(known(&[("colors", 5), ("sizes", 1), ("feet", 5)]).ok(), Some(5));
        for rows in [[2, 3, 1], [0, 1, 1], [0, 0, 0]] {
            let tables = [("colors", rows[0]), ("heights", rows[1]), ("feet", rows[2])];
            let message = known(&tables).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(
                message.starts_with("colors, heights and feet must have a row for each feature"),
                "{message}"
            );
            assert!(
                message.contains(&format!("got {}, {} and {} rows", rows[0], rows[1], rows[2])),
                "{message}"
            );
        }
    }

    #[test]
    fn lengths_are_finite_and_in_pixels_no_longer_than_a_picture() {
        assert!(check_lengths(&[0.0, 65_536.0], Unit::Pixels, "widths").is_ok());
        assert!(check_lengths(&[65_537.0], Unit::Metres, "widths").is_ok());
        for (wrong, unit) in [
            (65_537.0, Unit::Pixels),
            (-1.0, Unit::Metres),
            (f32::NAN, Unit::Metres),
            (f32::INFINITY, Unit::Metres),
        ] {
            let message =
                check_lengths(&[1.0, wrong], unit, "widths").err().map(|error| error.to_string());
            assert!(
                message.is_some_and(|message| message.contains(&format!("got {wrong} in row 1")))
            );
        }
    }
}
