"""The locator: the whole body, seen from above the map's middle, with the map on it."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from .._extras import require
from ..geo._geodesy import Geodesy
from ._blocks import Room
from ._graticule import Bounds
from ._marks import GREY, INK, Box, Colour, Floats, Mark, Shape

_SEA: Colour = (0.93, 0.95, 0.97, 1.0)
_GRID: Colour = (0.72, 0.76, 0.8, 1.0)
_HERE: Colour = (0.8, 0.12, 0.1, 1.0)
_STEP = 30  # degrees from line to line


class Inset(NamedTuple):
    """As a block of furniture."""

    body: Geodesy
    bounds: Bounds
    """Of the map, in its own coordinates."""
    outlines: tuple[Floats, ...]
    """(N, 2) longitude and latitude each, in degrees: coasts or borders."""

    @property
    def name(self) -> str:
        """As `Block`."""
        return "inset"

    def room(self, em: float, width: float) -> Room:
        """As `Block`."""
        return Room(9.5 * em, 9.5 * em)

    def marks(self, box: Box, em: float) -> list[Mark]:
        """As `Block`."""
        pyproj = require("pyproj", "geo", "an inset")
        left, bottom, right, top = self.bounds
        lon, lat = (
            float(part) for part in self.body.degrees(0.5 * (left + right), 0.5 * (bottom + top))
        )
        globe = pyproj.Proj(proj="ortho", lon_0=lon, lat_0=lat, R=1.0)
        radius = 0.5 * min(box.width, box.height) - 0.1 * em
        middle = np.array([box.left + 0.5 * box.width, box.top + 0.5 * box.height])

        def seen(lons: Any, lats: Any) -> Floats:
            x, y = globe(np.asarray(lons, float), np.asarray(lats, float), errcheck=False)
            place: Floats = np.column_stack([x, -np.asarray(y)]) * radius + middle
            place[~np.isfinite(place).all(axis=1)] = np.nan
            return place

        angles = np.linspace(0, 2 * np.pi, 121)[:-1]
        rim = np.column_stack([np.cos(angles), np.sin(angles)]) * radius + middle
        fine = np.linspace(-180, 180, 241)
        lines: list[Floats] = []
        for number in range(-180, 180, _STEP):
            lines += _runs(seen(np.full(241, number), fine / 2))
        for number in range(-90 + _STEP, 90, _STEP):
            lines += _runs(seen(fine, np.full(241, number)))
        marks: list[Mark] = [
            Shape((rim,), _SEA, None),
            Shape(tuple(lines), None, _GRID, 0.05 * em),
        ]
        coasts = [run for outline in self.outlines for run in _runs(seen(*outline.T))]
        if coasts:
            marks.append(Shape(tuple(coasts), None, GREY, 0.06 * em, round=True))
        marks.append(Shape((rim,), None, INK, 0.07 * em, closed=True))
        return marks + self._here(seen, middle, em)

    def _here(self, seen: Any, middle: Floats, em: float) -> list[Mark]:
        left, bottom, right, top = self.bounds
        way = np.linspace(0, 1, 33)
        xs = np.concatenate(
            [
                left + (right - left) * way,
                np.full(33, right),
                right - (right - left) * way,
                np.full(33, left),
            ]
        )
        ys = np.concatenate(
            [
                np.full(33, top),
                top - (top - bottom) * way,
                np.full(33, bottom),
                bottom + (top - bottom) * way,
            ]
        )
        ring = seen(*self.body.degrees(xs, ys))
        ring = ring[np.isfinite(ring).all(axis=1)]
        if len(ring) > 2 and np.ptp(ring, axis=0).max() >= 0.9 * em:
            return [Shape((ring,), (*_HERE[:3], 0.35), _HERE, 0.1 * em, closed=True)]
        half = 0.45 * em  # too small to be seen: a mark round it
        square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + middle
        return [Shape((square,), (*_HERE[:3], 0.25), _HERE, 0.12 * em, closed=True)]


def _runs(places: Floats) -> list[Floats]:
    """Parts of a line that are seen."""
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    runs = np.split(places[known], np.flatnonzero(np.diff(known) > 1) + 1)
    return [run for run in runs if len(run) > 1]


def outlines_of(data: Any) -> tuple[Floats, ...]:
    """Longitude and latitude of lines and polygons, in whatever coordinate system they are."""
    from ..vector._read import as_lines, read

    features = as_lines(read(data, None))
    shapes = features.shapes
    parts = [
        shapes.xy[a:b]
        for a, b in zip(shapes.offsets[:-1], shapes.offsets[1:], strict=True)
        if b - a > 1
    ]
    if features.crs is None or not parts:
        return tuple(parts)
    pyproj = require("pyproj", "geo", "an inset")
    system = pyproj.CRS.from_user_input(features.crs)
    if system.is_geographic:
        return tuple(parts)
    way = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    found = [np.column_stack(way.transform(*part.T, errcheck=False)) for part in parts]
    return tuple(np.where(np.isfinite(part), part, math.nan) for part in found)
