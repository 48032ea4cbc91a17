"""Displays of X11 and Wayland: whether one is there, and whether it still is."""

from __future__ import annotations

import ctypes
import os
import select
import sys
from typing import Any

from ._vulkan_forge import VulkanForgeError

NAMES = {"DISPLAY": "x11", "WAYLAND_DISPLAY": "wayland"}
"""Variables that name one, with the word that GLFW has for each."""


def check() -> None:
    """VulkanForgeError where no variable names one."""
    if sys.platform == "darwin":
        raise VulkanForgeError(
            "windows are not shown on macOS; expected Linux or Windows, got darwin; use vulkan_forge.notebook"
        )
    if sys.platform.startswith("linux") and not any(map(os.environ.get, NAMES)):
        raise none_found("neither")


def none_found(got: str) -> VulkanForgeError:
    """The error, with what there is in place of one."""
    return VulkanForgeError(
        f"no display to open a window on; expected DISPLAY or WAYLAND_DISPLAY to name a server that answers, got {got}; log in to a desktop, use "
        "`ssh -X`, or start one (`Xvfb :1 &` and DISPLAY=:1); pictures (vf.render) and notebooks need none"
    )


def gone(how: str) -> VulkanForgeError:
    """The error for one that has ended."""
    return VulkanForgeError(
        f"the display is gone: {how}; expected it to be there while windows are open; "
        "start it again, and this program"
    )


def hung_up(info: dict[str, Any]) -> bool:
    """Whether a Wayland window's compositor has hung up."""
    if info.get("platform") != "wayland":
        return False
    library = ctypes.CDLL("libwayland-client.so.0")
    poll = select.poll()
    poll.register(library.wl_display_get_fd(ctypes.c_void_p(int(info["display"]))), 0)
    return any(happened & select.POLLHUP for _, happened in poll.poll(0))
