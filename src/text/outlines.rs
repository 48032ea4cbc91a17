//! Outlines of glyphs in units of their font, kept.

use super::fonts::Fonts;
use super::shaping::Glyph;
use cosmic_text::fontdb::ID;
use std::collections::HashMap;
use std::sync::Arc;
use swash::scale::ScaleContext;
use swash::zeno::{Command, PathData, Point};

/// A glyph's outline, y upwards.
pub(super) struct Outline {
    commands: Vec<Command>,
    /// Units in an em.
    units: f32,
    /// Left, bottom, right, top of its control points, in units.
    bounds: [f32; 4],
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
    let weight = face.variations().find_by_tag(swash::Tag::from_be_bytes(*b"wght"));
    let regular = weight.map(|axis| swash::Setting {
        tag: axis.tag(),
        value: 400_f32.clamp(axis.min_value(), axis.max_value()),
    });
    // Size 0 is in units of the font.
    let mut scaler = context.builder(face).size(0.0).hint(false).variations(regular).build();
    let outline = scaler.scale_outline(glyph.id).or_else(|| scaler.scale_color_outline(glyph.id))?;
    let bounds = outline.bounds();
    let commands: Vec<Command> = outline.path().commands().collect();
    (!commands.is_empty()).then(|| Outline {
        commands,
        units: f32::from(face.metrics(&[]).units_per_em.max(1)),
        bounds: [bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y],
    })
}

impl Outline {
    /// Left, top, right, bottom in ems, y down.
    pub(super) fn ink(&self) -> [f32; 4] {
        let [left, bottom, right, top] = self.bounds.map(|unit| unit / self.units);
        [left, -top, right, -bottom]
    }

    /// Appends the outline at `size` pixels an em, its origin at `origin`, turned by the unit vector `along`; y down.
    ///
    /// Points lie on 64ths of a pixel, as FreeType has them: its coverage is theirs.
    pub(super) fn append(&self, path: &mut Vec<Command>, size: f32, origin: [f32; 2], along: [f32; 2]) {
        let scale = size / self.units;
        let grid = |length: f32| (length * 64.0).round() / 64.0;
        let origin = origin.map(grid);
        let upright = along == [1.0, 0.0];
        let place = |point: Point| {
            let (x, y) = (point.x * scale, -point.y * scale);
            let [x, y] = if upright {
                [grid(x), grid(y)]
            } else {
                [along[0] * x - along[1] * y, along[1] * x + along[0] * y]
            };
            Point::new(x + origin[0], y + origin[1])
        };
        for (number, command) in self.commands.iter().enumerate() {
            path.push(match *command {
                Command::MoveTo(to) => Command::MoveTo(place(to)),
                Command::LineTo(to) => Command::LineTo(place(to)),
                Command::QuadTo(by, to) => {
                    // TrueType leaves out points midway between two control points: those lie midway on the grid too.
                    let between = match self.commands.get(number + 1) {
                        Some(Command::QuadTo(next, _)) if midway(by, *next) == to => {
                            Some(midway(place(by), place(*next)))
                        }
                        _ => None,
                    };
                    Command::QuadTo(place(by), between.unwrap_or_else(|| place(to)))
                }
                Command::CurveTo(first, second, to) => {
                    Command::CurveTo(place(first), place(second), place(to))
                }
                Command::Close => Command::Close,
            });
        }
    }
}

fn midway(a: Point, b: Point) -> Point {
    Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0)
}
