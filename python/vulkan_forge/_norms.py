"""Norms: how heights spread over a colour map. The words and the arithmetic are matplotlib's.

Anything but a linear norm is written out to a table of 65,536 entries that are linear in height, so
that a picture needs neither logarithm nor power for each pixel. A height at the border of two colours
may therefore take either; elsewhere colours are matplotlib's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._colormaps import Table, checked, resolve, table_of
from ._heights import Landmarks
from ._numbers import finite, positive, shown
from ._vulkan_forge import InvalidInputError

_FINE = 65_536  # the most entries that the compiled module takes

GAMMA = 0.5
"""Exponent of "power" by default: more colours for low ground."""
LINTHRESH = 2.0
"""Heights up to which "symlog" is linear by default, as in matplotlib's "symlog"."""

Values = npt.NDArray[np.float64]


class Norm(NamedTuple):
    """A norm by name."""

    name: str
    """One of `NAMES`."""
    parameter: float
    """gamma, linthresh or vcenter; 0 where there is none."""


LINEAR = Norm("linear", 0.0)
NAMES = ("linear", "log", "symlog", "power", "two-slope")


def named(norm: Any, vcenter: Any) -> Norm | None:
    """A norm that is a name or (name, parameter), or that `vcenter` implies; None of any other object."""
    name, given = norm, None
    if isinstance(norm, tuple | list) and len(norm) == 2:
        name, given = norm
    if name is None and vcenter is not None:
        name = "two-slope"
    if not isinstance(name, str):
        return None
    if name not in NAMES:
        raise InvalidInputError(
            f"norm must be one of {', '.join(NAMES)}, or a matplotlib Normalize; got {shown(name)}; pass e.g. 'log'"
        )
    if name == "two-slope":
        if (given is None) == (vcenter is None):
            raise InvalidInputError(
                f"two-slope needs the height of the colour map's middle, once; got norm={shown(norm)} and "
                f"vcenter={shown(vcenter)}; pass e.g. vcenter=0.0"
            )
        return Norm(name, finite(vcenter if given is None else given, "vcenter"))
    if vcenter is not None:
        raise InvalidInputError(
            f"vcenter belongs to the norm 'two-slope'; got norm={shown(norm)} and vcenter={shown(vcenter)}; leave one out"
        )
    if name in ("linear", "log"):
        if given is not None:
            raise InvalidInputError(
                f"norm {name!r} takes no parameter; got {shown(norm)}; pass {name!r} alone"
            )
        return Norm(name, 0.0)
    word, default = ("gamma", GAMMA) if name == "power" else ("linthresh", LINTHRESH)
    parameter = default if given is None else positive(given, word, f"pass e.g. {default}")
    return Norm(name, parameter)


def function(norm: Norm, low: float, high: float) -> Callable[[Values], Values]:
    """Heights in low..high to 0..1: matplotlib's LogNorm, SymLogNorm, PowerNorm, TwoSlopeNorm."""
    if norm.name == "log":
        if low <= 0:
            raise InvalidInputError(
                f"norm 'log' needs vmin > 0; got {low:g}; pass vmin, or 'symlog' where heights are below 0"
            )
        return lambda z: np.log(z / low) / np.log(high / low)
    if norm.name == "symlog":
        ends = _symlog(np.array([low, high]), norm.parameter)
        return lambda z: (_symlog(z, norm.parameter) - ends[0]) / (ends[1] - ends[0])
    if norm.name == "power":
        return lambda z: ((z - low) / (high - low)) ** norm.parameter
    if norm.name == "two-slope":
        if not low < norm.parameter < high:
            raise InvalidInputError(
                f"vcenter must lie between vmin and vmax; got {norm.parameter:g} and {low:g}..{high:g}; "
                "leave vmin and vmax out to have them around it"
            )
        return lambda z: np.interp(z, [low, norm.parameter, high], [0, 0.5, 1])
    return lambda z: (z - low) / (high - low)


def _symlog(z: Values, linthresh: float) -> Values:
    """Linear within `linthresh`, decades beyond; the linear part is as long as one decade."""
    linear = 1 / (1 - 1 / 10)
    size = np.maximum(np.abs(z), linthresh)
    far = np.sign(z) * linthresh * (linear + np.log10(size / linthresh))
    return np.where(np.abs(z) > linthresh, far, z * linear)


def through(cmap: Any, norm: Norm, low: float, high: float) -> str | Table:
    """The colour map as it looks between heights `low` and `high` through `norm`."""
    spread = function(norm, low, high)
    if norm.name == "linear":
        return resolve(cmap)
    table = table_of(cmap)
    place = np.clip(spread(_steps(low, high)), 0, 1)
    count = len(table.entries)
    entries = table.entries[np.minimum((place * count).astype(np.intp), count - 1)]
    return table._replace(entries=entries)


def through_matplotlib(
    cmap: Any, norm: Any, heights: Landmarks
) -> tuple[str | Table, float, float]:
    """The same for one of matplotlib's own norms, with the heights of the two ends.

    Limits that `norm` leaves open are those of `heights`; `norm` itself stays as it is.

    Raises
    ------
    InvalidInputError
        `norm` is none of matplotlib's, or its limits are not finite and ascending.
    """
    if not callable(norm) or not hasattr(norm, "autoscale_None"):
        raise InvalidInputError(
            f"norm must be a name ({', '.join(NAMES)}) or a matplotlib Normalize; got {shown(norm)}; "
            "pass for example 'log' or matplotlib.colors.LogNorm()"
        )
    from copy import deepcopy

    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap, Normalize

    norm = deepcopy(norm)
    stated = norm.vmin is not None and norm.vmax is not None
    norm.autoscale_None(np.ma.masked_invalid(heights.heights))
    if not stated and norm.vmin == norm.vmax and norm.vmin is not None:  # level ground
        norm.vmax = float(np.nextafter(heights.kind(norm.vmax), heights.kind(np.inf)))
    low, high = norm.vmin, norm.vmax
    if low is None or high is None or not np.isfinite(float(high) - float(low)) or not low < high:
        raise InvalidInputError(
            f"norm must have limits, finite and ascending; got vmin={low!r} and vmax={high!r}; set both"
        )
    if type(norm) is Normalize and not norm.clip:
        return resolve(cmap), float(low), float(high)
    if isinstance(cmap, str) and cmap in colormaps:
        cmap = colormaps[cmap]
    if not callable(cmap):
        table = table_of(cmap)
        cmap = ListedColormap(table.entries).with_extremes(
            under=_rgba(table.under), over=_rgba(table.over), bad=_rgba(table.bad)
        )
    near = 1e-6 * (high - low)  # some norms know nothing of heights far below
    beyond = np.array([low - near, high + near])
    with np.errstate(all="ignore"):
        entries = checked(np.asarray(cmap(norm(_steps(low, high)), bytes=True)))
        under, over = checked(np.asarray(cmap(norm(beyond), bytes=True)))
        bad = checked(np.asarray(cmap(np.ma.masked_invalid([np.nan]), bytes=True)))[0]
    return Table(entries, under, over, bad), float(low), float(high)


def _steps(low: float, high: float) -> Values:
    """The middle of each of the table's entries."""
    return low + (high - low) * (np.arange(_FINE) + 0.5) / _FINE


def _rgba(colour: npt.NDArray[np.float32]) -> tuple[float, float, float, float]:
    red, green, blue, alpha = map(float, colour)
    return red, green, blue, alpha
