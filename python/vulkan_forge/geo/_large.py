"""DEMs that stay where they are: in files, memory maps and chunked arrays of any size."""

from __future__ import annotations

import copy
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._heights import MOST_SIDE, as_heights
from .._numbers import flag, text_or_none
from .._vulkan_forge import InvalidInputError, Source
from . import _xarray
from ._bands import Band
from ._dem import DEM, cells_within
from ._from_large import lazy_heights, overview_of
from ._grid import make_grid
from ._kept import Kept
from ._lengths import heard, metres_of, spelt
from ._missing import mark_missing, marks_of
from ._on_grid import OnGrid
from ._plausible import warn_of_place
from ._raster import Raster
from ._readers import Guarded, Part, reader_of, reader_of_band
from ._units import vertical_unit
from ._xarray import to_dataarray
from ._zarr import place_named


class _NorthUp:
    """Heights as the renderer takes them, of what is read as it lies. It knows no LargeDEM, so that this one can go."""

    def __init__(
        self, part: Part, shape: tuple[int, int], turned: tuple[bool, bool], marks: list[float]
    ) -> None:
        self._part, self._shape, self._turned, self._marks = part, shape, turned, marks

    def __call__(self, row: int, column: int, rows: int, columns: int) -> npt.NDArray[np.float32]:
        (height, width), (south_up, west_up) = self._shape, self._turned
        first = height - row - rows if south_up else row
        start = width - column - columns if west_up else column
        part = self._part(slice(first, first + rows), slice(start, start + columns))
        heights = as_heights(mark_missing(part, self._marks or None))
        if south_up or west_up:
            heights = heights[:: -1 if south_up else 1, :: -1 if west_up else 1]
        return np.ascontiguousarray(heights)


