//! Where to start from: pressures and enthalpies as they are in such machines, from the temperatures that are known.

use super::model::Model;
use super::system::Edge;
use crate::components::{Component, Kind, Medium, Port};

/// How far the refrigerant's temperature is from that of the stream it exchanges heat with, K.
const APART: f64 = 8.0;

/// Gives every unknown a value to start from.
pub(super) fn guess(components: &[(String, Component)], edges: &[Edge], model: &mut Model) {
    let temperature = |wanted: Kind| {
        let with = components.iter().filter(|(_, c)| c.kind == wanted);
        with.filter_map(|(_, c)| c.secondary.as_ref().map(|s| s.t)).next()
    };
    let (sink, source) = (temperature(Kind::Condenser), temperature(Kind::Evaporator));
    let high = sink.map(|t| t + APART + 4.0);
    let low = source.map(|t| t - APART);
    let levels = [low.or(high.map(|t| t - 40.0)), high.or(low.map(|t| t + 40.0))];
    for edge in edges {
        let (pressure, enthalpy) = place(components, edge, levels);
        for (k, value) in [(1, pressure), (2, enthalpy)] {
            let variable = &mut model.variables[edge.at[k]];
            if !variable.given {
                variable.value = value;
            }
        }
        let flow = &mut model.variables[edge.at[0]];
        if !flow.given {
            flow.value = 0.1;
        }
    }
}

fn place(components: &[(String, Component)], edge: &Edge, levels: [Option<f64>; 2]) -> (f64, f64) {
    let given = |word: &str| edge.given.iter().find(|g| g.0 == word).map(|g| g.1);
    let end = |end: Option<(usize, Port)>| end.map(|(i, port)| (components[i].1.kind, port));
    let (from, to) = (end(edge.from), end(edge.to));
    let outside = edge.from.or(edge.to).filter(|_| edge.from.is_none() || edge.to.is_none());
    if let Some((i, port)) = outside {
        let kind = components[i].1.kind;
        let Some(stream) = &components[i].1.secondary else { return (1e5, 1e5) };
        let change = match (kind, port) {
            (_, Port::In(_)) => 0.0,
            (Kind::Condenser, _) => 5.0,
            _ => -5.0,
        };
        let h =
            [stream.t + change, stream.t].into_iter().find_map(|t| stream.fluid.state_pt(stream.p, t).ok());
        return (stream.p, h.map_or(1e5, |q| q.h));
    }
    if let (Some(p), Some(t)) = (given("p"), given("T")) {
        if let Ok(q) = edge.fluid.state_pt(p, t) {
            return (p, q.h);
        }
    }
    // what it comes from says more than what it leads to
    let (top, vapour) = match (from, to) {
        (Some((Kind::Compressor, _)), _) => (true, 2),
        (Some((Kind::Condenser, _)), _) => (true, 0),
        (Some((Kind::ExpansionValve, _)), _) => (false, 1),
        (Some((Kind::Evaporator, _)), _) => (false, 2),
        (Some((Kind::FlashEconomizer, Port::Out(1))) | Some((Kind::Economizer, Port::Out(0))), _) => {
            (true, 0)
        }
        (_, Some((Kind::ExpansionValve, _))) => (true, 0),
        (_, Some((Kind::Condenser, _))) => (true, 2),
        (_, Some((Kind::FlashEconomizer, _))) => (true, 1),
        _ => (false, 2),
    };
    level(&edge.fluid, given("T").filter(|_| given("x").is_some()), levels[usize::from(top)], top, vapour)
}

fn level(fluid: &Medium, exact: Option<f64>, near: Option<f64>, top: bool, vapour: usize) -> (f64, f64) {
    let Some([low, high]) = fluid.boiling_range() else { return (1e5, 1e5) };
    let plain = if top { 0.85 * high } else { 0.73 * high };
    let t = exact.or(near).unwrap_or(plain).clamp(low + 0.01 * (high - low), 0.985 * high);
    let Ok(liquid) = fluid.state_tx(t, 0.0) else { return (1e5, 1e5) };
    let Ok(dew) = fluid.saturated(liquid.p, 1) else { return (liquid.p, liquid.h) };
    let gap = dew.h - liquid.h;
    let h = match vapour {
        0 => liquid.h - 0.03 * gap,
        1 => liquid.h + 0.25 * gap,
        _ if top => dew.h + 0.2 * gap,
        _ => dew.h + 0.03 * gap,
    };
    (liquid.p, h)
}
