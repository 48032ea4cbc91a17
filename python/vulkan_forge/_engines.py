"""One engine for each device and process, shared by everything that needs a device."""

from __future__ import annotations

import atexit
import contextlib
import operator
import os
from collections.abc import Callable
from typing import Any, TypeVar

from ._vulkan_forge import DeviceLostError, Engine

# An engine (instance, device, pipelines) costs about 100 ms, so each process keeps its last few. No
# lock: one that another thread holds while this one forks would never open again in the child.
_KEPT = 4
_engines: dict[tuple[Any, ...], Engine] = {}
_SWITCHES = (
    "VULKAN_FORGE_PREFER_SOFTWARE",
    "VULKAN_FORGE_VALIDATION",
    "VULKAN_FORGE_DRIVER",
    "VULKAN_FORGE_SOFTWARE_DRIVER",
    "VK_DRIVER_FILES",
    "VK_ICD_FILENAMES",
)
atexit.register(_engines.clear)  # while the interpreter still stands

_Result = TypeVar("_Result")


def with_engine(device: Any, prefer_software: Any, work: Callable[[Engine], _Result]) -> _Result:
    """What `work` returns for this process's engine of a device; a lost device is forgotten."""
    key, engine = _engine(device, prefer_software)
    try:
        return work(engine)
    except DeviceLostError:
        _engines.pop(key, None)
        raise


def _engine(device: Any, prefer_software: bool) -> tuple[tuple[Any, ...], Engine]:
    """This process's engine for a device, made on first use."""
    if device is not None and not isinstance(device, str | bool):
        with contextlib.suppress(TypeError):  # the engine's constructor says what is wrong
            device = operator.index(device)
    switches = tuple(os.environ.get(name) for name in _SWITCHES)
    # repr, because 1 == True == 1.0 as keys
    key = (os.getpid(), repr(device), repr(prefer_software), *switches)
    engine = _engines.get(key)
    if engine is None:
        made = Engine(device=device, prefer_software=prefer_software)
        engine = _engines.setdefault(key, made)
        for old in list(_engines)[:-_KEPT]:
            _engines.pop(old, None)
    return key, engine
