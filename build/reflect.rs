//! SPIR-V → the Rust source that describes it: bindings, group size, and each block's members by name.

use rspirv::dr::{Instruction, Module, Operand};
use rspirv::spirv::{Decoration, ExecutionMode, Op, StorageClass};
use std::collections::HashMap;
use std::fmt::Write;

struct Names<'m> {
    module: &'m Module,
    types: HashMap<u32, &'m Instruction>,
}

/// One `pub mod <stem>` with a `SHADER` constant and a module for every block.
pub(crate) fn reflect(stem: &str, words: &[u32]) -> Result<String, String> {
    let module = rspirv::dr::load_words(words).map_err(|error| format!("cannot parse: {error}"))?;
    let types = module.types_global_values.iter().filter_map(|i| i.result_id.map(|id| (id, i))).collect();
    let names = Names { module: &module, types };

    let mut bindings = Vec::new();
    let mut push_bytes = 0;
    let mut blocks = String::new();
    for variable in module.types_global_values.iter().filter(|i| i.class.opcode == Op::Variable) {
        let Some(Operand::StorageClass(storage)) = variable.operands.first() else { continue };
        let pointee = names.pointee(variable).ok_or("variable without a pointer type")?;
        match storage {
            StorageClass::PushConstant => {
                push_bytes = names.size(pointee)?;
                blocks += &names.block(pointee)?;
            }
            StorageClass::Uniform | StorageClass::StorageBuffer => {
                let kind = if *storage == StorageClass::Uniform { "Uniform" } else { "Storage" };
                bindings.push((names.binding(variable)?, kind));
                blocks += &names.block(pointee)?;
            }
            StorageClass::UniformConstant => {
                bindings.push((names.binding(variable)?, names.image_kind(pointee)?))
            }
            _ => {}
        }
    }
    bindings.sort();
    if bindings.iter().enumerate().any(|(index, (binding, _))| index as u32 != *binding) {
        return Err(format!("bindings must count up from 0 without a gap: {bindings:?}"));
    }
    let local_size = module
        .execution_modes
        .iter()
        .find(|i| i.operands.get(1) == Some(&Operand::ExecutionMode(ExecutionMode::LocalSize)))
        .ok_or("no local size")?;
    let size: Vec<u32> = local_size.operands[2..].iter().filter_map(literal).collect();
    let kinds: Vec<String> = bindings.iter().map(|(_, kind)| format!("BindingKind::{kind}")).collect();

    let mut text = String::new();
    write!(
        text,
        "/// `shaders/{stem}.comp`.\npub(crate) mod {stem} {{\n\
         #[allow(unused_imports)] use super::{{BindingKind, Shader, align_words}};\n\
         pub(crate) const SHADER: Shader = Shader {{ name: {stem:?}, words: &align_words::<{count}>(include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{stem}.spv\"))), \
         local_size: {size:?}, push_bytes: {push_bytes}, bindings: &[{kinds}] }};\n{blocks}}}\n",
        count = words.len(),
        kinds = kinds.join(", "),
    )
    .map_err(|error| error.to_string())?;
    Ok(text)
}

fn literal(operand: &Operand) -> Option<u32> {
    match operand {
        Operand::LiteralBit32(value) => Some(*value),
        _ => None,
    }
}

fn id(operand: Option<&Operand>) -> Option<u32> {
    match operand {
        Some(Operand::IdRef(id)) => Some(*id),
        _ => None,
    }
}

