"""The commands of dev.py."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

from devtools import browser, build, drivers, entropyk, python, setup, wheels
from devtools.shell import (
    ROOT,
    Failure,
    at_once,
    digest,
    failures_of,
    output,
    run,
    say,
    stamp,
    stamped,
    step,
    warn,
)

PYTHON = python.PYTHON
# Files of tests on two workers: while one computes what a picture should be, the other draws.
SIDE_BY_SIDE = ["-n", "2", "--dist", "loadfile"]
Check = tuple[str, list[str | Path]]
WARNED = re.compile(r"^warning: .+ generated \d+ warning", re.M)  # cargo, having compiled
# Of all packages at once: a dependency whose features differ from command to command is compiled each time.
CARGO_TEST: Check = (
    "cargo test",
    ["cargo", "test", *build.SHARED, "--workspace", "--tests"],
)


def demo(rest: list[str]) -> list[str]:
    setup.provide(tools=False, profile=build.QUICK)
    with step("Rendering a real DEM (examples/demo.py)"):
        run([PYTHON, "examples/demo.py", *rest], env=python.environment())
    return []


def test(rest: list[str]) -> list[str]:
    setup.provide(profile=build.QUICK)
    if rest and rest[0] == "--entropyk":  # the second system alone
        entropyk.provide(build.QUICK)
        failed = check([*entropyk.rust_checks(), *entropyk.python_checks()])
        return failed + entropyk.pytest(rest[1:])
    if rest:  # a chosen test: no Rust tests, no lints
        return pytest(rest)

    def rust_and_entropyk() -> list[str]:
        entropyk.provide(build.QUICK)
        checks = [CARGO_TEST, *entropyk.doc_tests(), *rust_checks(), *entropyk.python_checks()]
        return check(checks, tests=True, quiet=True) + entropyk.pytest([], quiet=True)

    # cargo has one core for long, and ends minutes before the pictures do.
    return both(
        rust_and_entropyk,
        lambda: check(python_checks(), quiet=True) + pytest(["-m", "not slow", *SIDE_BY_SIDE]),
    )


def lint(rest: list[str]) -> list[str]:
    setup.provide(profile=build.QUICK)
    entropyk.provide(build.QUICK)
    words = [*python_checks(), *entropyk.python_checks()]
    return both(lambda: check(rust_checks()), lambda: check(words, quiet=True))


def torture(rest: list[str]) -> list[str]:
    setup.provide(profile=build.QUICK)
    entropyk.provide(build.QUICK)
    if rest and rest[0] == "--entropyk":  # the second system alone
        return entropyk.pytest(["-m", "slow", "-s", *rest[1:]])
    browser.provide()
    browser.provide_maplibre()
    _added("requirements-torture.txt", "torture", "what the slow tests use")
    failed = entropyk.pytest(["-m", "slow", "-s"])
    return failed + pytest(["-m", "slow", *rest])


def bench(rest: list[str]) -> list[str]:
    setup.provide()
    if "--entropyk" in rest:
        entropyk.provide(build.RELEASE)
        return check(entropyk.benches())
    _peers("requirements.txt", "bench")
    if "--vectors" in rest:
        _peers("requirements-vectors.txt", "bench-vectors")
        rest = [word for word in rest if word != "--vectors"]
        with step("Measuring layers on the ground (bench/vectors.py)"):
            run([PYTHON, "bench/vectors.py", *rest], env=python.environment())
        return []
    drivers.provide_opengl()
    with step("Measuring (bench/run.py)"):
        run([PYTHON, "bench/run.py", *rest], env=python.environment())
    return []


def _peers(name: str, stamp_name: str) -> None:
    _added(f"bench/{name}", stamp_name, "the peers that the benchmark compares with")


def _added(name: str, stamp_name: str, what: str) -> None:
    """Installs what only one command needs."""
    requirements = ROOT / name
    record = python.VENV / stamp_name
    if not stamped(record, digest(requirements)):
        with step(f"Installing {what} ({name})"):
            record.mkdir(exist_ok=True)
            python.install(["-r", requirements])
            stamp(record, digest(requirements))


def relief_tables(rest: list[str]) -> list[str]:
    setup.provide()
    with step("Comparing and measuring relief (bench/relief.py)"):
        run([PYTHON, "bench/relief.py", *rest], env=python.environment())
    with step("The same for operators that look far (bench/relief_far.py)"):
        run([PYTHON, "bench/relief_far.py", *rest], env=python.environment())
    return []


def gallery(rest: list[str]) -> list[str]:
    setup.provide()
    with step("Drawing docs/gallery (tools/gallery.py)"):
        run([PYTHON, "tools/gallery.py", *rest], env=python.environment())
    return []


def docs(rest: list[str]) -> list[str]:
    setup.provide()
    _added("requirements-docs.txt", "docs", "what makes the site")
    env = python.environment() | {"NO_MKDOCS_2_WARNING": "1"}
    with step("Making the site in dist/site (mkdocs build)"):
        run([PYTHON, "-m", "mkdocs", *(rest or ["build", "-q"])], env=env)
    return []


def wheel(rest: list[str]) -> list[str]:
    setup.provide(module=False, tools=False)
    for file in wheels.provide(rest):
        say(f"    dist/{file.name}: {file.stat().st_size / 1e6:.1f} MB")
    return []


def prepare(rest: list[str]) -> list[str]:
    setup.provide()
    return []


def in_environment(rest: list[str]) -> list[str]:
    setup.provide()
    if not rest:
        raise Failure(
            "expected a command; e.g. `python3 dev.py run python examples/first_picture.py`"
        )
    command: list[str | Path] = [*rest]
    return check([(rest[0], command)])


COMMANDS = {
    "setup": (prepare, "make .venv, fetch what Vulkan and shaderc need, build the module"),
    "demo": (demo, "render a real DEM to demo.png"),
    "test": (test, "Rust tests, lints and pytest; with arguments, only pytest with these"),
    "lint": (lint, "formats, lints and types of both languages; changes nothing"),
    "bench": (bench, "measure against PyVista and moderngl"),
    "relief-tables": (relief_tables, "the tables and the gallery of docs/relief.md"),
    "gallery": (gallery, "the pictures of docs/gallery; with names, only these"),
    "docs": (docs, "make the site in dist/site; `docs serve` shows it while it is written"),
    "wheel": (wheel, "build the wheels and the source distribution into dist/"),
    "torture": (torture, "the slow tests: faults, floods, long loops"),
    "run": (in_environment, "run a command with .venv and the drivers in reach"),
}


def rust_checks() -> list[Check]:
    clippy: list[str | Path] = ["cargo", "clippy", "-q", *build.SHARED]
    everything = ["--workspace", "--all-targets", "--features", "vulkan_forge/python"]
    strict = ["--", "-D", "warnings"]
    return [
        ("cargo fmt", ["cargo", "fmt", "--all", "--check"]),
        # With the Python module; cargo test compiles the crate without it.
        ("clippy", [*clippy, *everything, *strict]),
        ("cargo doc", ["cargo", "doc", "-q", *build.SHARED, "--workspace", "--no-deps"]),
    ]


def python_checks() -> list[Check]:
    return [
        ("ruff", [PYTHON, "-m", "ruff", "check", "-q", "."]),
        ("black", [PYTHON, "-m", "black", "--check", "-q", "."]),
        ("mypy", [PYTHON, "-m", "mypy"]),
        (
            "stubtest",
            [
                *(PYTHON, "-m", "mypy.stubtest", "--mypy-config-file", "devtools/stubtest.toml"),
                *(
                    "--allowlist",
                    "devtools/stubtest.allow",
                    "--ignore-unused-allowlist",
                    "vulkan_forge",
                ),
            ],
        ),
    ]


def both(*jobs: Callable[[], list[str]]) -> list[str]:
    """The failures of jobs that run side by side."""
    return [name for names in at_once(*jobs) for name in names]


def check(checks: list[Check], *, tests: bool = False, quiet: bool = False) -> list[str]:
    """Runs every check, whatever the ones before it said; the names of those that failed."""
    env = build.environment(tests=tests) | {"RUSTDOCFLAGS": "-D warnings"}
    failed = []
    for name, command in checks:
        try:
            with step(name):
                component = {"cargo fmt": "rustfmt", "clippy": "clippy"}.get(name.split(",")[0])
                if component and not _has(component, env):
                    continue
                said = run(command, env=env, quiet=quiet)
                if WARNED.search(said):
                    raise Failure(f"expected no warnings; got\n{said.rstrip()}")
        except Failure as error:
            warn(str(error))
            failed.append(name)
    return failed


def _has(component: str, env: dict[str, str]) -> bool:
    """Whether a rustup component is there or could be added; a minimal Rust has neither rustfmt nor clippy."""
    probe = ["cargo", "fmt" if component == "rustfmt" else component, "--version"]
    if output(probe, env) is not None:
        return True
    if (
        output(["rustup", "component", "add", component], env) is not None
        and output(probe, env) is not None
    ):
        return True
    if env.get("CI", "").lower() in ("1", "true"):
        raise Failure(f"{component} is missing; run `rustup component add {component}`")
    warn(f"SKIPPED: {component} is missing; run `rustup component add {component}`")
    return False


def pytest(rest: list[str]) -> list[str]:
    """pytest with both software drivers and validation; its summary stays the last thing printed."""
    command: list[str | Path] = [PYTHON, "-m", "pytest", "--timeout=300", *rest]
    return failures_of("pytest", command, env=python.environment(tests=True))


def main() -> int:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a narrow console must not end a build
    parser = argparse.ArgumentParser(prog="dev.py", description="The commands of this checkout.")
    listed = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, text) in COMMANDS.items():
        listed.add_parser(name, help=text, add_help=False)
    if len(sys.argv) == 2 and sys.argv[1] in ("-h", "--help"):
        parser.parse_args()
    chosen, rest = parser.parse_known_args(sys.argv[1:2])[0], sys.argv[2:]
    try:
        failed = COMMANDS[chosen.command][0](rest[1:] if rest[:1] == ["--"] else rest)
    except Failure as error:
        say(f"dev.py {chosen.command}: {error}")
        return 1
    except PermissionError as error:
        say(
            f"dev.py {chosen.command}: {error}; .venv, .deps or target may belong to another user:"
            " remove them, or run as that user"
        )
        return 1
    except KeyboardInterrupt:
        say(f"dev.py {chosen.command}: interrupted")
        return 130
    if failed:
        say(f"dev.py {chosen.command}: FAILED: {', '.join(failed)}")
    return 1 if failed else 0
