"""Numbers out of whatever a caller passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._vulkan_forge import InvalidInputError

_GREATEST = float(np.finfo(np.float32).max)


def finite(value: Any, name: str) -> float:
    """A real number that is finite in float32."""
    number = None
    if not isinstance(value, bool | np.bool_ | str | bytes):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = None
    if number is None or not abs(number) <= _GREATEST:  # false for NaN as well
        raise InvalidInputError(
            f"{name} must be a real number, finite in float32; got {value!r}; pass a float"
        )
    return number


def flag(value: Any, name: str) -> bool:
    """True or False."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise InvalidInputError(f"{name} must be True or False; got {value!r}; pass a bool")
