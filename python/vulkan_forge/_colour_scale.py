"""From heights to colours: colour map, range, norm, levels and the colours beyond, as one table."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._colormaps import Table, resolve
from ._heights import Landmarks
from ._levels import EXTENDS, banded, boundaries, nice
from ._norms import LINEAR, Norm, named, through, through_matplotlib, with_beyond
from ._numbers import finite, flag, is_one_of, shown
from ._vulkan_forge import InvalidInputError

Scale = tuple[str | Table, float | None, float | None]
"""A colour map with the heights of its two ends; an end that is None is the DEM's own."""


def colour_scale(
    cmap: Any,
    heights: Landmarks,
    *,
    vmin: Any = None,
    vmax: Any = None,
    robust: Any = False,
    norm: Any = None,
    vcenter: Any = None,
    levels: Any = None,
    extend: Any = None,
    under: Any = None,
    over: Any = None,
) -> Scale:
    """What ``render`` draws heights with; its docstring tells what each argument means.

    Raises
    ------
    InvalidInputError
        An argument is not as there, or two contradict each other.
    """
    robust = flag(robust, "robust")
    if robust and vmin is not None and vmax is not None:
        raise InvalidInputError(
            "robust finds the ends that vmin and vmax leave open; got robust=True with both; leave one out"
        )
    if extend is not None and (levels is None or not is_one_of(extend, EXTENDS)):
        raise InvalidInputError(
            f"extend must be one of {', '.join(EXTENDS)}, and goes with levels; got extend={shown(extend)} and "
            f"levels={shown(levels)}; leave extend out to have it as the DEM needs"
        )
    if norm is None and vcenter is None:
        found, low, high = _plain(cmap, heights, vmin, vmax, robust, levels, extend)
        return with_beyond(found, under, over), low, high
    if levels is not None:
        raise InvalidInputError(
            "expected norm or levels; got both; leave one out, or pass a matplotlib BoundaryNorm as norm"
        )
    known = named(norm, vcenter)
    if known is not None:
        low, high = ends(heights, vmin, vmax, robust, known)
        return with_beyond(through(cmap, known, low, high), under, over), low, high
    if vmin is not None or vmax is not None or robust or vcenter is not None:
        raise InvalidInputError(
            "expected norm, or vmin and vmax; got both; set the norm's own limits, or pass its name, "
            "for example norm='log' with vmin"
        )
    return through_matplotlib(cmap, norm, heights, under, over)


def _plain(
    cmap: Any, heights: Landmarks, vmin: Any, vmax: Any, robust: bool, levels: Any, extend: Any
) -> Scale:
    if levels is None:
        if not robust:
            return resolve(cmap), vmin, vmax  # the compiled module checks them
        low, high = ends(heights, vmin, vmax, robust)
        return resolve(cmap), low, high
    edges = boundaries(levels)
    if isinstance(edges, int):
        low, high = ends(heights, vmin, vmax, robust)
        stated = vmin is not None or vmax is not None
        edges = np.linspace(low, high, edges).tolist() if stated else nice(low, high, edges)
    elif robust or vmin is not None or vmax is not None:
        raise InvalidInputError(
            "a list of levels has its own ends; got vmin, vmax or robust beside it; leave these out, "
            "or pass levels as a number"
        )
    if extend is None:
        least, greatest = heights.ends
        beyond = (least < edges[0], greatest > edges[-1])
        extend = {(True, True): "both", (True, False): "min", (False, True): "max"}.get(
            beyond, "neither"
        )
    return banded(cmap, edges, extend), edges[0], edges[-1]


def ends(
    heights: Landmarks, vmin: Any, vmax: Any, robust: bool = False, norm: Norm = LINEAR
) -> tuple[float, float]:
    """The heights of the colour map's two ends, ascending."""
    low, high = heights.robust_ends if robust else heights.ends
    if norm.name == "log":
        low = max(low, heights.least_positive)
    low = low if vmin is None else finite(vmin, "vmin")
    high = high if vmax is None else finite(vmax, "vmax")
    if (
        norm.name == "two-slope"
    ):  # an end on the wrong side goes as far to the other, as in matplotlib
        if vmin is None and low >= norm.parameter:
            low = norm.parameter - (high - norm.parameter)
        if vmax is None and high <= norm.parameter:
            high = norm.parameter + (norm.parameter - low)
    if low == high and (vmin is None or vmax is None):  # level ground: one colour is all there is
        high = float(np.nextafter(heights.kind(high), heights.kind(np.inf)))
    if not heights.kind(low) < heights.kind(high):
        raise InvalidInputError(
            f"vmin must be less than vmax; got {low:g} and {high:g}, of which the DEM gives what was left out; "
            "pass heights of the DEM, before vert_exag"
        )
    return low, high
