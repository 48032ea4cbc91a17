//! Where to start from: pressures and enthalpies as they are in such machines, from what is known
//! of them.

use super::flows::Flows;
use super::model::{Model, Variable};
use super::system::Edge;
use crate::components::dual::MOST;
use crate::components::{Component, Dual, Kind, Lately, Medium, Port};

/// How far the refrigerant's temperature is from that of the stream it exchanges heat with, K.
const APART: f64 = 8.0;

/// How much a stream is warmed or cooled where nothing else is known of it, J/kg.
const WARMED: f64 = 2e4;

/// Gives every unknown a value to start from.
pub(super) fn guess(components: &[(String, Component)], edges: &[Edge], model: &mut Model) {
    let start = Start { components, edges };
    let pressures = start.pressures(model);
    let mut enthalpies: Vec<Option<f64>> =
        edges.iter().zip(&pressures).map(|(e, &p)| start.said(e, p?, model)).collect();
    let (levels, boils) = (start.levels(model), start.boiling());
    for (i, edge) in edges.iter().enumerate() {
        let placed = start.place(edge, pressures[i], boils[i], levels);
        enthalpies[i] = enthalpies[i].or(placed.map(|p| p.1));
        let p = pressures[i].or(placed.map(|p| p.0)).unwrap_or(1e5);
        set(&mut model.variables[edge.at[1]], p);
    }
    start.follow(&mut enthalpies);
    for (edge, h) in edges.iter().zip(enthalpies) {
        let p = model.variables[edge.at[1]].value;
        let plain = || edge.fluid.state_pt(p, 300.0).map_or(1e5, |q| q.h);
        set(&mut model.variables[edge.at[2]], h.unwrap_or_else(plain));
        set(&mut model.variables[edge.at[0]], 0.1);
    }
    Flows::of(components, edges, model).guess(&start.passes());
    computed(edges, model);
}

fn set(variable: &mut Variable, value: f64) {
    if !variable.given && value.is_finite() {
        variable.value = value;
    }
}

struct Start<'a> {
    components: &'a [(String, Component)],
    edges: &'a [Edge],
}

