"""The ground in a tile matrix: resampled once, at the finest zoom, and from there on averaged."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._vulkan_forge import OutOfMemoryError, _halved_heights
from ..geo._dem import DEM
from ..geo._failures import ours
from ..geo._large import LargeDEM
from ._arriving import Arriving
from ._matrix import Level, Matrix
from ._place import Place, looked_up

_BLOCK = 2048  # cells a side that are warped at a time
_STRIP = 64  # rows of a coarser zoom that are made at a time: few enough for a processor's cache
_TOLERANCE = 0.01  # cells of the DEM by which GDAL may approximate a transformation
_IN_MEMORY = 256 << 20  # bytes; what is larger goes to a temporary file

Heights = npt.NDArray[np.float32]


class Ground(NamedTuple):
    """Heights of one zoom, (H, W) float32 with NaN for holes, from a cell of the matrix on."""

    level: Level
    row: int
    column: int
    heights: Heights
    highest: float
    """No height is greater; 0 where there is none."""
    turn: int = 0
    """Cells once round the world, after which columns begin anew; 0 where they do not."""
    of: tuple[int, int, int, int] | None = None
    """(row, column, rows, columns) of the zoom's whole ground, if this is a part of it."""
    arriving: Arriving | None = None
    """If not all rows are there yet."""

    @property
    def whole(self) -> tuple[int, int, int, int]:
        """(row, column, rows, columns) of the zoom's whole ground."""
        return self.of or (self.row, self.column, *self.heights.shape)

    def cut(self, row: int, column: int, rows: int, columns: int) -> Ground:
        """A part that stands alone, and knows of what it is one."""
        heights = np.array(self.part(row, column, rows, columns), order="C")
        return self._replace(row=row, column=column, heights=heights, of=self.whole, arriving=None)

    def part(self, row: int, column: int, rows: int, columns: int) -> Heights:
        """Cells by their place in the matrix, to be read alone; NaN outside."""
        down, right = row - self.row, column - self.column
        height, width = self.heights.shape
        if self.arriving is not None:
            self.arriving.wait(min(down + rows, height))
        if down >= 0 and right >= 0 and down + rows <= height and right + columns <= width:
            return self.heights[down : down + rows, right : right + columns]
        found = np.full((rows, columns), np.nan, np.float32)
        for turned in self._turns():
            down, right = row - self.row, column + turned - self.column
            top, left = max(down, 0), max(right, 0)
            bottom = min(down + rows, self.heights.shape[0])
            end = min(right + columns, self.heights.shape[1])
            if top < bottom and left < end:
                place = found[top - down : bottom - down, left - right : end - right]
                known = self.heights[top:bottom, left:end]
                if turned:
                    np.copyto(place, known, where=np.isnan(place))
                else:
                    place[:] = known
        return found

    def any_known(self, row: int, column: int, rows: int, columns: int) -> bool:
        """Whether there is ground in cells by their place in the matrix."""
        top, bottom = max(row - self.row, 0), max(row - self.row + rows, 0)
        if self.arriving is not None:
            self.arriving.wait(min(bottom, len(self.heights)))
        for turned in self._turns():
            left = column + turned - self.column
            part = self.heights[top:bottom, max(left, 0) : max(left + columns, 0)]
            # Nearly always its middle tells.
            if part.size and (
                math.isfinite(part[part.shape[0] // 2, part.shape[1] // 2])
                or np.isfinite(part).any()
            ):
                return True
        return False

    def seen_at(self, column: int, columns: int) -> int:
        """`column`, or the same a turn further on, where the ground has cells."""
        _, first, _, width = self.whole
        end = first + width
        here = column < end and column + columns > first
        return column + self.turn if self.turn and not here and column + self.turn < end else column

    def _turns(self) -> tuple[int, ...]:
        return (0, self.turn, -self.turn) if self.turn else (0,)


def resampled(
    dem: DEM | LargeDEM,
    matrix: Matrix,
    place: Place,
    zoom: int,
    folder: str,
    arriving: Arriving | None = None,
) -> Ground:
    """The DEM bilinearly at cells of `zoom`, which are to be no larger than its own.

    Blocks are cut out of one grid, so that no tile knows in which block it was made. With `arriving`, rows of a DEM in
    memory come while those that are there are looked at.
    """
    level = matrix.levels[zoom]
    row, column, rows, columns = level.window(place.bounds, round_the_world=matrix.round_the_world)
    heights = _room((rows, columns), folder)
    turn = level.tile[0] * level.tiles[0] if matrix.round_the_world else 0
    ground = Ground(level, row, column, heights, 0.0, turn)
    if arriving is None or not isinstance(dem, DEM):
        for _ in _warped(dem, matrix, ground):
            pass
        return ground._replace(highest=_highest(heights))
    arriving.begin(_warped(dem, matrix, ground))
    # A mean of heights is no higher than these.
    return ground._replace(highest=_highest(dem.data), arriving=arriving)


def _warped(dem: DEM | LargeDEM, matrix: Matrix, ground: Ground) -> Iterator[int]:
    """Fill the heights of a zoom; how many rows are there, again and again."""
    warp = require("rasterio.warp", "tiles", "tiles")
    rows, columns = ground.heights.shape
    holed = not isinstance(dem, DEM) or bool(np.isnan(dem.data).any())
    for top in range(0, rows, _BLOCK):
        for left in range(0, columns, _BLOCK):
            part = ground.heights[top : top + _BLOCK, left : left + _BLOCK]
            target = ground.level.transform(ground.row + top, ground.column + left)
            with ours("tiles: expected to warp the DEM to the matrix", "pass another matrix="):
                known = _beneath(dem, matrix, target, part.shape)
                block = np.full(part.shape, np.nan, np.float32)
                if known is not None:
                    warp.reproject(
                        known.data,
                        block,
                        src_transform=known.transform,
                        src_crs=known.crs,
                        # GDAL is three times as fast where it need not look for holes.
                        src_nodata=math.nan if holed else None,
                        dst_transform=target,
                        dst_crs=matrix.crs,
                        dst_nodata=math.nan if holed else None,
                        init_dest_nodata=False,  # all is NaN before
                        resampling=warp.Resampling.bilinear,
                        tolerance=_TOLERANCE,
                        num_threads=os.cpu_count() or 1,
                        XSCALE=1.0,  # else GDAL guesses a scale for each block, and blocks differ
                        YSCALE=1.0,
                    )
            part[:] = block
            yield top
        yield min(top + _BLOCK, rows)


def _beneath(
    dem: DEM | LargeDEM, matrix: Matrix, target: Any, shape: tuple[int, int]
) -> DEM | None:
    """What of the DEM a block of the matrix lies on, in memory; None if nothing."""
    left, top = target.c, target.f
    right, bottom = left + shape[1] * target.a, top + shape[0] * target.e
    x, y = looked_up((left, bottom, right, top), matrix.crs, dem.crs)
    if not np.isfinite(x).any():
        return None
    west, south, east, north = dem.bounds
    if dem.crs.is_geographic:  # one over the 180th meridian has degrees beyond that
        known = x[np.isfinite(x)]
        about = float(known[len(known) // 2])  # so that a block at the seam stays in one piece
        x = about + (x - about + 180) % 360 - 180
        x += 360 * round(((west + east) / 2 - about) / 360)
    # What lies between two points of the lattice may reach beyond them, by less than their distance.
    margins = [
        4 * abs(cell) + float(np.nanmax(np.abs(np.diff(place, axis=axis)), initial=0.0))
        for place, axis, cell in ((x, 1, dem.transform.a), (y, 0, dem.transform.e))
    ]
    box = [np.nanmin(x), np.nanmin(y), np.nanmax(x), np.nanmax(y)]
    low = float(box[0]) - margins[0], float(box[1]) - margins[1]
    high = float(box[2]) + margins[0], float(box[3]) + margins[1]
    if low[0] < east and high[0] > west and low[1] < north and high[1] > south:
        return dem.crop((*low, *high))
    # Other coordinates may begin anew somewhere too: GDAL is to see.
    return dem if isinstance(dem, DEM) else None


def grounds(
    dem: DEM | LargeDEM,
    matrix: Matrix,
    place: Place,
    zooms: tuple[int, int],
    arriving: Arriving | None = None,
) -> Iterator[Ground]:
    """The ground of each zoom, the finest first; of that rows may still be `arriving`."""
    zoom, folder = max(zooms[1], place.native), tempfile.gettempdir()
    ground = resampled(dem, matrix, place, zoom, folder, arriving)
    while True:
        if zoom <= zooms[1]:
            yield ground
        if zoom == zooms[0]:
            return
        zoom -= 1
        ground = coarser(ground, matrix.levels[zoom], folder)


def coarser(ground: Ground, level: Level, folder: str) -> Ground:
    """The mean of the known cells under each cell of a coarser zoom."""
    fine = ground.level
    aligned = abs(fine.left - level.left) + abs(fine.top - level.top) < 1e-6 * fine.cell
    if aligned and abs(level.cell / fine.cell - 2) < 1e-9:
        return _halved(ground, level, folder)
    return _averaged(ground, level, folder)


def _halved(ground: Ground, level: Level, folder: str) -> Ground:
    rows, columns = ground.heights.shape
    row, column = ground.row // 2, ground.column // 2
    shape = (ground.row + rows + 1) // 2 - row, (ground.column + columns + 1) // 2 - column
    heights = _room(shape, folder)
    for top in range(0, shape[0], _STRIP):
        count = min(_STRIP, shape[0] - top)
        four = ground.part(2 * (row + top), 2 * column, 2 * count, 2 * shape[1])
        four = np.ascontiguousarray(four)
        heights[top : top + count] = _halved_heights(four)
    turn = level.tile[0] * level.tiles[0] if ground.turn else 0
    return Ground(level, row, column, heights, _highest(heights), turn)


def _averaged(ground: Ground, level: Level, folder: str) -> Ground:
    """For matrices whose zooms do not halve: weighted by area."""
    warp = require("rasterio.warp", "tiles", "tiles")
    crs = require("rasterio.crs", "tiles", "tiles").CRS.from_epsg(3857)  # any: both are in one
    rows, columns = ground.heights.shape
    if ground.arriving is not None:
        ground.arriving.wait(rows)
    fine = ground.level
    left, top = fine.left + ground.column * fine.cell, fine.top - ground.row * fine.cell
    bounds = left, top - rows * fine.cell, left + columns * fine.cell, top
    row, column, height, width = level.window(bounds, round_the_world=True)
    heights = _room((height, width), folder)
    heights[:] = np.nan
    with ours("tiles: expected to average heights", "pass another matrix="):
        warp.reproject(
            np.asarray(ground.heights),
            heights,
            src_transform=fine.transform(ground.row, ground.column),
            src_crs=crs,
            src_nodata=math.nan,
            dst_transform=level.transform(row, column),
            dst_crs=crs,
            dst_nodata=math.nan,
            resampling=warp.Resampling.average,
        )
    turn = level.tile[0] * level.tiles[0] if ground.turn else 0
    return Ground(level, row, column, heights, _highest(heights), turn)


def _highest(heights: Heights) -> float:
    """By strips: the array may be a file."""
    strips = (heights[top : top + 256] for top in range(0, len(heights), 256))
    most = [float(np.fmax.reduce(strip, axis=None)) for strip in strips]
    return max((found for found in most if math.isfinite(found)), default=0.0)


def _room(shape: tuple[int, int], folder: str) -> Heights:
    """An array in memory, or in a file without a name in `folder` whose bytes are there before they are written:
    a map onto a full disk would end the process."""
    size = 4 * shape[0] * shape[1]
    try:
        if size <= _IN_MEMORY or not hasattr(os, "posix_fallocate"):
            return np.empty(shape, np.float32)
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, size)
            return np.memmap(file, np.float32, "r+", shape=shape)
    except (OSError, MemoryError) as error:
        raise OutOfMemoryError(
            f"out of memory: expected {size} bytes in {folder} for {shape[0]} x {shape[1]} heights, got {error}; "
            "pass lower zooms, crop the DEM, or set TMPDIR to a larger disk"
        ) from error
