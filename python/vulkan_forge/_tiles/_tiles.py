"""``tiles``: a DEM in, map tiles out."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from .._numbers import finite, shown, text
from .._paths import path_of
from .._vulkan_forge import InvalidInputError
from ._arriving import Arriving
from ._block import Corner, Look, block, blocks, tiles_in, tiles_of_block
from ._draw import Pixels
from ._encode import HEIGHTS, encoded, encoding_of
from ._plan import Plan, plan_of
from ._source import Ground, grounds
from ._store import About, opened
from ._style import words_of

_AT_ONCE = 2
"""Blocks that are drawn side by side."""
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
    ask = asked(dem, out, zooms, style, shadows, encoding, matrix, name, attribution, fill, words)
    return stored(ask, _made(ask.plan, ask.look))


class Ask(NamedTuple):
    """What is to be made, and where."""

    path: Path
    plan: Plan
    look: Look
    about: About


def asked(
    dem: Any,
    out: Any,
    zooms: Any,
    style: Any,
    shadows: Any,
    encoding: Any,
    matrix: Any,
    name: Any,
    attribution: Any,
    fill: Any,
    words: dict[str, Any],
) -> Ask:
    """Read and check the arguments of `tiles`."""
    path = path_of(out, "relief.pmtiles", "out")
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
    drawn = None if encoding in HEIGHTS else plan.style(given)
    look = Look(plan.matrix, drawn, encoding, filled, plan.dem.z_factor)
    called = path.stem if name is None else text(name, "name")
    about = plan.about(drawn, encoding, called, text(attribution, "attribution"), filled)
    return Ask(path, plan, look, about)


def stored(ask: Ask, made: Iterator[tuple[int, int, int, bytes]]) -> TileSet:
    """Put tiles, (zoom, column, row, file), into their place."""
    count, (first, last) = 0, ask.plan.zooms
    with opened(ask.path, ask.about) as store:
        for zoom, column, row, data in made:
            store.add(zoom, column, row, data)
            count += 1
        if count == 0:
            raise InvalidInputError(
                f"the DEM must have ground in zooms {first} to {last}; got nothing but holes there; check nodata="
            )
    return TileSet(ask.path, count, (first, last), ask.about.bounds)


def _filled(fill: Any, encoding: str) -> float | None:
    if fill is None:
        return None
    if encoding not in HEIGHTS:
        raise InvalidInputError(
            f"fill is for tiles of heights ({' and '.join(HEIGHTS)}); got encoding {shown(encoding)}; leave it out"
        )
    return finite(fill, "fill")


def _made(plan: Plan, look: Look) -> Iterator[tuple[int, int, int, bytes]]:
    """(zoom, column, row, file) of each tile with something in it, the finest zoom first: while some are encoded, the
    next are drawn."""
    pool = ThreadPoolExecutor(os.cpu_count() or 1, "vulkan_forge tiles")
    drawing = ThreadPoolExecutor(_AT_ONCE, "vulkan_forge blocks")
    ahead = ThreadPoolExecutor(1, "vulkan_forge ground")
    arriving = Arriving()
    waiting: deque[tuple[int, int, int, Future[bytes]]] = deque()
    try:
        making = grounds(plan.dem, plan.matrix, plan.place, plan.zooms, arriving)
        for ground, corner, end, drawn in _drawn_ahead(_wanted(making, ahead), look, drawing):
            zoom = ground.level.zoom
            for column, row, tile in tiles_in(ground, drawn, corner, end):
                made = pool.submit(encoded, tile, look.encoding)
                waiting.append((zoom, column, row, made))
            down, right = tiles_of_block(ground.level)
            while len(waiting) > 2 * down * right:
                yield _taken(waiting)
        while waiting:
            yield _taken(waiting)
    finally:
        arriving.stop()
        ahead.shutdown(wait=True, cancel_futures=True)
        drawing.shutdown(wait=True, cancel_futures=True)
        pool.shutdown(wait=True, cancel_futures=True)


def _wanted(
    making: Iterator[Ground], ahead: ThreadPoolExecutor
) -> Iterator[tuple[Ground, Corner, Corner]]:
    """Blocks of all zooms, whose ground is made while the one before it is drawn."""
    ground = next(making, None)
    while ground is not None:
        made = ahead.submit(next, making, None)
        _LOG.info("zoom %d: %d x %d cells", ground.level.zoom, *ground.heights.shape[::-1])
        for corner, end in blocks(ground):
            yield ground, corner, end
        ground = made.result()


def _drawn_ahead(
    wanted: Iterator[tuple[Ground, Corner, Corner]], look: Look, drawing: ThreadPoolExecutor
) -> Iterator[tuple[Ground, Corner, Corner, Pixels | None]]:
    """Blocks in their order: the device draws one while the ground of the next is made ready."""
    begun: deque[tuple[Ground, Corner, Corner, Future[Pixels | None]]] = deque()
    for ground, corner, end in wanted:
        begun.append((ground, corner, end, drawing.submit(block, look, ground, corner, end)))
        if len(begun) > _AT_ONCE:
            yield _drawn(*begun.popleft())
    for one in begun:
        yield _drawn(*one)


def _drawn(
    ground: Ground, corner: Corner, end: Corner, made: Future[Pixels | None]
) -> tuple[Ground, Corner, Corner, Pixels | None]:
    return ground, corner, end, made.result()


def _taken(waiting: deque[tuple[int, int, int, Future[bytes]]]) -> tuple[int, int, int, bytes]:
    zoom, column, row, made = waiting.popleft()
    return zoom, column, row, made.result()
