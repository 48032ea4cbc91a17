//! Colours by height: tables of sRGB entries, looked up as matplotlib does.

use std::sync::{Arc, LazyLock};

use crate::error::{Error, Result, cut_short, try_vec};

/// Generated from matplotlib by tools/make_colormaps.py; sources and licences stand at its head.
const TABLES: &str = include_str!("colormaps.txt");
/// Most entries of a caller's own table; more would only be slow.
const MAX_ENTRIES: usize = 65_536;

/// sRGB with straight alpha, 0..=1 each.
pub type Rgba = [f32; 4];

/// N ≥ 1 colours for x in 0..=1, and those beyond. A scene is copied with each change; the colours
/// are not.
#[derive(Clone, Debug, PartialEq)]
pub struct Colormap {
    entries: Arc<[Rgba]>,
    under: Rgba,
    over: Rgba,
    bad: Rgba,
}

/// Where one built-in map stands in [`TABLES`].
struct Table {
    name: &'static str,
    colours: &'static str,
    reversed: bool,
}

static INDEX: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let mut forward = Vec::new();
    let mut backward = Vec::new();
    for line in TABLES.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.splitn(3, ' ');
        let (Some(name), Some(reverse), Some(colours)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let side = if name.ends_with("_r") { &mut backward } else { &mut forward };
        side.push(Table { name, colours, reversed: false });
        if reverse != "-" {
            backward.push(Table { name: reverse, colours, reversed: true });
        }
    }
    forward.append(&mut backward);
    forward
});

static NAMES: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| INDEX.iter().map(|table| table.name).collect());

impl Colormap {
    /// A built-in map by matplotlib's name (upper and lower case differ), its reverse with `_r`.
    pub fn named(name: &str) -> Result<Self> {
        let table = INDEX.iter().find(|table| table.name == name).ok_or_else(|| unknown(name))?;
        let mut entries: Vec<Rgba> = table.colours.split(' ').filter_map(parse_colour).collect();
        if table.reversed {
            entries.reverse();
        }
        Self::from_rgba(entries)
    }

    /// A map of the caller's own colours: sRGB with straight alpha, each in 0..=1, lowest first.
    ///
    /// Below and above the range the first and last entry go on; bad values are transparent.
    pub fn from_rgba(entries: Vec<Rgba>) -> Result<Self> {
        let (Some(first), Some(last)) = (entries.first().copied(), entries.last().copied()) else {
            return Err(Error::invalid(
                "a colormap needs at least one colour; expected (N, 4) with N >= 1, got N = 0; pass more colours",
            ));
        };
        if entries.len() > MAX_ENTRIES {
            return Err(Error::invalid(format!(
                "a colormap holds at most {MAX_ENTRIES} colours; got {}; resample it to 256",
                entries.len()
            )));
        }
        for (index, entry) in entries.iter().enumerate() {
            check_colour(entry, &format!("colormap entry {index}"))?;
        }
        Ok(Self { entries: entries.into(), under: first, over: last, bad: [0.0; 4] })
    }

    /// The same map with colours of its own for x < 0, x > 1 and NaN.
    pub fn with_extremes(self, under: Rgba, over: Rgba, bad: Rgba) -> Result<Self> {
        check_colour(&under, "under")?;
        check_colour(&over, "over")?;
        check_colour(&bad, "bad")?;
        Ok(Self { under, over, bad, ..self })
    }

    /// Names that [`named`](Self::named) knows: viridis, magma, terrain, the others, then all
    /// reverses.
    pub fn supported() -> &'static [&'static str] {
        &NAMES
    }

    /// Colours for x in 0..=1.
    pub fn entries(&self) -> &[Rgba] {
        &self.entries
    }

    /// Colour for x < 0.
    pub fn under(&self) -> Rgba {
        self.under
    }

    /// Colour for x > 1.
    pub fn over(&self) -> Rgba {
        self.over
    }

    /// Whether any height lets the background through.
    pub fn is_translucent(&self) -> bool {
        let colours = self.entries.iter().chain([&self.under, &self.over]);
        colours.into_iter().any(|rgba| rgba[3] < 1.0)
    }

    /// Colour for NaN.
    pub fn bad(&self) -> Rgba {
        self.bad
    }

    /// Colour of `x` as matplotlib's `Colormap.__call__`: entry ⌊x·N⌋, the last for x = 1.
    pub fn lookup(&self, x: f32) -> Rgba {
        if x.is_nan() {
            return self.bad;
        }
        if x < 0.0 {
            return self.under;
        }
        if x > 1.0 {
            return self.over;
        }
        let index = (x * self.entries.len() as f32) as usize;
        self.entries
            .get(index)
            .copied()
            .unwrap_or_else(|| self.entries.last().copied().unwrap_or(self.over))
    }
}

fn check_colour(colour: &Rgba, what: &str) -> Result<()> {
    if colour.iter().all(|channel| (0.0..=1.0).contains(channel)) {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "{what} must be (red, green, blue, alpha), each in 0..1; got {colour:?}; divide bytes by 255"
    )))
}

fn parse_colour(hex: &str) -> Option<Rgba> {
    let value = u32::from_str_radix(hex, 16).ok()?;
    let channel = |shift: u32| f32::from((value >> shift) as u8) / 255.0;
    Some([channel(16), channel(8), channel(0), 1.0])
}

