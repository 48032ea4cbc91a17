//! What a SPIR-V module says of itself: its constants, what it binds, and each block's members, all
//! by name.

use rspirv::dr::{Instruction, Module, Operand};
use rspirv::spirv::{Decoration, Dim, ExecutionMode, Op, StorageClass};
use std::collections::HashMap;

/// A shader's side of all that the host has to know.
#[derive(Debug)]
pub(crate) struct Reflection {
    pub(crate) local_size: Vec<u32>,
    pub(crate) constants: Vec<Constant>,
    /// The push constants.
    pub(crate) parameters: Option<Block>,
    /// The uniform blocks, each a binding too, with their types.
    pub(crate) uniforms: Vec<(u32, Block)>,
    /// What storage buffers hold before their array, and the structs that blocks and arrays are
    /// made of.
    pub(crate) parts: Vec<Block>,
    pub(crate) bindings: Vec<Binding>,
}

/// A specialisation constant.
#[derive(Debug)]
pub(crate) struct Constant {
    pub(crate) id: u32,
    pub(crate) name: String,
    /// As Rust has it.
    pub(crate) ty: String,
}

/// A descriptor. The name is the variable's, or its block's if it has none.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) variable: u32,
    pub(crate) name: String,
    /// A `BindingKind`, and whether an image holds floats.
    pub(crate) kind: &'static str,
    pub(crate) floats: bool,
}

/// A block or a struct under scalar layout.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) name: String,
    pub(crate) members: Vec<(String, String)>,
    pub(crate) bytes: u32,
    /// Bytes of an entry of the array that ends it.
    pub(crate) entry_bytes: Option<u32>,
}

struct Names<'m> {
    module: &'m Module,
    types: HashMap<u32, &'m Instruction>,
    structs: Vec<Block>,
}

