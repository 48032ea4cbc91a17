"""What is taken from Debian's packages into .deps: shaderc's archive, the validation layer, SwiftShader, the loader.

On a system without apt nothing is taken: shaderc is then built from source by its crate, and drivers,
layer and loader are the system's own (on Windows: those of the graphics driver and the Vulkan SDK).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devtools import apt, drivers
from devtools.shell import DEPS, WINDOWS, Failure, digest, fresh, say, stamped, step, warn

SHADERC = DEPS / "shaderc"
LAYERS = DEPS / "layers"
SWIFTSHADER = DEPS / "swiftshader"
LOADER = DEPS / "loader"
PIP = DEPS / "pip"

# Debian's libshaderc.so cannot be linked (its glslang symbols are undefined), and its static archive
# lacks the same parts: merged with glslang's and SPIRV-Tools' own archives it is complete.
ARCHIVES = [
    *(
        "shaderc_combined",
        "glslang",
        "MachineIndependent",
        "GenericCodeGen",
        "OSDependent",
        "OGLCompiler",
    ),
    *("HLSL", "SPIRV", "SPIRV-Tools-opt", "SPIRV-Tools"),
]
SLOW_SHADERC = (
    "shaderc will be built from source, which needs git and g++ and takes more than ten minutes"
)


@dataclass(frozen=True)
class Part:
    """One folder of .deps: the packages it comes from and how it is made from them."""

    folder: Path
    what: str
    packages: tuple[str, ...]
    make: Callable[[Path, Path], None]
    without: str

    @property
    def key(self) -> str:
        return digest(self.packages, Path(__file__))


def one(root: Path, pattern: str) -> Path:
    """The one file below an unpacked package; Failure when the package holds it no more."""
    found = sorted(root.rglob(pattern))
    if not found:
        raise Failure(f"the packages hold no {pattern}")
    return found[0]


def make_shaderc(root: Path, folder: Path) -> None:
    if not shutil.which("ar"):
        raise Failure("`ar` is missing; install binutils")
    archive = folder / "libshaderc_combined.a"
    inputs = [found for name in ARCHIVES for found in sorted(root.rglob(f"lib{name}.a"))]
    # `ar -M` reads its script from standard input and takes no spaces in names: work beside the files.
    script = [f"create {archive.name}"]
    for number, source in enumerate(inputs):
        shutil.copyfile(source, folder / f"{number}.a")
        script.append(f"addlib {number}.a")
    script += ["save", "end", ""]
    done = subprocess.run(
        ["ar", "-M"], input="\n".join(script), text=True, cwd=folder, capture_output=True
    )
    for number in range(len(inputs)):
        (folder / f"{number}.a").unlink()
    if done.returncode != 0:
        raise Failure(f"`ar -M` failed: {done.stderr.strip()}")
    # gcc without g++ has no libstdc++.so to link with, though every Debian has the library itself.
    if not links(archive):
        (folder / "libstdc++.so").symlink_to(one(Path("/usr/lib"), "libstdc++.so.6"))
        if not links(archive):
            raise Failure("a test program does not link against the merged archive")


def links(archive: Path) -> bool:
    """Whether a C program that calls shaderc links with the archive alone."""
    source, program = archive.with_name("probe.c"), archive.with_name("probe")
    source.write_text(
        "void *shaderc_compiler_initialize(void);\n"
        "void *shaderc_compile_into_spv(void *);\n"
        "int main(void) { return shaderc_compile_into_spv(shaderc_compiler_initialize()) != 0; }\n",
        encoding="utf-8",
    )
    command = [
        "cc",
        source.name,
        archive.name,
        "-L.",
        "-lstdc++",
        "-lm",
        "-lpthread",
        "-o",
        program.name,
    ]
    try:
        return subprocess.run(command, cwd=archive.parent, capture_output=True).returncode == 0
    except OSError as error:
        raise Failure("Rust and shaderc need the C linker `cc`; install gcc") from error
    finally:
        source.unlink(missing_ok=True)
        program.unlink(missing_ok=True)


def make_layers(root: Path, folder: Path) -> None:
    library = one(root, "libVkLayer_khronos_validation.so")
    manifest = json.loads(one(root, "VkLayer_khronos_validation.json").read_text(encoding="utf-8"))
    manifest["layer"][
        "library_path"
    ] = f"./{library.name}"  # Debian's bare name looks in /usr/lib only
    (folder / "VkLayer_khronos_validation.json").write_text(
        json.dumps(manifest, indent=1), encoding="utf-8"
    )
    shutil.copy2(library, folder)


def make_swiftshader(root: Path, folder: Path) -> None:
    library = one(root, "libvk_swiftshader.so")
    shutil.copy2(library, folder)
    manifest = {
        "file_format_version": "1.0.0",
        "ICD": {"library_path": f"./{library.name}", "api_version": "1.3.0"},
    }
    (folder / "vk_swiftshader_icd.json").write_text(json.dumps(manifest), encoding="utf-8")
    shutil.copyfile(one(root, "copyright"), folder / "LICENSE-of-Debian's-chromium")


def make_loader(root: Path, folder: Path) -> None:
    shutil.copyfile(one(root, "libvulkan.so.1").resolve(), folder / "libvulkan.so.1")


def make_pip(root: Path, folder: Path) -> None:
    wheel = one(root, "pip-*.whl")
    shutil.copyfile(wheel, folder / wheel.name)  # pip refuses to install a wheel of another name


PARTS = [
    Part(
        SHADERC,
        "shaderc's static archive",
        ("libshaderc-dev", "glslang-dev", "spirv-tools"),
        make_shaderc,
        SLOW_SHADERC,
    ),
    Part(
        LAYERS,
        "the Vulkan validation layer",
        ("vulkan-validationlayers",),
        make_layers,
        "tests need a system-wide VK_LAYER_KHRONOS_validation then",
    ),
    Part(
        SWIFTSHADER,
        "SwiftShader, a software Vulkan driver",
        ("chromium-common",),
        make_swiftshader,
        "tests that compare two drivers will be skipped",
    ),
    Part(
        LOADER,
        "the Vulkan loader",
        ("libvulkan1",),
        make_loader,
        "install libvulkan1",
    ),
    Part(
        PIP,
        "pip (this Python comes without ensurepip)",
        ("python3-pip-whl",),
        make_pip,
        "install python3-venv",
    ),
]


def shaderc() -> Path | None:
    """The folder that holds shaderc's archive: the caller's own choice or the one in .deps."""
    own = os.environ.get("SHADERC_LIB_DIR")
    if own:
        return Path(own)
    return SHADERC if (SHADERC / "libshaderc_combined.a").is_file() else None


def has_ensurepip() -> bool:
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


def needed(part: Part, *, tools: bool) -> bool:
    if part.folder == LAYERS:
        return tools
    if part.folder == SHADERC:
        return not os.environ.get("SHADERC_LIB_DIR")
    if part.folder == SWIFTSHADER:
        return tools or not drivers.of_the_system()
    if part.folder == LOADER:
        return not drivers.has_loader()
    if part.folder == PIP:
        return not has_ensurepip()
    return True


def provide(*, tools: bool) -> None:
    """Makes every part that is needed, for tests if `tools`, and not there yet."""
    if not apt.available():
        if not WINDOWS:
            say("==> No apt here: drivers, loader and validation layer are the system's own")
        return
    missing = [
        part for part in PARTS if needed(part, tools=tools) and not stamped(part.folder, part.key)
    ]
    if not missing:
        return
    with step(f"Unpacking into .deps, without root: {'; '.join(part.what for part in missing)}"):
        unpacked = DEPS / "unpacked"
        shutil.rmtree(unpacked, ignore_errors=True)
        try:
            # One folder for each part: chromium-common has a validation layer too, of another version.
            roots = {part.folder: unpacked / part.folder.name for part in missing}
            unknown = apt.unpack(
                {name: roots[part.folder] for part in missing for name in part.packages}
            )
            for part in missing:
                try:
                    if lacking := [name for name in part.packages if name in unknown]:
                        raise Failure(f"apt knows no package {', '.join(lacking)}")
                    with fresh(part.folder, part.key) as folder:
                        part.make(roots[part.folder], folder)
                except Failure as error:
                    warn(f"{part.what}: {error}; {part.without}")
        except Failure as error:
            lost = "; ".join(part.without for part in missing)
            warn(f"{error}\n    so for now: {lost}")
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
