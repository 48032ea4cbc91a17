"""Where a DEM lies in a matrix, be it beyond the meridian where coordinates begin anew."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ..geo._dem import DEM
from ..geo._failures import ours
from ..geo._geodesy import geodesy
from ..geo._large import LargeDEM
from ._matrix import STRAIGHT, Bounds, Matrix

_LATTICE = 33  # points a side at which a DEM's place in the matrix is looked up
_NEAR = 3e-9  # of a turn round the world: rounding of edges that lie where coordinates begin


class Place(NamedTuple):
    """Where a DEM lies in a matrix."""

    bounds: Bounds
    """In the matrix's coordinates; the right edge may lie past the matrix's own, round the world."""
    native: int
    """The first zoom whose cells are no larger than the DEM's anywhere."""


def within_a_turn(dem: DEM | LargeDEM, matrix: Matrix) -> DEM | LargeDEM:
    """The same ground, no more of it than once round the world if it is in memory, in coordinates that begin where those
    of its system do; where it goes on past their end, in a system whose middle is its own."""
    turn = _turn_of(dem.crs)
    if turn is None:
        return dem
    edge, width = turn
    (west, south, east, north), near = dem.bounds, _NEAR * width
    if west <= edge + near and east >= edge + width - near:
        return dem
    if east - west > width + near and isinstance(dem, DEM):
        columns = math.floor(width / dem.transform.a + near)
        dem = dem.crop((west, south, west + (columns - 0.5) * dem.transform.a, north))
    turns = math.floor((west - edge + near) / width)
    dem = dem if turns == 0 else dem._moved(-width * turns, 0.0)
    runs_on = dem.crs.is_geographic or (matrix.round_the_world and dem.crs == matrix.crs)
    if runs_on or dem.bounds[2] <= edge + width + near:
        return dem
    return _about_its_middle(dem, edge, width)


def _turn_of(crs: Any) -> tuple[float, float] | None:
    """Where coordinates begin in the west, and how far it is once round the world: of systems whose parallels are
    straight and alike."""
    if crs is None:
        return None
    if crs.is_geographic:
        return -180.0, 360.0
    words = crs.to_dict()
    known = geodesy(crs) if words.get("proj") in STRAIGHT else None
    if known is None or words.get("pm", "greenwich") != "greenwich":
        return None
    (middle, quarter), _ = known.coordinates(_meridian(words) + np.array([0.0, 90.0]), np.zeros(2))
    width = 4.0 * float(quarter - middle)
    if not (math.isfinite(width) and width > 0):
        return None
    return float(middle) - width / 2, width


def _meridian(words: dict[str, Any]) -> float:
    return float(words.get("lon_0", 0.0))


def _about_its_middle(dem: DEM | LargeDEM, edge: float, width: float) -> DEM | LargeDEM:
    """PROJ knows each place by one x alone: here one without a jump in the DEM."""
    crs_of = require("rasterio.crs", "tiles", "tiles").CRS
    words = dem.crs.to_dict()
    aside = (dem.bounds[0] + dem.bounds[2]) / 2 - (edge + width / 2)
    meridian = _meridian(words) + 360.0 * aside / width
    words["lon_0"] = (meridian + 180.0) % 360.0 - 180.0
    with ours("tiles: expected a system about the DEM's middle", "pass the DEM in degrees"):
        return dem._moved(-aside, 0.0, crs_of.from_dict(words))


