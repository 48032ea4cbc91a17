"""Numbers out of whatever a caller passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ._vulkan_forge import InvalidInputError

_LONGEST = 80  # characters
_GREATEST = float(np.finfo(np.float32).max)


def shown(value: Any) -> str:
    """What was passed, for a message: short, whatever it is."""
    try:
        # NumPy's scalars name their type.
        text = (
            str(value) if isinstance(value, np.number | np.bool_ | np.datetime64) else repr(value)
        )
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


def items(value: Any) -> list[Any] | None:
    """What an iterable holds; None of a text, a mapping and what cannot be walked."""
    if isinstance(value, str | bytes | Mapping):
        return None
    try:
        return list(value)
    except Exception:  # a stranger's __iter__ raises what it likes
        return None


def array_of(value: Any) -> npt.NDArray[Any] | None:
    """What NumPy makes of it; None where it makes nothing, as of ragged lists."""
    try:
        return np.asarray(value)
    except Exception:  # a stranger's __array__ raises what it likes
        return None


def reals(value: Any) -> tuple[float, ...]:
    """The real numbers of a sequence; none of anything else."""
    found = items(value) or []
    return tuple(float(number) for number in found) if all(map(is_real, found)) else ()


MOST_PIXELS = 65535
"""Of a picture, a side."""


def whole_size(value: Any, most: int = MOST_PIXELS) -> tuple[int, int]:
    """(width, height) in whole pixels, each 1 to `most`."""
    numbers = reals(value)
    if len(numbers) != 2 or not all(1 <= side <= most and side.is_integer() for side in numbers):
        raise InvalidInputError(
            f"size must be (width, height), whole numbers in 1..{most}; got {shown(value)}; pass e.g. (1280, 720)"
        )
    return int(numbers[0]), int(numbers[1])


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


def text(value: Any, name: str) -> str:
    """A str that files can hold: without lone surrogates."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return value
    raise InvalidInputError(f"{name} must be a text; got {shown(value)}; pass a str")


def text_or_none(value: Any, name: str) -> str | None:
    """The same, or None."""
    return None if value is None else text(value, name)


def flag(value: Any, name: str) -> bool:
    """True or False."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise InvalidInputError(f"{name} must be True or False; got {shown(value)}; pass a bool")
