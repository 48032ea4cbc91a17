"""Entropyk, the second system of this checkout: its build, its tests, its benchmark. None of it needs Vulkan."""

from __future__ import annotations

from pathlib import Path

from devtools import build, python
from devtools.shell import ROOT, digest, failures_of, stamp, stamped, step, stream, tree

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


def provide(profile: str) -> None:
    """What the tests compare with, and the module, each unless nothing about it has changed."""
    record = python.VENV / "entropyk-tests"
    if not stamped(record, digest(REQUIREMENTS)):
        with step("Installing what Entropyk is tested against (entropyk/requirements-test.txt)"):
            record.mkdir(exist_ok=True)
            python.install(["-r", REQUIREMENTS])
            stamp(record, digest(REQUIREMENTS))
    env = build.environment()
    record = python.VENV / "entropyk"
    sources = digest(build.rust_version(env), env.get("RUSTFLAGS"), *tree(*SOURCES))

    def key(profile: str) -> str:
        modules = [file for end in ("so", "pyd") for file in PACKAGE.glob(f"_entropyk*.{end}")]
        return f"{profile} {sources} {[file.stat().st_mtime_ns for file in modules]}"

    if any(stamped(record, key(enough)) for enough in {profile, build.RELEASE}):
        return
    with step(f"Building Entropyk and putting it into .venv (maturin, profile {profile})"):
        record.mkdir(exist_ok=True)
        manifest = BINDINGS / "Cargo.toml"
        command = [*build.MATURIN, "develop", "--profile", profile, "--locked", "-m", manifest]
        stream(command, env=env, without="patchelf")
        stamp(record, key(profile))


def doc_tests() -> list[Check]:
    # With the bindings' features its dependencies are those that are compiled already.
    packages = ["-p", "entropyk", "-p", "entropyk-python"]
    return [("cargo test, entropyk's page", ["cargo", "test", *build.SHARED, "--doc", *packages])]


def rust_checks() -> list[Check]:
    packages = ["-p", "entropyk", "-p", "entropyk-python"]
    strict = ["--all-targets", "--", "-D", "warnings"]
    return [
        (
            "cargo test, entropyk",
            ["cargo", "test", *build.SHARED, *packages, "--tests"],
        ),
        *doc_tests(),
        ("cargo fmt, entropyk", ["cargo", "fmt", "--check", *packages]),
        ("clippy, entropyk", ["cargo", "clippy", "-q", *build.SHARED, *packages, *strict]),
    ]


def python_checks() -> list[Check]:
    config: list[str | Path] = ["--mypy-config-file", BINDINGS / "pyproject.toml"]
    stubtest: list[str | Path] = [python.PYTHON, "-m", "mypy.stubtest"]
    return [
        ("mypy, entropyk", [python.PYTHON, "-m", "mypy", "--config-file", config[1], PACKAGE]),
        (
            "stubtest, entropyk",
            [*stubtest, *config, "--allowlist", BINDINGS / "stubtest.allow", "entropyk"],
        ),
    ]


def benches() -> list[Check]:
    return [
        ("cargo bench, entropyk", ["cargo", "bench", "-q", "--locked", "-p", "entropyk"]),
        ("entropyk/bench/run.py", [python.PYTHON, HOME / "bench" / "run.py"]),
    ]


def pytest(rest: list[str], *, quiet: bool = False) -> list[str]:
    """Its tests."""
    command: list[str | Path] = [python.PYTHON, "-m", "pytest", "--timeout=120", *rest]
    env = python.environment()
    return failures_of("pytest, entropyk", command, env=env, cwd=BINDINGS, quiet=quiet)
