"""``tiles``: a DEM in, map tiles out."""

from __future__ import annotations

import logging
import operator
import os
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ..geo._convert import as_dem
from ..geo._dem import DEM
from ..geo._failures import ours
from ..geo._grid import Grid
from ._draw import Pixels, picture
from ._encode import HEIGHTS, SUFFIXES, coloured, encoded, encoding_of
from ._matrix import Matrix
from ._source import Ground, Place, coarser, place_of, resampled
from ._store import About, opened
from ._style import Style, key_of, style_of, words_of

_MOST = 1_000_000  # tiles
_BLOCK = 1024  # cells a side that are drawn and cut at a time, about
_LOG = logging.getLogger("vulkan_forge")


class TileSet(NamedTuple):
    """What `tiles` made."""

    path: Path
    tiles: int
    """Tiles written; empty ones are left out."""
    zooms: tuple[int, int]
    """The first and the last."""
    bounds: tuple[float, float, float, float]
    """West, south, east and north in degrees."""


def tiles(
    dem: Any,
    out: str | os.PathLike[str],
    *,
    zooms: Any = None,
    style: Mapping[str, Any] | None = None,
    shadows: bool = True,
    encoding: str = "png",
    matrix: Any = "WebMercatorQuad",
    name: str | None = None,
    attribution: str = "",
    **words: Any,
) -> TileSet:
    """Draw a DEM as map tiles for MapLibre, OpenLayers, Leaflet, QGIS and whatever else reads them.

    The DEM is resampled once, bilinearly, to the first zoom whose cells are no larger than its own; coarser zooms
    are means of that. Light, shadows and contours are those of the whole, in metres on the ground at
    each latitude: neighbouring tiles fit, and mountains beyond a tile cast their shadows into it. Holes are
    transparent, and tiles without ground are left out.

    Parameters
    ----------
    dem : DEM, path, DataArray, rasterio dataset, or what else :func:`as_dem` takes, with a coordinate system
        Read whole.
    out : str or os.PathLike
        A name that ends in .mbtiles or .pmtiles, or a folder: then z/x/y.png, row 0 in the north, and a
        TileJSON, tiles.json. Archives appear whole or not at all. In a folder each tile does, and one that holds
        tiles of the same style gets these beside them.
    zooms : int, (int, int) or range, optional
        One, or the first and the last; by default from the one where the DEM fits into a tile to its native one.
        Beyond that, heights are interpolated.
    style : dict, optional
        Words of :func:`render`, as if they were passed one by one.
    shadows : bool, default True
        Whether terrain casts shadows.
    encoding : {"png", "webp", "terrarium", "terrain-rgb"}
        Pictures, WebP without loss (which needs Pillow); or heights in metres in the colours of a PNG, as
        Tilezen's and Mapbox's terrain tiles hold them, and MapLibre's sources of type raster-dem.
    matrix : str or morecantile.TileMatrixSet, default "WebMercatorQuad"
        Which tiles; any that morecantile knows by name, if its rows run south and are all of one width.
        Archives hold WebMercatorQuad alone.
    name, attribution : str, optional
        For the viewer; by default the name of `out`, and none.
    **words
        How it looks: any of :func:`render` but for what a tile has no choice of; an error tells which and
        why. The range of colours is that of the whole DEM; the sun's
        azimuth counts from true north in its middle.

    Returns
    -------
    TileSet
        Path, number of tiles, zooms, and bounds in degrees.

    Raises
    ------
    InvalidInputError
        An argument is not as above, the DEM has no place in the matrix, there would be more than a million
        tiles, or the folder holds tiles of another style.
    ImageFileError
        The DEM cannot be read, or the place cannot be written.
    MissingExtraError
        rasterio, morecantile or pmtiles is not installed.
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say.

    Examples
    --------
    >>> vf.tiles("dem.tif", "relief.pmtiles", cmap="gist_earth", contours=100)
    >>> vf.tiles("dem.tif", "terrain.mbtiles", encoding="terrarium")
    """
    if not isinstance(out, str | os.PathLike):
        raise InvalidInputError(
            f"out must be a str or os.PathLike; got {type(out).__name__}; pass e.g. 'relief.pmtiles'"
        )
    path = Path(os.fsdecode(out))
    encoding = encoding_of(encoding)
    if shadows is not True:
        words["shadows"] = shadows
    given = words_of(style, words)
    if encoding in HEIGHTS and given:
        raise InvalidInputError(
            f"encoding {encoding!r} holds heights and takes no words of render; got {', '.join(sorted(given))}; "
            "leave them out"
        )
    grid = Matrix(matrix)
    known = as_dem(dem)
    place = place_of(known, grid)
    wanted = _zooms(zooms, grid, place)
    _refuse_too_many(grid, place, wanted)
    look = None if encoding in HEIGHTS else style_of(known, given, _spot(grid, place))
    key = key_of({"encoding": encoding}) if look is None else look.key
    about = About(
        name=str(name or path.stem),
        encoding=encoding,
        suffix=SUFFIXES[encoding],
        matrix=grid.name,
        web_mercator=grid.web_mercator,
        tile_size=grid.levels[wanted[1]].tile[0],
        zooms=wanted,
        bounds=_degrees(grid, place),
        attribution=attribution,
        style=key if look is None else f"{key}-{encoding}",
    )
    count = 0
    with opened(path, about) as store:
        for zoom, column, row, data in _made(known, grid, place, wanted, look, encoding):
            store.add(zoom, column, row, data)
            count += 1
        if count == 0:
            raise InvalidInputError(
                f"the DEM must have ground in zooms {wanted[0]} to {wanted[1]}; got nothing but holes there; "
                "check nodata="
            )
    return TileSet(path, count, wanted, about.bounds)


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
        if isinstance(zooms, range):
            first, last = min(zooms), max(zooms)
        elif np.ndim(zooms):
            first, last = (operator.index(zoom) for zoom in zooms)
        else:
            first = last = operator.index(zooms)
    except (TypeError, ValueError):
        first, last = 1, 0
    if isinstance(zooms, bool) or not first <= last or not {first, last} <= matrix.levels.keys():
        known = sorted(matrix.levels)
        raise InvalidInputError(
            f"zooms must be a number, (first, last) or a range, within {known[0]} to {known[-1]} of {matrix.name}; "
            f"got {zooms!r}; pass e.g. ({max(known[0], place.native - 4)}, {place.native}), whose last is the DEM's own"
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


def _spot(matrix: Matrix, place: Place) -> Grid:
    """A cell in the middle of a DEM's place: where bearings are true."""
    left, bottom, right, top = place.bounds
    cell = matrix.levels[place.native].cell
    x, y = (left + right - cell) / 2, (bottom + top + cell) / 2
    if matrix.round_the_world:
        west, _, east, _ = matrix.bounds
        x = west + (x - west) % (east - west)
    return Grid((1, 1), (x, y), (cell, cell), matrix.crs)


def _degrees(matrix: Matrix, place: Place) -> tuple[float, float, float, float]:
    left, bottom, right, top = place.bounds
    over = right > matrix.bounds[2] + 1e-6 * (right - left)
    warp = require("rasterio.warp", "tiles", "tiles")
    with ours("tiles: expected bounds in degrees", "pass another matrix="):
        found = warp.transform_bounds(
            matrix.crs, "EPSG:4326", left, bottom, min(right, matrix.bounds[2]), top, densify_pts=65
        )
    west, south, east, north = (float(edge) for edge in found)
    if over or west > east:  # round the world
        west, east = -180.0, 180.0
    return max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0)


