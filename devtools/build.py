"""Rust: finding it, and building the module into .venv."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

from devtools import apt, deps, python
from devtools.shell import (
    ROOT,
    WINDOWS,
    Failure,
    at_once,
    digest,
    output,
    stamp,
    stamped,
    step,
    stream,
    tree,
)

PACKAGE = ROOT / "python" / "vulkan_forge"
SOURCES = [
    ROOT / name
    for name in ("Cargo.toml", "Cargo.lock", "pyproject.toml", "build", "src", "shaders")
]
MATURIN: list[str | Path] = [python.PYTHON, "-m", "maturin"]
# What compiles soonest: for the demo, tests and lints, which take a release where there is one. Cargo's tests and lints share all that
# is compiled for it. The rest of dev.py's commands, wheels and benchmarks stand on a release.
QUICK, RELEASE = "quick", "release"
SHARED: list[str | Path] = ["--locked", "--profile", QUICK]
CERTIFICATES = [
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
]


def environment(*, tests: bool = False) -> dict[str, str]:
    """python.environment, made fit for cargo: Rust is there and new enough, and the registry can be trusted."""
    env = python.environment(tests=tests)
    if (
        not WINDOWS
        and not any(file.is_file() for file in CERTIFICATES)
        and "SSL_CERT_FILE" not in env
    ):
        bundle = next(python.VENV.rglob("pip/_vendor/certifi/cacert.pem"), None)
        if bundle:
            env.setdefault("CARGO_HTTP_CAINFO", str(bundle))
    if deps.shaderc() and not any(shutil.which(tool, path=env["PATH"]) for tool in ("c++", "g++")):
        # All the C++ in the build is link-cplusplus's empty file, which a C compiler takes as well.
        env.setdefault("CXX", "cc -x c")
    return env


def rust_version(env: dict[str, str]) -> str:
    """rustc's version; Failure when it is missing or too old."""
    with open(ROOT / "Cargo.toml", "rb") as file:
        wanted = tomllib.load(file)["package"]["rust-version"]
    cure = "install it with rustup (https://rustup.rs)"
    said = output(["rustc", "-V"], env) if shutil.which("cargo", path=env["PATH"]) else None
    if said is None:
        raise Failure(f"expected Rust {wanted} or newer, found none; {cure}")
    found = re.search(r"(\d+)\.(\d+)", said)
    if found and (int(found[1]), int(found[2])) < tuple(int(n) for n in wanted.split(".")[:2]):
        raise Failure(
            f"expected Rust {wanted} or newer, got `{said}`; run `rustup update` or {cure}"
        )
    return said


def host() -> str:
    """This machine as a target triple of Rust's."""
    said = output(["rustc", "-vV"], environment()) or ""
    found = re.search(r"^host: (\S+)$", said, re.M)
    if not found:
        raise Failure("`rustc -vV` does not tell its host; reinstall Rust")
    return found[1]


def provide_linker() -> None:
    """Rust links with `cc`; a Debian with rustup and nothing else has none, and root can mend that."""
    if WINDOWS or shutil.which("cc"):
        return
    if not (apt.available() and apt.root()):
        raise Failure("Rust needs the C linker `cc`, which is missing; install gcc and libc6-dev")
    with step("Installing the C linker that Rust needs (apt-get install gcc libc6-dev)"):
        apt.install(["gcc", "libc6-dev"])


def module() -> Path | None:
    return next(
        (file for end in ("so", "pyd") for file in PACKAGE.glob(f"_vulkan_forge*.{end}")), None
    )


def provide(profile: str, meanwhile: Callable[[], None]) -> None:
    """Builds the module, unless nothing that it is made of has changed, while something else is done; then installs it."""
    env = environment()
    sources = digest(
        *(rust_version(env), env.get("RUSTFLAGS"), env.get("SHADERC_LIB_DIR")),
        *(str(python.PYTHON), *tree(*SOURCES)),
    )
    record = python.VENV / "module"

    def key(profile: str) -> str:
        built = module()
        return f"{profile} {sources} {built.stat().st_mtime_ns if built else 0}"

    develop = [*MATURIN, "develop", "--profile", profile, "--locked"]
    if module() and any(stamped(record, key(enough)) for enough in {profile, RELEASE}):
        meanwhile()
    else:
        title = (
            f"Compiling the Rust module and its shaders (maturin, profile {profile}; the first time"
            " with some 90 crates, a minute or two)"
        )
        with step(title):
            record.mkdir(exist_ok=True)
            # The module links nothing from .deps, so there is no rpath to set, and patchelf is not missed.
            compile_it = [*develop, "--skip-install"]
            at_once(lambda: stream(compile_it, env=env, without="patchelf"), meanwhile)
        if not module():
            raise Failure(f"maturin left no module in {PACKAGE.relative_to(ROOT)}{os.sep}")
        stamp(record, key(profile))
    # An editable installation: it stays as long as names, version and commands do.
    installed, about = python.VENV / "installed", digest(ROOT / "pyproject.toml")
    if not stamped(installed, about):
        with step("Putting the package into .venv"):
            installed.mkdir(exist_ok=True)
            stream(develop, env=env, without="patchelf")
            stamp(installed, about)
            stamp(record, key(profile))
