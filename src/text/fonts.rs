//! Fonts: those of the caller, in the order given, and after them the one that the crate carries.

use super::shaping::{Missing, Shaped, shape};
use crate::error::{Error, Result};
use cosmic_text::fontdb::{Database, FaceInfo, ID, Source};
use cosmic_text::{Fallback, Font, FontSystem, Stretch, Style, Weight};
use std::sync::Arc;
use swash::{TableProvider, Tag};
use unicode_script::Script;

/// Noto Sans 2.015 under the SIL Open Font License (`OFL.txt`), made by `tools/make_font.py`:
/// Latin, Greek, Cyrillic.
pub static NOTO_SANS: &[u8] = include_bytes!("NotoSans.ttf");

/// A font file as a caller hands it over.
#[derive(Clone)]
pub struct FontFile {
    /// What messages call it.
    pub name: String,
    /// TrueType, OpenType or a collection of them.
    pub bytes: Arc<Vec<u8>>,
}

/// The faces that texts are shaped with; a character is drawn from the first that has it.
pub struct Fonts {
    system: FontSystem,
}

/// No list of names of any system: faces are tried in the order in which they were added.
struct InOrder;

impl Fallback for InOrder {
    fn common_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, _: Script, _: &str) -> &[&'static str] {
        &[]
    }
}

impl Fonts {
    /// The faces of `files`, and the crate's own font behind them.
    pub fn new(files: &[FontFile]) -> Result<Self> {
        let mut faces = Vec::new();
        for file in files {
            let found = faces_of(Source::Binary(file.bytes.clone()));
            if found.is_empty() {
                return Err(Error::invalid(format!(
                    "font must be a TrueType or OpenType file; got {}, which is none; pass a .ttf, .otf or .ttc",
                    file.name
                )));
            }
            faces.extend(found);
        }
        faces.extend(faces_of(Source::Binary(Arc::new(NOTO_SANS))));
        let mut database = Database::new();
        for (order, face) in faces.into_iter().enumerate() {
            // cosmic-text falls back to faces of the weight asked for alone; here the order is all
            // that counts.
            let mut plain = face;
            plain.weight = Weight::NORMAL;
            plain.style = Style::Normal;
            plain.stretch = Stretch::Normal;
            plain.monospaced = false;
            let language = plain.families.first().map(|family| family.1);
            plain.families =
                language.map(|language| (order.to_string(), language)).into_iter().collect();
            database.push_face_info(plain);
        }
        let system =
            FontSystem::new_with_locale_and_db_and_fallback("en-US".into(), database, InOrder);
        Ok(Self { system })
    }

    /// A text shaped, or the first character that no face has.
    pub fn shape(&mut self, text: &str) -> std::result::Result<Shaped, Missing> {
        shape(&mut self.system, text)
    }

    /// Whether a face has letters that are pictures, in colours: emoji.
    pub(super) fn has_pictures(&mut self, id: ID) -> bool {
        self.face(id).is_some_and(|face| {
            let face = face.as_swash();
            let tables = [b"CBDT", b"sbix", b"COLR", b"SVG "];
            tables.iter().any(|table| face.table_by_tag(Tag::from_be_bytes(**table)).is_some())
        })
    }

    /// A face, to take outlines from.
    pub(super) fn face(&mut self, id: ID) -> Option<Arc<Font>> {
        self.system.get_font(id, Weight::NORMAL)
    }
}

fn faces_of(source: Source) -> Vec<FaceInfo> {
    let mut database = Database::new();
    database.load_font_source(source);
    database.faces().cloned().collect()
}
