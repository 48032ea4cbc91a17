"""What every raster knows of its place, wherever its numbers are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from ._grid import Grid


class OnGrid:
    """The place of what has a `Grid`."""

    __slots__ = ("_grid",)

    _grid: Grid

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self._grid.shape

    @property
    def crs(self) -> Any:
        """``rasterio.crs.CRS``, or None."""
        return self._grid.crs

    @property
    def transform(self) -> Any:
        """``affine.Affine`` from (column, row) to coordinates."""
        return require("affine", "geo", "a transform").Affine(*self._grid.geotransform)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) in coordinates, as in rasterio."""
        return self._grid.bounds

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """(left, right, bottom, top) in coordinates, as in matplotlib."""
        left, bottom, right, top = self._grid.bounds
        return left, right, bottom, top

    @property
    def spacing(self) -> tuple[float, float]:
        """Cell size (dx, dy) in metres on the ground, in the middle of the raster."""
        return self._grid.spacing

    @property
    def spacing_by_row(self) -> npt.NDArray[np.float64]:
        """(H, 2). Cell size (dx, dy) in metres on the ground, in the middle of each row."""
        return self._grid.spacing_by_row

    @property
    def convergence(self) -> float:
        """Bearing of grid north in the middle of the raster: degrees clockwise from true north, -180..180.

        A bearing on the grid is the compass bearing less this. 0 without a coordinate system.
        """
        return self._grid.ground.turn
