"""Paths out of whatever a caller passes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ._numbers import shown
from ._vulkan_forge import InvalidInputError


def path_of(value: Any, example: str, name: str = "path") -> Path:
    """A str, bytes or os.PathLike as a Path.

    Raises
    ------
    InvalidInputError
        Something else, or a name that no file can have.
    """
    try:
        path = os.fsdecode(value)
    except Exception:  # a stranger's __fspath__ raises what it likes
        path = "\0"
    if "\0" in path:
        raise InvalidInputError(
            f"{name} must be a str or os.PathLike; got {shown(value)}; pass e.g. {example!r}"
        )
    return Path(path)


def renamed(path: Path, suffix: str) -> str:
    """Its name with another suffix, to tell in a message."""
    name = path.with_suffix(suffix).name if path.name else ""
    return name if 0 < len(name) < 80 else f"out{suffix}"
