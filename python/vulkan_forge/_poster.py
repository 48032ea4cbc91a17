"""``poster``: a picture of any size, straight into a file."""

from __future__ import annotations

import contextlib
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ._extras import require
from ._landing import land
from ._numbers import flag, shown
from ._paths import path_of, renamed
from ._vulkan_forge import ImageFileError, InvalidInputError, PngRows

_Pixels = npt.NDArray[np.uint8]
_TIFF = (".tif", ".tiff")
_AT_ONCE = 2048  # columns of a TIFF that are packed between two looks at Ctrl-C
_CACHE = 16 << 20  # bytes; GDAL's own choice is a part of the machine's memory


class _File(Protocol):
    """What takes the rows of a picture."""

    def write(self, rows: _Pixels) -> None: ...


def poster(
    dem: Any,
    path: str | os.PathLike[str],
    size: tuple[int, int] = (30000, 20000),
    *,
    world_file: bool = False,
    progress: Callable[[int, int], object] | None = None,
    **words: Any,
) -> None:
    """Draw a DEM into a file, strip after strip: a picture that needs not fit into memory.

    The file has the pixels of ``render(dem, size=size, **words)``, byte for byte. It appears whole or not at all: while
    it is drawn it lies under another name beside `path`.

    Parameters
    ----------
    dem : DEM, path, array, DataArray or rasterio dataset
        As for :func:`render`.
    path : str or os.PathLike
        A name that ends in .png; or, for a picture from straight above (``camera=vf.Camera.map()``), .tif or .tiff: a
        tiled GeoTIFF (BigTIFF where it grows beyond 4 GB) with place and coordinate system.
    size : (int, int), default (30000, 20000)
        Width and height in pixels, each at most 65535.
    world_file : bool, default False
        Put a .pgw, and the coordinate system as .aux.xml, beside the PNG of a picture from straight above.
    progress : callable, optional
        Called with the number of rows that are in the file and that of all, before the first strip and after each.
    **words
        How it looks: all other words of :func:`render` but `aovs`.

    Raises
    ------
    InvalidInputError
        An argument is not as above, or the picture is oblique where the file needs a place on a map.
    ImageFileError
        The file cannot be written: no such folder, no room.
    MissingExtraError
        A GeoTIFF without rasterio (extra 'geo').
    NoDeviceError, OutOfMemoryError, DeviceLostError
        As their names say.

    Examples
    --------
    >>> vf.poster("alps.tif", "alps.png", size=(30000, 20000), contours=100, cmap="gist_earth")
    >>> vf.poster("alps.tif", "map.tif", size=(40000, 40000), camera=vf.Camera.map())
    """
    target, tiff = target_of(path, flag(world_file, "world_file"), progress)
    where = {name: words.pop(name) for name in ("device", "prefer_software") if name in words}
    landed = land(dem, words, door="poster")
    with contextlib.closing(landed.strips(size, **where)) as strips:
        place = None
        if tiff or world_file:
            from .geo._pictures import demanded

            place = demanded(strips, landed.surface.grid, "a GeoTIFF" if tiff else "a world file")
        write(strips, strips.size, target, tiff, place, progress or (lambda done, rows: None))


def target_of(path: Any, world_file: bool, progress: Any) -> tuple[Path, bool]:
    """Where to, and whether that is a TIFF, once all that can be checked beforehand is."""
    target, tiff = _target(path)
    if world_file and tiff:
        raise InvalidInputError(
            f"world_file goes with a .png; got {shown(target.name)}, which has its place inside; leave it out"
        )
    if progress is not None and not callable(progress):
        raise InvalidInputError(
            f"progress must be callable; got {shown(progress)}; pass e.g. lambda done, rows: print(done, rows)"
        )
    if tiff:
        require("rasterio", "geo", "a GeoTIFF")
    return target, tiff


