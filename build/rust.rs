//! Reflections → the Rust source that describes them: for each shader its code and the types that a
//! dispatch of it takes, by name.

use super::layout::Blocks;
use super::numbers::Numbers;
use super::reflect::{Block, Reflection, snake};
use std::collections::{BTreeMap, HashMap};
use std::fmt::{Error, Write};

/// A shader ready to be written down.
pub(crate) struct Compiled {
    pub(crate) stem: String,
    pub(crate) words: usize,
    pub(crate) reflection: Reflection,
    /// Of its bindings, by their names.
    pub(crate) numbers: BTreeMap<String, u32>,
}

/// All of `OUT_DIR/shaders.rs`.
pub(crate) fn source(
    shaders: &[Compiled],
    blocks: &Blocks,
    numbers: &mut Numbers,
) -> Result<String, String> {
    let mut text = String::new();
    let mut seen = HashMap::new();
    for shader in shaders {
        text += &module(shader, numbers, &mut seen)?;
    }
    let plain = |error: Error| error.to_string();
    text += &shared(shaders, blocks)?;
    let codes: Vec<_> = shaders.iter().map(|shader| format!("&{}::CODE", shader.stem)).collect();
    writeln!(
        text,
        "#[cfg(test)]\npub(crate) static ALL: [&Code; {}] = [{}];",
        codes.len(),
        codes.join(", ")
    )
    .map_err(plain)?;
    text += &numbers.rust().map_err(plain)?;
    Ok(text)
}

/// What several shaders share: every uniform block, a struct with them all, and what begins storage
/// buffers.
fn shared(shaders: &[Compiled], blocks: &Blocks) -> Result<String, String> {
    let mut parts: Blocks = blocks.clone();
    for part in shaders.iter().flat_map(|shader| &shader.reflection.parts) {
        let known = parts.entry(part.name.clone()).or_insert_with(|| part.clone());
        if known != part {
            return Err(format!("{}: has other members in another shader", part.name));
        }
    }
    let mut text = String::from("/// Blocks by their own names.\npub(crate) mod blocks {\n");
    for part in parts.values() {
        text += &structure(part).map_err(|error| error.to_string())?;
    }
    let all = Block {
        name: "All".into(),
        members: blocks.keys().map(|name| (snake(name), name.clone())).collect(),
        bytes: blocks.values().map(|block| block.bytes).sum(),
        entry_bytes: None,
    };
    text += "/// Every uniform block of every shader, as they lie in one buffer.\n";
    text += &structure(&all).map_err(|error| error.to_string())?;
    Ok(text + "}\n")
}

fn structure(block: &Block) -> Result<String, Error> {
    let mut text = String::new();
    if !block.members.is_empty() {
        writeln!(
            text,
            "#[repr(C)]\n#[derive(Clone, Copy, Debug, bytemuck::Zeroable, bytemuck::Pod)]"
        )?;
        writeln!(text, "#[allow(dead_code)] pub(crate) struct {} {{", block.name)?;
        for (name, ty) in &block.members {
            writeln!(text, "pub(crate) {name}: {ty},")?;
        }
        writeln!(
            text,
            "}}\nconst _: () = assert!(size_of::<{}>() == {});",
            block.name, block.bytes
        )?;
    }
    if let Some(bytes) = block.entry_bytes {
        writeln!(text, "/// Bytes of an entry of the array behind it.")?;
        writeln!(
            text,
            "#[allow(dead_code)] impl {} {{ pub(crate) const ENTRY_BYTES: u64 = {bytes}; }}",
            block.name
        )?;
    }
    Ok(text)
}

