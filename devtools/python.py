"""The virtual environment in .venv, and the environment variables that children get."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from devtools import apt, deps, drivers
from devtools.shell import ROOT, WINDOWS, Failure, digest, joined, run, stamp, stamped, step, warn

VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = BIN / ("python.exe" if WINDOWS else "python")
# Each list holds the one before it: the demo's picture, then the tests. Versions of all are pinned in them.
DEMO = ROOT / "requirements-demo.txt"
TOOLS = ROOT / "requirements-dev.txt"
# Outside truth of relief, of which tests use one module. It requires GDAL's bindings and Jupyter too, which that module does not import. Not for newer Pythons.
WITHOUT_DEPENDENCIES = 'rvt_py==2.2.3; python_version < "3.12"'
# Packages of which Python's compiler warns. Bytecode is made where it is imported, but theirs before the tests, in which a warning is an error.
WARNED_OF = ("ipywidgets", "rasterio", "rvt")
WHEELS_ONLY = ["--only-binary", ":all:"]  # a compiler run would take longer than all else


def provide_maturin() -> None:
    """Makes .venv with what compiles the module, unless it is there."""
    key = digest(DEMO, sys.version, sys.base_prefix, str(VENV))
    if not (stamped(VENV, key) and PYTHON.exists()):
        with step("Making .venv with maturin, which builds the module"):
            make()
            install_by_pip(["maturin", "uv", "-c", DEMO])
            stamp(VENV, key)


def provide(*, tools: bool = True) -> None:
    """Installs what the demo needs, or all `tools`, unless it is there."""
    what = {
        DEMO: "NumPy, and matplotlib, which has the demo's DEM",
        TOOLS: "what tests and lints need",
    }
    lists = [TOOLS] if tools else [DEMO, TOOLS]
    keys = {name: digest(DEMO, name, WITHOUT_DEPENDENCIES) for name in lists}
    if any(stamped(VENV / name.stem, key) for name, key in keys.items()):
        return
    name = lists[0]
    with step(f"Installing {what[name]} ({name.name}; it waits for the network)"):
        (VENV / name.stem).mkdir(exist_ok=True)
        install(["-r", name])
        if tools:
            install(["--no-deps", WITHOUT_DEPENDENCIES])
            packages = [next(VENV.rglob(f"site-packages/{name}"), None) for name in WARNED_OF]
            run([PYTHON, "-m", "compileall", "-q", *(folder for folder in packages if folder)])
        stamp(VENV / name.stem, keys[name])


def make() -> None:
    """An empty .venv in place of whatever was there."""
    shutil.rmtree(VENV, ignore_errors=True)
    base = getattr(sys, "_base_executable", sys.executable)  # .venv's own python is gone by now
    if deps.has_ensurepip():
        run([base, "-m", "venv", VENV], quiet=True)
        return
    wheel = next(deps.PIP.glob("pip-*.whl"), None)
    if not wheel:
        raise Failure("this Python has neither ensurepip nor pip; install python3-venv")
    run([base, "-m", "venv", "--without-pip", VENV], quiet=True)
    run([PYTHON, wheel / "pip", "install", "-q", "--no-index", wheel], quiet=True)


def install(what: Sequence[str | Path]) -> None:
    """Installs by uv, for which the tests' packages are a fifth of pip's work.

    Where that fails pip does it: an index or a proxy of pip's settings is nothing to uv.
    """
    options: list[str | Path] = ["-q", "--python", PYTHON, *WHEELS_ONLY]
    try:
        run([PYTHON, "-m", "uv", "pip", "install", *options, *what])
    except Failure as error:
        warn(f"{error}; pip will do it")
        install_by_pip(what)


def install_by_pip(what: Sequence[str | Path]) -> None:
    options = ["-q", "--disable-pip-version-check", "--no-input", "--retries", "5", "--no-compile"]
    try:
        run([PYTHON, "-m", "pip", "install", *options, *WHEELS_ONLY, *what])
    except Failure as error:
        raise Failure(f"{error}; check the network, then run the same command again") from error


def provide_cmake() -> None:
    """cmake and ninja as wheels, for the one case that shaderc has to be built from source."""
    if deps.shaderc() or os.environ.get("VULKAN_SDK"):
        return
    search = joined([BIN], os.environ.get("PATH"))
    if not all(shutil.which(tool, path=search) for tool in ("cmake", "ninja")):
        with step("Installing cmake and ninja into .venv: shaderc has to be built from source"):
            install(["cmake", "ninja"])


def environment(*, tests: bool = False) -> dict[str, str]:
    """What children see: tools, shaderc's archive, loader, validation layer and drivers."""
    env = dict(os.environ)
    cargo = Path.home() / ".cargo" / "bin"
    env["PATH"] = joined([BIN], env.get("PATH"))
    if cargo.is_dir():
        env["PATH"] = joined([env["PATH"], cargo])
    env["VIRTUAL_ENV"] = str(VENV)
    env.pop("PYTHONHOME", None)
    env.setdefault("CARGO_NET_RETRY", "5")
    if folder := deps.shaderc():
        env["SHADERC_LIB_DIR"] = str(folder)
    env.setdefault("CMAKE_POLICY_VERSION_MINIMUM", "3.5")  # new cmakes refuse shaderc's old scripts
    if (deps.LOADER / "libvulkan.so.1").is_file():
        env["LD_LIBRARY_PATH"] = joined([deps.LOADER], env.get("LD_LIBRARY_PATH"))
    if deps.LAYERS.is_dir():
        env["VK_LAYER_PATH"] = joined([deps.LAYERS], env.get("VK_LAYER_PATH"))
    env |= drivers.environment(tests=tests)
    if tests:
        env["VULKAN_FORGE_VALIDATION"] = "1"
        if env.get("CI", "").lower() in ("1", "true"):
            # 2 asks for lavapipe and SwiftShader both, which root on Debian always gets
            env["VULKAN_FORGE_REQUIRE_DEVICE"] = "2" if apt.available() and apt.root() else "1"
    return env