fn unknown(name: &str) -> Error {
    let name = cut_short(name);
    let wanted = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = NAMES
        .iter()
        .filter_map(|known| {
            let lower = known.to_lowercase();
            let distance = edit_distance(&wanted, &lower).ok()?;
            let part = wanted.len() >= 4 && (lower.contains(&wanted) || wanted.contains(&lower));
            (part || distance <= 1 + wanted.len() / 4).then_some((distance, *known))
        })
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let cure = match near.as_slice() {
        [] => "pass a name of colormap_supported()".to_owned(),
        near => {
            let names: Vec<String> =
                near.iter().take(3).map(|(_, known)| format!("'{known}'")).collect();
            format!("did you mean {}? colormap_supported() lists all", names.join(", "))
        }
    };
    Error::invalid(format!(
        "Unknown colormap '{name}'; expected one of {} names; {cure}",
        NAMES.len()
    ))
}

/// Levenshtein's distance in characters.
fn edit_distance(a: &str, b: &str) -> Result<usize> {
    let mut row: Vec<usize> = try_vec(b.len() + 1, "a colormap name")?;
    row.extend(0..=b.chars().count());
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(b.chars()) {
            let above = *cell;
            before = (diagonal + usize::from(left != right)).min(above + 1).min(before + 1);
            diagonal = above;
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    Ok(row.last().copied().unwrap_or(0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bytes(name: &str, index: usize) -> [u8; 3] {
        let entry = Colormap::named(name).unwrap().entries()[index];
        [0, 1, 2].map(|channel| (entry[channel] * 255.0).round() as u8)
    }

    // matplotlib.colormaps[name](index, bytes=True) of matplotlib 3.11.
    #[test]
    fn bytes_are_those_of_matplotlib() {
        assert_eq!([0, 127, 128, 255].map(|i| bytes("viridis", i)), VIRIDIS);
        assert_eq!([0, 127, 128, 255].map(|i| bytes("magma", i)), MAGMA);
        assert_eq!([0, 127, 128, 255].map(|i| bytes("terrain", i)), TERRAIN);
        assert_eq!([0, 127, 128, 255].map(|i| bytes("terrain_r", i)), TERRAIN_R);
        assert_eq!([0, 255].map(|i| bytes("gray", i)), [[0; 3], [255; 3]]);
    }

    const VIRIDIS: [[u8; 3]; 4] = [[68, 1, 84], [32, 143, 140], [32, 144, 140], [253, 231, 36]];
    const MAGMA: [[u8; 3]; 4] = [[0, 0, 3], [181, 54, 121], [182, 54, 121], [251, 252, 191]];
    const TERRAIN: [[u8; 3]; 4] =
        [[51, 51, 153], [253, 254, 152], [254, 253, 152], [255, 255, 255]];
    const TERRAIN_R: [[u8; 3]; 4] =
        [[255, 255, 255], [254, 253, 152], [253, 254, 152], [51, 51, 153]];

    #[test]
    fn every_name_has_a_table() {
        let names = Colormap::supported();
        assert_eq!(names[..3], ["viridis", "magma", "terrain"]);
        for name in names {
            let length = Colormap::named(name).unwrap().entries().len();
            assert_eq!(length, if name.starts_with("twilight") { 510 } else { 256 }, "{name}");
            let reverse = name.strip_suffix("_r").map_or(format!("{name}_r"), str::to_owned);
            assert!(names.contains(&reverse.as_str()), "{name}");
        }
        let mut unique = names.to_vec();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
    }

    #[test]
    fn reverse_is_backwards_to_one_level() {
        for name in Colormap::supported().iter().filter(|name| !name.ends_with("_r")) {
            let forward = Colormap::named(name).unwrap();
            let backward = Colormap::named(&format!("{name}_r")).unwrap();
            for (a, b) in forward.entries().iter().zip(backward.entries().iter().rev()) {
                assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1.01 / 255.0), "{name}");
            }
        }
    }

    #[test]
    fn lookup_takes_whole_steps() {
        let grey = |v| [v, v, v, 1.0];
        let map = Colormap::from_rgba(vec![grey(0.0), grey(0.5), grey(1.0)]).unwrap();
        let map = map.with_extremes([1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0], [0.0; 4]).unwrap();
        for (x, expected) in [(0.0, 0.0), (0.33, 0.0), (0.34, 0.5), (0.67, 1.0), (1.0, 1.0)] {
            assert_eq!(map.lookup(x), grey(expected));
        }
        assert_eq!(map.lookup(-0.01), map.under());
        assert_eq!(map.lookup(1.01), map.over());
        assert_eq!(map.lookup(f32::NAN), map.bad());
    }

    #[test]
    fn unknown_names_get_near_ones() {
        let message = |name: &str| Colormap::named(name).unwrap_err().to_string();
        assert!(message("virdis").starts_with("Unknown colormap 'virdis'"));
        assert!(message("virdis").contains("'viridis'"));
        assert!(message("Terrain").contains("'terrain'"));
        assert!(message("greys").contains("'Greys'"));
        assert!(message("xxxxxxxxxx").contains("colormap_supported()"));
        assert!(message("").starts_with("Unknown colormap ''"));
        assert!(message(&"é".repeat(10_000)).len() < 300);
    }

    #[test]
    fn own_tables_are_checked() {
        assert!(Colormap::from_rgba(Vec::new()).is_err());
        assert!(Colormap::from_rgba(vec![[0.0, 0.0, 0.0, 1.5]]).is_err());
        assert!(Colormap::from_rgba(vec![[f32::NAN, 0.0, 0.0, 1.0]]).is_err());
        assert!(Colormap::from_rgba(vec![[0.0; 4]; MAX_ENTRIES + 1]).is_err());
        let message = Colormap::from_rgba(vec![[0.0; 4], [255.0; 4]]).unwrap_err().to_string();
        assert!(message.starts_with("colormap entry 1 must be"), "{message}");
    }
}
