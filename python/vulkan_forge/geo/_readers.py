"""Rectangles of a raster that stays where it is: one reader for each kind of place, each for any thread."""

from __future__ import annotations

import collections
import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._vulkan_forge import ImageFileError, InvalidInputError, OutOfMemoryError, VulkanForgeError
from ._failures import brief

Part = Callable[[slice, slice], Any]
"""Cells of some rows and columns, in the place's own order, as an array of any kind."""

_CHUNKS_BYTES = 192 << 20  # of chunks that are kept, of one array
_GDAL_BYTES = 64 << 20  # GDAL's own cache of blocks would take a twentieth of the machine's memory


def reader_of(array: Any) -> Part:
    """That of anything with a shape, a dtype and slices: NumPy, memory maps, zarr, dask, h5py."""
    mapped = _mapped_file(array)
    if mapped is not None:
        return mapped
    chunks = _chunks(array)
    if chunks is not None:
        return _Chunks(array, chunks)
    return lambda rows, columns: np.asarray(array[rows, columns])


def guarded(part: Part, name: str) -> Part:
    """The same with every failure as one of this package's own errors."""

    def read(rows: slice, columns: slice) -> Any:
        try:
            return part(rows, columns)
        except VulkanForgeError:
            raise
        except MemoryError as error:
            raise OutOfMemoryError(
                f"out of memory: expected rows {rows.start} to {rows.stop} and columns {columns.start} to {columns.stop} of "
                f"{name}, got: {brief(error)}; use smaller chunks, or a smaller max_memory"
            ) from error
        except Exception as error:
            raise ImageFileError(
                f"{name}: expected rows {rows.start} to {rows.stop} and columns {columns.start} to {columns.stop}, got: "
                f"{brief(error)}; the source must stay readable as long as it is drawn"
            ) from error

    return read


class _MappedFile:
    """Part of a file that is mapped into memory, read as a file: mapped pages would count as this process's memory, and a
    file that is cut short would end it."""

    def __init__(self, array: Any, path: str, offset: int) -> None:
        self._file = os.open(path, os.O_RDONLY)
        self._path = path
        self._offset, self._dtype = offset, array.dtype
        self._pitch = array.strides[0]

    def __call__(self, rows: slice, columns: slice) -> npt.NDArray[Any]:
        width, item = columns.stop - columns.start, self._dtype.itemsize
        found = np.empty((rows.stop - rows.start, width), self._dtype)
        for line, row in zip(found, range(rows.start, rows.stop), strict=True):
            start = self._offset + row * self._pitch + columns.start * item
            got = os.preadv(self._file, [line.view(np.uint8)], start)
            if got != width * item:
                raise ImageFileError(
                    f"{self._path}: expected {width * item} bytes at {start}, got {got}; the file was cut short"
                )
        return found

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)


def _mapped_file(array: Any) -> Part | None:
    """A reader of the file behind a memory map, if rows of it lie there as they are."""
    if not isinstance(array, np.ndarray) or not hasattr(os, "preadv"):
        return None
    whole: Any = array
    while isinstance(whole, np.ndarray) and isinstance(whole.base, np.ndarray):
        whole = whole.base
    if not isinstance(whole, np.memmap) or whole.filename is None:
        return None
    plain = array.strides[0] > 0 and array.strides[1] == array.dtype.itemsize
    if not plain or not os.path.isfile(whole.filename):
        return None
    ahead = array.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    return _MappedFile(array, os.fspath(whole.filename), whole.offset + ahead)


