//! Texts shaped once, and the masks of those that were drawn, kept from picture to picture.

use super::coverage::Mask;
use super::coverage::{Edge, filled};
use super::fonts::{FontFile, Fonts};
use super::outlines::{Contours, Outline, Outlines};
use super::shaping::{Glyph, Shaped};
use crate::cores::cores;
use crate::error::{Error, Result, cut_short};
use cosmic_text::fontdb::ID;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Many texts in the same fonts.
pub struct Texts {
    shaped: Vec<Arc<Shaped>>,
    outlines: HashMap<(ID, u16), Arc<Outline>>,
    masks: Mutex<Kept>,
}

/// A text as it is drawn upright.
#[derive(Default)]
pub struct Drawn {
    /// The letters.
    pub letters: Mask,
    /// The letters with what lies within the halo's width of them.
    pub halo: Option<Mask>,
}

/// Where a glyph of a text along a line stands: its origin in pixels, and the direction of its
/// baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turned {
    /// In pixels.
    pub origin: [f32; 2],
    /// A unit vector, y down.
    pub along: [f32; 2],
}

/// Which text, at how many pixels an em, with how wide a halo; the bits of both floats.
type Key = (usize, u32, u32);

#[derive(Default)]
struct Kept {
    masks: HashMap<Key, Arc<Drawn>>,
    bytes: usize,
}

/// Beyond this they are forgotten and begun anew.
const MOST_BYTES: usize = 64 << 20;

/// Texts for each thread at least.
const SHARE: usize = 256;

impl Texts {
    /// Shapes `texts`, each with the row that messages call it by.
    pub fn new(texts: &[(u64, &str)], files: &[FontFile]) -> Result<Self> {
        let mut number = HashMap::new();
        let mut different = Vec::new();
        for (row, text) in texts {
            number.entry(*text).or_insert_with(|| {
                different.push((*row, *text));
                different.len() - 1
            });
        }
        let threads = cores();
        let share = different.len().div_ceil(threads).max(SHARE);
        let parts: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = different
                .chunks(share)
                .map(|part| scope.spawn(move || shape_part(part, files)))
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|_| Err(Error::Internal("a panic while shaping".into())))
                })
                .collect()
        });
        // Without a text the fonts are still looked at.
        if different.is_empty() {
            Fonts::new(files)?;
        }
        let (mut shaped, mut outlines) = (Vec::new(), HashMap::new());
        for part in parts {
            let (texts, used) = part?;
            shaped.extend(texts.into_iter().map(Arc::new));
            outlines.extend(used);
        }
        let shaped = texts
            .iter()
            .filter_map(|(_, text)| number.get(text).and_then(|at| shaped.get(*at)).cloned());
        Ok(Self { shaped: shaped.collect(), outlines, masks: Mutex::default() })
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.shaped.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.shaped.is_empty()
    }

    /// A text.
    pub fn get(&self, text: usize) -> Option<&Shaped> {
        self.shaped.get(text).map(AsRef::as_ref)
    }

    /// A text upright at `size` pixels an em, its first baseline's start at the origin, with a halo
    /// of `halo` pixels or none.
    pub fn upright(&self, text: usize, size: f32, halo: f32) -> Arc<Drawn> {
        let key = (text, size.to_bits(), halo.to_bits());
        if let Some(drawn) =
            self.masks.lock().unwrap_or_else(PoisonError::into_inner).masks.get(&key)
        {
            return drawn.clone();
        }
        let mut path = Vec::new();
        for glyph in self.glyphs(text) {
            self.append(&mut path, glyph, size, [glyph.x * size, glyph.y * size], [1.0, 0.0]);
        }
        let drawn = Arc::new(draw(&path, halo));
        let bytes = drawn.letters.coverage.len()
            + drawn.halo.as_ref().map_or(0, |halo| halo.coverage.len());
        let mut kept = self.masks.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.bytes + bytes > MOST_BYTES {
            *kept = Kept::default();
        }
        kept.bytes += bytes;
        kept.masks.insert(key, drawn.clone());
        drawn
    }

    /// A text whose glyphs stand as `places` say, one for each.
    pub fn turned(&self, text: usize, size: f32, halo: f32, places: &[Turned]) -> Drawn {
        let mut path = Vec::new();
        for (glyph, place) in self.glyphs(text).iter().zip(places) {
            self.append(&mut path, glyph, size, place.origin, place.along);
        }
        draw(&path, halo)
    }

    /// A text with its first baseline's start at `origin` and its baselines along the unit vector
    /// `along`, in pixels.
    pub fn along(
        &self,
        text: usize,
        size: f32,
        halo: f32,
        origin: [f32; 2],
        along: [f32; 2],
    ) -> Drawn {
        let [right, down] = along;
        let place = |glyph: &Glyph| {
            let (x, y) = (glyph.x * size, glyph.y * size);
            Turned {
                origin: [origin[0] + right * x - down * y, origin[1] + down * x + right * y],
                along,
            }
        };
        let places: Vec<Turned> = self.glyphs(text).iter().map(place).collect();
        self.turned(text, size, halo, &places)
    }

    /// The outlines of a text, its first baseline's start at the origin.
    pub fn contours(&self, text: usize) -> Contours {
        let mut found = Contours::default();
        for glyph in self.glyphs(text) {
            if let Some(outline) = self.outlines.get(&(glyph.face, glyph.id)) {
                outline.contours([glyph.x, glyph.y], &mut found);
            }
        }
        found
    }

    fn glyphs(&self, text: usize) -> &[Glyph] {
        self.get(text).map_or(&[], |shaped| &shaped.glyphs)
    }

    fn append(
        &self,
        path: &mut Vec<Edge>,
        glyph: &Glyph,
        size: f32,
        origin: [f32; 2],
        along: [f32; 2],
    ) {
        if let Some(outline) = self.outlines.get(&(glyph.face, glyph.id)) {
            outline.append(path, size, origin, along);
        }
    }
}

