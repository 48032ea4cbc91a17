"""Levels: a colour map in bands between boundaries. The meaning is that of xarray and of contourf."""

from __future__ import annotations

import itertools
import math
import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from ._colormaps import Table, table_of
from ._numbers import finite, items, shown
from ._vulkan_forge import InvalidInputError

_FINE = 65_536  # entries of the table of bands that are not equally wide
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)  # of matplotlib's MaxNLocator
_MOST = 1024
EXTENDS = ("neither", "min", "max", "both")


def boundaries(levels: Any) -> list[float] | int:
    """`levels` checked: ascending heights, or how many."""
    cure = "pass e.g. levels=10 or levels=[0, 200, 500, 1000]"
    if isinstance(levels, bool | str | bytes):
        raise InvalidInputError(
            f"levels must be an int or a list of heights; got {shown(levels)}; {cure}"
        )
    try:
        count = operator.index(levels)
    except Exception:  # a stranger's __index__ raises what it likes
        pass
    else:
        if not 2 <= count <= _MOST:
            raise InvalidInputError(f"levels must be 2 to {_MOST}; got {shown(levels)}; {cure}")
        return count
    each = items(levels)
    if each is None:
        raise InvalidInputError(
            f"levels must be an int or a list of heights; got {shown(levels)}; {cure}"
        )
    values = [finite(level, "each of levels") for level in each]
    ascending = all(low < high for low, high in itertools.pairwise(values))
    if not ascending or not 2 <= len(values) <= _MOST:
        raise InvalidInputError(
            f"levels must be 2 to {_MOST} heights, each greater than the one before; got {shown(levels)}; {cure}"
        )
    return values


def nice(low: float, high: float, count: int) -> list[float]:
    """Round heights, about `count` of them, that enclose low..high: multiples of the least round step
    that needs no more than ``count - 1`` bands. matplotlib's ``MaxNLocator(count - 1)`` has the same.
    """
    if not low < high:
        low, high = low - 0.5, high + 0.5
    bands = max(count - 1, 1)
    middle = (low + high) / 2
    far = abs(middle) >= 100 * (high - low)  # little relief high up: counted from a power of ten
    origin = math.copysign(10.0 ** math.floor(math.log10(abs(middle))), middle) if far else 0.0
    low, high = low - origin, high - origin
    scale = 10.0 ** math.floor(math.log10((high - low) / bands))
    steps = [factor * decade for decade in (scale / 10, scale, scale * 10) for factor in _STEPS]
    enough = [step for step in steps if step >= (high - low) / bands]
    for step in sorted({step for step in steps if step <= enough[0]}, reverse=True):
        near = 1e-10  # of a step: rounding of ends that are multiples
        first, last = math.floor(low / step + near), math.ceil(high / step - near)
        found = [step * n for n in range(first, last + 1)]
        if sum(low <= level <= high for level in found) >= 2:
            break
    return [origin + level for level in found]


def banded(cmap: Any, levels: list[float], extend: str) -> Table:
    """A table of bands between `levels`, linear in height, with one colour each.

    Colours stand at equal steps of the colour map from its first to its last; `extend` says on
    which sides the first and last of them belong to what lies beyond ("neither" is see-through there).
    """
    table = table_of(cmap)
    below, above = extend in ("min", "both"), extend in ("max", "both")
    bands = len(levels) - 1
    count = bands + below + above
    place = np.linspace(0, 1, count) if count > 1 else np.zeros(1)
    entries = len(table.entries)
    colours = table.entries[np.minimum((place * entries).astype(np.intp), entries - 1)]
    own = colours[int(below) : int(below) + bands]
    nothing = np.zeros(4, np.float32)
    under, over = (colours[0] if below else nothing), (colours[-1] if above else nothing)
    # A colour map that says what lies beyond is believed.
    if (table.under != table.entries[0]).any():
        under = table.under
    if (table.over != table.entries[-1]).any():
        over = table.over
    return Table(_spread(own, levels), under, over, table.bad)


def _spread(colours: npt.NDArray[np.float32], levels: list[float]) -> npt.NDArray[np.float32]:
    edges = np.asarray(levels)
    if np.allclose(np.diff(edges), (edges[-1] - edges[0]) / (len(edges) - 1), rtol=1e-9, atol=0):
        return colours  # equal bands are what a table is
    # An entry that a level falls into is above it, so that heights equal to the level are.
    ends = edges[0] + (edges[-1] - edges[0]) * np.arange(1, _FINE + 1) / _FINE
    band = np.searchsorted(edges, ends, side="left") - 1
    found: npt.NDArray[np.float32] = colours[np.clip(band, 0, len(colours) - 1)]
    return found
