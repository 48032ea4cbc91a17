"""Numbers out of whatever a caller passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._vulkan_forge import InvalidInputError

_LONGEST = 80  # characters
_GREATEST = float(np.finfo(np.float32).max)


def shown(value: Any) -> str:
    """What was passed, for a message: short, whatever it is."""
    try:
        text = repr(value)
    except Exception:  # of a stranger's class, or an int with too many digits
        return f"{type(value).__name__} that cannot be shown"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def finite(value: Any, name: str) -> float:
    """A real number that is finite in float32."""
    number = float(value) if is_real(value) else None
    if number is None or not abs(number) <= _GREATEST:  # false for NaN as well
        raise InvalidInputError(
            f"{name} must be a real number, finite in float32; got {shown(value)}; pass a float"
        )
    return number


def positive(value: Any, name: str, cure: str = "pass a positive number") -> float:
    """A finite number above 0."""
    number = finite(value, name)
    if number <= 0:
        raise InvalidInputError(f"{name} must be > 0; got {shown(value)}; {cure}")
    return number


def is_real(value: Any) -> bool:
    """Whether it is a real number, be it infinite or NaN; neither True nor a date is one."""
    kind = getattr(getattr(value, "dtype", None), "kind", "f")
    if isinstance(value, bool | str | bytes) or kind not in ("i", "u", "f"):
        return False
    try:
        float(value)
    except Exception:  # a stranger's __float__ raises what it likes
        return False
    return True


def is_one_of(value: Any, names: tuple[str, ...]) -> bool:
    """Whether it is one of these; an array is none, where ``in`` would ask for its truth."""
    return isinstance(value, str) and value in names


def flag(value: Any, name: str) -> bool:
    """True or False."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise InvalidInputError(f"{name} must be True or False; got {shown(value)}; pass a bool")
