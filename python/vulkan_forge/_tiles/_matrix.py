"""A tile matrix set, as much of it as tiles of ground need: where the cells of each zoom lie."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ..geo._failures import ours
from ..geo._geodesy import geodesy
from ..geo._grid import Grid

Bounds = tuple[float, float, float, float]
"""(left, bottom, right, top) in coordinates."""
STRAIGHT = ("merc", "webmerc", "eqc", "cea", "mill")
"""Projections, by PROJ's names, whose parallels are straight and alike."""


class Level(NamedTuple):
    """One zoom: square cells that are counted in rows to the south and columns to the east of a corner."""

    zoom: int
    left: float
    top: float
    cell: float
    """Side of a cell in coordinates."""
    tile: tuple[int, int]
    """Width and height of a tile in cells."""
    tiles: tuple[int, int]
    """Tiles across and down."""

    def window(self, bounds: Bounds, *, round_the_world: bool) -> tuple[int, int, int, int]:
        """(row, column, rows, columns) of the cells that bounds touch; columns may go on past the last one."""
        left, bottom, right, top = bounds
        near = 1e-6  # of a cell: rounding of bounds that lie on edges
        first = max(0, math.floor((left - self.left) / self.cell + near))
        last = math.ceil((right - self.left) / self.cell - near)
        north = max(0, math.floor((self.top - top) / self.cell + near))
        south = math.ceil((self.top - bottom) / self.cell - near)
        if not round_the_world:
            last = min(last, self.tile[0] * self.tiles[0])
        south = min(south, self.tile[1] * self.tiles[1])
        return north, first, max(south - north, 1), max(last - first, 1)

    def transform(self, row: int, column: int) -> Any:
        """The affine transform of cells from (row, column) on."""
        x, y = self.left + column * self.cell, self.top - row * self.cell
        return require("affine", "tiles", "a transform").Affine(
            self.cell, 0.0, x, 0.0, -self.cell, y
        )


class Cells:
    """Square cells in a coordinate system."""

    def __init__(self, crs: Any) -> None:
        self.crs = crs
        self.bounds: Bounds = (0.0, 0.0, 0.0, 0.0)
        self.round_the_world = False

    @property
    def degrees(self) -> Any:
        """Longitude and latitude on its body, as a coordinate system: on the Earth WGS 84."""
        known = geodesy(self.crs)
        if known is None or known.on_earth:
            return "EPSG:4326"
        return require("rasterio.crs", "tiles", "tiles").CRS.from_wkt(known.base.to_wkt())

    def cells_on_ground(
        self, level: Level, rows: npt.NDArray[Any], columns: npt.NDArray[Any]
    ) -> npt.NDArray[np.float64]:
        """(N, 2) metres: size on the ground of a level's cells at (fractional) rows and columns (N,)."""
        x = level.left + (np.asarray(columns, np.float64) + 0.5) * level.cell
        y = level.top - (np.asarray(rows, np.float64) + 0.5) * level.cell
        left, _, right, _ = self.bounds
        if self.round_the_world:
            x = left + (x - left) % (right - left)
        known = geodesy(self.crs)
        if known is None:
            grid = Grid((1, 1), (left, level.top), (level.cell, level.cell), self.crs)
            return np.tile(np.asarray(grid.spacing, np.float64), (len(x), 1))
        with np.errstate(invalid="ignore"):
            sizes = known.sizes(x, y, (level.cell, level.cell))
        sizes[~(sizes > 0)] = np.nan  # off the map, and a row on a pole, which has no width
        for size in sizes.T:
            size[np.isnan(size)] = np.nanmax(size, initial=1e-3)
        found: npt.NDArray[np.float64] = np.maximum(sizes, 1e-3 * sizes.max())
        return found


class Matrix(Cells):
    """A tile matrix set by name, or one of morecantile's objects.

    Raises
    ------
    InvalidInputError
        No such name, or a kind of matrix that is not square cells in rows to the south.
    """

    def __init__(self, matrix: Any) -> None:
        morecantile = require("morecantile", "tiles", "tiles")
        if isinstance(matrix, str):
            known = morecantile.tms.list()
            if matrix not in known:
                raise InvalidInputError(
                    f"matrix must be one of {', '.join(known)}, or a morecantile.TileMatrixSet; got {shown(matrix)}; "
                    "pass e.g. 'WebMercatorQuad'"
                )
            matrix = morecantile.tms.get(matrix)
        if not isinstance(matrix, morecantile.TileMatrixSet):
            raise InvalidInputError(
                f"matrix must be a name or a morecantile.TileMatrixSet; got {type(matrix).__name__}; "
                "pass e.g. 'WebMercatorQuad'"
            )
        self.name = str(matrix.id)
        self._source = matrix
        with ours(f"matrix {self.name}: expected a coordinate system and levels", "pass another"):
            crs_of = require("rasterio.crs", "tiles", "tiles").CRS
            super().__init__(crs_of.from_wkt(matrix.crs.to_wkt()))
            self.levels = {
                int(one.id): _level(morecantile, matrix, one) for one in matrix.tileMatrices
            }
            west, _, east, _ = matrix.bbox
        first = self.levels[min(self.levels)]
        width, height = (
            n * size * first.cell for n, size in zip(first.tiles, first.tile, strict=True)
        )
        self.bounds = (first.left, first.top - height, first.left + width, first.top)
        self.round_the_world = (
            east - west > 360 - 1e-6 and abs(width - self._equator()) < 1e-3 * width
        )

    def _equator(self) -> float:
        """Length of a parallel in coordinates, of projections whose parallels are straight and alike; else 0."""
        if self.crs.is_geographic:
            return 360.0
        name = self.crs.to_dict().get("proj")
        return 2 * math.pi * 6378137.0 if name in STRAIGHT else 0.0

    @property
    def definition(self) -> str:
        """As JSON, by OGC's Two Dimensional Tile Matrix Set."""
        return str(self._source.model_dump_json(exclude_none=True))

    @property
    def web_mercator(self) -> bool:
        """Whether this is what MBTiles and PMTiles are made for."""
        return self.crs.to_epsg() == 3857 and all(
            level.tiles == (1 << zoom, 1 << zoom) for zoom, level in self.levels.items()
        )


def _level(morecantile: Any, matrix: Any, one: Any) -> Level:
    zoom = int(one.id)
    if one.variableMatrixWidths or one.cornerOfOrigin != "topLeft":
        raise InvalidInputError(
            f"matrix must have square cells and rows that run south from the top left; got {matrix.id} with "
            f"{'rows of varying width' if one.variableMatrixWidths else one.cornerOfOrigin}; pass e.g. 'WorldCRS84Quad'"
        )
    left, bottom, right, top = matrix.xy_bounds(morecantile.Tile(0, 0, zoom))
    cell = (right - left) / one.tileWidth
    if abs((top - bottom) / one.tileHeight - cell) > 1e-9 * cell:
        raise InvalidInputError(
            f"matrix must have square cells; got {matrix.id}, at zoom {zoom} {cell:g} by "
            f"{(top - bottom) / one.tileHeight:g}; pass e.g. 'WorldCRS84Quad'"
        )
    return Level(
        zoom, left, top, cell, (one.tileWidth, one.tileHeight), (one.matrixWidth, one.matrixHeight)
    )
