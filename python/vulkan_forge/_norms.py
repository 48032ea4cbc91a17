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
from ._colours import parse_colour
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


def limited(norm: Any, heights: Landmarks) -> tuple[Any, float, float]:
    """A copy of one of matplotlib's own norms, whose open limits are those of `heights`, and both limits.

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

    norm = deepcopy(norm)
    stated = norm.vmin is not None and norm.vmax is not None
    with np.errstate(all="ignore"):
        norm.autoscale_None(np.ma.masked_invalid(heights.heights))
    if not stated and norm.vmin == norm.vmax and norm.vmin is not None:  # level ground
        norm.vmax = float(np.nextafter(heights.kind(norm.vmax), heights.kind(np.inf)))
    low, high = norm.vmin, norm.vmax
    if low is None or high is None or not np.isfinite(float(high) - float(low)) or not low < high:
        raise InvalidInputError(
            f"norm must have limits, finite and ascending; got vmin={low!r} and vmax={high!r}; set both"
        )
    return norm, float(low), float(high)


def is_no_norm(norm: Any) -> bool:
    """Whether it is matplotlib's NoNorm: numbers are a colour map's own, whole ones the entries of its table."""
    return any(kind.__name__ == "NoNorm" for kind in type(norm).__mro__)


def through_matplotlib(
    cmap: Any, norm: Any, heights: Landmarks, under: Any = None, over: Any = None
) -> tuple[str | Table, float, float]:
    """The same for one of matplotlib's own norms, with the heights of the two ends; `norm` itself stays as it is.

    `under` and `over` are colours in place of the map's own. What is so low that the norm has no place for it (0, of a
    logarithm) has the colour of what is missing, as in matplotlib. Heights beyond 0..1 without a norm are entries.

    Raises
    ------
    InvalidInputError
        As `limited`.
    """
    norm, low, high = limited(norm, heights)
    if is_no_norm(norm):
        table = with_beyond(table_of(cmap), under, over)
        least, greatest = heights.ends
        count = len(table.entries)
        return (table, 0.0, 1.0) if least >= 0 and greatest <= 1 else (table, -0.5, count - 0.5)
    from matplotlib.colors import Normalize

    if type(norm) is Normalize and not norm.clip:
        return with_beyond(resolve(cmap), under, over), low, high
    paint = _painter(cmap, under, over)

    def colours(z: Values) -> npt.NDArray[np.float32]:
        with np.errstate(all="ignore"):
            return paint(norm(z))

    near = 1e-6 * (high - low)  # some norms know nothing of heights far below
    below, above = colours(np.array([low - near, high + near]))
    share = 0.5
    if hasattr(norm, "boundaries"):
        # A boundary between classes belongs to the upper one, and so does the step of the table that it falls into.
        share = 1 - 1e-6
        # The last one belongs to what is beyond: the table ends before it, by more than is rounded away.
        before = float(np.nextafter(heights.kind(high), -heights.kind(np.inf)))
        high = min(before, high - 2.0**-21 * (high - low))
    least, border = heights.ends[0], low
    lowest = colours(np.array([min(least, low - near)]))[0]
    if (lowest != below).any():
        border = _border(colours, lowest, least, low - near)
        # Half a step more, so that a height at the border is below it whatever is rounded.
        border += 0.5 * (high - border) / _FINE
    z = _steps(min(border, low), high, share)
    entries = np.where((z < low)[:, None], below, colours(np.maximum(z, low)))
    bad = paint(np.ma.masked_invalid([np.nan]))[0]
    return Table(entries, lowest, above, bad), min(border, low), high


def _border(
    colours: Callable[[Values], npt.NDArray[np.float32]],
    lowest: npt.NDArray[np.float32],
    least: float,
    most: float,
) -> float:
    """The height up to which all have the colour of the `least`, by halving."""
    for _ in range(60):
        middle = 0.5 * (least + most)
        same = (colours(np.array([middle]))[0] == lowest).all()
        least, most = (middle, most) if same else (least, middle)
    return most


def coloured_by_matplotlib(
    cmap: Any, norm: Any, values: Values, whole: bool, heights: Landmarks
) -> npt.NDArray[np.float32]:
    """(N, 4) of numbers, NaN where there is none; whether they are `whole` decides what they are without a norm.

    Raises
    ------
    InvalidInputError
        As `limited`.
    """
    known = np.ma.masked_invalid(values)
    if is_no_norm(norm):
        return _painter(cmap)(known.astype(np.int64) if whole else known)
    norm = limited(norm, heights)[0]
    with np.errstate(all="ignore"):
        return _painter(cmap)(norm(known))


def with_beyond(cmap: Any, under: Any, over: Any) -> Any:
    """A colour map, by its name or as a table, with other colours beyond its ends, where these are not None."""
    if under is None and over is None:
        return cmap
    table = table_of(cmap)
    if under is not None:
        table = table._replace(under=np.array(parse_colour(under, "under"), np.float32))
    if over is not None:
        table = table._replace(over=np.array(parse_colour(over, "over"), np.float32))
    return table


def _painter(
    cmap: Any, under: Any = None, over: Any = None
) -> Callable[[Any], npt.NDArray[np.float32]]:
    """What gives colours of what a norm gives, as matplotlib's colour maps do."""
    from matplotlib import colormaps
    from matplotlib.colors import Colormap, ListedColormap

    if isinstance(cmap, str) and cmap in colormaps:
        cmap = colormaps[cmap]
    as_bytes = isinstance(cmap, Colormap)  # exactly what matplotlib draws
    if not as_bytes:
        table = table_of(cmap)
        cmap = ListedColormap(table.entries).with_extremes(
            under=_rgba(table.under), over=_rgba(table.over), bad=_rgba(table.bad)
        )
    if under is not None:
        cmap = cmap.with_extremes(under=parse_colour(under, "under"))
    if over is not None:
        cmap = cmap.with_extremes(over=parse_colour(over, "over"))
    return lambda places: checked(np.asarray(cmap(places, bytes=as_bytes)))


def _steps(low: float, high: float, share: float = 0.5) -> Values:
    """The middle of each of the table's entries, or what lies at another share of it."""
    return low + (high - low) * (np.arange(_FINE) + share) / _FINE


def _rgba(colour: npt.NDArray[np.float32]) -> tuple[float, float, float, float]:
    red, green, blue, alpha = map(float, colour)
    return red, green, blue, alpha
