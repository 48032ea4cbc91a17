"""What Python knows about the machine, for ``Renderer.report_environment()``."""

from __future__ import annotations

import importlib
import os
import sys
import sysconfig

import numpy as np


def host() -> dict[str, str | int | None]:
    """Describe interpreter and machine. JSON-able; starts no process.

    Returns
    -------
    dict
        ``python``, ``numpy`` (versions), ``platform`` (as in wheel tags: ``linux-x86_64``,
        ``win-amd64``), ``cpu_count`` (those this process may use), ``memory_total_bytes`` and
        ``memory_available_bytes`` (None without psutil).
    """
    total, available = _memory()
    return {
        "python": ".".join(str(part) for part in sys.version_info[:3]),
        "numpy": np.__version__,
        "platform": sysconfig.get_platform(),
        "cpu_count": _cpu_count(),
        "memory_total_bytes": total,
        "memory_available_bytes": available,
    }


def _cpu_count() -> int | None:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def _memory() -> tuple[int | None, int | None]:
    try:
        psutil = importlib.import_module("psutil")  # optional, and untyped
    except ImportError:
        return None, None
    memory = psutil.virtual_memory()
    return int(memory.total), int(memory.available)
