"""Where tiles go: a folder, MBTiles or PMTiles. An archive appears whole or not at all, in a folder each tile does."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .._extras import require
from .._vulkan_forge import ImageFileError, InvalidInputError
from ..geo._write import appearing

_LISTING = "tiles.json"
_OURS = "vulkan_forge"  # member of a folder's TileJSON that tells its style


class About(NamedTuple):
    """What a set of tiles says of itself."""

    name: str
    encoding: str
    suffix: str
    matrix: str
    web_mercator: bool
    tile_size: int
    zooms: tuple[int, int]
    bounds: tuple[float, float, float, float]
    """West, south, east and north in degrees."""
    middle: tuple[float, float]
    """Longitude and latitude."""
    attribution: str
    style: str
    """Of two styles that draw alike the same text."""

    @property
    def center(self) -> tuple[float, float, int]:
        """Longitude, latitude and zoom."""
        return *self.middle, self.zooms[0]


class Store(Protocol):
    """Takes tiles, row 0 in the north."""

    def add(self, zoom: int, column: int, row: int, data: bytes) -> None:
        """Keep one."""


@contextlib.contextmanager
def opened(path: Path, about: About) -> Iterator[Store]:
    """A store at `path`, of the kind that its suffix names: .mbtiles, .pmtiles, else a folder.

    Raises
    ------
    InvalidInputError
        An archive for another matrix than web mercator, or a folder with other things in it.
    ImageFileError
        The place cannot be written, or has no room.
    """
    import sqlite3  # some builds of Python go without

    kind = {".mbtiles": _mbtiles, ".pmtiles": _pmtiles}.get(path.suffix.lower(), _folder)
    if kind is not _folder and not about.web_mercator:
        raise InvalidInputError(
            f"{path.suffix} holds tiles of WebMercatorQuad alone; got {about.matrix}; pass the name of a folder"
        )
    try:
        with kind(path, about) as store:
            yield store
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, ImageFileError):
            raise
        raise ImageFileError(
            f"{path}: expected to write tiles, got: {error}; check that the place may be written and has room"
        ) from error


def tilejson(about: About) -> dict[str, Any]:
    """TileJSON 3.0, with the tiles' names as they are beside it."""
    listing: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": about.name,
        "scheme": "xyz",
        "tiles": [f"{{z}}/{{x}}/{{y}}.{about.suffix}"],
        "minzoom": about.zooms[0],
        "maxzoom": about.zooms[1],
        "bounds": list(about.bounds),
        "center": list(about.center),
        "tileSize": about.tile_size,
    }
    if about.attribution:
        listing["attribution"] = about.attribution
    terrain = {"terrarium": "terrarium", "terrain-rgb": "mapbox"}.get(about.encoding)
    if terrain:
        listing["encoding"] = terrain  # as in MapLibre's raster-dem sources
    return listing


class _Folder:
    """z/x/y.suffix, and a TileJSON with the style that all tiles have."""

    def __init__(self, path: Path, about: About) -> None:
        self._path, self._about = path, about
        self._made: set[str] = set()
        self._listing = self._checked()

    def _checked(self) -> dict[str, Any]:
        listing = tilejson(self._about) | {
            _OURS: {"style": self._about.style, "matrix": self._about.matrix}
        }
        if not os.path.exists(self._path):
            return listing
        if not self._path.is_dir():
            raise ImageFileError(
                f"{self._path}: expected a folder or a new name, got a file; pass another name, or one that ends in "
                ".mbtiles or .pmtiles"
            )
        place = self._path / _LISTING
        if not place.exists():
            if any(self._path.iterdir()):
                raise InvalidInputError(
                    f"{self._path} must be empty or hold tiles of ours; got a folder with other things and without "
                    f"{_LISTING}; pass another folder"
                )
            return listing
        try:
            before = json.loads(place.read_text(encoding="utf-8"))
            mark = before[_OURS]
            zooms = int(before["minzoom"]), int(before["maxzoom"])
            bounds = [float(edge) for edge in before["bounds"]]
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInputError(
                f"{self._path} must be empty or hold tiles of ours; got a {_LISTING} that is not ours ({error!r}); "
                "pass another folder"
            ) from error
        if mark != listing[_OURS]:
            raise InvalidInputError(
                f"{self._path} must be empty or hold tiles of the same style; got tiles of style {mark.get('style')} in "
                f"{mark.get('matrix')} where this is {self._about.style} in {self._about.matrix}; pass another folder, "
                "or the same words (vmin and vmax too, which else are the DEM's)"
            )
        listing["minzoom"] = min(zooms[0], listing["minzoom"])
        listing["maxzoom"] = max(zooms[1], listing["maxzoom"])
        west, south, east, north = listing["bounds"]
        listing["bounds"] = [
            min(west, bounds[0]),
            min(south, bounds[1]),
            max(east, bounds[2]),
            max(north, bounds[3]),
        ]
        return listing

    def add(self, zoom: int, column: int, row: int, data: bytes) -> None:
        if (
            not self._made
        ):  # the style before the first tile: what stops half-way is known for what it is
            self._path.mkdir(parents=True, exist_ok=True)
            listing = json.dumps(self._listing, indent=2).encode() + b"\n"
            self._whole(str(self._path), _LISTING, listing)
        folder = os.path.join(self._path, str(zoom), str(column))
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        self._whole(folder, f"{row}.{self._about.suffix}", data)

    def _whole(self, folder: str, name: str, data: bytes) -> None:
        draft = os.path.join(folder, f".{name}.{os.getpid()}.part")
        try:
            with open(draft, "wb", buffering=0) as file:
                written = file.write(data)
                while written < len(data):
                    written += file.write(data[written:])
            os.replace(draft, os.path.join(folder, name))
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
            raise


