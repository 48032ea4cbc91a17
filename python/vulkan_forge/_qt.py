"""PySide6's windows on Wayland, which rendercanvas sends to X11."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

_PLATFORM = "QT_QPA_PLATFORM"


@contextlib.contextmanager
def of_this_display() -> Iterator[None]:
    """What imports rendercanvas meanwhile leaves Qt's choice of a display as it is.

    In a session of Wayland it asks for X11, of which there may be none: there Qt ends the process.
    """
    wanted = os.environ.get(_PLATFORM)
    if wanted is None and not os.environ.get("DISPLAY") and os.environ.get("WAYLAND_DISPLAY"):
        wanted = "wayland"
    yield
    if wanted is not None:
        os.environ[_PLATFORM] = wanted


def prepare(widget: Any) -> None:
    """Let rendercanvas's widget tell its surface of Wayland, if it has one."""
    gui = sys.modules["PySide6.QtGui"]
    application = gui.QGuiApplication.instance()
    if application.platformName() != "wayland":
        return

    def surface() -> dict[str, Any]:
        display = application.nativeInterface().display()
        return {"platform": "wayland", "window": int(widget.winId()), "display": int(display)}

    widget._get_surface_ids = surface