impl Start<'_> {
    fn kind(&self, end: Option<(usize, Port)>) -> Option<(Kind, Port)> {
        end.map(|(i, port)| (self.components[i].1.kind, port))
    }

    fn at(&self, component: usize, port: Port) -> Option<usize> {
        let end = Some((component, port));
        self.edges.iter().position(|e| e.from == end || e.to == end)
    }

    /// Pairs of connections that a stream passes from one to the other, with the component.
    fn passes(&self) -> Vec<(usize, usize, usize, usize)> {
        let mut all = Vec::new();
        for (i, (_, component)) in self.components.iter().enumerate() {
            let [inlets, outlets] = component.ends();
            for (a, b) in (0..inlets).flat_map(|a| (0..outlets).map(move |b| (a, b))) {
                if component.passing() == 0 || a == b {
                    if let (Some(x), Some(y)) = (self.at(i, Port::In(a)), self.at(i, Port::Out(b)))
                    {
                        all.push((x, y, i, a));
                    }
                }
            }
        }
        all
    }

    /// Pressures that are given, that follow from given temperatures, or that are nearly those of a
    /// neighbour.
    fn pressures(&self, model: &Model) -> Vec<Option<f64>> {
        let mut found: Vec<Option<f64>> = self
            .edges
            .iter()
            .map(|edge| {
                let p = &model.variables[edge.at[1]];
                let word = |word: &str| given(edge, word, model);
                let boiling = word("T").zip(word("x"));
                let boiling = boiling.or(word("T_dew").map(|t| (t, 1.0)));
                let boiling = boiling.or(word("T_bubble").map(|t| (t, 0.0)));
                let by_t = boiling.and_then(|(t, x)| edge.fluid.state_tx(t, x).ok()).map(|q| q.p);
                p.given.then_some(p.value).or(by_t)
            })
            .collect();
        self.spread(model, &mut found);
        if self.across(model, &mut found) {
            self.spread(model, &mut found);
        }
        found
    }

    /// Temperatures that are given, along streams that nothing heats or cools much.
    fn temperatures(&self, model: &Model) -> Vec<Option<f64>> {
        let mut found: Vec<Option<f64>> =
            self.edges.iter().map(|edge| given(edge, "T", model)).collect();
        let passes = self.passes();
        for _ in 0..self.edges.len() {
            let before = found.iter().flatten().count();
            for &(a, b, i, _) in &passes {
                let kind = self.components[i].1.kind;
                if matches!(
                    kind,
                    Kind::Pump | Kind::Fan | Kind::Pipe | Kind::FlowSplitter | Kind::FlowMerger
                ) {
                    (found[a], found[b]) = (found[a].or(found[b]), found[b].or(found[a]));
                }
            }
            if found.iter().flatten().count() == before {
                break;
            }
        }
        found
    }

    /// Pressures of boiling or condensing streams of which nothing is known, from the temperatures
    /// on the other side.
    fn across(&self, model: &Model, found: &mut [Option<f64>]) -> bool {
        let (boils, temperatures) = (self.boiling(), self.temperatures(model));
        let mut any = false;
        for (i, (_, component)) in self.components.iter().enumerate() {
            if component.passing() != 2 {
                continue;
            }
            for stream in 0..2 {
                let ends = |k| [self.at(i, Port::In(k)), self.at(i, Port::Out(k))];
                let ([Some(a), Some(b)], other) = (ends(stream), ends(1 - stream)) else {
                    continue;
                };
                if found[a].is_some() || found[b].is_some() || !boils[a] {
                    continue;
                }
                let other = other.into_iter().flatten().filter(|&e| !boils[e]);
                let known = other.filter_map(|e| temperatures[e]);
                let hot = (component.kind == Kind::Evaporator) == (stream == 1);
                let apart = if hot { APART } else { -APART };
                let t =
                    known.reduce(|x, y| if hot { x.max(y) } else { x.min(y) }).map(|t| t + apart);
                found[a] = t.and_then(|t| self.edges[a].fluid.state_tx(t, 0.0).ok()).map(|q| q.p);
                any |= found[a].is_some();
            }
        }
        any
    }

    /// Gives pressures on to neighbours, where nothing that changes them much is between.
    fn spread(&self, model: &Model, found: &mut [Option<f64>]) {
        let passes = self.passes();
        for _ in 0..self.edges.len() {
            let before = found.iter().flatten().count();
            for &(a, b, i, _) in &passes {
                let (label, component) = &self.components[i];
                let ratio = match component.kind {
                    Kind::Compressor
                    | Kind::Pump
                    | Kind::Fan
                    | Kind::Turbine
                    | Kind::ExpansionValve => model
                        .find(&format!("{label}.pr"))
                        .map(|v| &model.variables[v])
                        .filter(|v| v.given)
                        .map(|v| v.value),
                    _ => Some(1.0),
                };
                let Some(ratio) = ratio else { continue };
                found[a] = found[a].or(found[b].map(|p| p / ratio));
                found[b] = found[b].or(found[a].map(|p| p * ratio));
            }
            if found.iter().flatten().count() == before {
                break;
            }
        }
    }

    /// The enthalpy that follows from what is given about a connection.
    fn said(&self, edge: &Edge, p: f64, model: &Model) -> Option<f64> {
        let h = &model.variables[edge.at[2]];
        if h.given {
            return Some(h.value);
        }
        let line = |side| edge.fluid.saturated(p, side).ok();
        let word = |word: &str| given(edge, word, model);
        if let Some(x) = word("x") {
            let (a, b) = (line(0)?.h, line(1)?.h);
            return Some(a + x * (b - a));
        }
        let t = word("T")
            .or_else(|| Some(line(1)?.t + word("superheat").filter(|d| *d > 0.0)?))
            .or_else(|| Some(line(0)?.t - word("subcooling").filter(|d| *d > 0.0)?));
        if word("superheat").is_some() && t.is_none() {
            return Some(line(1)?.h);
        }
        if word("subcooling").is_some() && t.is_none() {
            return Some(line(0)?.h);
        }
        edge.fluid.state_pt(p, t?).ok().map(|q| q.h)
    }

    /// The temperatures of boiling and condensing that follow from those of the other streams.
    fn levels(&self, model: &Model) -> [Option<f64>; 2] {
        let known = self.temperatures(model);
        let temperature = |wanted: Kind| {
            let with = self.components.iter().enumerate().filter(|(_, (_, c))| c.kind == wanted);
            with.filter_map(|(i, _)| known[self.at(i, Port::In(1))?]).next()
        };
        let (sink, source) = (temperature(Kind::Condenser), temperature(Kind::Evaporator));
        let high = sink.map(|t| t + APART + 4.0);
        let low = source.map(|t| t - APART);
        [low.or(high.map(|t| t - 40.0)), high.or(low.map(|t| t + 40.0))]
    }

    /// Pressure and enthalpy that are usual where a connection is in a cycle.
    fn place(
        &self,
        edge: &Edge,
        p: Option<f64>,
        boils: bool,
        levels: [Option<f64>; 2],
    ) -> Option<(f64, f64)> {
        let (from, to) = (self.kind(edge.from), self.kind(edge.to));
        if let Some((i, port)) =
            edge.from.or(edge.to).filter(|_| edge.from.is_none() || edge.to.is_none())
        {
            let stream = self.components[i].1.secondary.stream()?;
            let change = match (self.components[i].1.kind, port) {
                (_, Port::In(_)) => 0.0,
                (Kind::Condenser, _) => 5.0,
                _ => -5.0,
            };
            let near = [stream.t + change, stream.t];
            let h = near.into_iter().find_map(|t| stream.fluid.state_pt(stream.p, t).ok());
            return h.map(|q| (stream.p, q.h));
        }
        if !boils {
            return None;
        }
        // what it comes from says more than what it leads to
        let (top, vapour) = match (from, to) {
            (Some((Kind::Compressor, _)), _) => (true, 2),
            (Some((Kind::Condenser, Port::Out(0))), _) => (true, 0),
            (Some((Kind::ExpansionValve, _)), _) => (false, 1),
            (Some((Kind::Evaporator, Port::Out(0))), _) => (false, 2),
            (
                Some((Kind::FlashEconomizer, Port::Out(1)))
                | Some((Kind::Economizer, Port::Out(0))),
                _,
            ) => (true, 0),
            (_, Some((Kind::ExpansionValve, _))) => (true, 0),
            (_, Some((Kind::Condenser, Port::In(0)))) => (true, 2),
            (_, Some((Kind::FlashEconomizer, _))) => (true, 1),
            _ => (false, 2),
        };
        level(&edge.fluid, p, levels[usize::from(top)], top, vapour)
    }

    /// For each connection, whether its stream is one that is compressed or throttled as a
    /// refrigerant is.
    fn boiling(&self) -> Vec<bool> {
        let passes = self.passes();
        let mut boils: Vec<bool> = self
            .edges
            .iter()
            .map(|edge| {
                [edge.from, edge.to].into_iter().flatten().any(|(i, port)| {
                    let first = matches!(port, Port::In(0) | Port::Out(0));
                    let kind = self.components[i].1.kind;
                    matches!(kind, Kind::Compressor | Kind::FlashEconomizer)
                        || first && matches!(kind, Kind::Condenser | Kind::Evaporator)
                })
            })
            .collect();
        for _ in 0..self.edges.len() {
            for &(a, b, ..) in &passes {
                let either = boils[a] || boils[b];
                (boils[a], boils[b]) = (either, either);
            }
        }
        boils
    }

    /// Gives connections of which nothing is known what a neighbour has, warmed or cooled between.
    fn follow(&self, enthalpies: &mut [Option<f64>]) {
        let passes = self.passes();
        for _ in 0..self.edges.len() {
            let before = enthalpies.iter().flatten().count();
            for &(a, b, i, stream) in &passes {
                let change = match (self.components[i].1.kind, stream) {
                    (Kind::Economizer | Kind::Condenser, 0) | (Kind::Evaporator, 1) => -WARMED,
                    (Kind::Economizer | Kind::Condenser, 1) | (Kind::Evaporator, 0) => WARMED,
                    _ => 0.0,
                };
                enthalpies[b] = enthalpies[b].or(enthalpies[a].map(|h| h + change));
                enthalpies[a] = enthalpies[a].or(enthalpies[b].map(|h| h - change));
            }
            if enthalpies.iter().flatten().count() == before {
                break;
            }
        }
    }
}

