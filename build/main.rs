//! Compiles `shaders/*.comp` to SPIR-V, validates it, and writes `OUT_DIR/shaders.rs`: for each
//! shader its code, and the types of its constants, parameters and bindings, with a field for each
//! name. So the host cannot name what a shader lacks, leave out what it has, or give it another
//! type: none of that compiles.

#![allow(clippy::print_stdout)] // how a build script speaks to cargo

mod kept;
mod layout;
mod lean;
mod numbers;
mod precise;
mod reflect;
mod rust;
mod uniforms;
#[allow(unsafe_code)]
mod validate;

use layout::Blocks;
use numbers::Numbers;
use rust::Compiled;
use shaderc::OptimizationLevel;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{env, fs, thread};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let manifest = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=shaders");
    println!("cargo::rerun-if-changed=build");

    let kept = kept::place(&manifest, &out)?;
    if kept.as_ref().is_some_and(|kept| kept::taken(kept, &out)) {
        return Ok(());
    }
    make(&manifest.join("shaders"), &out)?;
    if let Some(kept) = kept {
        // It fails where another build keeps the same; this one has what it needs.
        let _ = kept::keep(&out, &kept);
    }
    Ok(())
}

/// Compiles what lies in `root`.
fn make(root: &Path, out: &Path) -> Result<(), Failure> {
    let mut numbers = Numbers::default();
    for file in files(&root.join("include"), "glsl")?.iter().chain(&files(root, "comp")?) {
        numbers.read(stem(file)?, &fs::read_to_string(file)?)?;
    }
    let sources = files(root, "comp")?;
    let reflections = side_by_side(sources.iter().collect(), |source| {
        let declared = compile(root, source, OptimizationLevel::Zero)
            .map_err(|failure| failure.to_string())?;
        let reflection = reflect::reflect(&declared).map_err(|message| about(source, &message))?;
        Ok((source, reflection))
    })?;
    let mut blocks = Blocks::new();
    for (source, reflection) in &reflections {
        for (_, block) in &reflection.uniforms {
            if blocks.entry(block.name.clone()).or_insert_with(|| block.clone()) != block {
                let message = format!("{} has other members in another shader", block.name);
                return Err(about(source, &message).into());
            }
        }
    }
    let shaders = side_by_side(reflections, |(source, reflection)| {
        let optimised = compile(root, source, OptimizationLevel::Performance)
            .map_err(|failure| failure.to_string())?;
        let places = layout::numbers(&reflection);
        let words = lean::lean(&optimised)
            .and_then(|words| layout::place(&words, &blocks, &places))
            .and_then(|words| precise::precise(&words))
            .and_then(|words| uniforms::read_first(&words))
            .map_err(|message| about(source, &message))?;
        validate::validate(&words)
            .map_err(|message| about(source, &format!("invalid SPIR-V: {message}")))?;
        let stem = stem(source).map_err(|failure| failure.to_string())?.to_string();
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
        fs::write(out.join(format!("{stem}.spv")), bytes).map_err(|error| error.to_string())?;
        Ok(Compiled { stem, words: words.len(), reflection, numbers: places })
    })?;
    fs::write(out.join("shaders.rs"), rust::source(&shaders, &blocks, &mut numbers)?)?;
    Ok(())
}

fn about(source: &Path, message: &str) -> String {
    format!("{}: {message}", source.display())
}

/// What `work` makes of each item, in their order: shaders take long, and do not know each other.
fn side_by_side<T: Send, R: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> Result<R, String> + Sync,
) -> Result<Vec<R>, String> {
    let waiting = Mutex::new(items.into_iter().enumerate());
    let hands = thread::available_parallelism().map_or(1, usize::from);
    let done = thread::scope(|scope| {
        let hand = || {
            // The guard is dropped before the work begins.
            let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let mut own = Vec::new();
            while let Some((place, item)) = next() {
                own.push((place, work(item)?));
            }
            Ok(own)
        };
        let running: Vec<_> = (0..hands).map(|_| scope.spawn(hand)).collect();
        let joined = running
            .into_iter()
            .map(|one| one.join().map_err(|_| "a thread panicked".to_string())?);
        joined.collect::<Result<Vec<_>, String>>()
    })?;
    let mut done: Vec<_> = done.into_iter().flatten().collect();
    done.sort_by_key(|(place, _)| *place);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// Files of a folder with that extension, in order.
fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut found = entries(folder)?;
    found.retain(|path| path.extension().is_some_and(|own| own == extension));
    Ok(found)
}

/// What lies in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut found = entries.collect::<Result<Vec<_>, _>>()?;
    found.sort();
    Ok(found)
}

fn stem(path: &Path) -> Result<&str, Failure> {
    path.file_stem().and_then(|stem| stem.to_str()).ok_or_else(|| "shader names are UTF-8".into())
}

fn compile(root: &Path, source: &Path, level: OptimizationLevel) -> Result<Vec<u32>, Failure> {
    let mut options = shaderc::CompileOptions::new()?;
    options.set_target_env(shaderc::TargetEnv::Vulkan, shaderc::EnvVersion::Vulkan1_2 as u32);
    options.set_target_spirv(shaderc::SpirvVersion::V1_5);
    options.set_optimization_level(level);
    // What is bound is known by its name; numbers are given out here.
    options.set_auto_bind_uniforms(true);
    // The optimiser would strip names without this.
    options.set_generate_debug_info();
    options.set_warnings_as_errors();
    let include = root.join("include");
    options.set_include_callback(move |name, _, _, _| {
        let path = include.join(name);
        let content =
            fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(shaderc::ResolvedInclude { resolved_name: name.to_string(), content })
    });
    let text = fs::read_to_string(source)?;
    let name = source.file_name().and_then(|name| name.to_str()).ok_or("shader names are UTF-8")?;
    let compiler = shaderc::Compiler::new()?;
    let artifact = compiler.compile_into_spirv(
        &text,
        shaderc::ShaderKind::Compute,
        name,
        "main",
        Some(&options),
    )?;
    Ok(artifact.as_binary().to_vec())
}
