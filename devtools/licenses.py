"""The licences of every crate whose code is in the module, for the wheel and the source distribution."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from devtools import build
from devtools.shell import ROOT, Failure, output

FOLDER = ROOT / "licenses"  # license-files in pyproject.toml
NAMES = ("licen", "copy", "notice", "unlicense")
# Crates under MIT that are published without its text, with the line of theirs (LICENSE-MIT of their repository).
WITHOUT_TEXT = {"rstar": "Copyright (c) 2018 The rstar project developers"}


def collect(target: str, home: Path = ROOT) -> None:
    """For that machine, a target triple of Rust's: writes `licenses/<crate>-<version>-<file>` beside the module's pyproject.toml for the crates that it links; Failure if one has no text."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    command += ["--manifest-path", str(home / "Cargo.toml")]
    command += ["--features", "python"] if home == ROOT else []
    said = output([*command, "--filter-platform", target], build.environment())
    if said is None:
        raise Failure("`cargo metadata` failed; run it to see why")
    folder = home / FOLDER.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for package in linked(json.loads(said)):
        if package["source"] is None:  # of this checkout, under its own licence
            continue
        source = Path(package["manifest_path"]).parent
        texts = [file for file in source.iterdir() if file.name.lower().startswith(NAMES)]
        name = f"{package['name']}-{package['version']}"
        if not texts and package["name"] in WITHOUT_TEXT and "MIT" in package["license"]:
            mit = (ROOT / "LICENSE").read_text("utf-8")
            own = re.sub(r"^Copyright .*$", WITHOUT_TEXT[package["name"]], mit, count=1, flags=re.M)
            (folder / f"{name}-LICENSE-MIT").write_text(own, "utf-8")
            continue
        if not texts:
            raise Failure(f"the crate {package['name']} has no licence file; add its text by hand")
        for text in filter(Path.is_file, texts):
            shutil.copyfile(text, folder / f"{name}-{text.name}")


def linked(metadata: dict[str, Any]) -> list[dict[str, Any]]:
    """The packages that the root depends on, directly or not, other than for building and for tests."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    root = metadata["resolve"]["root"]
    reached, open_ends = {root}, [root]
    while open_ends:
        for edge in nodes[open_ends.pop()]["deps"]:
            normal = any(kind["kind"] is None for kind in edge["dep_kinds"])
            macros = "proc-macro" in packages[edge["pkg"]]["targets"][0]["kind"]
            if normal and not macros and edge["pkg"] not in reached:
                reached.add(edge["pkg"])
                open_ends.append(edge["pkg"])
    return [packages[name] for name in sorted(reached - {root})]
