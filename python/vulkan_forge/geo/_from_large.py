"""What comes of a large DEM for those that want an array: fewer heights, or heights that are read later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._dem import DEM
from ._grid import Grid

if TYPE_CHECKING:
    from ._large import LargeDEM

_BAND_BYTES = 32 << 20


def overview_of(large: LargeDEM, most: Any) -> DEM:
    """Means over blocks of cells that cover all of it."""
    most = _whole(most, "most", 2)
    rows, columns = large.shape
    factor = -(-max(rows, columns) // most)
    # So many that they cover the DEM exactly: a block may have a cell more or less than another.
    down, across = (max(side // factor, min(side, 2)) for side in (rows, columns))
    edges = [
        np.linspace(0, side, count + 1).round().astype(int)
        for side, count in ((rows, down), (columns, across))
    ]
    means = np.empty((down, across), np.float32)
    together = max(_BAND_BYTES // (4 * columns * factor), 1)
    for first in range(0, down, together):
        own = edges[0][first : first + together + 1]
        band = large._read(int(own[0]), 0, int(own[-1] - own[0]), columns)
        known = ~np.isnan(band)
        if known.all():
            total = _sums(band, own, edges[1])
            count = np.outer(np.diff(own), np.diff(edges[1])).astype(np.float64)
        else:
            total = _sums(np.where(known, band, np.float32(0)), own, edges[1])
            count = _sums(known, own, edges[1])
        with np.errstate(invalid="ignore"):
            means[first : first + len(total)] = total / count
    grid = large._grid
    cell = grid.cell[0] * columns / across, grid.cell[1] * rows / down
    coarse = Grid((down, across), grid.corner, cell, grid.crs)
    if grid.stated:
        dx, dy = grid.spacing
        coarse = coarse.with_spacing((dx * columns / across, dy * rows / down))
    return DEM._made(means, coarse, large)


def _sums(values: npt.NDArray[Any], rows: Any, columns: Any) -> npt.NDArray[np.float64]:
    across = np.add.reduceat(values, columns[:-1], axis=1, dtype=np.float64)
    found: npt.NDArray[np.float64] = np.add.reduceat(across, rows[:-1] - rows[0], axis=0)
    return found


class _Later:
    """Heights as dask asks an array for them."""

    ndim = 2
    dtype = np.dtype(np.float32)

    def __init__(self, large: LargeDEM) -> None:
        self._read, self.shape = large._read, large.shape

    def __getitem__(self, place: tuple[slice, slice]) -> npt.NDArray[np.float32]:
        (top, bottom, _), (left, right, _) = (
            part.indices(side) for part, side in zip(place, self.shape, strict=True)
        )
        return self._read(top, left, bottom - top, right - left)


def lazy_heights(large: LargeDEM, chunks: Any = 2048) -> Any:
    """(H, W) of a dask array in square chunks."""
    array = require("dask.array", "xarray", "a LargeDEM as an array")
    side = _whole(chunks, "chunks", 1)
    return array.from_array(
        _Later(large),
        chunks=(side, side),
        name=False,
        asarray=False,
        meta=np.empty((0, 0), np.float32),
    )


def _whole(value: Any, name: str, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise InvalidInputError(
            f"{name} must be a whole number of at least {least}; got {shown(value)}; pass e.g. {2 * least * 1024}"
        )
    return int(value)
