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
        Something else.
    """
    try:
        return Path(os.fsdecode(value))
    except TypeError:
        raise InvalidInputError(
            f"{name} must be a str or os.PathLike; got {shown(value)}; pass e.g. {example!r}"
        ) from None