/// What is given about a connection by a word.
fn given(edge: &Edge, word: &str, model: &Model) -> Option<f64> {
    let variable = &model.variables[model.find(&format!("{}.{word}", edge.name))?];
    variable.given.then_some(variable.value)
}

fn level(
    fluid: &Medium,
    p: Option<f64>,
    near: Option<f64>,
    top: bool,
    vapour: usize,
) -> Option<(f64, f64)> {
    let [low, high] = fluid.boiling_range()?;
    let plain = if top { 0.85 * high } else { 0.73 * high };
    let t = near.unwrap_or(plain).clamp(low + 0.01 * (high - low), 0.985 * high);
    let liquid = p.and_then(|p| fluid.saturated(p, 0).ok()).map(|q| (p.unwrap_or_default(), q.h));
    let (p, boil) = liquid.or_else(|| fluid.state_tx(t, 0.0).ok().map(|q| (q.p, q.h)))?;
    let dew = fluid.saturated(p, 1).ok()?.h;
    let gap = dew - boil;
    let h = match vapour {
        0 => boil - 0.03 * gap,
        1 => boil + 0.25 * gap,
        _ if top => dew + 0.2 * gap,
        _ => dew + 0.03 * gap,
    };
    Some((p, h))
}

/// Values that are computed by laws start from what these say of the states above.
pub(super) fn computed(edges: &[Edge], model: &mut Model) {
    let states: Vec<usize> = edges.iter().flat_map(|e| e.at).collect();
    let mut lately = Lately::default();
    for s in &model.statements {
        let first = s.variables[0];
        if model.variables[first].given || states.contains(&first) || !s.law.is_linear_in(0) {
            continue;
        }
        let mut x = [Dual::constant(0.0); MOST];
        for (k, &v) in s.variables.iter().enumerate() {
            x[k] = Dual::constant(model.variables[v].value);
            x[k].d[0] = f64::from(u8::from(k == 0));
        }
        let Ok((f, _)) = s.law.residual(&x[..s.variables.len()], &mut lately) else { continue };
        let value = x[0].v - f.v / f.d[0];
        if value.is_finite() && (value > 0.0 || !model.variables[first].positive) {
            model.variables[first].value = value;
        }
    }
}
