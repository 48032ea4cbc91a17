//! What a caller gives for a layer, checked.

use super::tables::{check_lengths, known};
use super::{Cap, Dashes, GroundLayer, Hatch, Join, Kind, Paints, Part, Paths, Shape, Unit};
use crate::error::{Error, Result};
use crate::scene::Symbol;
use crate::scene::colour::check_colour;
use std::sync::Arc;

/// On and off lengths that a pattern may have.
const MOST_DASHES: usize = 4;

/// Colours with their sizes before they are checked, and the arguments' names.
#[derive(Clone, Debug)]
pub struct Input {
    /// sRGB with straight alpha.
    pub colours: Vec<[f32; 4]>,
    /// Whole widths.
    pub sizes: Vec<f32>,
    /// What those are measured in.
    pub unit: Unit,
    /// Names of both for messages.
    pub names: [&'static str; 2],
}

impl Input {
    /// The paints, and how many features they know: 1 serves all.
    fn check(self) -> Result<(Paints, usize)> {
        let [colours, sizes] = self.names;
        for colour in &self.colours {
            check_colour(*colour, colours)?;
        }
        check_lengths(&self.sizes, self.unit, sizes)?;
        let known = known(&[(colours, self.colours.len()), (sizes, self.sizes.len())])?;
        let halves = self.sizes.iter().map(|size| 0.5 * size).collect();
        Ok((Paints { colours: self.colours, halves, unit: self.unit }, known))
    }
}

fn check_positive(value: f64, name: &str) -> Result<()> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(Error::invalid(format!("{name} must be finite and > 0; got {value}; pass a length")))
}

impl Dashes {
    /// On and off lengths in turn.
    pub fn new(numbers: &[f64]) -> Result<Self> {
        let finite = numbers.iter().all(|length| length.is_finite());
        let fits = !numbers.is_empty()
            && numbers.len().is_multiple_of(2)
            && numbers.len() <= 2 * MOST_DASHES;
        if !finite
            || !fits
            || numbers.iter().any(|length| *length < 0.0)
            || numbers.iter().sum::<f64>() <= 0.0
        {
            return Err(Error::invalid(format!(
                "dash must be lengths on and off in turn, an even number of them up to {}, none below 0 and not all 0; got \
                 {numbers:?}; pass e.g. (4, 2)",
                2 * MOST_DASHES
            )));
        }
        Ok(Self { lengths: numbers.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect() })
    }
}

impl Hatch {
    fn check(self) -> Result<Self> {
        check_positive(self.spacing, "spacing of a hatch")?;
        check_positive(self.width, "width of a hatch")?;
        if self.angle_deg.is_finite() {
            return Ok(self);
        }
        Err(Error::invalid(format!(
            "angle of a hatch must be finite; got {}; pass degrees",
            self.angle_deg
        )))
    }
}

impl Join {
    fn check(self) -> Result<Self> {
        match self {
            Self::Miter(limit) if !(limit.is_finite() && limit >= 1.0) => Err(Error::invalid(
                format!("miter_limit must be finite and at least 1; got {limit}; pass e.g. 10"),
            )),
            other => Ok(other),
        }
    }
}

fn is_seen(paints: &Paints) -> bool {
    paints.colours.iter().any(|colour| colour[3] > 0.0)
}

impl GroundLayer {
    fn new(
        kind: &'static str,
        zorder: f64,
        features: usize,
        paths: &Paths,
        parts: Vec<Part>,
    ) -> Result<Self> {
        if !zorder.is_finite() {
            return Err(Error::invalid(format!(
                "zorder must be finite; got {zorder}; pass a number"
            )));
        }
        let parts =
            parts.into_iter().filter(|part| is_seen(&part.paints) || has_edge(part)).collect();
        Ok(Self { kind, zorder, features, parts, bounds: paths.bounds() })
    }

