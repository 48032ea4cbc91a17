"""The meridian along which a map of the world is cut open: what crosses it lies on both sides of the map, and nowhere between."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ._clip import within
from ._shapes import Floats, Shapes, joined

_PARALLELS = (-0.13, 0.0, 0.13)
"""Where a seam is looked for, in turns: it is one where it has the same longitude on all of them."""
_LEAST = 20.0
"""How much wider than a step elsewhere one across the seam is."""
_BESIDE = 1e-11
"""From the seam, in turns, what ends there is put: a tenth of a millimetre."""

Project = Callable[[Floats], Floats]


def cut_at_seam(shapes: Shapes, project: Project, turn: float | None) -> Shapes:
    """Longitudes and latitudes whose lines and areas end on either side of the map's seam, for a map that has one.

    `project` gives places on the map; a `turn` is round the world in longitudes, None of other coordinates.
    """
    if turn is None or not len(shapes.rows):
        return shapes
    low, high = _reach(shapes)
    wide = high > low
    seam = _seam(project, turn) if wide.any() else None
    if seam is None:
        return shapes
    west, east = low[wide].min(), high[wide].max()
    first = seam + turn * np.floor((west - seam) / turn)
    if west > first and east < first + turn:
        return shapes
    # What lies along a meridian crosses none.
    parts, others, aside = [shapes.taking(~wide)], shapes.taking(wide), _BESIDE * turn
    while first < east:
        part = within(others, (first, -turn, first + turn, turn))
        if len(part.rows):
            low, high = _reach(part)
            part = part.taking((high > first) & (low < first + turn))  # others but touch it
            x = np.clip(part.xy[:, 0], first + aside, first + turn - aside)
            parts.append(part._replace(xy=np.column_stack([x, part.xy[:, 1]])))
        first += turn
    return joined([part for part in parts if len(part.rows)])


def _reach(shapes: Shapes) -> tuple[Floats, Floats]:
    """The least and the greatest longitude of each piece."""
    starts = shapes.offsets[:-1]
    return np.minimum.reduceat(shapes.xy[:, 0], starts), np.maximum.reduceat(
        shapes.xy[:, 0], starts
    )


def _seam(project: Project, turn: float) -> float | None:
    """The longitude of the seam; None of a map without."""
    found = {_jump(project, turn, share * turn) for share in _PARALLELS}
    return found.pop() if len(found) == 1 else None


def _jump(project: Project, turn: float, latitude: float) -> float | None:
    """Where on a parallel the map jumps, to a ten millionth of a degree; None where it is continuous, or not all of it on the map."""

    def places(longitudes: Floats) -> Floats:
        return project(np.column_stack([longitudes, np.full(len(longitudes), latitude)]))

    longitudes = np.linspace(-0.5, 0.5, 181) * turn + 0.0007 * turn
    with np.errstate(invalid="ignore"):
        steps = np.hypot(*np.diff(places(longitudes), axis=0).T)
    widest = int(np.argmax(steps)) if np.isfinite(steps).all() else 0
    if not steps[widest] > _LEAST * np.median(steps):
        return None
    low, high = longitudes[widest], longitudes[widest + 1]
    for _ in range(30):
        middle = 0.5 * (low + high)
        way = np.hypot(*np.diff(places(np.array([low, middle, high])), axis=0).T)
        low, high = (low, middle) if way[0] > way[1] else (middle, high)
    return float(np.round(0.5 * (low + high) * (360 / turn), 7) / (360 / turn))
