"""Rasters in parts small enough that cells have one size and one bearing in each."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._numbers import is_real
from .._raster import is_lazy
from ._grid import Grid

_SIZE = 0.01  # by which cells of a part may differ
_BEARING = 0.5  # degrees
_MOST = 24  # parts along a side
_LEAST = 16  # cells along a part's side
_FARTHEST = 1e12  # metres; no body is so large


class Part(NamedTuple):
    """Rows and columns of a part, and those of it with its surroundings."""

    rows: slice
    columns: slice
    around_rows: slice
    around_columns: slice

    @property
    def inner(self) -> tuple[slice, slice]:
        """The part within its surroundings."""
        return tuple(  # type: ignore[return-value]
            slice(own.start - around.start, own.stop - around.start)
            for own, around in (
                (self.rows, self.around_rows),
                (self.columns, self.around_columns),
            )
        )

    def widened(self, grid: Grid, radius: float) -> Part:
        """With `radius` metres and a cell around it."""
        (low_x, _), (low_y, _), _, _ = grid.ground.spread
        around = []
        for own, size, side in zip(self[:2], (low_y, low_x), grid.shape, strict=True):
            halo = math.ceil(min(radius / size, side)) + 1
            around.append(slice(max(own.start - halo, 0), min(own.stop + halo, side)))
        return Part(self.rows, self.columns, *around)

    def grid(self, grid: Grid) -> Grid:
        """Of the part alone."""
        return grid.part(
            self.rows.start,
            self.columns.start,
            self.rows.stop - self.rows.start,
            self.columns.stop - self.columns.start,
        )


def in_blocks(
    heights: Any,
    grid: Grid,
    radius: Any,
    turned: bool,
    work: Callable[[Any, Grid], Any],
) -> Any:
    """``work(heights, grid)`` (..., H, W), which looks `radius` metres far, with the size and bearing of each part.

    A dask array stays one.
    """
    count = parts_along(grid, turned)
    if count == 1 or not (is_real(radius) and 0 < radius < _FARTHEST):
        return work(heights, grid)  # which refuses what is no radius
    along = 1 if grid.ground.alike_along_rows else count
    if is_lazy(heights):
        return _in_lazy_blocks(heights, parts(grid, (count, along), float(radius)), grid, work)
    result: Any = None
    for part in parts(grid, (count, along), float(radius)):
        made = work(
            np.ascontiguousarray(heights[part.around_rows, part.around_columns]), part.grid(grid)
        )
        if result is None:
            result = np.empty((*made.shape[:-2], *heights.shape), made.dtype)
        result[..., part.rows, part.columns] = made[(..., *part.inner)]
    return result


def _in_lazy_blocks(
    heights: Any, several: Iterator[Part], grid: Grid, work: Callable[[Any, Grid], Any]
) -> Any:
    array: Any = importlib.import_module("dask.array")
    lines: dict[int, list[Any]] = {}
    for part in several:
        made = work(heights[part.around_rows, part.around_columns], part.grid(grid))
        lines.setdefault(part.rows.start, []).append(made[(..., *part.inner)])
    return array.concatenate([array.concatenate(line, axis=-1) for line in lines.values()], axis=-2)


def parts(grid: Grid, counts: tuple[int, int], radius: float = 0.0) -> Iterator[Part]:
    """So many parts down and across, row by row, with `radius` metres and a cell around each."""
    edges = [
        np.unique(np.linspace(0, side, count + 1).round()).astype(int)
        for side, count in zip(grid.shape, counts, strict=True)
    ]
    for top, bottom in zip(edges[0], edges[0][1:], strict=False):
        for left, right in zip(edges[1], edges[1][1:], strict=False):
            rows, columns = slice(int(top), int(bottom)), slice(int(left), int(right))
            yield Part(rows, columns, rows, columns).widened(grid, radius)


def parts_along(grid: Grid, turned: bool, within: float = _BEARING, most: int = _MOST) -> int:
    """How many parts a side it takes, at most a few cells small and at most `most`."""
    spread = grid.ground.spread
    differs = max(
        (spread.widths[1] / spread.widths[0] - 1) / _SIZE,
        (spread.heights[1] / spread.heights[0] - 1) / _SIZE,
        spread.turn / within if turned else 0.0,
        spread.skew / within,
    )
    if differs <= 1:
        return 1
    return int(max(min(math.ceil(differs), most, max(grid.shape) // _LEAST), 1))


def reach_of_shadows(
    heights: npt.NDArray[np.float32], grid: Grid, vert_exag: Any, altitude: Any
) -> float:
    """Metres that the longest shadow goes, at most: beyond, the ground's own curve hides what casts it."""
    if not (is_real(vert_exag) and is_real(altitude)):
        return 0.0  # the operator says what is wrong
    factor, tangent = float(vert_exag), math.tan(math.radians(float(altitude)))
    known = heights[np.isfinite(heights)]
    range_m = factor * float(known.max() - known.min()) if known.size else 0.0
    if not (math.isfinite(range_m) and range_m > 0 and tangent > 0):
        return 0.0
    body = grid.ground.geodesy
    radius = 6_371_000.0 if body is None else body.radius
    return min(range_m / tangent, 2.0 * math.sqrt(2.0 * radius * range_m))