fn draw(path: &[Edge], halo: f32) -> Drawn {
    if path.is_empty() {
        return Drawn::default();
    }
    let letters = filled(path);
    let halo = (halo > 0.0).then(|| letters.grown(halo));
    Drawn { letters, halo }
}

/// What there is to say of a coloured one of emoji.
const PICTURE: &str = "of which its font has a picture in colours alone; \
     pass font= with one before it that has outlines, e.g. NotoEmoji-Regular.ttf";

type Part = (Vec<Shaped>, HashMap<(ID, u16), Arc<Outline>>);

fn shape_part(texts: &[(u64, &str)], files: &[FontFile]) -> Result<Part> {
    let mut fonts = Fonts::new(files)?;
    let mut outlines = Outlines::default();
    let (mut all, mut used) = (Vec::new(), HashMap::new());
    for (row, text) in texts {
        let refused = |letter: char, wanted: &str, cure: &str| {
            let code = u32::from(letter);
            let text = cut_short(text);
            let found = format!("got {letter:?} (U+{code:04X}) in row {row}, {text:?}");
            Error::invalid(format!("each character must {wanted}; {found}, {cure}"))
        };
        let mut shaped = fonts.shape(text).map_err(|missing| {
            let cure = "which no font here has; pass font= with one that has it";
            refused(missing.0, "be in a font", cure)
        })?;
        shaped.ink = [f32::INFINITY, f32::INFINITY, f32::NEG_INFINITY, f32::NEG_INFINITY];
        for glyph in &shaped.glyphs {
            let Some(outline) = outlines.of(&mut fonts, glyph) else {
                match glyph.letter.filter(|_| fonts.has_pictures(glyph.face)) {
                    Some(letter) => return Err(refused(letter, "have an outline", PICTURE)),
                    None => continue,
                }
            };
            let [left, top, right, bottom] = outline.ink();
            let ink = &mut shaped.ink;
            *ink = [
                ink[0].min(glyph.x + left),
                ink[1].min(glyph.y + top),
                ink[2].max(glyph.x + right),
                ink[3].max(glyph.y + bottom),
            ];
            used.entry((glyph.face, glyph.id)).or_insert(outline);
        }
        if shaped.ink[0] > shaped.ink[2] {
            shaped.ink = [0.0; 4];
        }
        all.push(shaped);
    }
    Ok((all, used))
}