/// One `pub mod <stem>`. Types that are alike in several shaders are the first one's.
fn module(
    shader: &Compiled,
    numbers: &mut Numbers,
    seen: &mut HashMap<String, String>,
) -> Result<String, String> {
    let Compiled { stem, words, reflection, numbers: places } = shader;
    let plain = |error: Error| error.to_string();
    let mut text = format!(
        "/// `shaders/{stem}.comp`.\npub(crate) mod {stem} {{\n#[allow(unused_imports)] use super::*;\n"
    );
    let mut own = |name: &str, definition: String| {
        let first = seen.entry(format!("{name}:{definition}")).or_insert_with(|| stem.clone());
        if first == stem { definition } else { format!("pub(crate) use super::{first}::{name};\n") }
    };

    let mut fields = Vec::new();
    for constant in &reflection.constants {
        let kind = if constant.ty == "u32" { numbers.kind_of(&constant.name)? } else { None };
        let ty = kind.map_or(constant.ty.clone(), |kind| format!("kinds::{kind}"));
        fields.push((constant.name.to_lowercase(), ty, constant.id));
    }
    text += &own("Constants", constants(&fields).map_err(plain)?);
    let mut parameters = "()";
    if let Some(block) = &reflection.parameters {
        parameters = &block.name;
        text += &own(parameters, structure(block).map_err(plain)?);
    }
    let bindings = bindings(reflection, places);
    text += &own("Bindings", bindings_struct(&bindings).map_err(plain)?);
    let described: Vec<_> = bindings
        .iter()
        .map(|binding| format!("({}, BindingKind::{})", binding.number, binding.kind))
        .collect();
    let listed: Vec<_> = bindings
        .iter()
        .map(|binding| format!("Binding::{}(bindings.{})", binding.wrap, binding.given()))
        .collect();
    let loads = fields.iter().find(|(name, ..)| name == "loads").map(|(_, _, id)| *id);
    let specialised: Vec<_> =
        fields.iter().map(|(name, ty, id)| format!("({id}, {})", word(name, ty))).collect();
    write!(
        text,
        "#[derive(Clone, Copy)]\npub(crate) struct Shader;\npub(crate) static CODE: Code = Code {{ name: {stem:?}, \
         words: &align_words::<{words}>(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{stem}.spv\"))), \
         local_size: {:?}, parameter_bytes: {}, bindings: &[{}], loads: {loads:?} }};\n\
         impl Program for Shader {{\ntype Constants = Constants;\ntype Parameters = {parameters};\ntype Bindings<'r> = Bindings<'r>;\n\
         fn code() -> &'static Code {{ &CODE }}\n\
         #[allow(unused_variables)] fn words(constants: &Constants) -> Vec<(u32, u32)> {{ vec![{}] }}\n\
         fn list<'r>(bindings: &Self::Bindings<'r>) -> Vec<Binding<'r>> {{ vec![{}] }}\n}}\n}}\n",
        reflection.local_size,
        reflection.parameters.as_ref().map_or(0, |block| block.bytes),
        described.join(", "),
        specialised.join(", "),
        listed.join(", "),
    )
    .map_err(plain)?;
    Ok(text)
}

fn constants(fields: &[(String, String, u32)]) -> Result<String, Error> {
    let mut text =
        String::from("#[derive(Clone, Copy, Debug, Default)]\npub(crate) struct Constants {\n");
    for (name, ty, _) in fields {
        writeln!(text, "pub(crate) {name}: {ty},")?;
    }
    Ok(text + "}\n")
}

/// A constant as the word that Vulkan takes.
fn word(name: &str, ty: &str) -> String {
    match ty {
        "bool" => format!("constants.{name}.into()"),
        "u32" => format!("constants.{name}"),
        "f32" => format!("constants.{name}.to_bits()"),
        _ => format!("constants.{name} as u32"),
    }
}

/// A binding as Rust has it.
struct RustBinding {
    number: u32,
    name: String,
    kind: &'static str,
    /// The variant of `Binding`, and what it refers to.
    wrap: &'static str,
    ty: &'static str,
}

impl RustBinding {
    /// The name under which a dispatch has it: the texels of a buffer are that buffer.
    fn given(&self) -> &str {
        match self.kind {
            "Texels" => self.name.strip_suffix("_texels").unwrap_or(&self.name),
            _ => &self.name,
        }
    }
}

/// In the order of their numbers. The uniform blocks are one buffer.
fn bindings(reflection: &Reflection, numbers: &BTreeMap<String, u32>) -> Vec<RustBinding> {
    let others =
        reflection.bindings.iter().filter(|binding| binding.kind != "Uniform").map(|binding| {
            let (wrap, ty) = match (binding.kind, binding.floats) {
                ("Storage" | "Texels", _) => ("Buffer", "Buffer"),
                (_, true) => ("Image", "FloatImage"),
                (_, false) => ("Words", "WordImage"),
            };
            let number = numbers.get(&binding.name).copied().unwrap_or(0);
            RustBinding { number, name: binding.name.clone(), kind: binding.kind, wrap, ty }
        });
    let uniform = RustBinding {
        number: 0,
        name: "blocks".into(),
        kind: "Uniform",
        wrap: "Buffer",
        ty: "Buffer",
    };
    (!reflection.uniforms.is_empty()).then_some(uniform).into_iter().chain(others).collect()
}

fn bindings_struct(bindings: &[RustBinding]) -> Result<String, Error> {
    let mut text = String::from("#[derive(Clone, Copy)]\npub(crate) struct Bindings<'r> {\n");
    for RustBinding { name, ty, .. } in bindings.iter().filter(|own| own.given() == own.name) {
        writeln!(text, "pub(crate) {name}: &'r {ty},")?;
    }
    Ok(text + "}\n")
}
