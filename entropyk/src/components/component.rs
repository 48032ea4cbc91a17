//! A component: what it was told.

use std::sync::Arc;

use super::kinds::{Keyword, Kind, RATED, said};
use super::laws::Medium;
use super::rating::Rating;
use crate::{Error, Result};

/// A stream that enters a component from outside at a known state, and leaves to outside.
#[derive(Debug, Clone)]
pub struct Stream {
    /// What flows.
    pub fluid: Medium,
    /// The temperature at which it enters, K.
    pub t: f64,
    /// The pressure at which it enters, Pa.
    pub p: f64,
    /// Its mass flow, kg/s; free if it is not given.
    pub m: Option<f64>,
}

/// What is on the other side of a heat exchanger.
#[derive(Debug, Clone)]
pub enum Second {
    /// Nothing: the heat comes from anywhere.
    None,
    /// A stream from outside.
    Stream(Stream),
    /// A stream of the network, by connections to the second port.
    Connected,
}

impl Second {
    /// Whether there is a second stream.
    #[must_use]
    pub fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The stream, if it is from outside.
    #[must_use]
    pub fn stream(&self) -> Option<&Stream> {
        if let Self::Stream(stream) = self { Some(stream) } else { None }
    }
}

/// Whether a component works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OperationalState {
    /// It works.
    #[default]
    On,
    /// Its first stream is shut: nothing flows, and pressures before and after it are what they
    /// are.
    Off,
    /// What flows through it leaves as it came.
    Bypass,
}

/// A component with what it was told.
#[derive(Debug, Clone)]
pub struct Component {
    /// What it is.
    pub kind: Kind,
    /// The keywords that were given, with their values in SI units.
    pub given: Vec<(&'static str, f64)>,
    /// The stream on the other side.
    pub secondary: Second,
    /// Keywords that something else of the network refers to.
    pub asked: Vec<String>,
    /// Whether it works.
    pub state: OperationalState,
    /// How many streams a splitter or merger has.
    pub branches: usize,
    /// What flows from a source, if it is not the system's fluid.
    pub fluid: Option<Medium>,
    /// What a compressor was rated at.
    pub rating: Option<Arc<Rating>>,
    /// What a source or sink says about its connection.
    pub boundary: Vec<(&'static str, f64)>,
}

impl Component {
    /// A component of a kind; every keyword is checked against its range.
    pub fn new(kind: Kind, given: Vec<(&'static str, f64)>, secondary: Second) -> Result<Self> {
        for &(name, value) in &given {
            let rated = RATED.iter().copied().filter(|_| kind == Kind::Compressor);
            let known = kind.keywords(secondary.is_some()).chain(rated).find(|k| k.name == name);
            let Some(Keyword { range: [low, high], .. }) = known else {
                let why = if kind.keywords(true).any(|k| k.name == name) {
                    "has one only with a secondary stream; give secondary=Stream(...)"
                } else {
                    "does not know it"
                };
                return Err(Error::Component(format!("{name}={value}: a {} {why}", kind.name())));
            };
            if !(value.is_finite() && value > low && value < high) {
                return Err(Error::Component(format!(
                    "{}: expected {name} between {} and {}, got {value}",
                    kind.name(),
                    said(low),
                    said(high)
                )));
            }
        }
        if let Some(stream) = secondary.stream() {
            let positive = |name: &str, v: f64| {
                let text =
                    || format!("{}: expected a secondary {name} above 0, got {v}", kind.name());
                if v.is_finite() && v > 0.0 { Ok(()) } else { Err(Error::Component(text())) }
            };
            positive("T", stream.t)?;
            positive("p", stream.p)?;
            stream.m.map_or(Ok(()), |m| positive("m", m))?;
        }
        let (asked, boundary, state) = (Vec::new(), Vec::new(), OperationalState::On);
        Ok(Self {
            kind,
            given,
            secondary,
            asked,
            state,
            branches: 2,
            fluid: None,
            rating: None,
            boundary,
        })
    }

    /// How many inlets and outlets it has.
    #[must_use]
    pub fn ends(&self) -> [usize; 2] {
        match self.kind {
            Kind::FlowSource => [0, 1],
            Kind::FlowSink => [1, 0],
            Kind::FlowSplitter => [1, self.branches],
            Kind::FlowMerger => [self.branches, 1],
            Kind::FlashEconomizer => [1, 2],
            Kind::Economizer => [2, 2],
            _ => [1 + usize::from(self.secondary.is_some()); 2],
        }
    }

    /// How many streams pass through, from the inlet to the outlet of the same number.
    #[must_use]
    pub fn passing(&self) -> usize {
        let [inlets, outlets] = self.ends();
        let parts =
            matches!(self.kind, Kind::FlowSplitter | Kind::FlowMerger | Kind::FlashEconomizer);
        if parts { 0 } else { inlets.min(outlets) }
    }

    /// What a keyword is if nothing is said.
    #[must_use]
    pub fn default(&self, word: &str) -> Option<f64> {
        match word {
            "eta_v" => Some(1.0),
            "heat_loss" | "roughness" => Some(0.0),
            "pr_secondary"
                if self.secondary.stream().is_some()
                    && !["dp_secondary", "zeta_secondary"].iter().any(|w| self.says(w)) =>
            {
                Some(1.0)
            }
            _ => None,
        }
    }

    /// The keywords that are variables of its own.
    pub(crate) fn own(&self) -> impl Iterator<Item = Keyword> {
        let rated: &[Keyword] = if self.rating.is_some() { RATED } else { &[] };
        let words = self.kind.keywords(self.secondary.is_some()).chain(rated.iter().copied());
        words.filter(|word| self.states(word.name))
    }

    /// Whether a keyword is given, or spoken of elsewhere.
    pub(super) fn says(&self, word: &str) -> bool {
        self.value(word).is_some() || self.asked.iter().any(|asked| asked == word)
    }

    pub(super) fn secondary_ka(&self) -> bool {
        self.kind.keywords(true).any(|k| k.name == "ka") && self.says("ka")
    }

    /// Whether the laws of a keyword are stated.
    pub(super) fn states(&self, word: &str) -> bool {
        if self.state != OperationalState::On {
            return matches!(word, "P" | "Q");
        }
        // one conductance is enough: who rates by ka may mean ends whose zones would cross
        let other = word == "ua" && (self.secondary_ka() || self.says("area"));
        self.kind.optional(word).map_or(!other, |group| group.iter().any(|w| self.says(w)))
            || self.says(word)
    }

    /// What was given for a keyword.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        self.given.iter().find(|(n, _)| *n == name).map(|(_, v)| *v)
    }
}
