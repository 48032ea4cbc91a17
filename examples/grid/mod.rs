//! A DEM for the examples: an ESRI ASCII grid (`gdal_translate -of AAIGrid dem.tif dem.asc`), or
//! hills of a formula.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

/// Heights in metres, row-major, row 0 = north, NaN = hole.
pub(crate) struct Grid {
    pub(crate) heights: Vec<f32>,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    /// Side of a cell in metres.
    pub(crate) cell: f64,
}

impl Grid {
    /// The file at `path`, whose coordinates are metres; without one, hills.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Box<dyn Error>> {
        path.map_or_else(
            || Ok(Self::hills(400, 300)),
            |path| Self::parse(&std::fs::read_to_string(path)?),
        )
    }

    /// A header of names and numbers, then the heights.
    pub(crate) fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let mut words = text.split_ascii_whitespace().peekable();
        let mut header = HashMap::new();
        while let Some(name) = words.next_if(|word| word.parse::<f64>().is_err()) {
            let number: f64 = words.next().ok_or("the header ends within a line")?.parse()?;
            header.insert(name.to_ascii_lowercase(), number);
        }
        let number =
            |name: &str| header.get(name).copied().ok_or(format!("the header has no {name}"));
        let nodata = header.get("nodata_value").map(|value| *value as f32);
        let heights: Result<Vec<f32>, _> = words.map(str::parse).collect();
        let heights = heights?
            .into_iter()
            .map(|height| if Some(height) == nodata { f32::NAN } else { height });
        Ok(Self {
            heights: heights.collect(),
            columns: number("ncols")? as usize,
            rows: number("nrows")? as usize,
            cell: number("cellsize")?,
        })
    }

    /// Ridges of three sizes, 30 m a cell.
    fn hills(columns: usize, rows: usize) -> Self {
        let height = |column: usize, row: usize| {
            let [x, y] = [column, row].map(|place| place as f32 * 0.03);
            let ridges = [1.0, 2.3, 5.1].map(|finer: f32| {
                let [x, y] = [finer * (0.8 * x + 0.6 * y), finer * (0.8 * y - 0.6 * x)];
                (1.0 - (x + (0.7 * y).sin()).sin().abs()) * (1.0 + (0.9 * y + finer).cos()) / finer
            });
            160.0 * ridges.iter().sum::<f32>()
        };
        let heights =
            (0..rows).flat_map(|row| (0..columns).map(move |column| height(column, row))).collect();
        Self { heights, columns, rows, cell: 30.0 }
    }
}