/// Of a module that has its names still, and all that it declares.
pub(crate) fn reflect(words: &[u32]) -> Result<Reflection, String> {
    let module = rspirv::dr::load_words(words).map_err(|error| format!("cannot parse: {error}"))?;
    let types =
        module.types_global_values.iter().filter_map(|i| i.result_id.map(|id| (id, i))).collect();
    let mut names = Names { module: &module, types, structs: Vec::new() };
    let (mut bindings, mut uniforms, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    let mut parameters = None;
    for variable in module.types_global_values.iter().filter(|i| i.class.opcode == Op::Variable) {
        let Some(Operand::StorageClass(storage)) = variable.operands.first() else { continue };
        let pointee = names.pointee(variable).ok_or("variable without a pointer type")?;
        match storage {
            StorageClass::PushConstant => parameters = Some(names.block(pointee)?),
            StorageClass::Uniform => {
                uniforms.push((pointee, names.block(pointee)?));
                bindings.push(names.binding(variable, pointee, "Uniform", false)?);
            }
            StorageClass::StorageBuffer => {
                parts.push(names.block(pointee)?);
                bindings.push(names.binding(variable, pointee, "Storage", false)?);
            }
            StorageClass::UniformConstant => {
                let (kind, floats) = names.image(pointee)?;
                bindings.push(names.binding(variable, pointee, kind, floats)?);
            }
            _ => {}
        }
    }
    bindings.sort_by(|a, b| a.name.cmp(&b.name));
    parts.retain(|part| !part.members.is_empty());
    parts.append(&mut names.structs.clone());
    Ok(Reflection {
        local_size: names.local_size()?,
        constants: names.constants()?,
        parameters,
        uniforms,
        parts,
        bindings,
    })
}

pub(crate) fn literal(operand: &Operand) -> Option<u32> {
    match operand {
        Operand::LiteralBit32(value) => Some(*value),
        _ => None,
    }
}

pub(crate) fn id(operand: Option<&Operand>) -> Option<u32> {
    match operand {
        Some(Operand::IdRef(id)) => Some(*id),
        _ => None,
    }
}

/// `MostRecent` as `most_recent`.
pub(crate) fn snake(name: &str) -> String {
    let mut text = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_uppercase() && at > 0 {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
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
                Some(Operand::LiteralString(text)) if fits && !text.is_empty() => {
                    Some(text.clone())
                }
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

    fn local_size(&self) -> Result<Vec<u32>, String> {
        let mode = self
            .module
            .execution_modes
            .iter()
            .find(|i| i.operands.get(1) == Some(&Operand::ExecutionMode(ExecutionMode::LocalSize)))
            .ok_or("no local size")?;
        Ok(mode.operands[2..].iter().filter_map(literal).collect())
    }

    fn constants(&mut self) -> Result<Vec<Constant>, String> {
        let mut constants = Vec::new();
        for instruction in &self.module.types_global_values {
            let target = instruction.result_id.unwrap_or(0);
            let Some(id) = self.decoration(target, None, Decoration::SpecId) else { continue };
            let name = self.name(target, None).ok_or("a specialisation constant without a name")?;
            let ty = self.rust_type(instruction.result_type.ok_or("a constant without a type")?)?;
            constants.push(Constant { id, name, ty });
        }
        constants.sort_by_key(|constant| constant.id);
        Ok(constants)
    }

    fn binding(
        &self,
        variable: &Instruction,
        pointee: u32,
        kind: &'static str,
        floats: bool,
    ) -> Result<Binding, String> {
        let target = variable.result_id.ok_or("variable without id")?;
        if self.decoration(target, None, Decoration::DescriptorSet).unwrap_or(0) != 0 {
            return Err("only descriptor set 0 is used here".into());
        }
        let block = || self.name(pointee, None).map(|name| snake(&name));
        let name = self.name(target, None).or_else(block).ok_or("binding without a name")?;
        Ok(Binding { variable: target, name, kind, floats })
    }

    /// Kind of an image, and whether it holds floats.
    fn image(&mut self, ty: u32) -> Result<(&'static str, bool), String> {
        let instruction = self.types.get(&ty).ok_or("unknown image")?;
        let of = id(instruction.operands.first());
        match instruction.class.opcode {
            Op::TypeSampledImage => Ok(("Texture", self.image(of.ok_or("no image")?)?.1)),
            Op::TypeImage if instruction.operands.get(1) == Some(&Operand::Dim(Dim::DimBuffer)) => {
                Ok(("Texels", false))
            }
            Op::TypeImage => Ok(("StorageImage", self.rust_type(of.ok_or("no texel")?)? == "f32")),
            other => Err(format!("expected a sampler or an image, got {other:?}")),
        }
    }

    fn rust_type(&mut self, ty: u32) -> Result<String, String> {
        let instruction = *self.types.get(&ty).ok_or("unknown type")?;
        let operand = |at: usize| instruction.operands.get(at);
        let number = |at: usize| operand(at).and_then(literal);
        match instruction.class.opcode {
            Op::TypeBool => Ok("bool".into()),
            Op::TypeFloat if number(0) == Some(32) => Ok("f32".into()),
            Op::TypeInt if number(0) == Some(32) => {
                Ok(if number(1) == Some(1) { "i32" } else { "u32" }.into())
            }
            Op::TypeVector => {
                let component = self.rust_type(id(operand(0)).ok_or("no component")?)?;
                Ok(format!("[{component}; {}]", number(1).ok_or("no count")?))
            }
            Op::TypeArray => {
                let length = id(operand(1))
                    .and_then(|length| literal(self.types.get(&length)?.operands.first()?));
                let entry = self.rust_type(id(operand(0)).ok_or("no entry")?)?;
                Ok(format!("[{entry}; {}]", length.ok_or("array without a constant length")?))
            }
            Op::TypeStruct => {
                let block = self.block(ty)?;
                let name = block.name.clone();
                if !self.structs.contains(&block) {
                    self.structs.push(block);
                }
                Ok(name)
            }
            other => Err(format!(
                "blocks hold 32-bit scalars, vectors, arrays and structs only, got {other:?}"
            )),
        }
    }

    /// Bytes of a type.
    fn bytes(&self, ty: u32) -> Result<u32, String> {
        let instruction = *self.types.get(&ty).ok_or("unknown type")?;
        let of = || id(instruction.operands.first()).ok_or("no inner type");
        let count = || instruction.operands.get(1);
        match instruction.class.opcode {
            Op::TypeVector => Ok(self.bytes(of()?)? * count().and_then(literal).ok_or("no count")?),
            Op::TypeArray => {
                let length = id(count())
                    .and_then(|length| literal(self.types.get(&length)?.operands.first()?));
                Ok(self.bytes(of()?)? * length.ok_or("array without a constant length")?)
            }
            Op::TypeStruct => instruction
                .operands
                .iter()
                .map(|member| self.bytes(id(Some(member)).unwrap_or(0)))
                .sum(),
            _ => Ok(4),
        }
    }

    /// A struct's members one after the other, as scalar layout has them; an array without an end
    /// is its `entry_bytes`.
    fn block(&mut self, ty: u32) -> Result<Block, String> {
        let instruction = *self.types.get(&ty).ok_or("unknown block")?;
        let name = self.name(ty, None).ok_or("block without a name")?;
        let mut block = Block { name, members: Vec::new(), bytes: 0, entry_bytes: None };
        for (member, operand) in (0..).zip(&instruction.operands) {
            let of = id(Some(operand)).ok_or("no member type")?;
            let field = self.name(ty, Some(member)).ok_or("member without a name")?;
            if self.decoration(ty, Some(member), Decoration::Offset) != Some(block.bytes) {
                return Err(format!(
                    "{}.{field}: expected offset {} of scalar layout",
                    block.name, block.bytes
                ));
            }
            let inner = *self.types.get(&of).ok_or("unknown member type")?;
            if inner.class.opcode == Op::TypeRuntimeArray {
                let entry = id(inner.operands.first()).ok_or("no entry")?;
                self.rust_type(entry)?;
                block.entry_bytes = Some(self.bytes(entry)?);
            } else {
                block.members.push((field, self.rust_type(of)?));
                block.bytes += self.bytes(of)?;
            }
        }
        Ok(block)
    }
}
