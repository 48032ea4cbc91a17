"""Bands of raster files, for any thread."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ._failures import of_source, opened
from ._samples import Cells, point_out_limits_of_few, samples

_GDAL_BYTES = 32 << 20  # GDAL's own cache of blocks would take a twentieth of the machine's memory


class Band:
    """A band of a dataset of rasterio's, which one thread at a time may use: there are as many as read at a time.

    `options` are those of `samples`.
    """

    def __init__(self, dataset: Any, index: int, options: dict[str, Any]) -> None:
        self._index, self._options = index, options
        self.name = str(dataset.name)
        self.shape: tuple[int, int] = dataset.shape
        self.block: tuple[int, int] = dataset.block_shapes[index - 1]
        self._shared, self._lock = dataset, threading.Lock()
        # What is warped or made in memory cannot be opened again by its name.
        self._again: dict[str, Any] | None = None
        if type(dataset).__name__ == "DatasetReader":
            # With what it was opened with: samples of an overview are not those of the whole.
            # Names of files do not go by the folder; others, such as URLs, are what they are.
            name = os.path.abspath(dataset.name) if os.path.exists(dataset.name) else dataset.name
            self._again = {"fp": name, "driver": dataset.driver, **dataset.options}
        # By process: a forked child has its parent's places in the files.
        self._idle: dict[int, list[Any]] = {}
        self.dtype = np.dtype(np.float64)

    def __reduce__(self) -> tuple[Any, ...]:
        if self._again is None:
            raise InvalidInputError(
                f"a LargeDEM that goes to another process must be of a file; got one of {self._shared.name}, which is warped or "
                "made in memory; write it to a file first"
            )
        return _band_again, (self._again, self._index, self._options, self.dtype)

    def __getitem__(self, place: tuple[slice, slice]) -> Any:
        rows, columns = place
        cells = Cells(
            rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start
        )
        with self._lent() as dataset:
            return samples(dataset, self._index, cells, 1, **self._options)

    def point_out_limits(self) -> None:
        """Warn if limits are why none of its cells is a height; it is known that none is."""
        if self._options["masked"] and self._options["encoding"] is None:
            with self._lent() as dataset:
                point_out_limits_of_few(dataset, self._index, self._options["nodata"])

    @contextlib.contextmanager
    def _lent(self) -> Iterator[Any]:
        """A dataset for this thread alone."""
        rasterio = require("rasterio", "geo", "a rasterio dataset")
        with rasterio.Env(GDAL_CACHEMAX=_GDAL_BYTES):
            if self._again is None:
                with self._lock:
                    yield self._shared
                return
            idle = self._idle.setdefault(os.getpid(), [])
            try:
                dataset = idle.pop()
            except IndexError:
                dataset = _opened(self._again)
            try:
                yield dataset
            finally:
                idle.append(dataset)

    def __del__(self) -> None:
        for dataset in getattr(self, "_idle", {}).pop(os.getpid(), []):
            dataset.close()


def _band_again(
    again: dict[str, Any], index: int, options: dict[str, Any], dtype: np.dtype[Any]
) -> Band:
    band = Band(_opened(again), index, options)
    band.dtype = dtype
    return band


def _opened(again: dict[str, Any]) -> Any:
    return opened(*of_source(again["fp"]), **again)
