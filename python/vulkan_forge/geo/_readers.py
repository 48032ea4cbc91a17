"""Rectangles of a raster that stays where it is: one reader for each kind of place, each for any thread."""

from __future__ import annotations

import collections
import functools
import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._vulkan_forge import ImageFileError, InvalidInputError, OutOfMemoryError, VulkanForgeError
from ._bands import Band
from ._failures import brief, of_source
from ._zarr import stored

Part = Callable[[slice, slice], Any]
"""Cells of some rows and columns, in the place's own order, as an array of any kind. It is pickled by what it reads from."""

_Edges = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]
"""First rows and columns of chunks, and where they end."""

_CHUNKS_BYTES = 192 << 20  # of chunks that are kept, of one array or file
_EDGED_BYTES = 8 << 20  # chunks from this size on leave their edges behind when they go
_EDGE = 2  # lines of cells: who reads beside a chunk wants one or two of it
_CHUNK_BYTES = 1 << 30  # of one, at most
_CHUNK_SIDE = 512  # of a square of a file that is read together, if its own blocks are smaller


def reader_of(array: Any) -> Part:
    """That of anything with a shape, a dtype and slices: NumPy, memory maps, zarr, dask, h5py."""
    mapped = _mapped_file(array)
    if mapped is not None:
        return mapped
    chunks = _chunks(array)
    if chunks is not None:
        return _Chunks(stored(array), chunks)
    return functools.partial(_part_of, array)


def _part_of(array: Any, rows: slice, columns: slice) -> Any:
    return _plain(array[rows, columns])


def _plain(part: Any) -> Any:
    """A part in memory, its mask kept."""
    part = part.compute() if hasattr(part, "compute") else part
    return part if np.ma.isMaskedArray(part) else np.asarray(part)


def file_behind(array: Any) -> tuple[str, int] | None:
    """Path of the file that says all that an array of heights does, and the byte where they begin in it.

    None of what is no memory map, of masked ones, and of those that keep to themselves what is written into them.
    """
    if not isinstance(array, np.ndarray) or np.ma.isMaskedArray(array):
        return None
    whole: Any = array
    while isinstance(whole.base, np.ndarray):
        whole = whole.base
    if not isinstance(whole, np.memmap) or whole.filename is None or whole.mode == "c":
        return None
    # A view has its parent's offset, so only that of the whole map counts.
    ahead = array.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
    return os.fspath(whole.filename), whole.offset + ahead


