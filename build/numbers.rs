//! Numbers that GLSL names, which SPIR-V forgets: `const uint TILE = 8;`. Rust has them from here,
//! so that each is written once.
//!
//! A specialisation constant whose default is such a name, `const uint WATER = WATER_NONE;`, is one
//! of a kind: of the names that stand in one piece with that one. They become a Rust enum of the
//! name that they begin with.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The names of all files of `shaders/`.
#[derive(Default)]
pub(crate) struct Numbers {
    /// By a file's stem.
    files: BTreeMap<String, Vec<Number>>,
    /// By the name of a specialisation constant: the name that is its default.
    defaults: BTreeMap<String, String>,
    /// Enums by their name: each variant with its value.
    kinds: BTreeMap<String, Vec<(String, String)>>,
}

struct Number {
    name: String,
    ty: &'static str,
    value: String,
    /// Which run of lines it stands in.
    run: usize,
}

impl Numbers {
    /// Takes in what a file names.
    pub(crate) fn read(&mut self, stem: &str, text: &str) -> Result<(), String> {
        let mut run = 0;
        for line in text.lines() {
            let code = line.split("//").next().unwrap_or_default().trim();
            let (is_specialised, declaration) = match code.split_once("const ") {
                Some(("", rest)) => (false, rest),
                Some((layout, rest)) if layout.contains("constant_id") => (true, rest),
                _ => {
                    run += usize::from(!line.trim_start().starts_with("//"));
                    continue;
                }
            };
            let Some((typed, value)) = declaration.trim_end_matches(';').split_once(" = ") else {
                continue;
            };
            let Some((ty, name)) = typed.split_once(' ') else { continue };
            let is_name = value.starts_with(|letter: char| letter.is_ascii_uppercase());
            if is_specialised && is_name {
                let before = self.defaults.insert(name.into(), value.into());
                if before.is_some_and(|before| before != value) {
                    return Err(format!("{stem}: {name} has another default elsewhere"));
                }
            }
            let ty = match ty {
                "uint" => "u32",
                "int" => "i32",
                "float" => "f32",
                _ => continue,
            };
            if !is_specialised && value.parse::<f64>().is_ok() {
                let number = Number { name: name.into(), ty, value: value.into(), run };
                self.files.entry(stem.into()).or_default().push(number);
            }
        }
        Ok(())
    }

    /// The Rust enum that a specialisation constant is one of, if it is.
    pub(crate) fn kind_of(&mut self, constant: &str) -> Result<Option<String>, String> {
        let Some(default) = self.defaults.get(constant) else { return Ok(None) };
        let found = self.files.values().find_map(|numbers| {
            let run = numbers.iter().find(|number| number.name == *default)?.run;
            Some(
                numbers
                    .iter()
                    .filter(|number| number.run == run && number.ty == "u32")
                    .collect::<Vec<_>>(),
            )
        });
        let members = found.ok_or_else(|| format!("{constant}: no number is called {default}"))?;
        let prefix =
            common_prefix(&members.iter().map(|number| number.name.as_str()).collect::<Vec<_>>());
        if prefix.is_empty() || members.len() < 2 {
            return Err(format!(
                "{constant}: the names that stand with {default} must begin alike, and no other with them"
            ));
        }
        let name = camel(&prefix);
        let variants = members
            .iter()
            .map(|number| (camel(&number.name[prefix.len()..]), number.value.clone()));
        self.kinds.insert(name.clone(), variants.collect());
        Ok(Some(name))
    }

    /// `pub mod kinds` with an enum for each kind asked for, and `pub mod numbers` with a module
    /// for each file.
    pub(crate) fn rust(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::from(
            "/// Enums of specialisation constants.\n#[allow(dead_code)]\npub(crate) mod kinds {\n",
        );
        for (name, variants) in &self.kinds {
            writeln!(
                text,
                "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]\n#[repr(u32)]\npub(crate) enum {name} {{\n#[default]"
            )?;
            for (variant, value) in variants {
                writeln!(text, "{variant} = {value},")?;
            }
            text += "}\n";
        }
        text += "}\n/// Numbers by the file that names them.\n#[allow(dead_code, clippy::excessive_precision, clippy::approx_constant)]\npub(crate) mod numbers {\n";
        for (stem, numbers) in &self.files {
            writeln!(text, "pub(crate) mod {stem} {{")?;
            for Number { name, ty, value, .. } in numbers {
                writeln!(text, "pub(crate) const {name}: {ty} = {value};")?;
            }
            text += "}\n";
        }
        Ok(text + "}\n")
    }
}

/// What all of them begin with, up to a `_`.
fn common_prefix(names: &[&str]) -> String {
    let Some((first, others)) = names.split_first() else { return String::new() };
    let end = first.match_indices('_').map(|(at, _)| at + 1);
    let fits = |end: &usize| others.iter().all(|other| other.starts_with(&first[..*end]));
    end.take_while(fits).last().map_or(String::new(), |end| first[..end].into())
}

/// `SOFT_LIGHT` as `SoftLight`.
fn camel(name: &str) -> String {
    let mut text = String::new();
    for word in name.split('_') {
        let mut letters = word.chars();
        text.extend(letters.next());
        text += &letters.as_str().to_lowercase();
    }
    text
}
