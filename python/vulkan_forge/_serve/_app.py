"""``tile_app``: a web application (ASGI) that draws tiles of a DEM when they are asked for."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import weakref
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._extras import require
from .._numbers import flag
from .._tiles._plan import plan_of
from .._tiles._store import tilejson
from .._tiles._style import words_of
from .._vulkan_forge import OutOfMemoryError, VulkanForgeError
from . import _page
from ._queue import GoneError, Queue
from ._tilesets import PICTURES, TileSets

_NUMBER = re.compile(r"\d{1,9}")
_YEAR = "public, max-age=31536000, immutable"
_LOG = logging.getLogger("vulkan_forge")


def tile_app(
    dem: Any,
    *,
    zooms: Any = None,
    style: Mapping[str, Any] | None = None,
    shadows: bool = True,
    matrix: Any = "WebMercatorQuad",
    name: str | None = None,
    attribution: str = "",
    maplibre: str | os.PathLike[str] = _page.MAPLIBRE,
    **words: Any,
) -> Any:
    """Make a web application of a DEM's tiles, to be served by uvicorn or mounted in another application.

    It has, from where it is mounted:

    * ``/``: a page on which MapLibre GL shows the pictures on the heights;
    * ``/relief/{z}/{x}/{y}.png`` or ``.webp``: pictures, with the bytes that :func:`tiles` writes;
    * ``/terrain-rgb/{z}/{x}/{y}.png``, ``/terrarium/{z}/{x}/{y}.png``, or ``.webp``: heights in metres;
    * ``/relief/tiles.json`` and the like: their TileJSON;
    * ``/matrix.json``: the tile matrix set, as OGC's standard has it.

    MapLibre draws web mercator alone: the page of another matrix lists these addresses, for OpenLayers or QGIS.

    Tiles in the matrix without ground are transparent; where heights have none, they are the least of
    the DEM. Other zooms, columns and rows are 404. Tiles are drawn in blocks of 4 x 4, two at a time, of which the last
    48 are kept; whoever went away before its turn is not drawn for. Answers have an ETag, which follows from DEM and
    style; under the addresses in TileJSON, which name it, they may be kept for a year.

    Parameters
    ----------
    dem, zooms, style, shadows, matrix, attribution, **words
        As for :func:`tiles`.
    name : str, optional
        For the viewer; by default that of the file, or "relief".
    maplibre : str or os.PathLike
        Where the page finds MapLibre GL JS 6, the folder with maplibre-gl.mjs: an address, by default on unpkg.com, or
        a folder of this machine, which is then served as ``/maplibre/``.

    Returns
    -------
    starlette.applications.Starlette

    Raises
    ------
    InvalidInputError, ImageFileError
        As for :func:`tiles`; a folder without maplibre-gl.mjs.
    MissingExtraError
        starlette, rasterio or morecantile is not installed (extra 'serve').
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say: the first tile is drawn at once.

    Examples
    --------
    >>> import uvicorn
    >>> uvicorn.run(vf.tile_app("dem.tif", cmap="gist_earth", contours=100))
    """
    applications = require("starlette.applications", "serve", "serving tiles")
    routing = require("starlette.routing", "serve", "serving tiles")
    cors = require("starlette.middleware.cors", "serve", "serving tiles").CORSMiddleware
    middleware = require("starlette.middleware", "serve", "serving tiles").Middleware
    base, folder = _page.place_of_maplibre(maplibre)
    if flag(shadows, "shadows") is not True:
        words["shadows"] = shadows
    given = words_of(style, words)
    plan = plan_of(dem, matrix, zooms)
    title = str(name or (Path(dem).stem if isinstance(dem, str | os.PathLike) else "relief"))
    sets = TileSets(plan, plan.style(given), title, str(attribution))
    _draw_one(sets)
    page = _page.page(title, base) if plan.matrix.web_mercator else _page.listing(title, sets.about)
    desk = _Desk(sets, page)
    routes = [
        routing.Route("/", desk.page),
        routing.Route("/matrix.json", desk.matrix, name="matrix"),
        routing.Route("/{tileset}/tiles.json", desk.listing, name="listing"),
        routing.Route("/{tileset}/{zoom}/{column}/{row}.{suffix}", desk.tile, name="tile"),
    ]
    if folder is not None:
        files = require("starlette.staticfiles", "serve", "serving tiles").StaticFiles
        routes.insert(1, routing.Mount("/maplibre", files(directory=folder)))
    allowed = middleware(cors, allow_origins=["*"], allow_methods=["GET"], expose_headers=["ETag"])
    return applications.Starlette(routes=routes, middleware=[allowed])


def _draw_one(sets: TileSets) -> None:
    """A tile with ground: what cannot be drawn is to be heard of at once."""
    zoom = sets.plan.zooms[0]
    ground = sets.pyramid.ground(zoom)
    (width, height), (across, _) = ground.level.tile, ground.level.tiles
    rows, columns = ground.heights.shape
    row, column = (ground.row + rows // 2) // height, (ground.column + columns // 2) // width
    sets.tile(PICTURES, "png", zoom, column % across, row)


class _Desk:
    """Takes requests, and lets few at a time go on to the device."""

    def __init__(self, sets: TileSets, page: str) -> None:
        self.sets, self._page = sets, page
        responses = require("starlette.responses", "serve", "serving tiles")
        self._response, self._html = responses.Response, responses.HTMLResponse
        self._json = responses.JSONResponse
        # Of the running loop: one application may be served by several, one after another.
        self._queues: weakref.WeakKeyDictionary[Any, Queue] = weakref.WeakKeyDictionary()

    async def page(self, request: Any) -> Any:
        """For people."""
        return self._html(self._page, headers={"Cache-Control": "no-cache"})

    async def listing(self, request: Any) -> Any:
        """TileJSON, whose addresses name the version of the tiles."""
        tileset = request.path_params["tileset"]
        if tileset not in self.sets.about:
            return self._refused(f"tile sets are {', '.join(self.sets.about)}; got {tileset}")
        about = self.sets.about[tileset]
        below = str(request.url_for("listing", tileset=tileset)).removesuffix("tiles.json")
        found = tilejson(about)
        found["tiles"] = [
            f"{below}{tile}?v={self.sets.version(tileset)}" for tile in found["tiles"]
        ]
        if not self.sets.plan.matrix.web_mercator:
            found["matrix"] = str(request.url_for("matrix"))  # what TileJSON takes for granted
        return self._json(found, headers={"Cache-Control": "no-cache"})

    async def matrix(self, request: Any) -> Any:
        """The definition of the tile matrix set."""
        text = self.sets.plan.matrix.definition
        headers = {"Cache-Control": "no-cache"}
        return self._response(text, media_type="application/json", headers=headers)

    async def tile(self, request: Any) -> Any:
        """One tile, or why not."""
        asked = request.path_params
        numbers = [asked[part] for part in ("zoom", "column", "row")]
        if not all(_NUMBER.fullmatch(number) for number in numbers):
            return self._refused(f"expected /z/x/y in whole numbers; got {'/'.join(numbers)}")
        place = [int(number) for number in numbers]
        tileset, suffix = asked["tileset"], asked["suffix"]
        if reason := self.sets.missing(tileset, suffix, *place):
            return self._refused(reason)
        version = self.sets.version(tileset)
        tag = f'W/"{version}-{"-".join(map(str, place))}.{suffix}"'
        fresh = request.query_params.get("v") == version
        headers = {"ETag": tag, "Cache-Control": _YEAR if fresh else "no-cache"}
        if tag in re.split(r",\s*", request.headers.get("if-none-match", "")):
            return self._response(status_code=304, headers=headers)
        try:
            data = await self._queue().tile(request, tileset, suffix, *place)
        except GoneError:
            return self._response(status_code=503)
        except VulkanForgeError as error:
            _LOG.error("%s: %s", request.url.path, error)
            status = 503 if isinstance(error, OutOfMemoryError) else 500
            return self._refused(str(error), status)
        return self._response(data, media_type=f"image/{suffix}", headers=headers)

    def _queue(self) -> Queue:
        loop = asyncio.get_running_loop()
        if loop not in self._queues:
            self._queues[loop] = Queue(self.sets)
        return self._queues[loop]

    def _refused(self, reason: str, status: int = 404) -> Any:
        headers = {"Cache-Control": "no-cache"}
        text = f"{_one_line(reason)}\n"
        return self._response(text, status_code=status, media_type="text/plain", headers=headers)


def _one_line(text: str) -> str:
    """In one line of at most 500 characters."""
    return " ".join(text.split())[:500]
