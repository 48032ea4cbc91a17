//! Reads `fluids/pack.txt`, of which `tools/pack_fluids.py` says what its lines mean.

use super::conductivity::Conductivity;
use super::enhancement::{Critical, Enhancement};
use super::helmholtz::{Ancillary, Constants, Form, Helmholtz};
use super::ideal::Ideal;
use super::rare::Rare;
use super::terms::{Gaussian, Power, Residual};
use super::transport::{Dilute, Viscosity};
use crate::{Error, Result};

const PACK: &str = include_str!("../../fluids/pack.txt");

/// The names of all fluids, and for each the others that it is known by.
pub(super) fn names() -> impl Iterator<Item = Vec<&'static str>> {
    PACK.lines()
        .filter_map(|line| line.strip_prefix("fluid\t"))
        .map(|line| line.split('\t').collect())
}

/// The section of a fluid: its lines after the one with its names, which comes with it.
fn section(name: &str) -> Option<(&'static str, impl Iterator<Item = &'static str> + use<>)> {
    let folded = fold(name);
    let wanted = move |line: &str| {
        line.strip_prefix("fluid\t")
            .is_some_and(|names| names.split('\t').any(|n| fold(n) == folded))
    };
    let mut lines = PACK.lines().skip_while(move |line| !wanted(line));
    let main = lines.next()?.split('\t').nth(1)?;
    Some((main, lines.take_while(|line| !line.starts_with("fluid\t"))))
}

/// Names without what people write differently: case, spaces and hyphens.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, ' ' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The fluid of this name.
pub(super) fn load(name: &str) -> Result<Helmholtz> {
    let Some((main, lines)) = section(name) else { return Err(unknown(name)) };
    let broken =
        |line: &str| Error::fluid(format!("fluids/pack.txt is damaged at {main}: {line:?}"));
    let mut draft = Draft::default();
    for line in lines {
        let mut words = line.split(' ');
        let Some(word) = words.next() else { continue };
        if word == "source" {
            draft.constants.source = line["source".len()..].trim().to_owned();
            continue;
        }
        if word == "viscosity" {
            let source = line["viscosity".len()..].trim().to_owned();
            draft.viscosity = Some(Viscosity { source, ..Viscosity::default() });
            continue;
        }
        if word == "conductivity" {
            let source = line["conductivity".len()..].trim().to_owned();
            draft.conductivity = Some(Conductivity { source, ..Conductivity::default() });
            continue;
        }
        let form = match word {
            "pS" | "pL" | "pV" | "rhoL" | "rhoV" => words.next(),
            _ => None,
        };
        let values: Option<Vec<f64>> = words.map(|w| w.parse().ok()).collect();
        values.and_then(|v| draft.read(word, form, &v)).ok_or_else(|| broken(line))?;
    }
    draft.constants.name = main.to_owned();
    let Draft { constants, ideal, powers, gaussians, rare, ancillaries, viscosity, conductivity } =
        draft;
    let residual = Residual::new(powers, gaussians, rare)
        .ok_or_else(|| broken("more exponents than there is room for"))?;
    Ok(Helmholtz::new(constants, ideal, residual, ancillaries, viscosity, conductivity))
}

fn unknown(name: &str) -> Error {
    let start: String = fold(name).chars().take(3).collect();
    let near: Vec<_> = names()
        .filter(|n| !start.is_empty() && n.iter().any(|x| fold(x).starts_with(&start)))
        .map(|n| n[0])
        .collect();
    let hint = match near.as_slice() {
        [] => "entropyk.fluids() lists them".to_owned(),
        some => format!("similar are {}", some.join(", ")),
    };
    Error::fluid(format!(
        "expected the name of one of {} pure and pseudo-pure fluids, got {name:?}; {hint}; another mixture can be \
         given as an object with state_ph",
        names().count()
    ))
}

#[derive(Default)]
struct Draft {
    constants: Constants,
    ideal: Ideal,
    powers: Vec<Power>,
    gaussians: Vec<Gaussian>,
    rare: Vec<Rare>,
    ancillaries: Vec<(String, Ancillary)>,
    viscosity: Option<Viscosity>,
    conductivity: Option<Conductivity>,
}

impl Draft {
    /// A line of a viscosity equation, after the one with its source.
    fn read_viscosity(&mut self, word: &str, values: &[f64]) -> Option<()> {
        let v = self.viscosity.as_mut()?;
        let pairs = |values: &[f64]| values.chunks_exact(2).map(|t| [t[0], t[1]]).collect();
        match (word, values) {
            ("water", []) => v.water = true,
            ("scaling", values) => v.scaling = Some(values.try_into().ok()?),
            ("molecule", values) => v.molecule = values.try_into().ok()?,
            ("co2", []) => v.dilute = Some(Dilute::CarbonDioxide),
            ("kinetic", []) => v.dilute = Some(Dilute::Kinetic),
            ("thin", terms) => v.dilute = Some(Dilute::Powers(pairs(terms))),
            ("collision", [c, molar_mass, terms @ ..]) => {
                v.dilute =
                    Some(Dilute::Collision { c: *c, molar_mass: *molar_mass, terms: pairs(terms) });
            }
            ("initial", values) => v.initial.push(values.try_into().ok()?),
            ("dense", values) => v.dense.reduce = values.try_into().ok()?,
            ("residual", values) => v.dense.terms.push(values.try_into().ok()?),
            ("free", values) => v.dense.free.push(values.try_into().ok()?),
            ("packed", values) => v.dense.packed[0].push(values.try_into().ok()?),
            ("over", values) => v.dense.packed[1].push(values.try_into().ok()?),
            _ => return None,
        }
        Some(())
    }

