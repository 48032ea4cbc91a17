"""What makes windows and brings their events: rendercanvas, on GLFW or PySide6."""

from __future__ import annotations

import ctypes
import math
import sys
import time
from collections.abc import Callable
from typing import Any

from . import _displays, _glfw, _qt
from ._extras import require
from ._numbers import shown
from ._vulkan_forge import InvalidInputError, VulkanForgeError

_FRAMES = 60  # a second, at most
_EVENTS = (
    "resize", "pointer_down", "pointer_move", "pointer_up", "pointer_leave", "wheel", "key_down", "key_up",
)  # fmt: skip
_MODULES = {"glfw": "rendercanvas.glfw", "pyside6": "rendercanvas.pyside6"}


def canvas(
    toolkit: str, size: tuple[int, int], title: str, event: Any, paint: Any, fail: Any
) -> Canvas:
    """A window of `toolkit`, not yet drawn.

    Raises
    ------
    InvalidInputError
        There is no such toolkit.
    MissingExtraError
        It is not installed.
    VulkanForgeError
        There is no display.
    """
    if toolkit not in _MODULES:
        raise InvalidInputError(
            f"toolkit must be {' or '.join(map(repr, _MODULES))}; got {shown(toolkit)}; pass one of these, or handle="
        )
    _displays.check()
    if toolkit == "glfw":
        glfw = _glfw.start()
        module = require(_MODULES[toolkit], "window", "vulkan_forge.Window")
        module.poll_glfw_briefly = _glfw.polled(glfw)
        made = Canvas(module, size, title, event, paint, fail)
        _glfw.survive(glfw, made)
        return made
    with _qt.of_this_display():
        require("PySide6", "window", "vulkan_forge.Window with toolkit='pyside6'")
        module = require(_MODULES[toolkit], "window", "vulkan_forge.Window")
    return Canvas(module, size, title, event, paint, fail)


class Canvas:
    """A window with its events; errors of what it calls go to `fail`."""

    def __init__(
        self,
        module: Any,
        size: tuple[int, int],
        title: str,
        event: Callable[[dict[str, Any]], None],
        paint: Callable[[], None],
        fail: Callable[[BaseException], None],
    ) -> None:
        contexts = require("rendercanvas.contexts", "window", "vulkan_forge.Window")
        self._event, self._paint, self._fail = event, paint, fail
        self._loop = module.loop
        self._due = math.inf
        self._canvas = module.RenderCanvas(
            size=size, title=title, update_mode="ondemand", max_fps=_FRAMES
        )

        class Screen(contexts.BaseContext):  # type: ignore[misc, name-defined] # has no types
            """rendercanvas's way to hand over a window: what is shown there is shown by `paint`."""

            present_methods = ["screen"]  # noqa: RUF012
            closing: Callable[[], None] | None = None

            def _rc_present(self, *, force_sync: bool = False) -> dict[str, str]:
                return {"method": "screen"}

            def _rc_close(self) -> None:
                if self.closing is not None:
                    self.closing()

        if hasattr(self._canvas, "_subwidget"):
            _qt.prepare(self._canvas._subwidget)
        self._screen = self._canvas.get_context(Screen)
        self._canvas.add_event_handler(self._guarded(event), *_EVENTS)

    def _guarded(self, work: Callable[..., None]) -> Callable[..., None]:
        """rendercanvas logs errors and goes on; here the first one ends the window."""

        def run(*arguments: Any) -> None:
            try:
                work(*arguments)
            except BaseException as failure:
                self._fail(failure)

        return run

    def handle(self) -> tuple[str, int, int]:
        """Kind, display and window, as `Presenter` takes them."""
        info = self._screen._present_info
        platform, window = info.get("platform"), int(info["window"])
        if platform == "x11":  # by a connection of our own, which outlives the server
            return "x11", 0, window
        if platform == "wayland":
            return "wayland", int(info["display"]), window
        if sys.platform == "win32":
            module = ctypes.windll.kernel32.GetModuleHandleW
            module.restype = ctypes.c_void_p
            return "win32", module(None) or 0, window
        raise VulkanForgeError(
            f"windows of this system are not known; expected X11, Wayland or Windows, got {platform}; use vulkan_forge.notebook"
        )

    def on_close(self, closing: Callable[[], None]) -> None:
        """Call that before the window goes."""

        def ending() -> None:
            # GLFW closes its windows, as if hands had done it, when the compositor ends.
            if _displays.hung_up(self._screen._present_info):
                self._fail(_displays.gone("the Wayland compositor closed the connection"))
            closing()

        self._screen.closing = ending

    def request(self, delay: float = 0.0) -> None:
        """Paint soon, or after some seconds."""
        if delay <= 0:
            self._canvas.request_draw(self._guarded(self._paint))
            return
        waiting, self._due = self._due < math.inf, time.monotonic() + delay
        if not waiting:  # else what waits already goes on until then
            self._loop.call_later(delay, self._wake)

    def _wake(self) -> None:
        left = self._due - time.monotonic()
        if self._canvas.get_closed():
            return
        if left > 0.001:
            self._loop.call_later(left, self._wake)
        else:
            self._due = math.inf
            self.request()

    def lost(self) -> None:
        """The display is gone; from within Xlib, where nothing may be raised."""
        self._loop.call_soon_threadsafe(
            self._fail, _displays.gone("the X server closed the connection")
        )

    def run(self) -> None:
        """Until all windows are closed."""
        self._loop.run()

    def close(self) -> None:
        """Close the window."""
        self._screen.closing = None
        self._canvas.close()