impl Names<'_> {
    fn pointee(&self, variable: &Instruction) -> Option<u32> {
        id(self.types.get(&variable.result_type?)?.operands.get(1))
    }

    fn name(&self, target: u32, member: Option<u32>) -> Option<String> {
        let (op, text_at) = if member.is_some() { (Op::MemberName, 2) } else { (Op::Name, 1) };
        self.module.debug_names.iter().find_map(|i| {
            let fits = i.class.opcode == op
                && id(i.operands.first()) == Some(target)
                && (member.is_none() || i.operands.get(1).and_then(literal) == member);
            match i.operands.get(text_at) {
                Some(Operand::LiteralString(text)) if fits => Some(text.clone()),
                _ => None,
            }
        })
    }

    fn decoration(&self, target: u32, member: Option<u32>, wanted: Decoration) -> Option<u32> {
        let at = if member.is_some() { 2 } else { 1 };
        self.module.annotations.iter().find_map(|i| {
            let fits = id(i.operands.first()) == Some(target)
                && i.operands.get(at) == Some(&Operand::Decoration(wanted))
                && (member.is_none() || i.operands.get(1).and_then(literal) == member);
            if fits { i.operands.get(at + 1).and_then(literal) } else { None }
        })
    }

    fn binding(&self, variable: &Instruction) -> Result<u32, String> {
        let target = variable.result_id.ok_or("variable without id")?;
        if self.decoration(target, None, Decoration::DescriptorSet).unwrap_or(0) != 0 {
            return Err("only descriptor set 0 is used here".into());
        }
        self.decoration(target, None, Decoration::Binding).ok_or_else(|| "variable without a binding".into())
    }

    fn image_kind(&self, image: u32) -> Result<&'static str, String> {
        match self.types.get(&image).map(|i| i.class.opcode) {
            Some(Op::TypeSampledImage) => Ok("Texture"),
            Some(Op::TypeImage) => Ok("StorageImage"),
            other => Err(format!("expected a sampler2D or an image2D, got {other:?}")),
        }
    }

    /// Bytes of a type under scalar block layout; a runtime array counts as 0.
    fn size(&self, ty: u32) -> Result<u32, String> {
        let instruction = self.types.get(&ty).ok_or("unknown type")?;
        let operand = |at: usize| instruction.operands.get(at);
        match instruction.class.opcode {
            Op::TypeFloat | Op::TypeInt => Ok(operand(0).and_then(literal).ok_or("no width")? / 8),
            Op::TypeVector => Ok(self.size(id(operand(0)).ok_or("no component")?)?
                * operand(1).and_then(literal).ok_or("no count")?),
            Op::TypeArray => {
                let count = id(operand(1))
                    .and_then(|length| self.types.get(&length))
                    .and_then(|i| literal(&i.operands[0]));
                let stride =
                    self.decoration(ty, None, Decoration::ArrayStride).ok_or("array without stride")?;
                Ok(stride * count.ok_or("array without a constant length")?)
            }
            Op::TypeRuntimeArray => Ok(0),
            Op::TypeStruct => {
                let mut end = 0;
                for (member, operand) in instruction.operands.iter().enumerate() {
                    let offset =
                        self.decoration(ty, Some(member as u32), Decoration::Offset).ok_or("no offset")?;
                    end = end.max(offset + self.size(id(Some(operand)).ok_or("no member type")?)?);
                }
                Ok(end)
            }
            other => Err(format!("blocks hold scalars, vectors and arrays only, got {other:?}")),
        }
    }

    fn block(&self, ty: u32) -> Result<String, String> {
        let instruction = self.types.get(&ty).ok_or("unknown block")?;
        let name = self.name(ty, None).filter(|name| !name.is_empty()).ok_or("block without a name")?;
        let mut text = format!(
            "#[allow(non_snake_case, non_upper_case_globals, dead_code)] pub(crate) mod {name} {{\n\
             pub(crate) const SIZE: usize = {};\npub(crate) const MEMBERS: usize = {};\n",
            self.size(ty)?,
            instruction.operands.len()
        );
        for (member, operand) in instruction.operands.iter().enumerate() {
            let member = member as u32;
            let field = self.name(ty, Some(member)).ok_or("member without a name")?;
            let offset =
                self.decoration(ty, Some(member), Decoration::Offset).ok_or("member without an offset")?;
            let size = self.size(id(Some(operand)).ok_or("member without a type")?)?;
            writeln!(text, "pub(crate) const {field}: (usize, usize) = ({offset}, {size});")
                .map_err(|e| e.to_string())?;
        }
        Ok(text + "}\n")
    }
}