    /// A line of a conductivity equation, after the one with its source.
    fn read_conductivity(&mut self, word: &str, values: &[f64]) -> Option<()> {
        let c = self.conductivity.as_mut()?;
        match (word, values) {
            ("lwater", []) => c.water = true,
            ("lco2", []) => c.carbon_dioxide = true,
            ("lammonia", []) => c.critical = Some(Enhancement::Ammonia),
            ("lr123", []) => c.critical = Some(Enhancement::R123),
            ("lratio", &[t]) => c.ratio = Some(t),
            ("labove", &[a, n]) => c.above.push([a, n]),
            ("lbelow", &[b, m]) => c.below.push([b, m]),
            ("lgas", &[factor]) => c.by_viscosity = factor,
            ("ltau", &[a, t]) => c.tau.push([a, t]),
            ("lreduce", &[t, rho]) => c.reduce = [t, rho],
            ("ldense", values) => c.dense.push(values.try_into().ok()?),
            ("lcritical", &[amplitude, gamma, nu, exponent, length, cutoff, t_far, p]) => {
                let exponents = [nu, exponent];
                c.critical = Some(Enhancement::Scaled(Critical {
                    amplitude,
                    gamma,
                    exponents,
                    length,
                    cutoff,
                    t_far,
                    p,
                }));
            }
            _ => return None,
        }
        Some(())
    }

    fn read(&mut self, word: &str, form: Option<&str>, values: &[f64]) -> Option<()> {
        let c = &mut self.constants;
        match (word, values) {
            ("molar", &[mass, r]) => (c.molar_mass, c.gas_constant) = (mass, r / mass),
            ("reducing", &[t, rho]) => (c.t_red, c.rho_red) = (t, rho * c.molar_mass),
            ("critical", &[t, p, rho]) => {
                (c.t_crit, c.p_crit, c.rho_crit) = (t, p, rho * c.molar_mass);
            }
            ("true", &[t, rho]) => c.t_true = Some((t, rho * c.molar_mass)),
            ("limits", &[triple, t_low, p_low, t_max, p_max]) => {
                c.t_triple = triple;
                (c.t_min, c.p_min, c.t_max, c.p_max) = (t_low, p_low, t_max, p_max);
            }
            ("acentric", &[omega]) => c.acentric = omega,
            ("pseudo", []) => c.pseudo_pure = true,
            ("lead" | "offset", &[a1, a2]) => {
                self.ideal.lead[0] += a1;
                self.ideal.lead[1] += a2;
            }
            ("log", &[a]) => self.ideal.log += a,
            ("taulog", &[a]) => self.ideal.tau_log += a,
            ("ipower", &[n, t]) => self.ideal.powers.push([n, t]),
            ("einstein", &[n, t, c, d]) => self.ideal.einstein.push([n, t, c, d]),
            ("power", &[n, t, d, l]) => {
                let g = if l > 0.0 { 1.0 } else { 0.0 };
                self.powers.push(Power { n, t, d: d as i32, g, l: l as i32 });
            }
            ("exponential", &[n, t, d, g, l]) => {
                self.powers.push(Power { n, t, d: d as i32, g, l: l as i32 });
            }
            ("gaussian", &[n, t, d, eta, epsilon, beta, gamma]) => {
                let d = d as i32;
                self.gaussians.push(Gaussian { n, t, d, eta, epsilon, beta, gamma });
            }
            ("gaob", &[n, t, d, eta, epsilon, beta, gamma, b]) => {
                self.rare.push(Rare::GaoB { n, t, d, eta, epsilon, beta, gamma, b });
            }
            ("double", &[n, t, d, gd, ld, gt, lt]) => {
                self.rare.push(Rare::Double { n, t, d, gd, ld, gt, lt });
            }
            ("nonanalytic", &[n, a, b, beta, ca, cb, cc, cd]) => {
                self.rare.push(Rare::NonAnalytic { n, a, b, beta, ca, cb, cc, cd });
            }
            ("pS" | "pL" | "pV" | "rhoL" | "rhoV", [t_red, value, terms @ ..]) => {
                let form = match form? {
                    "plain" => Form::Plain,
                    "tau" => Form::ExpTau,
                    "exp" => Form::Exp,
                    _ => return None,
                };
                let unit = if word.starts_with("rho") { c.molar_mass } else { 1.0 };
                let terms = terms.chunks_exact(2).map(|t| [t[0], t[1]]).collect();
                let ancillary = Ancillary { form, t_red: *t_red, value: *value * unit, terms };
                self.ancillaries.push((word.to_owned(), ancillary));
            }
            _ if word.starts_with('l') => return self.read_conductivity(word, values),
            _ => return self.read_viscosity(word, values),
        }
        Some(())
    }
}