def reader_of_band(band: Band) -> Part:
    """That of a band of a file: each of its blocks is unpacked once, as long as it is kept."""
    # What samples() refuses is refused now, and not when it is drawn.
    first = Guarded(functools.partial(_part_of, band), band.name)
    band.dtype = np.ma.getdata(first(slice(0, 1), slice(0, 1))).dtype
    (down, across), (height, width) = band.block, band.shape
    wide = min(across * max(_CHUNK_SIDE // across, 1), width)
    high = min(down * max(_CHUNK_SIDE**2 // (wide * down), 1), height)
    return _Chunks(band, _readable((_edges(height, high), _edges(width, wide)), band.dtype))


def _edges(side: int, step: int) -> npt.NDArray[np.int64]:
    return np.append(np.arange(0, side, step), side).astype(np.int64)


def _readable(edges: _Edges, dtype: np.dtype[Any]) -> _Edges:
    """The same, unless a chunk between them takes too much memory."""
    down, across = (int(np.diff(ends).max()) for ends in edges)
    if down * across * dtype.itemsize > _CHUNK_BYTES:
        raise InvalidInputError(
            f"chunks must have at most {_CHUNK_BYTES} bytes, as each is read as a whole; got one of {down} x {across} cells of "
            f"{dtype}; store the heights in smaller ones, e.g. of 512 x 512 cells"
        )
    return edges


class Guarded:
    """The same with every failure as one of this package's own errors."""

    def __init__(self, part: Part, name: str) -> None:
        self._part, self._name = part, name
        # Rows and columns that are read together, if any are.
        self.chunk: tuple[int, int] = getattr(part, "chunk", (1, 1))

    def __call__(self, rows: slice, columns: slice) -> Any:
        where = f"rows {rows.start} to {rows.stop} and columns {columns.start} to {columns.stop}"
        try:
            return self._part(rows, columns)
        except VulkanForgeError:
            raise
        except MemoryError as error:
            raise OutOfMemoryError(
                f"out of memory: expected {where} of {self._name}, got: {brief(error)}; use smaller chunks, or a smaller "
                "max_memory"
            ) from error
        except Exception as error:
            raise ImageFileError(
                f"{self._name}: expected {where}, got: {brief(error)}; the source must stay readable as long as it is drawn"
            ) from error


class _MappedFile:
    """Part of a file that is mapped into memory, read as a file: mapped pages would count as this process's memory, and a
    file that is cut short would end it."""

    def __init__(
        self, path: str, offset: int, dtype: np.dtype[Any], strides: tuple[int, ...]
    ) -> None:
        self._path = os.path.abspath(path)
        try:
            self._file = os.open(path, os.O_RDONLY)
        except OSError as error:
            expected, cure = of_source(self._path)
            raise ImageFileError(f"{expected}, got: {error}; {cure}") from error
        self._offset, self._dtype, self._strides = offset, dtype, strides

    def __reduce__(self) -> tuple[Any, ...]:
        return _MappedFile, (self._path, self._offset, self._dtype, self._strides)

    def __call__(self, rows: slice, columns: slice) -> npt.NDArray[Any]:
        # Line by line, along the axis on which samples lie closer together.
        if abs(self._strides[0]) < abs(self._strides[1]):
            return self._lines(columns, rows, self._strides[::-1]).T
        return self._lines(rows, columns, self._strides)

    def _lines(self, lines: slice, places: slice, strides: tuple[int, ...]) -> npt.NDArray[Any]:
        pitch, step = strides
        width, item = places.stop - places.start, self._dtype.itemsize
        found = np.empty((lines.stop - lines.start, width), self._dtype)
        first = self._offset + (places.start if step >= 0 else places.stop - 1) * step
        raw = np.empty((width - 1) * abs(step) + item, np.uint8)
        samples = np.ndarray(
            (width,), self._dtype, raw, 0 if step >= 0 else raw.size - item, (step,)
        )
        for line, at in zip(found, range(lines.start, lines.stop), strict=True):
            start = first + at * pitch
            target: Any = line.view(np.uint8) if step == item else raw
            got = os.preadv(self._file, [target], start)
            if got != target.size:
                raise ImageFileError(
                    f"{self._path}: expected {target.size} bytes at {start}, got {got}; the file was cut short"
                )
            if target is raw:
                line[:] = samples
        return found

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)


def _mapped_file(array: Any) -> Part | None:
    """A reader of the file behind a memory map."""
    found = file_behind(array)
    if found is None or not hasattr(os, "preadv"):
        return None
    return _MappedFile(*found, array.dtype, array.strides) if os.path.isfile(found[0]) else None


def _chunks(array: Any) -> _Edges | None:
    """First rows and columns of an array's chunks, and where it ends."""
    chunks = getattr(array, "chunks", None)
    if not chunks or len(chunks) != 2 or isinstance(array, np.ndarray):
        return None
    ends = []
    for side, sizes in zip(array.shape, chunks, strict=True):
        if isinstance(sizes, int | np.integer):
            edges = _edges(side, int(sizes))
        else:
            edges = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        ends.append(edges)
    return _readable((ends[0], ends[1]), np.dtype(array.dtype))


class _Chunks:
    """An array that is stored, or computed, in chunks: each is asked for as a whole, and the last ones are kept."""

    def __init__(self, array: Any, edges: _Edges) -> None:
        self._array, self._edges = array, edges
        self.chunk = (int(np.diff(edges[0]).max()), int(np.diff(edges[1]).max()))
        self._begin()

    def __reduce__(self) -> tuple[Any, ...]:
        return _Chunks, (self._array, self._edges)

    def _begin(self) -> None:
        self._kept: collections.OrderedDict[tuple[int, int], Any] = collections.OrderedDict()
        self._bytes = 0
        self._left: dict[tuple[int, int], _Rim] = {}
        self._waiting: dict[tuple[int, int], threading.Lock] = {}
        self._lock = threading.Lock()
        self._process = os.getpid()  # last: what sees it finds the new locks

    def __call__(self, rows: slice, columns: slice) -> npt.NDArray[Any]:
        found = np.empty((rows.stop - rows.start, columns.stop - columns.start), self._array.dtype)
        masked = None
        if self._process != os.getpid():
            # Its parent's locks may be held by threads that a forked child does not have.
            self._begin()
        for down in _crossed(self._edges[0], rows):
            for across in _crossed(self._edges[1], columns):
                first = int(self._edges[0][down]), int(self._edges[1][across])
                last = int(self._edges[0][down + 1]), int(self._edges[1][across + 1])
                part = [
                    slice(max(wanted.start, start), min(wanted.stop, stop))
                    for wanted, start, stop in zip((rows, columns), first, last, strict=True)
                ]
                own = tuple(
                    slice(wanted.start - start, wanted.stop - start)
                    for wanted, start in zip(part, first, strict=True)
                )
                left = self._left.get((down, across))
                chunk = None if left is None or (down, across) in self._kept else left.part(*own)
                if chunk is None:
                    chunk = self._chunk((down, across))[own]
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
            try:
                chunk = self._made(place)
                with self._lock:
                    self._keep(place, chunk)
            finally:
                with self._lock:
                    if self._waiting.get(place) is mine:
                        del self._waiting[place]
        return chunk

    def _made(self, place: tuple[int, int]) -> Any:
        rows, columns = (
            slice(int(edges[at]), int(edges[at + 1]))
            for edges, at in zip(self._edges, place, strict=True)
        )
        chunk = _plain(self._array[rows, columns])
        if np.ma.isMaskedArray(chunk) and not np.ma.getmaskarray(chunk).any():
            chunk = np.ma.getdata(chunk)
        if chunk.shape != (rows.stop - rows.start, columns.stop - columns.start):
            raise InvalidInputError(
                f"a chunk must have the shape it is said to have, ({rows.stop - rows.start}, "
                f"{columns.stop - columns.start}); got {chunk.shape}; compute its sizes first"
            )
        return chunk

    def _keep(self, place: tuple[int, int], chunk: Any) -> None:
        # Who waited for a chunk that has gone again makes it anew, perhaps beside another who does.
        replaced = self._kept.pop(place, None)
        self._kept[place] = chunk
        if (
            chunk.nbytes >= _EDGED_BYTES
            and min(chunk.shape) >= 64 * _EDGE
            and place not in self._left
        ):
            self._left[place] = _Rim(chunk)
        self._bytes += chunk.nbytes - (0 if replaced is None else replaced.nbytes)
        while self._bytes > _CHUNKS_BYTES and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes


class _Rim:
    """The outermost lines of a chunk's four sides."""

    def __init__(self, chunk: Any) -> None:
        self._side = chunk.shape
        ends = (slice(0, _EDGE), slice(-_EDGE, None))
        self._rows = [chunk[end].copy() for end in ends]
        self._columns = [chunk[:, end].copy() for end in ends]

    def part(self, rows: slice, columns: slice) -> Any:
        """Cells of it that lie in one of these, else None."""
        for axis, wanted, (near, far) in ((0, rows, self._rows), (1, columns, self._columns)):
            beyond = self._side[axis] - _EDGE
            at: list[slice] = [rows, columns]
            if wanted.stop <= _EDGE:
                return near[tuple(at)]
            if wanted.start >= beyond:
                at[axis] = slice(wanted.start - beyond, wanted.stop - beyond)
                return far[tuple(at)]
        return None


def _crossed(edges: npt.NDArray[np.int64], wanted: slice) -> range:
    """The chunks that cells of a slice lie in."""
    first = int(np.searchsorted(edges, wanted.start, side="right")) - 1
    last = int(np.searchsorted(edges, wanted.stop, side="left"))
    return range(first, last)
