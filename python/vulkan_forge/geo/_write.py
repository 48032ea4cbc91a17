"""GeoTIFFs, and the small files that give a PNG its place. Each appears whole or not at all."""

from __future__ import annotations

import contextlib
import html
import os
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path
from threading import get_ident
from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._paths import path_of
from .._raster import is_lazy
from .._vulkan_forge import ImageFileError, InvalidInputError
from ._failures import ours
from ._grid import Grid

TIFF = (".tif", ".tiff")
TILE = 256  # pixels along a side of a tile


def write_geotiff(
    path: str | os.PathLike[str],
    bands: Any,
    grid: Grid,
    *,
    unit: str | None = None,
    name: str | None = None,
    nodata: float | None = None,
    **options: Any,
) -> None:
    """Write `bands` (N, H, W); four of uint8 are red, green, blue and alpha. A dask array's chunks are
    written as they are computed, each once."""
    rasterio = require("rasterio", "geo", "a GeoTIFF")
    target = path_of(path, "out.tif")
    if target.suffix.lower() not in TIFF:
        raise InvalidInputError(
            f"path must end in .tif or .tiff; got {shown(target.name)}; pass for example 'out.tif'"
        )
    if nodata is None and bands.dtype.kind == "f":
        nodata = float("nan")
    profile = profile_of(grid, bands.shape, bands.dtype.name) | {"nodata": nodata}
    with (
        appearing_tiff(target) as draft,
        warnings.catch_warnings(),
        ours(f"{target}: expected to write a GeoTIFF", "check place and options", ImageFileError),
    ):
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(draft, "w", **(profile | options)) as file:
            if is_lazy(bands):
                _store(bands, file)
            else:
                file.write(bands)
            if unit:
                file.set_band_unit(1, unit)
            if name:
                file.set_band_description(1, name)


class _Windows:
    """A dataset as what dask stores chunks in."""

    def __init__(self, dataset: Any) -> None:
        self._dataset = dataset
        self._window = require("rasterio.windows", "geo", "a GeoTIFF").Window

    def __setitem__(self, place: tuple[slice, ...], bands: npt.NDArray[Any]) -> None:
        _, rows, columns = place
        window = self._window(columns.start, rows.start, *bands.shape[:0:-1])
        self._dataset.write(bands, window=window)


def _store(bands: Any, dataset: Any) -> None:
    array = require("dask.array", "dask", "a raster in chunks")
    array.store(bands, _Windows(dataset), lock=True)


@contextlib.contextmanager
def appearing_tiff(target: Path) -> Iterator[Path]:
    """`appearing`, with what GeoTIFF cannot hold (a rotated pole): GDAL writes it beside the file, and one from before would win."""
    with appearing(target) as draft:
        beside, place = (path.with_name(f"{path.name}.aux.xml") for path in (draft, target))
        try:
            yield draft
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    with contextlib.suppress(OSError):
        beside.replace(place) if beside.exists() else place.unlink(missing_ok=True)


def profile_of(grid: Grid, shape: tuple[int, ...], dtype: str) -> dict[str, Any]:
    """What a GeoTIFF of `shape` (N, H, W) is made with; four bands of uint8 are red, green, blue and alpha."""
    count, rows, columns = shape
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "width": columns,
        "height": rows,
        "count": count,
        "dtype": dtype,
        "crs": grid.crs,
        "compress": "deflate",
        "BIGTIFF": "IF_SAFER",
    }
    if not grid.local or grid.crs is not None:
        affine = require("affine", "geo", "a GeoTIFF")
        profile["transform"] = affine.Affine(*grid.geotransform)
    if min(rows, columns) >= TILE:
        profile |= {"tiled": True, "blockxsize": TILE, "blockysize": TILE}
    if count == 4:
        profile |= {"photometric": "RGB", "alpha": "YES"}
    return profile


def write_sidecars(path: Path, grid: Grid) -> list[Path]:
    """A world file (.pgw for .png) and, with a coordinate system, GDAL's .aux.xml; returns them."""
    suffix = path.suffix.lower()
    letters = f"{suffix[1]}{suffix[-1]}w" if len(suffix) >= 3 else "wld"
    world = path.with_suffix(f".{letters}")
    a, d, b, e = grid.cell[0], 0.0, 0.0, -grid.cell[1]
    c, f = grid.corner[0] + a / 2, grid.corner[1] + e / 2  # the centre of the first pixel
    written = [world]
    with appearing(world) as draft:
        text = "".join(f"{number!r}\n" for number in (a, d, b, e, c, f))
        draft.write_text(text, encoding="ascii")
    if grid.crs is not None:
        aux = path.with_name(f"{path.name}.aux.xml")
        with appearing(aux) as draft:
            wkt = html.escape(grid.crs.to_wkt(), quote=False)
            draft.write_text(f"<PAMDataset>\n  <SRS>{wkt}</SRS>\n</PAMDataset>\n", encoding="utf-8")
        written.append(aux)
    return written


def _unwritable(path: Path, error: OSError) -> ImageFileError:
    return ImageFileError(
        f"{path}: expected a writable place, got: {error}; check that it may be written and has room"
    )


@contextlib.contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to, which then takes its place; nothing stays after an error."""
    target = Path(os.path.realpath(path))
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        mode = None
    except OSError as error:
        raise _unwritable(path, error) from error
    if mode is not None and not stat.S_ISREG(mode):
        raise ImageFileError(
            f"{path}: expected a regular file or a new name, got something else; pass the path of a file"
        )
    if mode is not None and not os.access(target, os.W_OK):
        raise ImageFileError(f"{path}: expected a file that may be written; check its permissions")
    if not os.path.isdir(target.parent):
        raise ImageFileError(
            f"{path}: expected a folder that exists, got {target.parent}; make it first"
        )
    draft = target.with_name(f".{target.stem}.{os.getpid()}-{get_ident()}.part{target.suffix}")
    try:
        yield draft
        if mode is not None:
            os.chmod(draft, stat.S_IMODE(mode))
        os.replace(draft, target)
    except OSError as error:
        if isinstance(error, ImageFileError):
            raise
        raise _unwritable(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def gdal_bytes(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.uint8]:
    """0..1 as gdaldem writes it: 1 + 254 value, and 0 where there is nothing."""
    known = np.isfinite(values)
    scaled = np.clip(np.where(known, values, 0) * 254 + 1.5, 1, 255)
    return np.where(known, scaled, 0).astype(np.uint8)