def _chunks(array: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
    """First rows and columns of an array's chunks, and where it ends."""
    chunks = getattr(array, "chunks", None)
    if not chunks or len(chunks) != 2 or isinstance(array, np.ndarray):
        return None
    ends = []
    for side, sizes in zip(array.shape, chunks, strict=True):
        if isinstance(sizes, int | np.integer):
            edges = np.append(np.arange(0, side, int(sizes)), side)
        else:
            edges = np.concatenate([[0], np.cumsum(sizes)])
        ends.append(edges.astype(np.int64))
    return ends[0], ends[1]


class _Chunks:
    """An array that is stored, or computed, in chunks: each is asked for as a whole, and the last ones are kept."""

    def __init__(
        self, array: Any, edges: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
    ) -> None:
        self._array, self._edges = array, edges
        self._kept: collections.OrderedDict[tuple[int, int], Any] = collections.OrderedDict()
        self._bytes = 0
        self._waiting: dict[tuple[int, int], threading.Lock] = {}
        self._lock = threading.Lock()

    def __call__(self, rows: slice, columns: slice) -> npt.NDArray[Any]:
        found = np.empty((rows.stop - rows.start, columns.stop - columns.start), self._array.dtype)
        masked = None
        for down in _crossed(self._edges[0], rows):
            for across in _crossed(self._edges[1], columns):
                first = int(self._edges[0][down]), int(self._edges[1][across])
                last = int(self._edges[0][down + 1]), int(self._edges[1][across + 1])
                part = [
                    slice(max(wanted.start, start), min(wanted.stop, stop))
                    for wanted, start, stop in zip((rows, columns), first, last, strict=True)
                ]
                chunk = self._chunk((down, across))[
                    part[0].start - first[0] : part[0].stop - first[0],
                    part[1].start - first[1] : part[1].stop - first[1],
                ]
                into = (
                    slice(part[0].start - rows.start, part[0].stop - rows.start),
                    slice(part[1].start - columns.start, part[1].stop - columns.start),
                )
                found[into] = np.ma.getdata(chunk)
                if np.ma.isMaskedArray(chunk):
                    masked = np.zeros(found.shape, bool) if masked is None else masked
                    masked[into] = np.ma.getmaskarray(chunk)
        return found if masked is None else np.ma.array(found, mask=masked)

    def _chunk(self, place: tuple[int, int]) -> Any:
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
                return self._kept[place]
            # Two threads that want the same chunk: one has it made, the other waits.
            mine = self._waiting.setdefault(place, threading.Lock())
        with mine:
            with self._lock:
                if place in self._kept:
                    return self._kept[place]
            rows, columns = (
                slice(int(edges[at]), int(edges[at + 1]))
                for edges, at in zip(self._edges, place, strict=True)
            )
            chunk: Any = self._array[rows, columns]
            chunk = chunk.compute() if hasattr(chunk, "compute") else chunk
            chunk = chunk if np.ma.isMaskedArray(chunk) else np.asarray(chunk)
            if chunk.shape != (rows.stop - rows.start, columns.stop - columns.start):
                raise InvalidInputError(
                    f"a chunk must have the shape it is said to have, ({rows.stop - rows.start}, "
                    f"{columns.stop - columns.start}); got {chunk.shape}; compute its sizes first"
                )
            with self._lock:
                self._kept[place] = chunk
                self._bytes += chunk.nbytes
                while self._bytes > _CHUNKS_BYTES and len(self._kept) > 1:
                    self._bytes -= self._kept.popitem(last=False)[1].nbytes
                self._waiting.pop(place, None)
        return chunk


def _crossed(edges: npt.NDArray[np.int64], wanted: slice) -> range:
    """The chunks that cells of a slice lie in."""
    first = int(np.searchsorted(edges, wanted.start, side="right")) - 1
    last = int(np.searchsorted(edges, wanted.stop, side="left"))
    return range(first, last)


class DatasetReader:
    """A band of a dataset of rasterio's, which one thread at a time may use: each has its own."""

    def __init__(self, dataset: Any, index: int, options: dict[str, Any]) -> None:
        self._name, self._index, self._options = dataset.name, index, options
        self._own = threading.local()
        self._shared, self._lock = dataset, threading.Lock()
        # What is warped or made in memory cannot be opened again by its name.
        self._reopened = type(dataset).__name__ == "DatasetReader"
        self._open: list[Any] = []

    def __call__(self, rows: slice, columns: slice) -> Any:
        from ._samples import Cells, samples

        rasterio = require("rasterio", "geo", "a rasterio dataset")
        cells = Cells(
            rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start
        )
        with rasterio.Env(GDAL_CACHEMAX=_GDAL_BYTES):
            if not self._reopened:
                with self._lock:
                    return samples(self._shared, self._index, cells, 1, **self._options)
            dataset = getattr(self._own, "dataset", None)
            if dataset is None:
                dataset = self._own.dataset = rasterio.open(self._name)
                self._open.append(dataset)
            return samples(dataset, self._index, cells, 1, **self._options)
