//! From characters to glyphs in their places, by cosmic-text: ligatures, marks, joined letters,
//! right to left.

use cosmic_text::fontdb::ID;
use cosmic_text::{
    Attrs, AttrsList, Family, FontSystem, Hinting, LayoutGlyph, ShapeLine, Shaping, Wrap,
};

/// The family name that a text's first face gets.
pub(super) const FIRST: &str = "0";
/// From one baseline to the next, in ems.
const LINE: f32 = 1.25;

/// A glyph of a shaped text.
#[derive(Clone, Copy, Debug)]
pub struct Glyph {
    pub(super) face: ID,
    pub(super) id: u16,
    /// Of its origin, in ems.
    pub x: f32,
    /// Of its origin, in ems, down from the first baseline.
    pub y: f32,
    /// How far the pen goes on, in ems; 0 for marks.
    pub advance: f32,
    /// The first character to be seen of those that it stands for; None where all are blank.
    pub(super) letter: Option<char>,
}

/// A text as glyphs in their places, drawn from left to right.
#[derive(Clone, Debug, Default)]
pub struct Shaped {
    /// From left to right, line by line.
    pub glyphs: Vec<Glyph>,
    /// Of its longest line, in ems.
    pub advance: f32,
    /// Number of lines.
    pub lines: usize,
    /// Left, top, right and bottom of all outlines, in ems; `texts.rs` sets it.
    pub ink: [f32; 4],
}

/// A character that no face has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub char);

/// Lines end at line feeds, and each stands centred over the others.
pub(super) fn shape(system: &mut FontSystem, text: &str) -> Result<Shaped, Missing> {
    let attributes = AttrsList::new(&Attrs::new().family(Family::Name(FIRST)));
    let mut shaped = Shaped::default();
    let mut ends = Vec::new();
    for line in text.lines() {
        let shape = ShapeLine::new(system, line, &attributes, Shaping::Advanced, 4);
        let laid = shape.layout(1.0, None, Wrap::None, None, None, Hinting::Disabled);
        let start = shaped.glyphs.len();
        for glyph in laid.iter().flat_map(|line| &line.glyphs) {
            if let Some(glyph) = glyph_of(glyph, line, shaped.lines)? {
                shaped.glyphs.push(glyph);
            }
        }
        // A line that runs right to left need not begin at 0.
        let glyphs = shaped.glyphs.get_mut(start..).unwrap_or_default();
        let left = glyphs.iter().map(|glyph| glyph.x).reduce(f32::min).unwrap_or(0.0);
        let right = glyphs.iter().map(|glyph| glyph.x + glyph.advance).fold(left, f32::max);
        glyphs.iter_mut().for_each(|glyph| glyph.x -= left);
        ends.push((start, right - left));
        shaped.advance = shaped.advance.max(right - left);
        shaped.lines += 1;
    }
    for (line, &(start, width)) in ends.iter().enumerate() {
        let end = ends.get(line + 1).map_or(shaped.glyphs.len(), |next| next.0);
        let inset = (shaped.advance - width) / 2.0;
        let glyphs = shaped.glyphs.get_mut(start..end).unwrap_or_default();
        glyphs.iter_mut().for_each(|glyph| glyph.x += inset);
    }
    Ok(shaped)
}

/// None for what draws nothing: control characters that fonts have no glyph for.
fn glyph_of(glyph: &LayoutGlyph, line: &str, above: usize) -> Result<Option<Glyph>, Missing> {
    let cluster = line.get(glyph.start..glyph.end).unwrap_or_default();
    let letter =
        cluster.chars().find(|c| !(c.is_control() || c.is_whitespace() || is_invisible(*c)));
    if glyph.glyph_id == 0 {
        return letter.map_or(Ok(None), |missing| Err(Missing(missing)));
    }
    Ok(Some(Glyph {
        face: glyph.font_id,
        id: glyph.glyph_id,
        x: glyph.x + glyph.x_offset,
        y: LINE * above as f32 + glyph.y - glyph.y_offset,
        advance: glyph.w,
        letter,
    }))
}

/// Joiners, direction marks, variation selectors and the like.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}