class LargeDEM(OnGrid):
    """A DEM that stays where it is, for ``render`` and ``Renderer.add_terrain``: of any size up to 65,536 samples a side.

    Its coarse levels are found in one pass through all of it, when it is first drawn (twice where it has no side
    above 16,384, so that pictures equal those of the DEM in memory byte for byte). Of its heights and finer levels only
    the sheets of 256 x 256 are held that rays meet, the least recently used go first. Not for `bad=` and
    ``normalize_terrain``, which want heights in memory: `overview` has these.

    Parameters
    ----------
    source : path, rasterio dataset, xarray.DataArray, or array (H, W)
        Whatever has a shape, a dtype and slices counts as an array: ``np.memmap``, zarr, dask, h5py. Chunks are read as they
        come. Of a path or dataset the samples are those that ``vulkan_forge.open`` reads.
    transform, bounds, extent, spacing, crs
        As in `DEM`, for arrays; in place of what a file or DataArray says only `spacing` and `crs`.
    nodata, z_unit, name
        As in `DEM`.
    band, masked, encoding
        As in `vulkan_forge.open`, for files.
    max_memory : int, optional
        Most bytes for heights and levels, on the device and of level 3 on the host. By default half of what the device
        has. With less than a DEM of its size has use for, coarser levels stay resident, and pictures may differ by rounding.
    keep : bool, default False
        Keep what the pass through a file has found beside it, as ``<file>.vfp`` (at 40,000 x
        40,000 three hundred megabytes), so that the next run starts at once. It counts as long as the file has the same size,
        time of change and, in a few places, bytes. For paths and ``np.memmap``.
    progress : callable, optional
        Is told how far the pass through the DEM is, 0.0 to 1.0; what it raises ends it.

    Raises
    ------
    InvalidInputError, ImageFileError, MissingExtraError
        As for `DEM` and `vulkan_forge.open`. A source that fails later, or gives less than it has said, raises ImageFileError
        from the call that draws.
    """

    __slots__ = (
        "_kept",
        "_part",
        "_read",
        "_source",
        "_turned",
        "_words",
        "_z_factor",
        "_z_unit",
        "name",
    )

    def __init__(
        self,
        source: Any,
        *,
        transform: Any = None,
        bounds: Any = None,
        extent: Any = None,
        spacing: Any = None,
        crs: Any = None,
        nodata: Any = None,
        z_unit: Any = None,
        name: str | None = None,
        band: int = 1,
        masked: bool = True,
        encoding: str | None = None,
        max_memory: int | None = None,
        keep: bool = False,
        progress: Callable[[float], object] | None = None,
        _levels: tuple[int, int] | None = None,
    ) -> None:
        from ._convert import is_dataset, is_path

        place = {"transform": transform, "bounds": bounds, "extent": extent}
        of_files = {
            "band": None if isinstance(band, int) and band == 1 else band,
            "encoding": encoding,
        }
        masked, keep = flag(masked, "masked"), flag(keep, "keep")
        name = text_or_none(name, "name")
        unmasked = {"masked": None if masked else masked}
        bare: Callable[[], object] | None = None
        if is_path(source) or is_dataset(source):
            _refuse(place, "a file has its own")
            bare = self._of_file(source, spacing, crs, nodata, z_unit, name, band, masked, encoding)
        elif _xarray.is_dataarray(source):
            _refuse(place, "a DataArray has its own")
            _refuse(of_files, "that is for files")
            field = _xarray.read(source, None, nodata, crs, spacing, masked, z_unit)
            self._part = Guarded(reader_of(field.heights), "the DataArray")
            bare = field.when_bare(nodata, masked)
            self._grid, self._turned = field.grid, (False, False)
            self._set_unit(field.z_unit)
            self.name = name or (None if source.name is None else str(source.name))
        elif isinstance(source, Raster):
            _refuse(place | {"spacing": spacing, "crs": crs}, "a DEM has its own")
            _refuse(of_files | unmasked, "that is for files")
            self._grid, self._turned = source._grid, (False, False)
            self._part = Guarded(reader_of(source.data), "the DEM")
            own = source.z_unit if isinstance(source, DEM) else heard(source.unit)
            self._set_unit(own if z_unit is None else z_unit)
            self.name = name or source.name
        else:
            shape = _shape_of(source)
            _refuse(of_files | unmasked, "that is for files")
            if all(value is None for value in place.values()) and spacing is None and crs is None:
                spacing = (1.0, 1.0)
            grid, south_up, west_up = make_grid(shape, spacing=spacing, crs=crs, **place)
            self._grid, self._turned = grid, (south_up, west_up)
            self._part = Guarded(reader_of(source), _named(source))
            self._set_unit(z_unit)
            self.name = name
        warn_of_place(self._grid, self._z_unit is not None or self._grid.stated)
        self._kept = None
        if keep:
            options = (band, masked, encoding, repr(nodata), self._turned, self._grid.shape)
            self._kept = Kept.beside(source, options)
        self._read = _NorthUp(self._part, self.shape, self._turned, marks_of(nodata))
        self._words: dict[str, Any] = {"max_memory": max_memory, "levels": _levels, "bare": bare}
        self._begin(progress)

    def _begin(self, progress: Callable[[float], object] | None) -> None:
        """The source, of which nothing is known but what was kept."""
        keep = None if self._kept is None else self._kept.store
        words = self._words | {"progress": progress, "keep": keep}
        self._source = Source(self._read, self.shape, chunk=self._part.chunk, **words)
        if self._kept is not None:
            self._kept.restore(self._source)

    def _of_file(
        self,
        source: Any,
        spacing: Any,
        crs: Any,
        nodata: Any,
        z_unit: Any,
        name: str | None,
        band: int,
        masked: bool,
        encoding: str | None,
    ) -> Callable[[], object]:
        from ._convert import is_path
        from ._place import place_of
        from ._read import _band, _opened

        dataset = _opened(source) if is_path(source) else source
        index = _band(dataset, band)
        geotransform, system = place_of(dataset, needed=spacing is None)
        if geotransform is None:
            _refuse({"crs": crs}, "it needs a place, and the file has no transform")
        grid, south_up, west_up = make_grid(
            (int(dataset.shape[0]), int(dataset.shape[1])),
            transform=geotransform,
            spacing=spacing if geotransform is not None or spacing is not None else (1.0, 1.0),
            crs=None if geotransform is None else crs if crs is not None else system,
        )
        self._grid, self._turned = grid, (south_up, west_up)
        options = {
            "nodata": nodata,
            "masked": masked,
            "encoding": encoding,
            "colours": z_unit is not None,
        }
        found = Band(dataset, index, options)
        self._part = Guarded(reader_of_band(found), found.name)
        if z_unit is None and encoding is None:
            z_unit = heard(dataset.units[index - 1])
        self._set_unit("m" if encoding is not None and z_unit is None else z_unit)
        self.name = name or (dataset.descriptions[index - 1] if encoding is None else None)
        return found.point_out_limits

    def _set_unit(self, z_unit: Any) -> None:
        stated = z_unit
        if stated is None and self._grid.crs is not None:
            stated = vertical_unit(self._grid.crs)
        self._z_unit = "m" if stated is None else stated
        self._z_factor = metres_of(self._z_unit)

    @property
    def z_unit(self) -> str | float:
        """Unit of the heights."""
        unit: str | float = self._z_unit
        return unit

    @property
    def unit(self) -> str | None:
        """Name of the unit of the heights."""
        return spelt(self._z_unit)

    @property
    def z_factor(self) -> float:
        """Metres in one unit of height."""
        return self._z_factor

    def read(self, row: int, column: int, rows: int, columns: int) -> npt.NDArray[np.float32]:
        """Heights of a rectangle, (rows, columns) float32, row 0 of the DEM in the north, NaN where there is no ground.

        Raises
        ------
        InvalidInputError
            The rectangle does not lie in the DEM, or is empty.
        ImageFileError
            The source cannot be read there.
        """
        try:
            first, start, high, wide = map(operator.index, (row, column, rows, columns))
        except TypeError:
            first = start = high = wide = -1
        height, width = self.shape
        if not (0 <= first < first + high <= height and 0 <= start < start + wide <= width):
            raise InvalidInputError(
                f"read needs a rectangle of whole cells within {height} rows and {width} columns; got row={row!r}, "
                f"column={column!r}, rows={rows!r}, columns={columns!r}; ask for a part of the DEM"
            )
        return self._read(first, start, high, wide)

    def crop(self, bounds: tuple[float, float, float, float]) -> DEM:
        """The cells that `bounds` = (left, bottom, right, top) touches, in coordinates, read into memory.

        Raises
        ------
        InvalidInputError
            None does.
        ImageFileError
            The source cannot be read there.
        """
        row, column, rows, columns = cells_within(self._grid, bounds)
        heights = self._read(row, column, rows, columns)
        return DEM._made(heights, self._grid.part(row, column, rows, columns), self)

    def _moved(self, x: float, y: float, crs: Any = None) -> LargeDEM:
        """The same ground so far to the east and north, in units of `crs`, in which it lies then; the source is the same."""
        other = copy.copy(self)
        other._grid = self._grid.moved(x, y, crs)
        return other

    def __copy__(self) -> LargeDEM:
        other = object.__new__(LargeDEM)
        for name in _SLOTS:
            setattr(other, name, getattr(self, name))
        return other

    def __reduce__(self) -> tuple[Any, ...]:
        """By what it reads from: what the pass through it has found, it finds anew, unless that is kept."""
        return _again, ({name: getattr(self, name) for name in _SLOTS if name != "_source"},)

    def overview(self, most: int = 4096) -> DEM:
        """The whole in memory, with cells so large that no side has more than `most`: each the mean of the ground in it.

        For what wants heights in memory and can do with fewer of them. Reads all of the DEM.

        Raises
        ------
        InvalidInputError
            `most` is no whole number above 1.
        ImageFileError
            The source cannot be read.
        """
        return overview_of(self, most)

    def to_xarray(self, chunks: int = 2048) -> Any:
        """As ``xarray.DataArray`` over a dask array of square chunks, which are read when they are computed.

        Raises
        ------
        InvalidInputError
            `chunks` is no whole number above 0.
        MissingExtraError
            xarray or dask is not installed (extra 'xarray').
        """
        return to_dataarray(lazy_heights(self, chunks), self._grid, self.name, self.unit)

    def stats(self) -> tuple[float, float, float, float]:
        """Least, greatest, mean and population standard deviation in the DEM's own unit. Reads all of it, once."""
        return self._source.stats()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        raise InvalidInputError(
            f"a LargeDEM stays where it is; got one of {self.shape} where an array is needed; pass overview() of it, a "
            "part with crop(bounds) or read(row, column, rows, columns), or its source"
        )

    def __repr__(self) -> str:
        rows, columns = self.shape
        name = f" {self.name!r}" if self.name else ""
        return f"<vulkan_forge.LargeDEM{name} {rows}x{columns}>"


