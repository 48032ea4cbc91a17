"""A way along a line, over the ground."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._ground import Ground
from ._line import line_of
from ._splines import Cubic, Floats, raised_over, smoothed

_MOST = 20_000  # knots
_FEWEST = 64
_PARTS = 8  # places that are looked at for each of them


class Flight:
    """Places and headings by the metres flown."""

    def __init__(self, length: float, places: Cubic, headings: Cubic) -> None:
        self.length, self.places, self.headings = length, places, headings

    def at(self, metres: float) -> tuple[Floats, float]:
        """(x, y, z), and the bearing in radians."""
        return self.places(metres), float(self.headings(metres))


def flight(
    line: Any,
    crs: Any,
    ground: Ground,
    height: float,
    speed: float,
    smooth: float,
    ahead: float,
    clearance: float | None,
) -> Flight:
    """Along `line`, with corners, heights and headings evened out over `smooth` seconds of flight."""
    way = _evenly(
        line_of(line, crs, ground), min(min(ground.spacing) / 2, speed * max(smooth, 0.1) / 8)
    )
    step, reach = way[1], speed * smooth
    xy, step = _evenly(_rounded(smoothed(way[0], reach / 4 / step)), step)
    length = step * (len(xy) - 1)
    knots = np.linspace(0.0, length, len(xy))
    # The highest ground between a knot and its neighbours: the spline passes between them too.
    tops = ground.under_line(_between(xy))
    tops = _pooled(tops, len(xy))
    z = smoothed(tops, reach / 2 / step) + height
    if clearance is not None:
        # A little more: the spline may sag between its knots.
        deficit = np.maximum(tops + 1.02 * clearance - z, 0.0)
        z += raised_over(deficit, max(2, round(reach / step)))
    places = Cubic(knots, np.column_stack([xy, z]))
    tangent = places(knots, 1)
    angle = np.unwrap(np.arctan2(tangent[:, 0], tangent[:, 1]))
    angle = smoothed(angle, reach / 3 / step)
    seen = np.interp(np.minimum(knots + speed * ahead, length), knots, angle)
    # Once more: the end is reached at once, and the camera must come to rest.
    return Flight(length, places, Cubic(knots, smoothed(seen, reach / 8 / step)))


def _evenly(vertices: Floats, wanted: float) -> tuple[Floats, float]:
    """The same line with vertices about `wanted` metres from each other, and how far they are."""
    steps = np.linalg.norm(np.diff(vertices, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = int(np.clip(np.ceil(along[-1] / wanted), _FEWEST, _MOST))
    places = np.linspace(0.0, along[-1], count + 1)
    return (
        np.column_stack([np.interp(places, along, axis) for axis in vertices.T]),
        along[-1] / count,
    )


def _rounded(vertices: Floats) -> Floats:
    """More vertices, on the curve through these: what lies on their chords would be nearer to each other in bends."""
    steps = np.linalg.norm(np.diff(vertices, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(np.maximum(steps, 1e-9 * steps.sum()))])
    at = np.interp(np.arange((len(along) - 1) * _PARTS + 1) / _PARTS, np.arange(len(along)), along)
    return Cubic(along, vertices)(at)


def _between(xy: Floats) -> Floats:
    """Places on the line, so many between two vertices."""
    at = np.arange((len(xy) - 1) * _PARTS + 1) / _PARTS
    return np.column_stack([np.interp(at, np.arange(len(xy)), axis) for axis in xy.T])


def _pooled(tops: Floats, count: int) -> Floats:
    """The greatest on both sides of each vertex."""
    parts = np.maximum(tops[:-1].reshape(count - 1, _PARTS).max(axis=1), tops[_PARTS::_PARTS])
    return np.asarray(np.maximum(np.append(parts, parts[-1]), np.insert(parts, 0, parts[0])))
