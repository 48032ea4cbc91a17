//! Outlines of glyphs in units of their font, kept.

use super::coverage::{Edge, cubic, quadratic};
use super::fonts::Fonts;
use super::shaping::Glyph;
use cosmic_text::fontdb::ID;
use std::collections::HashMap;
use std::sync::Arc;
use swash::scale::ScaleContext;
use swash::zeno::{Command, PathData, Point};
use swash::{FontRef, Setting, TableProvider, Tag};

/// A glyph's outline, y upwards.
pub(super) struct Outline {
    commands: Vec<Command>,
    /// Units in an em.
    units: f32,
    /// Left, bottom, right, top of its control points, in units.
    bounds: [f32; 4],
    /// Its contours overlap, its font says: FreeType draws it four times as fine.
    overlaps: bool,
}

/// Outlines as commands for other programs: in ems, y down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contours {
    /// `M`, `L`, `Q`, `C` or `Z`, which take 1, 1, 2, 3 and 0 points.
    pub commands: Vec<u8>,
    /// Of all commands, in their order.
    pub points: Vec<[f32; 2]>,
}

/// Those that were asked for so far.
#[derive(Default)]
pub(super) struct Outlines {
    context: ScaleContext,
    kept: HashMap<(ID, u16), Option<Arc<Outline>>>,
}

impl Outlines {
    /// None for a glyph without any: a blank.
    pub(super) fn of(&mut self, fonts: &mut Fonts, glyph: &Glyph) -> Option<Arc<Outline>> {
        let context = &mut self.context;
        self.kept
            .entry((glyph.face, glyph.id))
            .or_insert_with(|| read(context, fonts, glyph).map(Arc::new))
            .clone()
    }
}

fn read(context: &mut ScaleContext, fonts: &mut Fonts, glyph: &Glyph) -> Option<Outline> {
    let font = fonts.face(glyph.face)?;
    let face = font.as_swash();
    // As cosmic-text shapes: a variable font at its regular weight.
    let weight = face.variations().find_by_tag(Tag::from_be_bytes(*b"wght"));
    let regular = weight.map(|axis| Setting {
        tag: axis.tag(),
        value: 400_f32.clamp(axis.min_value(), axis.max_value()),
    });
    // Size 0 is in units of the font.
    let mut scaler = context.builder(face).size(0.0).hint(false).variations(regular).build();
    let outline =
        scaler.scale_outline(glyph.id).or_else(|| scaler.scale_color_outline(glyph.id))?;
    let bounds = outline.bounds();
    let commands: Vec<Command> = outline.path().commands().collect();
    (!commands.is_empty()).then(|| Outline {
        commands,
        units: f32::from(face.metrics(&[]).units_per_em.max(1)),
        bounds: [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y],
        overlaps: overlaps(&face, glyph.id).unwrap_or(false),
    })
}

/// OVERLAP_SIMPLE of a glyph's first point, or OVERLAP_COMPOUND of its first component, in
/// TrueType's glyf table.
fn overlaps(face: &FontRef<'_>, glyph: u16) -> Option<bool> {
    let table = |tag: &[u8; 4]| face.table_by_tag(Tag::from_be_bytes(*tag));
    let word =
        |bytes: &[u8], at: usize| Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
    let (loca, glyf, at) = (table(b"loca")?, table(b"glyf")?, usize::from(glyph));
    let start = if word(table(b"head")?, 50)? == 0 {
        2 * usize::from(word(loca, 2 * at)?)
    } else {
        (usize::from(word(loca, 4 * at)?) << 16) + usize::from(word(loca, 4 * at + 2)?)
    };
    let data = glyf.get(start..)?;
    let contours = word(data, 0)? as i16;
    if contours < 0 {
        return Some(word(data, 10)? & 0x400 != 0);
    }
    let instructions = 10 + 2 * contours as usize;
    let flags = instructions + 2 + usize::from(word(data, instructions)?);
    Some(data.get(flags)? & 0x40 != 0)
}

impl Outline {
    /// Left, top, right, bottom in ems, y down.
    pub(super) fn ink(&self) -> [f32; 4] {
        let [left, bottom, right, top] = self.bounds.map(|unit| unit / self.units);
        [left, -top, right, -bottom]
    }

    /// Adds the outline with its origin at `origin`, in ems.
    pub(super) fn contours(&self, origin: [f32; 2], found: &mut Contours) {
        let at =
            |point: Point| [origin[0] + point.x / self.units, origin[1] - point.y / self.units];
        for command in &self.commands {
            let (letter, points) = match *command {
                Command::MoveTo(to) => (b'M', vec![to]),
                Command::LineTo(to) => (b'L', vec![to]),
                Command::QuadTo(by, to) => (b'Q', vec![by, to]),
                Command::CurveTo(first, second, to) => (b'C', vec![first, second, to]),
                Command::Close => (b'Z', Vec::new()),
            };
            found.commands.push(letter);
            found.points.extend(points.into_iter().map(at));
        }
    }

    /// Appends the outline at `size` pixels an em, its origin at `origin`, turned by the unit
    /// vector `along`; y down.
    ///
    /// Points of upright glyphs lie on 64ths of a pixel, as FreeType has them.
    pub(super) fn append(
        &self,
        edges: &mut Vec<Edge>,
        size: f32,
        origin: [f32; 2],
        along: [f32; 2],
    ) {
        let scale = size / self.units;
        let grid = |length: f32| (length * 64.0).round() / 64.0;
        let origin = origin.map(grid);
        let upright = along == [1.0, 0.0];
        let flat = if self.overlaps { 1.0 / 16.0 } else { 0.25 };
        let turned = |point: Point| {
            let (x, y) = (point.x * scale, -point.y * scale);
            if upright {
                [grid(x), grid(y)]
            } else {
                [along[0] * x - along[1] * y, along[1] * x + along[0] * y]
            }
        };
        let put = |point: [f32; 2]| [point[0] + origin[0], point[1] + origin[1]];
        let (mut at, mut start) = ([0.0; 2], [0.0; 2]);
        for (number, command) in self.commands.iter().enumerate() {
            match *command {
                Command::MoveTo(to) => {
                    edges.push([at, start]);
                    at = put(turned(to));
                    start = at;
                }
                Command::LineTo(to) => {
                    edges.push([at, put(turned(to))]);
                    at = put(turned(to));
                }
                Command::QuadTo(by, to) => {
                    // TrueType leaves out points midway between two control points: these are found
                    // on the grid.
                    let end = match self.commands.get(number + 1) {
                        Some(Command::QuadTo(next, _)) if midway(by, *next) == to => {
                            let (before, after) = (turned(by), turned(*next));
                            let middle =
                                [(before[0] + after[0]) / 2.0, (before[1] + after[1]) / 2.0];
                            if upright && !self.overlaps {
                                middle.map(|length| (length * 64.0).trunc() / 64.0)
                            } else {
                                middle
                            }
                        }
                        _ => turned(to),
                    };
                    quadratic(edges, [at, put(turned(by)), put(end)], flat);
                    at = put(end);
                }
                Command::CurveTo(first, second, to) => {
                    cubic(
                        edges,
                        [at, put(turned(first)), put(turned(second)), put(turned(to))],
                        flat,
                    );
                    at = put(turned(to));
                }
                Command::Close => {
                    edges.push([at, start]);
                    at = start;
                }
            }
        }
        edges.push([at, start]);
    }
}

fn midway(a: Point, b: Point) -> Point {
    Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0)
}
