"""Meridians and parallels in the coordinates of a map, through PROJ."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .._numbers import is_real, reals, shown
from .._vulkan_forge import InvalidInputError
from ..geo._geodesy import Geodesy
from ..vector._clip import clipped
from ..vector._shapes import LINE, pieces
from ._marks import Floats
from ._rounds import is_whole

Bounds = tuple[float, float, float, float]
"""(left, bottom, right, top)."""

_STEPS = [
    step / 3600
    for step in (
        *(factor * 10.0**power for power in range(-4, 0) for factor in (1, 2, 5)),
        *(1, 2, 5, 10, 15, 30),
        *(60 * step for step in (1, 2, 5, 10, 15, 30)),
        *(3600 * step for step in (1, 2, 5, 10, 15, 30, 45)),
    )
]
"""Degrees that are round in seconds, minutes or degrees."""
_LINES = 5  # of a kind over a map, about
_STRAIGHT = 2e-5  # of a map's longer side: how far a line may be from where PROJ has it
_ROUNDS = 12


class Line(NamedTuple):
    """A meridian or a parallel."""

    meridian: bool
    degrees: float
    text: str
    parts: tuple[Floats, ...]
    """(N, 2) each, in the map's coordinates, cut off at its edges."""


def graticule_asked(graticule: Any) -> bool | tuple[float, float]:
    """``graticule=`` checked: False, True, or degrees of longitude and latitude from line to line.

    Raises
    ------
    InvalidInputError
        None of its values.
    """
    if graticule is None or graticule is False:
        return False
    if graticule is True:
        return True
    both = (graticule, graticule) if is_real(graticule) else reals(graticule)
    if len(both) == 2 and 0 < both[0] <= 180 and 0 < both[1] <= 90:
        return float(both[0]), float(both[1])
    raise InvalidInputError(
        f"graticule must be True, False, degrees from line to line, or (longitude, latitude) of them; got {shown(graticule)}; "
        "pass e.g. graticule=0.5"
    )


def graticule(body: Geodesy, bounds: Bounds, steps: tuple[float, float] | None) -> list[Line]:
    """All lines that cross a map of these bounds."""
    (west, east), (south, north), poles = _extent(body, bounds)
    if not math.isfinite(west + east + south + north):
        return []
    lon_step, lat_step = steps or (_round(east - west), _round(north - south))
    if steps is None and not poles:  # one for both, where that is not too many lines
        least = min(lon_step, lat_step)
        if max(east - west, north - south) <= 2 * _LINES * least:
            lon_step = lat_step = least
    most = 2000
    if (east - west) / lon_step > most or (north - south) / lat_step > most:
        raise InvalidInputError(
            f"graticule must not have more than {most} lines of a kind; got {lon_step:g} and {lat_step:g} degrees over "
            f"{east - west:.4g} by {north - south:.4g}; pass greater steps"
        )
    found = []
    for number in range(
        math.ceil(south / lat_step - 1e-9), math.floor(north / lat_step + 1e-9) + 1
    ):
        lat = number * lat_step
        if abs(lat) < 90 - 1e-9:
            parts = _traced(body, bounds, (west, east), _line(False, lat))
            found.append(Line(False, lat, said(lat, lat_step, "NS"), parts))
    last = math.floor(east / lon_step + 1e-9)
    if east - west >= 360 - 1e-9:  # once round: the last is the first
        last = math.ceil(west / lon_step - 1e-9) + math.ceil(360 / lon_step - 1e-9) - 1
    for number in range(math.ceil(west / lon_step - 1e-9), last + 1):
        lon = number * lon_step
        ends = _stopped((south, north), lon, lat_step, poles)
        parts = _traced(body, bounds, ends, _line(True, lon))
        wrapped = (lon + 180) % 360 - 180
        found.append(Line(True, wrapped, said(wrapped, lon_step, "EW"), parts))
    return [line for line in found if line.parts]


def _line(meridian: bool, degrees: float) -> Callable[[Floats], Any]:
    """Longitude and latitude of places along a line, by the other of the two."""

    def places(other: Floats) -> tuple[Floats, Floats]:
        own = np.full_like(other, degrees)
        return (own, other) if meridian else (other, own)

    return places


def _round(span: float) -> float:
    return next((step for step in _STEPS if step >= span / _LINES), 45.0)