    /// Lines. A casing is colours, and how much wider it is on each side.
    pub fn lines(
        xy: Vec<[f64; 2]>,
        offsets: &[i64],
        features: &[i64],
        paints: Input,
        casing: Option<(Vec<[f32; 4]>, f64)>,
        (cap, join): (Cap, Join),
        dashes: Option<Dashes>,
        zorder: f64,
    ) -> Result<Self> {
        let join = join.check()?;
        let (paints, known) = paints.check()?;
        let paths = Arc::new(Paths::new(xy, offsets, features, None, known)?);
        let mut parts = Vec::new();
        if let Some((colours, width)) = casing {
            check_positive(width, "casing_width")?;
            let sizes = paints.halves.iter().map(|half| 2.0 * (half + width as f32)).collect();
            let names = ["casing_colors", "casing_width"];
            let (paints, _) = Input { colours, sizes, unit: paints.unit, names }.check()?;
            // Between dashes a casing would be a line of its own.
            let kind = Kind::Stroke { cap, join, dashes: dashes.clone() };
            parts.push(Part { paths: paths.clone(), kind, paints: paints.into() });
        }
        parts.push(Part {
            paths: paths.clone(),
            kind: Kind::Stroke { cap, join, dashes },
            paints: paints.into(),
        });
        Self::new(
            "lines",
            zorder,
            features.iter().max().map_or(0, |most| *most as usize + 1),
            &paths,
            parts,
        )
    }

    /// Polygons: rings with which of them are holes, colours of the fill, hatches with their
    /// colours and unit, and edges.
    pub fn polygons(
        xy: Vec<[f64; 2]>,
        offsets: &[i64],
        features: &[i64],
        holes: &[bool],
        colours: Vec<[f32; 4]>,
        hatches: (Vec<Hatch>, Vec<[f32; 4]>, Unit),
        edge: Option<(Input, Join, Option<Dashes>)>,
        zorder: f64,
    ) -> Result<Self> {
        let fill = |colours, name| {
            Input { colours, sizes: vec![0.0], unit: Unit::Pixels, names: [name, "sizes"] }.check()
        };
        let (paints, mut known) = fill(colours, "colors")?;
        let mut parts = Vec::new();
        let (stripes, stripe_colours, unit) = hatches;
        let mut hatched = Vec::new();
        for hatch in stripes {
            let (paints, count) = fill(stripe_colours.clone(), "hatch_colors")?;
            known = known.max(count);
            hatched.push((Kind::Fill(Some((hatch.check()?, unit))), paints));
        }
        let edge = edge.map(|(paints, join, dashes)| {
            let (paints, count) = paints.check()?;
            known = known.max(count);
            Ok((Kind::Stroke { cap: Cap::Butt, join: join.check()?, dashes }, paints))
        });
        let edge = edge.transpose()?;
        let paths = Arc::new(Paths::new(xy, offsets, features, Some(holes), known)?);
        for (kind, paints) in [(Kind::Fill(None), paints)].into_iter().chain(hatched).chain(edge) {
            parts.push(Part { paths: paths.clone(), kind, paints: paints.into() });
        }
        Self::new(
            "polygons",
            zorder,
            features.iter().max().map_or(0, |most| *most as usize + 1),
            &paths,
            parts,
        )
    }

    /// Points, each of a feature; a symbol goes with its shape.
    pub fn points(
        xy: Vec<[f64; 2]>,
        features: &[i64],
        paints: Input,
        (shape, symbol): (Shape, Option<Arc<Symbol>>),
        edge: Option<Input>,
        zorder: f64,
    ) -> Result<Self> {
        let (mut paints, mut known) = paints.check()?;
        let mut edge = edge.map(|edge| edge.check()).transpose()?.map(|(edge, count)| {
            known = known.max(count);
            edge
        });
        if let Some(edge) = &mut edge {
            // Both tables are looked up by one number.
            spread(&mut paints, known);
            spread(edge, known);
            edge.halves.iter_mut().for_each(|half| *half *= shape.tip());
        }
        let edge = edge.map(Arc::new);
        let count = features.iter().max().map_or(0, |most| *most as usize + 1);
        let paths = Arc::new(Paths::places(xy, features, known)?);
        let parts = vec![Part {
            paths: paths.clone(),
            kind: Kind::Marks { shape, symbol, edge },
            paints: paints.into(),
        }];
        Self::new("points", zorder, count, &paths, parts)
    }
}

fn has_edge(part: &Part) -> bool {
    matches!(&part.kind, Kind::Marks { edge: Some(edge), .. } if is_seen(edge))
}

fn spread(paints: &mut Paints, known: usize) {
    let [colours, halves] = [paints.colours.len(), paints.halves.len()];
    if colours == 1 {
        paints.colours = vec![paints.colours[0]; known];
    }
    if halves == 1 {
        paints.halves = vec![paints.halves[0]; known];
    }
}
