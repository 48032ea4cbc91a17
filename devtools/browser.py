"""The browser that tests of the notebook widget drive."""

from __future__ import annotations

import shutil

from devtools import apt
from devtools.shell import Failure, step, warn


def provide() -> None:
    """Installs Chromium where that is possible; without it the one test that needs it is skipped."""
    if shutil.which("chromium") or shutil.which("chromium-browser"):
        return
    if not (apt.available() and apt.root()):
        warn("no chromium: the test of the notebook widget in a browser will be skipped")
        return
    with step("Installing the browser that the notebook's test drives (apt-get install chromium)"):
        try:
            apt.install(["chromium", "fonts-dejavu-core"])
        except Failure as error:
            warn(f"{error}; the test of the notebook widget in a browser will be skipped")
