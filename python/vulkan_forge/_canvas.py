"""What makes windows and brings their events: rendercanvas, on GLFW or PySide6."""

from __future__ import annotations

import ctypes
import math
import os
import sys
import time
import warnings
import weakref
from collections.abc import Callable
from typing import Any

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
    _check_display()
    if toolkit == "glfw":
        glfw = require("glfw", "window", "vulkan_forge.Window")
        _start(glfw)
    else:
        require("PySide6", "window", "vulkan_forge.Window with toolkit='pyside6'")
    module = require(_MODULES[toolkit], "window", "vulkan_forge.Window")
    made = Canvas(module, size, title, event, paint, fail)
    if toolkit == "glfw":
        _survive(glfw, made)
    return made


def _no_display(got: str) -> VulkanForgeError:
    return VulkanForgeError(
        f"no display to open a window on; expected DISPLAY or WAYLAND_DISPLAY to name a server that answers, got {got}; log in to a desktop, use "
        "`ssh -X`, or start one (`Xvfb :1 &` and DISPLAY=:1); pictures (vf.render) and notebooks need none"
    )


def _check_display() -> None:
    if sys.platform == "darwin":
        raise VulkanForgeError(
            "windows are not shown on macOS; expected Linux or Windows, got darwin; use vulkan_forge.notebook"
        )
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        raise _no_display("neither")


def _start(glfw: Any) -> None:
    """Start GLFW, or say why not: rendercanvas would go on without."""
    if sys.platform.startswith("linux") and not os.environ.get("WAYLAND_DISPLAY"):
        # Else it tries Wayland first, whose library complains on standard error.
        glfw.init_hint(glfw.PLATFORM, glfw.PLATFORM_X11)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if not glfw.init():
            display = f"DISPLAY={os.environ.get('DISPLAY')!r}"
            raise _no_display("; ".join([display, *(str(one.message) for one in said)]))


def _survive(glfw: Any, made: Canvas) -> None:
    """Keep this process when the X server ends: Xlib would end it, without a word to Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        display = glfw.get_x11_display() if hasattr(glfw, "get_x11_display") else None
    if not display:
        return
    try:
        library = ctypes.CDLL("libX11.so.6")
        stay = library.XSetIOErrorExitHandler
    except (OSError, AttributeError):  # libX11 before 1.7 knows only the end
        return
    address = ctypes.cast(display, ctypes.c_void_p).value
    if address not in _dying:
        _dying[address] = weakref.WeakSet()
        stay(ctypes.c_void_p(address), _on_exit, None)
        if not _former:
            library.XSetIOErrorHandler.restype = ctypes.c_void_p
            _former.append(_Handler(library.XSetIOErrorHandler(_on_io_error) or 0))
    _dying[address].add(made)


_Handler = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
_dying: dict[Any, weakref.WeakSet[Canvas]] = {}
"""Canvases by the address of their X connection."""
_former: list[Any] = []
"""What other connections' errors go to."""


@_Handler  # type: ignore[untyped-decorator]
def _on_io_error(display: int) -> int:
    if display not in _dying:
        return int(_former[0](display))
    for made in _dying[display]:
        made.lost()
    return 0


@ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)  # type: ignore[untyped-decorator]
def _on_exit(_display: int, _argument: Any) -> None:
    """In place of exit()."""


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
        self._screen.closing = closing

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
            self._fail,
            VulkanForgeError(
                "the display is gone: the X server closed the connection; expected it to be there while windows are open; "
                "start it again, and this program"
            ),
        )

    def run(self) -> None:
        """Until all windows are closed."""
        self._loop.run()

    def close(self) -> None:
        """Close the window."""
        self._screen.closing = None
        self._canvas.close()