def _made(
    dem: DEM,
    matrix: Matrix,
    place: Place,
    zooms: tuple[int, int],
    style: Style | None,
    encoding: str,
) -> Iterator[tuple[int, int, int, bytes]]:
    """(zoom, column, row, file) of each tile with something in it, the finest zoom first."""
    with tempfile.TemporaryDirectory(prefix="vulkan_forge-") as folder:
        zoom = max(zooms[1], place.native)
        ground = resampled(dem, matrix, place, zoom, folder)
        if style is None and dem.z_factor != 1:
            np.multiply(ground.heights, np.float32(dem.z_factor), out=ground.heights)
        pool = ThreadPoolExecutor(os.cpu_count() or 1, "vulkan_forge tiles")
        try:
            while True:
                if zoom <= zooms[1]:
                    yield from _cut(matrix, ground, style, encoding, pool)
                if zoom == zooms[0]:
                    return
                zoom -= 1
                ground = coarser(ground, matrix.levels[zoom], folder)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _cut(
    matrix: Matrix, ground: Ground, style: Style | None, encoding: str, pool: ThreadPoolExecutor
) -> Iterator[tuple[int, int, int, bytes]]:
    """Tiles of one zoom: while some are encoded, the next are drawn."""
    level, started = ground.level, 0
    waiting: deque[tuple[int, int, Future[bytes]]] = deque()
    (width, height), (across, _) = level.tile, level.tiles
    rows, columns = ground.heights.shape
    down, right = max(1, _BLOCK // height), max(1, _BLOCK // width)
    last_row, last_column = (ground.row + rows - 1) // height, (
        ground.column + columns - 1
    ) // width
    for row in range(ground.row // height // down * down, last_row + 1, down):
        for column in range(ground.column // width // right * right, last_column + 1, right):
            ends = min(row + down, last_row + 1), min(column + right, last_column + 1)
            drawn = _block(matrix, ground, style, encoding, row, column, *ends)
            if drawn is not None:
                for r in range(row, ends[0]):
                    for c in range(column, ends[1]):
                        y, x = (r - row) * height, (c - column) * width
                        tile = drawn[y : y + height, x : x + width]
                        if tile[..., 3].any():
                            made = pool.submit(encoded, tile, encoding)
                            waiting.append((c % across, r, made))
                            started += 1
            while len(waiting) > 2 * down * right:
                yield _taken(level.zoom, waiting)
    while waiting:
        yield _taken(level.zoom, waiting)
    _LOG.info("zoom %d: %d tiles", level.zoom, started)


def _taken(
    zoom: int, waiting: deque[tuple[int, int, Future[bytes]]]
) -> tuple[int, int, int, bytes]:
    column, row, made = waiting.popleft()
    return zoom, column, row, made.result()


def _block(
    matrix: Matrix,
    ground: Ground,
    style: Style | None,
    encoding: str,
    row: int,
    column: int,
    end_row: int,
    end_column: int,
) -> Pixels | None:
    """Pixels of the tiles from (row, column) to before (end_row, end_column)."""
    width, height = ground.level.tile
    place = row * height, column * width, (end_row - row) * height, (end_column - column) * width
    if style is not None:
        return picture(matrix, ground, style, *place)
    heights = ground.part(*place)
    return coloured(heights, encoding) if np.isfinite(heights).any() else None