_SLOTS = (*OnGrid.__slots__, *LargeDEM.__slots__)


def _again(state: dict[str, Any]) -> LargeDEM:
    dem = object.__new__(LargeDEM)
    for name, value in state.items():
        setattr(dem, name, value)
    dem._begin(None)
    return dem


def staying(
    dem: Any, spacing: Any = None, *, max_memory: int | None = None, **words: Any
) -> LargeDEM | None:
    """`dem` if it is a LargeDEM, or as one if a side is longer than DEMs in memory may have; else None.

    As one too if its heights take more than `max_memory` bytes; `words` are others of LargeDEM's.
    """
    from ._convert import is_dataset, is_path
    from ._read import _opened

    if isinstance(dem, LargeDEM):
        return dem
    shape = getattr(dem, "shape", ())
    if is_path(dem):
        with _opened(dem) as dataset:
            shape = dataset.shape if dataset.count else ()
    known = is_path(dem) or is_dataset(dem) or hasattr(dem, "dtype")
    if not known or not isinstance(shape, tuple):
        return None
    fits = max_memory is None or 4 * math.prod(shape) <= max_memory
    if max(shape, default=0) <= MOST_SIDE and fits:
        return None
    # A DEM lies where it says; in pictures the caller's own cell size wins all the same.
    spacing = None if isinstance(dem, Raster) else spacing
    return LargeDEM(dem, spacing=spacing, max_memory=max_memory, **words)


