//! What components there are, and what each is told by keywords.

/// What a component is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Raises pressure, at the cost of work.
    Compressor,
    /// Lowers pressure at constant enthalpy.
    ExpansionValve,
    /// Gives heat up; with a secondary stream, to that.
    Condenser,
    /// Takes heat up; with a secondary stream, from that.
    Evaporator,
    /// Moves heat from its first stream to its second, both of the network.
    Economizer,
    /// Parts liquid and vapour: vapour leaves by the first outlet, liquid by the second.
    FlashEconomizer,
    /// Lowers pressure, and gives work up.
    Turbine,
    /// Raises the pressure of a liquid.
    Pump,
    /// Raises the pressure of a gas a little.
    Fan,
    /// Loses pressure and heat.
    Pipe,
    /// One stream becomes several.
    FlowSplitter,
    /// Several streams become one.
    FlowMerger,
    /// Where a fluid comes from.
    FlowSource,
    /// Where a fluid goes to.
    FlowSink,
}

/// A keyword, and which values make sense.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Keyword {
    pub(crate) name: &'static str,
    /// What can be given is between these two.
    pub(crate) range: [f64; 2],
    /// Whether it stays above 0 on the way to a solution too; others may be found outside of their
    /// range.
    pub(crate) positive: bool,
}

const ANY: f64 = f64::INFINITY;

/// A limit as it is said: those that belong to a range are a hair outside of it.
pub(crate) fn said(limit: f64) -> f64 {
    if limit.is_finite() { (limit * 1e9).round() / 1e9 + 0.0 } else { limit }
}

const fn any(name: &'static str) -> Keyword {
    between(name, -ANY, ANY)
}

const fn above_zero(name: &'static str) -> Keyword {
    between(name, 0.0, ANY)
}

const fn between(name: &'static str, low: f64, high: f64) -> Keyword {
    Keyword { name, range: [low, high], positive: false }
}

/// Above 0, and so on the way to a solution: sizes and conductances, in which laws are steep near
/// 0.
const fn size(name: &'static str) -> Keyword {
    Keyword { name, range: [0.0, ANY], positive: true }
}

const MACHINE: &[Keyword] = &[between("eta_s", 0.0, 1.0 + 1e-12), above_zero("pr"), any("P")];
const SWEPT: &[Keyword] = &[size("displacement"), above_zero("eta_v")];
pub(super) const RATED: &[Keyword] = &[above_zero("P_electric"), between("heat_loss", -1e-12, 1.0)];
const FLOW: &[Keyword] = &[above_zero("volume_flow")];
const VALVE: &[Keyword] = &[above_zero("pr"), any("dp"), size("zeta")];
const ONE_STREAM: &[Keyword] = &[any("Q"), above_zero("pr"), any("dp"), size("zeta")];
const PIPE: &[Keyword] = &[
    size("ua"),
    above_zero("T_ambient"),
    size("length"),
    size("diameter"),
    between("roughness", -1e-300, ANY),
];
const CONDENSER: &[Keyword] = &[any("subcooling")];
const EVAPORATOR: &[Keyword] = &[any("superheat")];
const TWO_STREAMS: &[Keyword] = &[
    size("ua"),
    size("ka"),
    any("ttd_u"),
    any("ttd_l"),
    above_zero("pr_secondary"),
    any("dp_secondary"),
    size("zeta_secondary"),
    any("pinch"),
    size("area"),
    size("alpha"),
    size("alpha_two_phase"),
    size("alpha_secondary"),
    size("alpha_secondary_two_phase"),
    above_zero("ua_11"),
    above_zero("ua_12"),
    above_zero("ua_21"),
    above_zero("ua_22"),
];

/// What an area goes by: heat transfer coefficients by phase, and conductances of zones by the
/// phases of both streams.
pub(super) const AREA: &[&str] = &[
    "area",
    "alpha",
    "alpha_two_phase",
    "alpha_secondary",
    "alpha_secondary_two_phase",
    "ua_11",
    "ua_12",
    "ua_21",
    "ua_22",
];

impl Kind {
    /// The name of the class.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Compressor => "Compressor",
            Self::ExpansionValve => "ExpansionValve",
            Self::Condenser => "Condenser",
            Self::Evaporator => "Evaporator",
            Self::Economizer => "Economizer",
            Self::FlashEconomizer => "FlashEconomizer",
            Self::Turbine => "Turbine",
            Self::Pump => "Pump",
            Self::Fan => "Fan",
            Self::Pipe => "Pipe",
            Self::FlowSplitter => "FlowSplitter",
            Self::FlowMerger => "FlowMerger",
            Self::FlowSource => "FlowSource",
            Self::FlowSink => "FlowSink",
        }
    }

    /// The keywords that it takes.
    pub(super) fn keywords(self, two_streams: bool) -> impl Iterator<Item = Keyword> {
        let (own, more): (&[Keyword], &[Keyword]) = match self {
            Self::Compressor => (MACHINE, SWEPT),
            Self::Turbine => (MACHINE, &[]),
            Self::Pump | Self::Fan => (MACHINE, FLOW),
            Self::ExpansionValve => (VALVE, &[]),
            Self::Pipe => (ONE_STREAM, PIPE),
            Self::Economizer => (ONE_STREAM, &[]),
            Self::FlashEconomizer | Self::FlowSplitter | Self::FlowMerger => (&[], &[]),
            Self::FlowSource | Self::FlowSink => (&[], &[]),
            Self::Condenser => (ONE_STREAM, CONDENSER),
            Self::Evaporator => (ONE_STREAM, EVAPORATOR),
        };
        let rest = if two_streams || self == Self::Economizer { TWO_STREAMS } else { &[] };
        own.iter().chain(more).chain(rest).copied()
    }

    /// Keywords of laws that are stated only if one of them is given or asked for, with those that
    /// come with it.
    ///
    /// Ends may be such that there is no mean of both, flows such that there is no friction, though
    /// the machine works.
    pub(super) fn optional(self, word: &str) -> Option<&'static [&'static str]> {
        Some(match word {
            "ka" => &["ka"],
            "zeta" => &["zeta"],
            "zeta_secondary" => &["zeta_secondary"],
            "pinch" => &["pinch"],
            _ if AREA.contains(&word) => AREA,
            "ua" | "T_ambient" if self == Self::Pipe => &["ua", "T_ambient"],
            "length" | "diameter" | "roughness" => &["length", "diameter", "roughness"],
            _ => return None,
        })
    }
}
