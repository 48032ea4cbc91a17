//! What can be said of a connection, and what it means.

use super::build::variable;
use super::model::{Model, Statement};
use super::system::Edge;
use crate::components::Law;
use crate::{Error, Result};

/// What may be given about a connection; `T_dew` and `T_bubble` are saturated temperatures at its
/// pressure, `v` is its volume flow.
pub const GIVEN: [&str; 10] =
    ["m", "p", "h", "T", "x", "superheat", "subcooling", "T_dew", "T_bubble", "v"];

/// Something given about a connection, in SI units.
pub type Given = (&'static str, f64);

pub(super) fn check_given(word: &str, value: f64) -> Result<()> {
    let good = value.is_finite() && value > least(word);
    if GIVEN.contains(&word) && good {
        return Ok(());
    }
    Err(Error::Validation(format!(
        "expected of a connection only {} as finite numbers in SI units, got {word}={value}",
        GIVEN.join(", ")
    )))
}

/// What values of a word are above.
fn least(word: &str) -> f64 {
    if matches!(word, "h" | "x" | "superheat" | "subcooling") { f64::NEG_INFINITY } else { 0.0 }
}

/// Holds what a word says of a connection.
pub(super) fn give(
    model: &mut Model,
    edge: &Edge,
    one: usize,
    word: &'static str,
    value: f64,
) -> Result<()> {
    let v = said(model, edge, one, word);
    let variable = &mut model.variables[v];
    if variable.given {
        let name = &variable.name;
        return Err(Error::Topology(format!(
            "{}: {name} is given twice; leave out one",
            edge.name
        )));
    }
    (variable.value, variable.given) = (value, true);
    Ok(())
}

/// The variable of a word, which is made with its law when it is first spoken of.
pub(super) fn said(model: &mut Model, edge: &Edge, one: usize, word: &'static str) -> usize {
    let [m, p, h] = edge.at;
    let name = format!("{}.{word}", edge.name);
    match word {
        "m" => return m,
        "p" => return p,
        "h" => return h,
        _ => {}
    }
    if let Some(v) = model.find(&name) {
        return v;
    }
    let scale = if word == "v" { 0.1 } else { 10.0 };
    let v = variable(model, name, scale, word == "v");
    model.variables[v].range[0] = least(word);
    let fluid = edge.fluid.clone();
    let has_x = edge.given.iter().any(|g| g.0 == "x");
    let (law, variables) = match word {
        "T" if has_x => {
            let x = model.find(&format!("{}.x", edge.name)).unwrap_or(h);
            (Law::SaturatedTemperature(fluid), vec![v, p, x])
        }
        "T" => (Law::Temperature(fluid), vec![v, p, h]),
        "x" => (Law::Quality(fluid), vec![v, p, h]),
        "superheat" => (Law::Distance(fluid, 1), vec![v, p, h]),
        "T_dew" => (Law::LineTemperature(fluid, 1), vec![v, p]),
        "T_bubble" => (Law::LineTemperature(fluid, 0), vec![v, p]),
        "v" => (Law::Volume(fluid), vec![m, one, v, p, h]),
        _ => (Law::Distance(fluid, 0), vec![v, p, h]),
    };
    model.statements.push(Statement { name: format!("{}: {word}", edge.name), law, variables });
    v
}
