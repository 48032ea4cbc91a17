//! What only a debugger reads is left out: GLSL's text and the line of each instruction are a third
//! of a shader.

use rspirv::spirv::Op;

/// Words before the first instruction.
const HEADER: usize = 5;
const ABOUT_SOURCES: [Op; 7] = [
    Op::SourceContinued,
    Op::Source,
    Op::SourceExtension,
    Op::String,
    Op::Line,
    Op::NoLine,
    Op::ModuleProcessed,
];

/// The same module without that. Names stay: what is declared is found by them, and validation
/// layers say them.
pub(crate) fn lean(words: &[u32]) -> Result<Vec<u32>, String> {
    let (header, mut rest) =
        words.split_at_checked(HEADER).ok_or("cannot parse: it has no header")?;
    let mut kept = header.to_vec();
    while let Some(first) = rest.first() {
        let (length, code) = ((first >> 16) as usize, first & 0xffff);
        let parts = rest.split_at_checked(length).filter(|_| length > 0);
        let (instruction, after) =
            parts.ok_or("cannot parse: an instruction is longer than the module")?;
        if !ABOUT_SOURCES.iter().any(|op| *op as u32 == code) {
            kept.extend(instruction);
        }
        rest = after;
    }
    Ok(kept)
}
