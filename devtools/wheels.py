"""What is published: wheels of the renderer and of Entropyk for old and new Linux, that with the software driver, sources."""

from __future__ import annotations

import platform
import shutil
import sys
from pathlib import Path

from devtools import build, deps, entropyk, licenses, python
from devtools.shell import ROOT, WINDOWS, Failure, digest, run, say, stamp, stamped, step

DIST = ROOT / "dist"
# zig links against the symbols of an old glibc, so that one wheel serves from CentOS 7 on (PEP 599); auditwheel proves it.
TOOLS = ("ziglang==0.17.1", "auditwheel==6.8.2")
GLIBC = "2_17"
SOFTWARE = ROOT / "software"


def provide_tools() -> None:
    record = python.VENV / "wheel-tools"
    if stamped(record, digest(*TOOLS)):
        return
    with step(f"Installing {', '.join(TOOLS)}: what makes a wheel for old systems"):
        record.mkdir(exist_ok=True)
        python.install(TOOLS)
        stamp(record, digest(*TOOLS))


def package(rest: list[str], home: Path = ROOT, name: str = "vulkan_forge") -> None:
    """A wheel, of the renderer or of what lies at `home`. `rest` goes to maturin: `--target` crosses to another machine."""
    env = build.environment()
    target = rest[rest.index("--target") + 1] if "--target" in rest else build.host()
    licenses.collect(target, home)
    words: list[str | Path] = [*build.MATURIN, "build", "--release", "--locked", "--out", DIST]
    words += ["--manifest-path", home / "Cargo.toml"]
    if sys.platform == "linux":
        words += ["--zig", "--compatibility", f"manylinux_{GLIBC}"]
        if "--target" not in rest:
            words += ["--target", target]
        # Build scripts run here: they are compiled by this system's compilers.
        host = build.host().replace("-", "_")
        env.setdefault(f"CC_{host}", "cc")
        env.setdefault(f"CXX_{host}", env.get("CXX", "c++"))
    with step(f"Building the wheel of {name} into dist/ (maturin)"):
        run([*words, *rest], env=env)
    if sys.platform == "linux":
        newest = max(DIST.glob(f"{name}-*.whl"), key=lambda file: file.stat().st_mtime)
        with step(f"Asking auditwheel what {newest.name} needs"):
            run([python.PYTHON, "-m", "auditwheel", "show", newest], env=env)


def software() -> None:
    """The wheel with Debian's SwiftShader; only where there is one to put into it."""
    deps.provide(tools=True)
    library = deps.SWIFTSHADER / "libvk_swiftshader.so"
    if WINDOWS or not library.is_file():
        say("==> No SwiftShader of Debian's here: the software driver's wheel is left out")
        return
    tag = "manylinux_2_34_" + platform.machine()  # the library's own newest symbols
    folder = SOFTWARE / "build"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOFTWARE, folder, ignore=shutil.ignore_patterns("build", "__pycache__"))
    shutil.copy2(library, folder / "vulkan_forge_software")
    licences = folder / "licenses"
    licences.mkdir()
    for text in sorted(deps.SWIFTSHADER.glob("LICENSE*")):
        shutil.copyfile(text, licences / text.name)
    if not any(licences.iterdir()):
        raise Failure("the driver's licence is missing; remove .deps/swiftshader and run again")
    with step("Building the software driver's wheel into dist/"):
        run(
            [
                *(python.PYTHON, "-m", "pip", "wheel", "-q", "--no-deps"),
                *("--config-settings", f"--build-option=--plat-name={tag}"),
                *("-w", DIST, folder),
            ],
            env=build.environment(),
        )
    shutil.rmtree(folder, ignore_errors=True)
    newest = max(DIST.glob("vulkan_forge_software-*.whl"), key=lambda file: file.stat().st_mtime)
    with step(f"Asking auditwheel what {newest.name} needs"):
        run([python.PYTHON, "-m", "auditwheel", "show", newest], env=build.environment())


def source(home: Path = ROOT, name: str = "vulkan_forge") -> None:
    """A source distribution, with the licences that `package` collected for this machine."""
    with step(f"Making the source distribution of {name} (maturin sdist)"):
        command = [*build.MATURIN, "sdist", "--manifest-path", home / "Cargo.toml", "--out", DIST]
        run(command, env=build.environment())


def provide(rest: list[str]) -> list[Path]:
    """All that a release on this machine consists of; what dist/ holds then."""
    provide_tools()
    package(rest)
    package(rest, entropyk.BINDINGS, "entropyk")
    if "--target" not in rest:
        software()
        source()
        source(entropyk.BINDINGS, "entropyk")
    return sorted(DIST.iterdir())
