//! Compiles `shaders/*.comp` to SPIR-V, validates it, and writes `OUT_DIR/shaders.rs`: the words, the bindings and every
//! block's members with offset and size, against which `gpu_struct!` checks the Rust twins at compile time.

#![allow(clippy::print_stdout)] // how a build script speaks to cargo

mod precise;
mod reflect;
mod uniforms;
#[allow(unsafe_code)]
mod validate;

use std::path::{Path, PathBuf};
use std::{env, fs};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("shaders");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed=shaders");
    println!("cargo::rerun-if-changed=build");

    let mut sources: Vec<PathBuf> = fs::read_dir(&root)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "comp"))
        .collect();
    sources.sort();

    let compiler = shaderc::Compiler::new()?;
    let mut generated = String::new();
    for source in &sources {
        let shown = source.display();
        let words = precise::precise(&compile(&compiler, &root, source)?)
            .and_then(|words| uniforms::read_first(&words))
            .map_err(|message| format!("{shown}: {message}"))?;
        validate::validate(&words).map_err(|message| format!("{shown}: invalid SPIR-V: {message}"))?;
        let stem = source.file_stem().and_then(|stem| stem.to_str()).ok_or("shader names are UTF-8")?;
        fs::write(
            out.join(format!("{stem}.spv")),
            words.iter().flat_map(|w| w.to_ne_bytes()).collect::<Vec<_>>(),
        )?;
        generated += &reflect::reflect(stem, &words).map_err(|message| format!("{shown}: {message}"))?;
    }
    fs::write(out.join("shaders.rs"), generated)?;
    Ok(())
}

fn compile(compiler: &shaderc::Compiler, root: &Path, source: &Path) -> Result<Vec<u32>, Failure> {
    let mut options = shaderc::CompileOptions::new()?;
    options.set_target_env(shaderc::TargetEnv::Vulkan, shaderc::EnvVersion::Vulkan1_2 as u32);
    options.set_target_spirv(shaderc::SpirvVersion::V1_5);
    options.set_optimization_level(shaderc::OptimizationLevel::Performance);
    // Names are what the twins are compared by; the optimiser would strip them without this.
    options.set_generate_debug_info();
    options.set_warnings_as_errors();
    let include = root.join("include");
    options.set_include_callback(move |name, _, _, _| {
        let path = include.join(name);
        let content = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(shaderc::ResolvedInclude { resolved_name: name.to_string(), content })
    });
    let text = fs::read_to_string(source)?;
    let name = source.file_name().and_then(|name| name.to_str()).ok_or("shader names are UTF-8")?;
    let artifact =
        compiler.compile_into_spirv(&text, shaderc::ShaderKind::Compute, name, "main", Some(&options))?;
    Ok(artifact.as_binary().to_vec())
}