@contextlib.contextmanager
def _folder(path: Path, about: About) -> Iterator[Store]:
    yield _Folder(path, about)


class _MBTiles:
    """MBTiles 1.3: SQLite, rows counted from the south."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def add(self, zoom: int, column: int, row: int, data: bytes) -> None:
        flipped = (1 << zoom) - 1 - row
        self._file.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, flipped, data))


@contextlib.contextmanager
def _mbtiles(path: Path, about: About) -> Iterator[Store]:
    import sqlite3

    with appearing(path) as draft:
        file = sqlite3.connect(draft)
        try:
            # A draft that is thrown away needs no journal.
            file.execute("PRAGMA journal_mode = OFF")
            file.execute("PRAGMA synchronous = OFF")
            file.execute(
                "PRAGMA application_id = 0x4d504258"
            )  # "MPBX", as the specification has it
            file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
            file.execute(
                "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
            )
            file.executemany("INSERT INTO metadata VALUES (?, ?)", _metadata(about).items())
            yield _MBTiles(file)
            file.execute(
                "CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)"
            )
            file.commit()
        finally:
            file.close()
        _synced(draft)


def _metadata(about: About) -> dict[str, str]:
    texts = {
        "name": about.name,
        "format": about.suffix,
        "bounds": ",".join(f"{edge:.9g}" for edge in about.bounds),
        "center": ",".join(f"{part:.9g}" for part in about.center),
        "minzoom": str(about.zooms[0]),
        "maxzoom": str(about.zooms[1]),
        "type": "baselayer",
        "version": "1",
        "description": f"{about.encoding} tiles by vulkan_forge, style {about.style}",
    }
    if about.attribution:
        texts["attribution"] = about.attribution
    terrain = tilejson(about).get("encoding")
    if terrain:
        texts["encoding"] = terrain
    return texts


class _PMTiles:
    """Tiles wait in a file until all are there: PMTiles wants them along a Hilbert curve, zoom by zoom."""

    def __init__(self, spool: Any, identity: Any) -> None:
        self.spool, self._identity = spool, identity
        self.tiles: list[tuple[int, int, int]] = []
        self._end = 0

    def add(self, zoom: int, column: int, row: int, data: bytes) -> None:
        self.spool.write(data)
        self.tiles.append((self._identity(zoom, column, row), self._end, len(data)))
        self._end += len(data)


@contextlib.contextmanager
def _pmtiles(path: Path, about: About) -> Iterator[Store]:
    format_ = require("pmtiles.tile", "tiles", "PMTiles")
    writer_of = require("pmtiles.writer", "tiles", "PMTiles").Writer
    with appearing(path) as draft, tempfile.TemporaryFile(dir=path.resolve().parent) as spool:
        store = _PMTiles(spool, format_.zxy_to_tileid)
        yield store
        if not store.tiles:
            return
        with open(draft, "wb") as file:
            writer = writer_of(file)
            with contextlib.closing(writer.tile_f):
                for identity, start, length in sorted(store.tiles):
                    spool.seek(start)
                    writer.write_tile(identity, spool.read(length))
                writer.finalize(_header(about, format_), tilejson(about) | {"type": "baselayer"})
        _synced(draft)


def _header(about: About, format_: Any) -> dict[str, Any]:
    west, south, east, north = (round(edge * 1e7) for edge in about.bounds)
    longitude, latitude, zoom = about.center
    kind = format_.TileType.WEBP if about.suffix == "webp" else format_.TileType.PNG
    return {
        "tile_type": kind,
        "tile_compression": format_.Compression.NONE,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": zoom,
        "center_lon_e7": round(longitude * 1e7),
        "center_lat_e7": round(latitude * 1e7),
    }


def _synced(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())
