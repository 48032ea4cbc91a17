"""Arrays of zarr's, which give a constant for every chunk that they do not find."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def stored(array: Any) -> Any:
    """`array`, of which a chunk that is not there is no error as long as the array is."""
    return _Stored(array) if _is_zarr(array) else array


def place_named(array: Any) -> str | None:
    """Where an array of zarr's is stored; None of others."""
    if not _is_zarr(array):
        return None
    return f"zarr array {getattr(array, 'store_path', None) or array.store}"


def _is_zarr(array: Any) -> bool:
    return type(array).__module__.partition(".")[0] == "zarr"


class _Stored:
    """It has shape, dtype and slices of what it wraps."""

    def __init__(self, array: Any) -> None:
        self._array = array
        self.shape, self.dtype = array.shape, array.dtype

    def __getitem__(self, place: tuple[slice, slice]) -> npt.NDArray[Any]:
        part = np.asarray(self._array[place])
        first = part.flat[0]
        if (part == first).all() or (np.isnan(first) and np.isnan(part).all()):
            # It may never have been written, and then has the fill value. A store that is gone raises.
            import zarr

            zarr.open_array(store=self._array.store, path=self._array.path, mode="r")
        return part
