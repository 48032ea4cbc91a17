"""What of a DEM is wanted in which zooms of a matrix, and where all of it lies."""

from __future__ import annotations

import operator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ..geo._convert import as_dem
from ..geo._dem import DEM
from ..geo._failures import ours
from ..geo._grid import Grid
from ..geo._large import LargeDEM, staying
from ._encode import SUFFIXES
from ._matrix import Bounds, Matrix
from ._place import Place, place_of, within_a_turn
from ._store import About
from ._style import Style, key_of, style_of

_MOST = 1_000_000  # tiles


class Plan(NamedTuple):
    """A DEM, its place in a matrix, and zooms."""

    dem: DEM | LargeDEM
    matrix: Matrix
    place: Place
    zooms: tuple[int, int]
    """The first and the last."""

    def style(self, words: dict[str, Any]) -> Style:
        """Words of ``render``, settled for the whole DEM; bearings are true in its middle."""
        return style_of(self.dem, words, spot(self.matrix, self.place))

    def about(
        self, style: Style | None, encoding: str, name: str, attribution: str, fill: float | None
    ) -> About:
        """What tiles of pictures, or without a style of heights, say of themselves."""
        if style is not None:
            key = f"{style.key}-{encoding}"
        else:
            key = key_of(
                {"encoding": encoding} if fill is None else {"encoding": encoding, "fill": fill}
            )
        bounds = _degrees(self.matrix, self.place)
        return About(
            name=name,
            encoding=encoding,
            suffix=SUFFIXES[encoding],
            matrix=self.matrix.name,
            web_mercator=self.matrix.web_mercator,
            tile_size=self.matrix.levels[self.zooms[1]].tile[0],
            zooms=self.zooms,
            bounds=bounds,
            middle=_middle(self.matrix, self.place, bounds),
            attribution=attribution,
            style=key,
        )


def plan_of(dem: Any, matrix: Any, zooms: Any) -> Plan:
    """Read the DEM, find its place and settle the zooms.

    Raises
    ------
    InvalidInputError
        It has no place in the matrix, zooms are none of the matrix's, or there would be more than a million tiles.
    """
    with ThreadPoolExecutor(1) as aside:  # what it imports takes as long as a DEM
        making = aside.submit(Matrix, matrix)
        known = staying(dem) or as_dem(dem)
        grid = making.result()
    known = within_a_turn(known, grid)
    place = place_of(known, grid)
    wanted = _zooms(zooms, grid, place)
    _refuse_too_many(grid, place, wanted)
    return Plan(known, grid, place, wanted)


def _zooms(zooms: Any, matrix: Matrix, place: Place) -> tuple[int, int]:
    if zooms is None:
        fitting = [
            zoom
            for zoom in matrix.levels
            if zoom <= place.native and _across(matrix, place, zoom) <= 1
        ]
        first = max(fitting, default=min(matrix.levels))
        return first, place.native
    try:
        if isinstance(zooms, range) and abs(zooms.step) == 1:
            first, last = min(zooms), max(zooms)
        elif np.ndim(zooms) and not isinstance(zooms, range):
            first, last = (operator.index(zoom) for zoom in zooms)
        else:
            first = last = operator.index(zooms)
    except (TypeError, ValueError):
        first, last = 1, 0
    if isinstance(zooms, bool) or not first <= last or not {first, last} <= matrix.levels.keys():
        known = sorted(matrix.levels)
        raise InvalidInputError(
            f"zooms must be a number, (first, last) or a range of step 1, within {known[0]} to {known[-1]} of {matrix.name}; "
            f"got {shown(zooms)}; pass e.g. ({max(known[0], place.native - 4)}, {place.native}), whose last is the DEM's own"
        )
    return first, last


def _across(matrix: Matrix, place: Place, zoom: int) -> float:
    """Tiles along the longer side of a DEM."""
    level = matrix.levels[zoom]
    left, bottom, right, top = place.bounds
    return max((right - left) / level.tile[0], (top - bottom) / level.tile[1]) / level.cell


def _refuse_too_many(matrix: Matrix, place: Place, zooms: tuple[int, int]) -> None:
    count = 0
    for zoom in range(zooms[0], zooms[1] + 1):
        level = matrix.levels[zoom]
        row, column, rows, columns = level.window(
            place.bounds, round_the_world=matrix.round_the_world
        )
        width, height = level.tile
        across = (column + columns - 1) // width - column // width + 1
        count += across * ((row + rows - 1) // height - row // height + 1)
    if count > _MOST:
        raise InvalidInputError(
            f"zooms must make at most {_MOST} tiles; got {count} for {zooms[0]} to {zooms[1]}; the DEM's own cells are "
            f"those of zoom {place.native}: pass lower zooms"
        )


def spot(matrix: Matrix, place: Place) -> Grid:
    """A cell in the middle of a DEM's place: where bearings are true."""
    left, bottom, right, top = place.bounds
    cell = matrix.levels[place.native].cell
    x, y = (left + right - cell) / 2, (bottom + top + cell) / 2
    if matrix.round_the_world:
        west, _, east, _ = matrix.bounds
        x = west + (x - west) % (east - west)
    return Grid((1, 1), (x, y), (cell, cell), matrix.crs)


def _middle(matrix: Matrix, place: Place, bounds: Bounds) -> tuple[float, float]:
    """Longitude and latitude; of a DEM over the meridian where its bounds are the whole world's not the middle of these."""
    west, south, east, north = bounds
    if east - west < 360:
        return (west + east) / 2, (south + north) / 2
    grid = spot(matrix, place)
    warp = require("rasterio.warp", "tiles", "tiles")
    x, y = grid.coordinates
    with ours("tiles: expected their middle in degrees", "pass another matrix="):
        (longitude,), _ = warp.transform(matrix.crs, matrix.degrees, x, y)
    return float(longitude), (south + north) / 2


def _degrees(matrix: Matrix, place: Place) -> Bounds:
    left, bottom, right, top = place.bounds
    over = right > matrix.bounds[2] + 1e-6 * (right - left)
    warp = require("rasterio.warp", "tiles", "tiles")
    with ours("tiles: expected bounds in degrees", "pass another matrix="):
        found = warp.transform_bounds(
            matrix.crs,
            matrix.degrees,
            left,
            bottom,
            min(right, matrix.bounds[2]),
            top,
            densify_pts=65,
        )
    west, south, east, north = (float(edge) for edge in found)
    if over or west > east:  # round the world
        west, east = -180.0, 180.0
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)
