"""One engine for each device and process, shared by everything that needs a device."""

from __future__ import annotations

import atexit
from collections.abc import Callable
from typing import Any, TypeVar

from ._vulkan_forge import Engine, _leave

atexit.register(_leave)  # while the interpreter still stands

_Result = TypeVar("_Result")


def with_engine(device: Any, prefer_software: Any, work: Callable[[Engine], _Result]) -> _Result:
    """What `work` returns for this process's engine of a device."""
    return work(Engine(device=device, prefer_software=prefer_software))