def _target(path: Any) -> tuple[Path, bool]:
    """Where to, and whether that is a TIFF."""
    target = path_of(path, "poster.png")
    suffix = target.suffix.lower()
    if suffix != ".png" and suffix not in _TIFF:
        raise InvalidInputError(
            f"path must end in .png, .tif or .tiff, which can be written strip by strip; got {shown(target.name)}; pass "
            f"for example {renamed(target, '.png')!r}"
        )
    return target, suffix in _TIFF


def write(
    strips: Iterable[_Pixels],
    size: tuple[int, int],
    target: Path,
    tiff: bool,
    place: Any,
    progress: Callable[[int, int], object],
) -> None:
    """Put strips of rows, from the top on, into a file."""
    rows, done = size[1], 0
    with _tiff(target, size, place) if tiff else _png(target, size) as file:
        progress(0, rows)
        for strip in strips:
            file.write(strip)
            done += len(strip)
            progress(done, rows)
    if place is not None and not tiff:
        from .geo._write import write_sidecars

        write_sidecars(target, place)


@contextlib.contextmanager
def _png(target: Path, size: tuple[int, int]) -> Iterator[_File]:
    file = PngRows(target, *size)
    with contextlib.closing(file):
        yield file
        file.finish()


@contextlib.contextmanager
def _tiff(target: Path, size: tuple[int, int], place: Any) -> Iterator[_File]:
    from .geo._write import appearing_tiff

    with appearing_tiff(target) as draft, _small_cache():
        file = _Tiles(target, draft, size, place)
        try:
            yield file
            file.flush()
            file.close()
        finally:
            file.drop()


class _Tiles:
    """Rows for a tiled TIFF, of which whole rows of tiles are written at once."""

    def __init__(self, target: Path, draft: Path, size: tuple[int, int], place: Any) -> None:
        from .geo._write import TILE, profile_of

        width, height = size
        rasterio = require("rasterio", "geo", "a GeoTIFF")
        self.window = require("rasterio.windows", "geo", "a GeoTIFF").Window
        self.target, self.first, self.held = target, 0, 0
        self.rows = np.empty((min(TILE, height), width, 4), np.uint8)
        with self._ours(), warnings.catch_warnings():
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            self.file: Any = rasterio.open(
                draft, "w", **profile_of(place, (4, height, width), "uint8")
            )

    def write(self, rows: _Pixels) -> None:
        while len(rows):
            count = min(len(rows), len(self.rows) - self.held)
            self.rows[self.held : self.held + count] = rows[:count]
            rows, self.held = rows[count:], self.held + count
            if self.held == len(self.rows):
                self.flush()

    def flush(self) -> None:
        """Write the rows that are held."""
        width = self.rows.shape[1]
        for left in range(0, width, _AT_ONCE) if self.held else ():
            part = self.rows[: self.held, left : left + _AT_ONCE]
            window = self.window(left, self.first, part.shape[1], self.held)
            with self._ours():
                self.file.write(np.moveaxis(part, -1, 0), window=window)
        self.first, self.held = self.first + self.held, 0

    def close(self) -> None:
        """End the file."""
        with self._ours():
            self.file.close()

    def drop(self) -> None:
        """Let go of the file, which may still want to be written, while GDAL's complaints are heard."""
        with contextlib.suppress(ImageFileError):
            self.close()
        self.file = None

    def _ours(self) -> contextlib.AbstractContextManager[None]:
        from .geo._failures import ours

        cure = "check that the folder may be written and has room"
        return ours(f"{self.target}: expected to write a GeoTIFF", cure, ImageFileError)


@contextlib.contextmanager
def _small_cache() -> Iterator[None]:
    """GDAL keeps few tiles back; its cache is the process's, and is as large afterwards as it was before."""
    env = require("rasterio.env", "geo", "a GeoTIFF")
    with env.env_ctx_if_needed():
        before = env.get_gdal_config("GDAL_CACHEMAX")
        env.set_gdal_config("GDAL_CACHEMAX", _CACHE)
        try:
            yield
        finally:
            env.set_gdal_config("GDAL_CACHEMAX", before)
