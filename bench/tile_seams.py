"""Whether all tiles of a large DEM fit, and lie where pyproj says: ``python bench/tile_seams.py [CELLS]``.

Every pixel of every tile is drawn a second time in squares that are cut elsewhere, so that each border of a tile lies within one, and
compared; and tiles of heights that tell the DEM's own columns, or rows, are read back and compared with where pyproj has them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import morecantile
import numpy as np
import pyproj
import tiles
import vulkan_forge as vf
from vulkan_forge._tiles import _draw, _plan
from vulkan_forge._tiles._source import Ground, grounds

SIDE = 1024  # of the squares
ASIDE = 384  # tiles' borders are multiples of 256
LOOK = {"samples": 1, "cmap": ["#ffffff", "#ffffff"], "altitude": 30.0}


def main(cells: int) -> None:
    source = tiles.dem(cells)
    with tempfile.TemporaryDirectory() as place:
        seams(source, Path(place) / "pictures")
    for axis in (0, 1):
        with tempfile.TemporaryDirectory() as place:
            places(source, axis, Path(place) / "heights")


def seams(source: vf.DEM, folder: Path) -> None:
    """Tiles beside squares that are cut elsewhere."""
    start = time.perf_counter()
    made = vf.tiles(source, folder, **LOOK)
    print(
        f"{made.tiles} tiles, zooms {made.zooms}, {time.perf_counter() - start:.0f} s", flush=True
    )
    plan = _plan.plan_of(source, "WebMercatorQuad", None)
    style = plan.style({**LOOK, "shadows": True})
    for ground in grounds(plan.dem, plan.matrix, plan.place, plan.zooms):
        compared = differing = 0
        worst_tile: dict[tuple[int, int], int] = {}
        for row, column in squares(ground):
            again = _draw.picture(plan.matrix, ground, style, row, column, SIDE, SIDE)
            if again is None:  # nothing there, and so nothing in the tiles
                again = np.zeros((SIDE, SIDE, 4), np.uint8)
            told = assembled(folder, ground.level.zoom, row, column)
            apart = np.abs(again.astype(np.int16) - told).max(axis=2) > 1
            compared += int((again[..., 3] > 0).sum())
            differing += int(apart.sum())
            for y, x in np.argwhere(apart):
                tile = (row + int(y)) // 256, (column + int(x)) // 256
                worst_tile[tile] = worst_tile.get(tile, 0) + 1
        print(
            f"zoom {ground.level.zoom}: {compared} pixels, {differing} of them differ by more than 1/255, "
            f"{max(worst_tile.values(), default=0)} at most in a tile",
            flush=True,
        )


def squares(ground: Ground) -> Iterator[tuple[int, int]]:
    """Row and column of the first cell of each."""
    row, column, rows, columns = ground.whole
    for top in range((row - ASIDE) // SIDE * SIDE + ASIDE, row + rows, SIDE):
        for left in range((column - ASIDE) // SIDE * SIDE + ASIDE, column + columns, SIDE):
            yield top, left


def assembled(folder: Path, zoom: int, row: int, column: int) -> np.ndarray:
    """A square out of tiles; 0 where there are none."""
    first, left = row // 256, column // 256
    found = np.zeros((5 * 256, 5 * 256, 4), np.int16)
    for down in range(5):
        for right in range(5):
            path = folder / str(zoom) / str(left + right) / f"{first + down}.png"
            if path.exists():
                place = np.s_[256 * down : 256 * down + 256, 256 * right : 256 * right + 256]
                found[place] = vf.png_to_numpy(path)
    y, x = row - 256 * first, column - 256 * left
    return found[y : y + SIDE, x : x + SIDE]


def places(source: vf.DEM, axis: int, folder: Path) -> None:
    """How far pixels are from where pyproj has them, along rows (1) or columns (0) of the DEM."""
    counted = 2.0 * np.arange(source.shape[axis], dtype=np.float32)
    heights = np.broadcast_to(counted[:, None] if axis == 0 else counted, source.shape)
    dem = vf.DEM(
        np.ascontiguousarray(heights), transform=source.transform, crs=source.crs, nodata=np.nan
    )
    made = vf.tiles(dem, folder, zooms=native(dem), encoding="terrarium")
    tms = morecantile.tms.get("WebMercatorQuad")
    to_dem = pyproj.Transformer.from_crs(3857, dem.crs.to_wkt(), always_xy=True)
    cell, worst = source.transform.a, 0.0
    for path in folder.glob("*/*/*.png"):
        tile = int(path.parts[-2]), int(path.stem), int(path.parts[-3])
        left, bottom, right, top = tms.xy_bounds(morecantile.Tile(*tile))
        step = (right - left) / 256
        some = slice(8, 256, 16)
        x, y = np.meshgrid(
            left + (np.arange(256) + 0.5) * step, top - (np.arange(256) + 0.5) * step
        )
        x, y = to_dem.transform(x[some, some], y[some, some])
        truth = (source.transform.f - y if axis == 0 else x - source.transform.c) / cell - 0.5
        red, green, blue, alpha = np.moveaxis(
            vf.png_to_numpy(path)[some, some].astype(float), -1, 0
        )
        got = (red * 256 + green + blue / 256 - 32768) / 2
        inside = (alpha > 0) & (truth > 1) & (truth < source.shape[axis] - 2)
        off = np.abs(got - truth)[inside].max(initial=0.0) * cell
        pixel = step * np.cos(np.arctan(np.sinh((top + bottom) / 2 / 6378137.0)))
        worst = max(worst, off / pixel)
    print(
        f"{made.tiles} tiles, zoom {made.zooms[1]}: {'down' if axis == 0 else 'across'}, {worst:.4f} pixels off at most",
        flush=True,
    )


def native(dem: vf.DEM) -> Any:
    """The DEM's own zoom."""
    return _plan.plan_of(dem, "WebMercatorQuad", None).place.native


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
