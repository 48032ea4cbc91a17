"""``tiles``: a DEM in, map tiles out."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from .._numbers import finite
from .._vulkan_forge import InvalidInputError
from ._block import block, tiles_of_block
from ._encode import HEIGHTS, encoded, encoding_of
from ._plan import Plan, plan_of
from ._source import Ground, grounds
from ._store import opened
from ._style import Style, words_of

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
    fill: float | None = None,
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
    fill : float, optional
        With heights, metres that stand where there is no ground, in opaque pixels: viewers in three dimensions take
        what is transparent for the lowest height of the encoding. By default it is transparent black.
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
    filled = _filled(fill, encoding)
    plan = plan_of(dem, matrix, zooms)
    look = None if encoding in HEIGHTS else plan.style(given)
    about = plan.about(look, encoding, str(name or path.stem), attribution, filled)
    count = 0
    with opened(path, about) as store:
        for zoom, column, row, data in _made(plan, look, encoding, filled):
            store.add(zoom, column, row, data)
            count += 1
        if count == 0:
            first, last = plan.zooms
            raise InvalidInputError(
                f"the DEM must have ground in zooms {first} to {last}; got nothing but holes there; check nodata="
            )
    return TileSet(path, count, plan.zooms, about.bounds)


def _filled(fill: Any, encoding: str) -> float | None:
    if fill is None:
        return None
    if encoding not in HEIGHTS:
        raise InvalidInputError(
            f"fill is for tiles of heights ({' and '.join(HEIGHTS)}); got encoding {encoding!r}; leave it out"
        )
    return finite(fill, "fill")


def _made(
    plan: Plan, style: Style | None, encoding: str, fill: float | None
) -> Iterator[tuple[int, int, int, bytes]]:
    """(zoom, column, row, file) of each tile with something in it, the finest zoom first."""
    pool = ThreadPoolExecutor(os.cpu_count() or 1, "vulkan_forge tiles")
    try:
        for ground in grounds(plan.dem, plan.matrix, plan.place, plan.zooms):
            yield from _cut(plan, ground, style, encoding, fill, pool)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _cut(
    plan: Plan,
    ground: Ground,
    style: Style | None,
    encoding: str,
    fill: float | None,
    pool: ThreadPoolExecutor,
) -> Iterator[tuple[int, int, int, bytes]]:
    """Tiles of one zoom: while some are encoded, the next are drawn."""
    level, started = ground.level, 0
    waiting: deque[tuple[int, int, Future[bytes]]] = deque()
    (width, height), (across, _) = level.tile, level.tiles
    rows, columns = ground.heights.shape
    down, right = tiles_of_block(level)
    end_row = (ground.row + rows - 1) // height + 1
    end_column = (ground.column + columns - 1) // width + 1
    touched = {column % across for column in range(ground.column // width, end_column)}
    for row in range(ground.row // height // down * down, end_row, down):
        for column in sorted({column // right * right for column in touched}):
            ends = min(row + down, end_row), min(column + right, across)
            drawn = block(plan, ground, style, encoding, fill, (row, column), ends)
            if drawn is not None:
                for r in range(row, ends[0]):
                    for c in range(column, ends[1]):
                        if ground.any_known(r * height, c * width, height, width):
                            y, x = (r - row) * height, (c - column) * width
                            tile = drawn[y : y + height, x : x + width]
                            waiting.append((c, r, pool.submit(encoded, tile, encoding)))
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
