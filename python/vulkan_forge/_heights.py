"""Whatever a caller has for elevation, as the array that the compiled module takes."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from ._vulkan_forge import InvalidInputError, OutOfMemoryError

_CURE = "pass a 2-D array (H, W) of real numbers, row 0 in the north"


def as_heights(dem: Any) -> npt.NDArray[np.float32]:
    """Turn `dem` into C-contiguous float32 heights in which NaN means "no ground here".

    Parameters
    ----------
    dem : array_like, shape (H, W)
        Any real dtype and memory order, a masked array (masked cells become NaN), or a list of
        lists.

    Returns
    -------
    numpy.ndarray, shape (H, W), float32
        `dem` itself, not a copy, where it is float32, C-contiguous and has nothing masked. Values
        that float32 cannot hold become infinite, which the renderer then refuses by row and column.

    Raises
    ------
    InvalidInputError
        Not 2-D, not real numbers, or something that is no array.
    OutOfMemoryError
        The converted copy does not fit in memory.
    """
    _refuse_known_strangers(dem)
    try:
        if isinstance(dem, list | tuple) and any(np.ma.isMaskedArray(row) for row in dem):
            dem = np.ma.array(dem)
        array = np.asarray(np.ma.getdata(dem) if np.ma.isMaskedArray(dem) else dem)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"dem must be a 2-D array of real numbers; got {type(dem).__name__}, "
            f"which NumPy cannot read ({error}); {_CURE}"
        ) from error
    if array.dtype.kind not in "biuf":
        raise InvalidInputError(
            "dem must hold real numbers; expected a boolean, integer or floating dtype, "
            f"got {array.dtype}; convert it first, for example with np.asarray(dem, np.float32)"
        )
    if array.ndim != 2:
        raise InvalidInputError(
            f"dem must be 2-D; expected shape (H, W), got {array.ndim}-D of shape {array.shape}; "
            "choose one band, for example dem[0]"
        )
    mask = np.ma.getmask(dem) if np.ma.isMaskedArray(dem) else np.ma.nomask
    holes = mask is not np.ma.nomask and bool(np.any(mask))
    try:
        with np.errstate(over="ignore"):
            if not holes:
                return np.ascontiguousarray(array, dtype=np.float32)
            heights = np.array(array, dtype=np.float32, order="C", copy=True)
        heights[mask] = np.nan
    except MemoryError as error:
        raise OutOfMemoryError(
            f"out of memory: expected {array.size * 4} bytes for the float32 copy of dem, "
            f"got {error}; pass float32 in C order, which needs no copy, or a smaller dem"
        ) from error
    return heights


def _refuse_known_strangers(dem: Any) -> None:
    """Refuse what NumPy would accept, or fail on obscurely, at the price of a wrong picture."""
    if isinstance(dem, str | bytes | os.PathLike):
        raise InvalidInputError(
            f"dem must be an array; got the path {os.fsdecode(dem)!r}; read the file first "
            "(for example rasterio.open(path).read(1, masked=True)) and pass spacing=(dx, dy)"
        )
    if hasattr(dem, "dims") and hasattr(dem, "coords"):
        raise InvalidInputError(
            f"dem must be an array; got {type(dem).__name__}, whose coordinates would be ignored; "
            "pass dem.values with row 0 in the north, and spacing=(dx, dy) in metres"
        )