def _shape_of(source: Any) -> tuple[int, int]:
    shape, dtype = getattr(source, "shape", None), getattr(source, "dtype", None)
    if not isinstance(shape, tuple) or dtype is None or not hasattr(source, "__getitem__"):
        raise InvalidInputError(
            "LargeDEM needs a path, a dataset, a DataArray, or an array with shape, dtype and slices; got "
            f"{type(source).__name__}; pass np.asarray(...) of it"
        )
    if len(shape) != 2 or not all(isinstance(side, int | np.integer) for side in shape):
        raise InvalidInputError(
            f"dem must be 2-D, of known shape; got shape {shape}; choose one band, or compute its chunk sizes"
        )
    if np.dtype(dtype).kind not in "biuf":
        raise InvalidInputError(f"dem must hold real numbers; got {dtype}; convert it first")
    return int(shape[0]), int(shape[1])


def _named(source: Any) -> str:
    name = place_named(source) or getattr(source, "filename", None) or getattr(source, "name", None)
    return str(name) if name else f"the {type(source).__name__}"


def _refuse(place: dict[str, Any], why: str) -> None:
    given = [name for name, value in place.items() if value is not None]
    if given:
        raise InvalidInputError(f"LargeDEM takes no {given[0]} here; {why}; leave it out")
