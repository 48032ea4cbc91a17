"""Debian's packages as a source of files: unpacked, which needs no root, or installed, which does."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from devtools.shell import DEPS, Failure, run, say, warn

ATTEMPTS = 3
PATIENCE_S = 600
ROBUST = [
    *("-o", "Acquire::Retries=2"),
    *("-o", "Acquire::http::Timeout=20"),
    *("-o", "Acquire::https::Timeout=20"),
    *("-o", "APT::Update::Error-Mode=any"),
]
CURE = "check the network and /etc/apt/sources.list*, then run the same command again"
UNKNOWN = re.compile(r"(?:Unable to locate package|version from package) ([\w.+-]+)")
ENGLISH = {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}


def available() -> bool:
    return all(shutil.which(tool) for tool in ("apt-get", "dpkg-deb"))


def root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def unpack(packages: dict[str, Path]) -> set[str]:
    """Downloads packages of the system's own release and unpacks each into its folder.

    The system's package lists are used when they know the packages; when they are missing or out of
    date, private ones are fetched into .deps, so that neither root nor `apt-get update` is needed.
    Returns the names that this release does not have; Failure when the network gives nothing.
    """
    debs, private = DEPS / "debs", DEPS / "apt"
    unknown: set[str] = set()
    options: list[str] = []
    said = ""
    try:
        for attempt in range(ATTEMPTS):
            for folder in (debs, private / "lists" / "partial", private / "archives" / "partial"):
                folder.mkdir(parents=True, exist_ok=True)
            complete = True
            try:
                if attempt > 0:
                    options = _private_lists(private)
                    complete = _update(options)
                wanted = [name for name in packages if name not in unknown]
                if wanted:
                    run(
                        ["apt-get", *ROBUST, *_unprivileged(), *options, "download", *wanted],
                        env=os.environ | ENGLISH,
                        cwd=debs,
                        timeout=PATIENCE_S,
                        quiet=True,
                    )
                break
            except Failure as error:
                said = str(error)
            if attempt == 0:
                say("    the system's package lists are missing or old: fetching private ones")
            else:
                say(f"    attempt {attempt} failed: {_complaint(said)}")
                unknown |= set(UNKNOWN.findall(said)) if complete else set()
        else:
            raise Failure(f"could not download {', '.join(packages)}; {CURE}")
        for deb in sorted(debs.glob("*.deb")):
            folder = packages[deb.name.split("_")[0]]
            folder.mkdir(parents=True, exist_ok=True)
            run(["dpkg-deb", "-x", deb, folder], quiet=True)
    finally:
        shutil.rmtree(private, ignore_errors=True)
        shutil.rmtree(debs, ignore_errors=True)
    return unknown


def _unprivileged() -> list[str]:
    """Root's apt would drop to a user who may not read this checkout."""
    return ["-o", "APT::Sandbox::User=root"]


def _private_lists(folder: Path) -> list[str]:
    """Options that point apt at package lists of our own."""
    return [
        *("-o", f"Dir::State::Lists={folder}/lists"),
        *("-o", f"Dir::Cache={folder}"),
        *("-o", f"Dir::Cache::archives={folder}/archives"),
        *("-o", "Acquire::Languages=none"),
        *("-o", "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false"),
    ]


def _update(options: list[str]) -> bool:
    """Fetches the lists; False when a source failed, be it one that is not needed here."""
    command = ["apt-get", *ROBUST, *_unprivileged(), *options, "update", "-qq"]
    try:
        run(command, env=os.environ | ENGLISH, timeout=PATIENCE_S, quiet=True)
    except Failure as error:
        warn(f"apt-get update: {_complaint(str(error))}")
        return False
    return True


def _complaint(said: str) -> str:
    """apt's first complaint, which names what could not be had."""
    return next((line for line in said.splitlines() if line.startswith("E: ")), said)


def install(packages: Sequence[str]) -> None:
    """Installs packages on the system (root only), refreshing the lists when the first try fails."""
    env = os.environ | ENGLISH
    command = ["apt-get", *ROBUST, "-o", "DPkg::Lock::Timeout=120", "-y", "-qq"]
    said = ""
    for attempt in range(ATTEMPTS):
        try:
            if attempt:
                _update([])
            run(
                [*command, "install", "--no-install-recommends", *packages],
                env=env,
                timeout=PATIENCE_S,
                quiet=True,
            )
            return
        except Failure as error:
            said = str(error)
    raise Failure(f"could not install {', '.join(packages)}: {_complaint(said)}; {CURE}")
