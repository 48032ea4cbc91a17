"""Whatever a caller has for elevation, as the array that the compiled module takes."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ._vulkan_forge import (
    _MOST_SIDE,
    InvalidInputError,
    OutOfMemoryError,
    Source,
    _height_percentiles,
)

MOST_SIDE = _MOST_SIDE
"""Samples along a side up to which a DEM is taken into memory, unless it is a LargeDEM."""
_LEAST_OF_NONE = (
    0.1  # of no heights at all, which count as 0..1: colours of any norm are known, and not seen
)
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
        `dem` itself, not a copy, where it is float32, C-contiguous, aligned and has nothing masked. Values
        that float32 cannot hold become infinite, which the renderer then refuses by row and column.

    Raises
    ------
    InvalidInputError
        Not 2-D, not real numbers, or something that is no array.
    OutOfMemoryError
        The converted copy does not fit in memory.
    """
    dem = as_array(dem)
    array = np.ma.getdata(dem)
    if array.dtype.kind not in "biuf":
        raise InvalidInputError(
            "dem must hold real numbers; expected a boolean, integer or floating dtype, "
            f"got {array.dtype}; convert it first, for example with np.asarray(dem, np.float32)"
        )
    if array.ndim != 2:
        colours = array.ndim == 3 and array.shape[2] in (3, 4) and array.dtype == np.uint8
        cure = "decode the colours first" if colours else "choose one band, for example dem[0]"
        raise InvalidInputError(
            f"dem must be 2-D; expected shape (H, W), got {array.ndim}-D of shape {array.shape}; {cure}"
        )
    mask = np.ma.getmask(dem) if np.ma.isMaskedArray(dem) else np.ma.nomask
    holes = mask is not np.ma.nomask and bool(np.any(mask))
    try:
        with np.errstate(over="ignore"):
            if not holes:
                # Aligned too: what a dask worker has from another begins anywhere in a message.
                return np.require(array, np.float32, ["C", "ALIGNED"])
            heights = np.array(array, dtype=np.float32, order="C", copy=True)
        heights[mask] = np.nan
    except MemoryError as error:
        raise OutOfMemoryError(
            f"out of memory: expected {array.size * 4} bytes for the float32 copy of dem, "
            f"got {error}; pass float32 in C order, which needs no copy, or a smaller dem"
        ) from error
    return heights


def as_array(dem: Any, name: str = "dem") -> npt.NDArray[Any]:
    """Whatever NumPy makes of `dem`, masks and all; `name` is what messages call it.

    Raises
    ------
    InvalidInputError, OutOfMemoryError
        It makes nothing of it.
    """
    try:
        if isinstance(dem, list | tuple) and any(_is_masked(row) for row in dem):
            return np.ma.array(dem)
        if hasattr(dem, "__dlpack__") and not hasattr(dem, "__array__"):
            return np.from_dlpack(dem)
        return dem if np.ma.isMaskedArray(dem) else np.asarray(dem)
    except MemoryError as error:
        raise OutOfMemoryError(
            f"out of memory: expected room for {name} as an array, got {error}; pass a part of it, or "
            "LargeDEM(dem)"
        ) from error
    except Exception as error:  # of any class: torch raises RuntimeError where gradients are kept
        raise InvalidInputError(
            f"{name} must be a 2-D array of real numbers; got {type(dem).__name__}, "
            f"which NumPy cannot read ({error}); {_CURE}"
        ) from error


def _is_masked(row: Any) -> bool:
    """Whether it is a masked array, or a list that holds ``numpy.ma.masked``."""
    listed = row if isinstance(row, list | tuple) else ()
    return np.ma.isMaskedArray(row) or any(item is np.ma.masked for item in listed)


class Landmarks:
    """What a colour range needs to know of a DEM. A session tells it of its terrain."""

    kind: type[np.floating[Any]] = np.float32
    """What they are held in, which decides whether two are different."""

    def __init__(
        self,
        ends: tuple[float, float] | None,
        robust_ends: tuple[float, float] | None,
        least_positive: float,
        kind: type[np.floating[Any]] = np.float32,
    ) -> None:
        self.ends = ends or (0.0, 1.0)
        """Least and greatest height; (0, 1) where there is none."""
        self.robust_ends = robust_ends or (0.0, 1.0)
        """The 2nd and the 98th percentile."""
        self.least_positive = least_positive if ends else _LEAST_OF_NONE
        """The least height above 0; 0 where all are below."""
        self.kind = kind

    @property
    def heights(self) -> npt.NDArray[np.float64]:
        """A few heights with that least, least positive and greatest."""
        return np.array([self.ends[0], self.least_positive or self.ends[0], self.ends[1]])


def landmarks_of(heights: npt.NDArray[np.float32] | Source) -> Landmarks:
    """Those of an array, or of a DEM that stays where it is."""
    return Surveyed(heights) if isinstance(heights, Source) else Heights(heights)


class Surveyed(Landmarks):
    """The same of a DEM that stays where it is, from its survey, which is made when one of them is first asked for."""

    def __init__(self, source: Source) -> None:
        self._survey = functools.cache(source.landmarks)

    @property
    def ends(self) -> tuple[float, float]:  # type: ignore[override]
        return self._survey()[0] or (0.0, 1.0)

    @property
    def robust_ends(self) -> tuple[float, float]:  # type: ignore[override]
        return self._survey()[1] or (0.0, 1.0)

    @property
    def least_positive(self) -> float:  # type: ignore[override]
        return self._survey()[2] if self._survey()[0] else _LEAST_OF_NONE


class Heights(Landmarks):
    """The same of an array, each found when it is first asked for."""

    def __init__(self, heights: npt.NDArray[np.float32]) -> None:
        self._heights = heights

    @functools.cached_property
    def ends(self) -> tuple[float, float]:  # type: ignore[override]
        return _height_percentiles(self._heights, (0.0, 100.0)) or (0.0, 1.0)

    @functools.cached_property
    def robust_ends(self) -> tuple[float, float]:  # type: ignore[override]
        return _height_percentiles(self._heights, (2.0, 98.0)) or (0.0, 1.0)

    @functools.cached_property
    def least_positive(self) -> float:  # type: ignore[override]
        positive = np.min(self._heights, where=self._heights > 0, initial=np.float32(np.inf))
        if np.isfinite(positive):
            return float(positive)
        return 0.0 if np.isfinite(self._heights).any() else _LEAST_OF_NONE