def place_of(dem: DEM | LargeDEM, matrix: Matrix) -> Place:
    """Find it.

    Raises
    ------
    InvalidInputError
        The DEM has no coordinate system, or no place in the matrix.
    """
    if dem.crs is None:
        raise InvalidInputError(
            "tiles need to know where the DEM lies; got one without crs; make it with crs= and transform= or bounds="
        )
    x, y = looked_up(dem.bounds, dem.crs, matrix.crs)
    left, bottom, right, top = matrix.bounds
    width = right - left
    if matrix.round_the_world and dem.crs.is_geographic:
        # Longitudes run on where coordinates begin anew.
        longitudes, _ = _lattice(dem.bounds)
        expected = left + width * (longitudes + 180) / 360
        x, right = x + width * np.round((expected - x) / width), right + width
    elif matrix.round_the_world and dem.crs == matrix.crs:
        right += width
    elif (
        matrix.round_the_world and np.isfinite(x).any() and np.nanmax(x) - np.nanmin(x) > width / 2
    ):
        beyond = np.where(x < left + width / 2, x + width, x)
        if np.nanmax(beyond) - np.nanmin(beyond) < 0.999 * (np.nanmax(x) - np.nanmin(x)):
            x, right = beyond, right + width
    slack = 1e-6 * width
    with np.errstate(invalid="ignore"):
        inside = (x > left - slack) & (x < right + slack) & (y > bottom - slack) & (y < top + slack)
    xs, ys = x[inside], y[inside]
    if not inside.all():
        # Where a DEM goes on past the matrix, its own lattice may miss the rim; the matrix's lattice has it.
        own_x, own_y = _lattice(matrix.bounds)
        back_x, back_y = looked_up(matrix.bounds, matrix.crs, dem.crs)
        west, south, east, north = dem.bounds
        with np.errstate(invalid="ignore"):
            seen = (back_x >= west) & (back_x <= east) & (back_y >= south) & (back_y <= north)
        xs, ys = np.append(xs, own_x[seen]), np.append(ys, own_y[seen])
    if not len(xs):
        raise InvalidInputError(
            f"the DEM must lie in the matrix {matrix.name}, {matrix.crs}; got one in {dem.crs} at {dem.bounds}, of which "
            "no part has a place there; pass another matrix="
        )
    first = max(left, float(xs.min()))
    last = min(right, float(xs.max()), first + width)
    bounds = first, max(bottom, float(ys.min())), last, min(top, float(ys.max()))
    return Place(bounds, _native(x, y, inside, dem, matrix))


def _native(x: Any, y: Any, inside: Any, dem: DEM | LargeDEM, matrix: Matrix) -> int:
    steps = _LATTICE - 1
    least = math.inf
    for axis, cells in ((1, dem.shape[1]), (0, dem.shape[0])):
        with np.errstate(invalid="ignore"):
            far = np.hypot(np.diff(x, axis=axis), np.diff(y, axis=axis)) * steps / cells
        known = np.take(inside, range(steps), axis) & np.take(inside, range(1, steps + 1), axis)
        sizes = far[known & (far > 0)]
        least = min(least, float(sizes.min())) if len(sizes) else least
    for zoom, level in sorted(matrix.levels.items()):
        if level.cell <= 1.001 * least:
            return zoom
    return max(matrix.levels)


def _lattice(bounds: Bounds) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    left, bottom, right, top = bounds
    x, y = np.meshgrid(np.linspace(left, right, _LATTICE), np.linspace(top, bottom, _LATTICE))
    return x, y


def looked_up(bounds: Bounds, source: Any, target: Any) -> tuple[Any, Any]:
    """The lattice of `bounds` in another coordinate system; NaN where there is no way."""
    x, y = _lattice(bounds)
    beyond = np.zeros(y.shape, bool)
    if source.is_geographic:  # by half a cell, where a row of cells lies on a pole
        beyond = np.abs(y) > 90 + 1e-9
        y = np.clip(y, -90, 90)
    warp = require("rasterio.warp", "tiles", "tiles")
    with ours(
        f"tiles: expected a way from {source} to {target}",
        "pass a matrix= on the same body, or reproject the DEM first",
    ):
        try:
            xs, ys = warp.transform(source, target, x.ravel(), y.ravel())
        except (
            Exception
        ):  # where a place is off the map GDAL may give up all of them, PROJ does not
            to = require("pyproj", "tiles", "tiles").Transformer.from_crs(
                source, target, always_xy=True
            )
            xs, ys = to.transform(x.ravel(), y.ravel(), errcheck=False)
    found = np.array(xs).reshape(x.shape), np.array(ys).reshape(x.shape)
    lost = beyond | ~(np.isfinite(found[0]) & np.isfinite(found[1]))
    for part in found:
        part[lost] = np.nan
    return found
