"""GLFW's library: the right one, started, and without the ends that it has for a process."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from . import _displays
from ._extras import require

_VARIANT = "PYGLFW_LIBRARY_VARIANT"


class _Canvas(Protocol):
    def lost(self) -> None: ...


def start() -> Any:
    """Start GLFW, or say why not: rendercanvas would go on without."""
    with _of_this_display():
        glfw = require("glfw", "window", "vulkan_forge.Window")
    if sys.platform.startswith("linux") and not os.environ.get("WAYLAND_DISPLAY"):
        # Else it tries Wayland first, whose library complains on standard error.
        glfw.init_hint(glfw.PLATFORM, glfw.PLATFORM_X11)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if not glfw.init():
            displays = [f"{name}={os.environ.get(name)!r}" for name in _displays.NAMES]
            raise _displays.none_found("; ".join([*displays, *(str(one.message) for one in said)]))
    return glfw


@contextlib.contextmanager
def _of_this_display() -> Iterator[None]:
    """What imports GLFW meanwhile has the library for the display that is there.

    Its wheel has one for X11 and one for Wayland, and takes that of the session. In a session
    with both displays that is the right one; with one of them it may be the other.
    """
    there = [variant for name, variant in _displays.NAMES.items() if os.environ.get(name)]
    if len(there) != 1 or _VARIANT in os.environ or not sys.platform.startswith("linux"):
        yield
        return
    os.environ[_VARIANT] = there[0]
    try:
        yield
    finally:
        del os.environ[_VARIANT]


def polled(glfw: Any) -> Callable[..., None]:
    """What rendercanvas calls after its last window. Its own may ask for a wait of less than no
    time, at which GLFW ends the process; where the compositor is gone, that is almost sure."""

    def poll(poll_time: float = 0.1) -> None:
        end = time.monotonic() + poll_time
        while glfw._rc_alive and (left := end - time.monotonic()) > 0:
            glfw.wait_events_timeout(left)

    return poll


def survive(glfw: Any, made: _Canvas) -> None:
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
_dying: dict[Any, weakref.WeakSet[_Canvas]] = {}
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
