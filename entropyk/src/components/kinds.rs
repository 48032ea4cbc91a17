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

/// A keyword: its name, and the open range in which values make sense.
pub(super) type Keyword = (&'static str, f64, f64);

const ANY: f64 = f64::INFINITY;
const MACHINE: &[Keyword] = &[("eta_s", 0.0, 1.0 + 1e-12), ("pr", 0.0, ANY), ("P", -ANY, ANY)];
const SWEPT: &[Keyword] = &[("displacement", 0.0, ANY), ("eta_v", 0.0, ANY)];
pub(super) const RATED: &[Keyword] = &[("P_electric", 0.0, ANY), ("heat_loss", -1e-12, 1.0)];
const FLOW: &[Keyword] = &[("volume_flow", 0.0, ANY)];
const VALVE: &[Keyword] = &[("pr", 0.0, ANY), ("dp", -ANY, ANY), ("zeta", 0.0, ANY)];
const ONE_STREAM: &[Keyword] = &[("Q", -ANY, ANY), ("pr", 0.0, ANY), ("dp", -ANY, ANY), ("zeta", 0.0, ANY)];
const PIPE: &[Keyword] = &[
    ("ua", 0.0, ANY),
    ("T_ambient", 0.0, ANY),
    ("length", 0.0, ANY),
    ("diameter", 0.0, ANY),
    ("roughness", -1e-300, ANY),
];
const CONDENSER: &[Keyword] = &[("subcooling", -ANY, ANY)];
const EVAPORATOR: &[Keyword] = &[("superheat", -ANY, ANY)];
const TWO_STREAMS: &[Keyword] = &[
    ("ua", 0.0, ANY),
    ("ka", 0.0, ANY),
    ("ttd_u", -ANY, ANY),
    ("ttd_l", -ANY, ANY),
    ("pr_secondary", 0.0, ANY),
    ("dp_secondary", -ANY, ANY),
    ("zeta_secondary", 0.0, ANY),
    ("pinch", -ANY, ANY),
    ("area", 0.0, ANY),
    ("alpha", 0.0, ANY),
    ("alpha_two_phase", 0.0, ANY),
    ("alpha_secondary", 0.0, ANY),
    ("alpha_secondary_two_phase", 0.0, ANY),
    ("ua_11", 0.0, ANY),
    ("ua_12", 0.0, ANY),
    ("ua_21", 0.0, ANY),
    ("ua_22", 0.0, ANY),
];

/// What an area goes by: heat transfer coefficients by phase, and conductances of zones by the phases of both streams.
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

    /// Keywords of laws that are stated only if one of them is given or asked for, with those that come with it.
    ///
    /// Ends may be such that there is no mean of both, flows such that there is no friction, though the machine works.
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
