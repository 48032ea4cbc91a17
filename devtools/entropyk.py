"""Entropyk, the second system of this checkout: its build, its tests, its benchmark. None of it needs Vulkan."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from devtools import build, python
from devtools.shell import ROOT, digest, say, stamp, stamped, step, stream, tree

HOME = ROOT / "entropyk"
BINDINGS = HOME / "bindings" / "python"
PACKAGE = BINDINGS / "python" / "entropyk"
REQUIREMENTS = HOME / "requirements-test.txt"
SOURCES = [
    *(ROOT / name for name in ("Cargo.toml", "Cargo.lock")),
    *(HOME / name for name in ("Cargo.toml", "src", "fluids")),
    *(BINDINGS / name for name in ("Cargo.toml", "pyproject.toml", "src")),
]
Check = tuple[str, list[str | Path]]


def provide() -> None:
    """What the tests compare with, and the module, each unless nothing about it has changed."""
    record = python.VENV / "entropyk-tests"
    if not stamped(record, digest(REQUIREMENTS)):
        with step("Installing what Entropyk is tested against (entropyk/requirements-test.txt)"):
            record.mkdir(exist_ok=True)
            python.install(["-r", REQUIREMENTS])
            stamp(record, digest(REQUIREMENTS))
    env = build.environment()
    record = python.VENV / "entropyk"
    key = digest(build.rust_version(env), env.get("RUSTFLAGS"), *tree(*SOURCES))
    modules = [file for end in ("so", "pyd") for file in PACKAGE.glob(f"_entropyk*.{end}")]
    if modules and stamped(record, key + str(modules[0].stat().st_mtime_ns)):
        return
    with step("Building Entropyk and putting it into .venv (maturin develop --release)"):
        record.mkdir(exist_ok=True)
        manifest = BINDINGS / "Cargo.toml"
        command = [*build.MATURIN, "develop", "--release", "--locked", "-m", manifest]
        stream(command, env=env, without="patchelf")
        modules = [file for end in ("so", "pyd") for file in PACKAGE.glob(f"_entropyk*.{end}")]
        stamp(record, key + str(modules[0].stat().st_mtime_ns))


def lint_checks() -> list[Check]:
    clippy: list[str | Path] = ["cargo", "clippy", "-q", "--locked", "--release"]
    packages: list[str | Path] = ["-p", "entropyk", "-p", "entropyk-python"]
    config: list[str | Path] = ["--mypy-config-file", BINDINGS / "pyproject.toml"]
    stubtest: list[str | Path] = [python.PYTHON, "-m", "mypy.stubtest"]
    return [
        ("cargo fmt, entropyk", ["cargo", "fmt", "--check", *packages]),
        ("clippy, entropyk", [*clippy, *packages, "--all-targets", "--", "-D", "warnings"]),
        ("mypy, entropyk", [python.PYTHON, "-m", "mypy", "--config-file", config[1], PACKAGE]),
        (
            "stubtest, entropyk",
            [*stubtest, *config, "--allowlist", BINDINGS / "stubtest.allow", "entropyk"],
        ),
    ]


def rust_tests() -> list[Check]:
    command: list[str | Path] = ["cargo", "test", "--locked", "--release", "-p", "entropyk"]
    return [("cargo test, entropyk", command)]


def benches() -> list[Check]:
    return [
        ("cargo bench, entropyk", ["cargo", "bench", "-q", "--locked", "-p", "entropyk"]),
        ("entropyk/bench/run.py", [python.PYTHON, HOME / "bench" / "run.py"]),
    ]


def pytest(rest: list[str]) -> list[str]:
    say("==> pytest, entropyk")
    sys.stdout.flush()
    env = python.environment()
    command: list[str | Path] = [python.PYTHON, "-m", "pytest", "--timeout=120", *rest]
    return [] if subprocess.call(command, cwd=BINDINGS, env=env) == 0 else ["pytest, entropyk"]