def _extent(
    body: Geodesy, bounds: Bounds
) -> tuple[tuple[float, float], tuple[float, float], tuple[float, ...]]:
    """Longitudes (not wrapped) and latitudes of a map, and the latitudes of the poles on it."""
    left, bottom, right, top = bounds
    xs, ys = np.meshgrid(np.linspace(left, right, 65), np.linspace(bottom, top, 65))
    lon, lat = body.degrees(xs.ravel(), ys.ravel())
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        nothing = (math.nan, math.nan)
        return nothing, nothing, ()
    lon, lat = lon[known], lat[known]
    poles = tuple(pole for pole in (-90.0, 90.0) if not body.plain and _has(body, bounds, pole))
    south, north = float(lat.min()), float(lat.max())
    south, north = (
        (min(south, *poles, 90.0), max(north, *poles, -90.0)) if poles else (south, north)
    )
    if body.plain:
        return (float(lon.min()), float(lon.max())), (south, north), ()
    if poles:
        return (-180.0, 180.0), (south, north), poles
    first = lon[len(lon) // 2]
    around = (lon - first + 180) % 360 - 180
    west, east = float(first + around.min()), float(first + around.max())
    # Samples stop short of where a line leaves between two of them.
    wide, high = 0.02 * (east - west), 0.02 * (north - south)
    if east - west > 340:
        west, east = -180.0, 180.0
    else:
        west, east = west - wide, east + wide
    return (west, east), (max(south - high, -90.0), min(north + high, 90.0)), ()


def _has(body: Geodesy, bounds: Bounds, pole: float) -> bool:
    x, y = (float(part) for part in body.coordinates(0.0, pole))
    return bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3]


def _stopped(
    lats: tuple[float, float], lon: float, lat_step: float, poles: tuple[float, ...]
) -> tuple[float, float]:
    """A meridian's ends: at a pole all but each ninetieth end one parallel before it."""
    south, north = lats
    if abs(lon / 90 - round(lon / 90)) > 1e-9:
        if -90.0 in poles:
            south = -lat_step * math.floor((90 - 1e-9) / lat_step)
        if 90.0 in poles:
            north = lat_step * math.floor((90 - 1e-9) / lat_step)
    return south, north


def _traced(
    body: Geodesy, bounds: Bounds, ends: tuple[float, float], at: Callable[[Floats], Any]
) -> tuple[Floats, ...]:
    """The line's parts within `bounds`, with places between until it is straight between two."""
    if ends[0] >= ends[1]:
        return ()
    left, bottom, right, top = bounds
    near = _STRAIGHT * max(right - left, top - bottom)
    t = np.linspace(*ends, 129)
    for _ in range(_ROUNDS):
        x, y = body.coordinates(*at(t))
        middle = 0.5 * (t[1:] + t[:-1])
        mx, my = body.coordinates(*at(middle))
        with np.errstate(invalid="ignore"):
            off = np.hypot(0.5 * (x[1:] + x[:-1]) - mx, 0.5 * (y[1:] + y[:-1]) - my)
            # Only where it may show.
            reach = np.hypot(np.diff(x), np.diff(y)) + near
            seen = (np.minimum(x[1:], x[:-1]) - reach <= right) & (
                np.maximum(x[1:], x[:-1]) + reach >= left
            )
            seen &= (np.minimum(y[1:], y[:-1]) - reach <= top) & (
                np.maximum(y[1:], y[:-1]) + reach >= bottom
            )
            bent = seen & (off > near)
        if not bent.any() or len(t) > 1 << 16:
            break
        t = np.sort(np.concatenate([t, middle[bent]]))
    x, y = body.coordinates(*at(t))
    return inside(np.column_stack([x, y]), bounds, 0.5 * max(right - left, top - bottom))


def inside(line: Floats, bounds: Bounds, leap: float = math.inf) -> tuple[Floats, ...]:
    """The parts of a line within `bounds`; it is parted where it is not finite, and at leaps between two places."""
    known = np.isfinite(line[:, 0]) & np.isfinite(line[:, 1])
    with np.errstate(invalid="ignore"):
        steps = np.diff(line, axis=0)
        apart = ~(np.hypot(steps[:, 0], steps[:, 1]) <= leap) | ~known[1:] | ~known[:-1]
    parts: list[Floats] = []
    for run in np.split(line, np.flatnonzero(apart) + 1):
        if len(run) < 2 or not np.isfinite(run).all():
            continue
        shapes = clipped(
            pieces(LINE, run, None, np.array([0, len(run)]), np.zeros(1, np.int64)), bounds
        )
        parts += [
            shapes.xy[a:b]
            for a, b in zip(shapes.offsets, shapes.offsets[1:], strict=False)
            if b - a > 1
        ]
    return tuple(parts)


def said(degrees: float, step: float, sides: str) -> str:
    """As 46°30′N, with as many parts as `step` needs."""
    seconds_step = step * 3600
    decimals = next((n for n in range(6) if is_whole(seconds_step * 10**n)), 6)
    seconds = round(abs(degrees) * 3600, decimals)
    whole, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    text = f"{whole:.0f}°"
    if not is_whole(step):
        text += f"{minutes:02.0f}′"
    if not is_whole(step * 60):
        text += f"{rest:0{2 if decimals == 0 else 3 + decimals}.{decimals}f}″"
    half = sides == "EW" and seconds == 180 * 3600
    return text if seconds == 0 or half else text + sides[degrees < 0]
