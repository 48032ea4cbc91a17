"""The browser that tests of the notebook widget and of maps drive, and the library that draws the maps."""

from __future__ import annotations

import shutil
import tarfile

from devtools import apt
from devtools.shell import DEPS, Failure, fresh, run, stamped, step, warn

MAPLIBRE = "6.17.0"


def provide() -> None:
    """Installs Chromium where that is possible; without it the one test that needs it is skipped."""
    if shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    if not (apt.available() and apt.root()):
        warn("no chromium: tests in a browser will be skipped")
        return
    with step("Installing the browser that tests drive (apt-get install chromium)"):
        try:
            apt.install(["chromium", "fonts-dejavu-core"])
        except Failure as error:
            warn(f"{error}; tests in a browser will be skipped")


def provide_maplibre() -> None:
    """Takes MapLibre GL JS from npm, which loads no code of the package; without it its test is skipped."""
    folder = DEPS / "maplibre"
    if stamped(folder, MAPLIBRE):
        return
    npm = shutil.which("npm")
    if npm is None:
        warn("no npm: the test of maps in a browser will be skipped")
        return
    with step(f"Taking MapLibre GL JS {MAPLIBRE} from npm"):
        try:
            with fresh(folder, MAPLIBRE) as place:
                run([npm, "pack", "--silent", f"maplibre-gl@{MAPLIBRE}"], cwd=place, quiet=True)
                archive = next(place.glob("*.tgz"))
                with tarfile.open(archive) as files:
                    files.extractall(place, filter="data")
                archive.unlink()
        except Failure as error:
            warn(f"{error}; the test of maps in a browser will be skipped")
