"""Missing cells: the heights that mark them, and heights that look as if they did."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import numpy.typing as npt

from .._heights import as_heights
from .._numbers import is_real, shown
from .._vulkan_forge import InvalidInputError
from ._warnings import NodataWarning, tell

# What files write where nothing is: GDAL's, Esri's, netCDF's and the usual ones. Of all but the last six there is
# ground or sea floor at that height.
_USUAL = (
    -32768.0,
    -32767.0,
    -10000.0,
    -9999.0,
    -9999.9,
    -999.0,
    -99999.0,
    -999999.0,
    9999.0,
    99999.0,
    32767.0,
    65535.0,
)
_HUGE = 1e9  # nothing is so high: 1e20, 9.97e36 and 3.4e38 are marks whatever their digits
_ALONE = 100.0  # units of height that no other height comes near to it
_PART = 0.02  # of the range of all others, if that is more


def marks_of(nodata: Any) -> list[float]:
    """The heights that mark missing cells: one number, several, or None.

    Raises
    ------
    InvalidInputError
        Something else.
    """
    if nodata is None:
        return []
    listed = isinstance(nodata, list | tuple | set) or (
        isinstance(nodata, np.ndarray) and nodata.ndim > 0
    )
    several = list(nodata) if listed else [nodata]
    found = []
    for one in several:
        if not is_real(one):
            break
        found.append(float(one))
    if not found or len(found) != len(several):
        raise InvalidInputError(
            f"nodata must be a number, or several; got {shown(nodata)}; pass for example -9999"
        )
    return found


def numbers_in(value: Any) -> list[float]:
    """All that an attribute holds: a number, several, or a text of them; what is none is left out."""
    if value is None:
        return []
    if isinstance(value, str | bytes):
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
        value = re.split(r"[,;\s]+", text.strip("{}[]() \n\t"))
    found = []
    for one in np.ravel(np.asarray(value, dtype=object)):
        try:
            found.append(float(one))
        except (TypeError, ValueError, OverflowError):
            continue
    return found


def missing(data: Any, marks: list[float]) -> Any:
    """Which cells of a NumPy or dask array hold one of `marks`; None where none can."""
    found = None
    for mark in dict.fromkeys(marks):
        if math.isnan(mark):
            continue
        if data.dtype.kind == "f":  # as written: -3.4e38 is another number in float64
            with np.errstate(over="ignore"):
                cells = data == data.dtype.type(mark)
        elif data.dtype.kind in "iu":
            limits = np.iinfo(data.dtype)
            if not mark.is_integer() or not limits.min <= mark <= limits.max:
                continue
            cells = data == data.dtype.type(int(mark))
        else:
            cells = data == mark
        found = cells if found is None else found | cells
    return found


def mark_missing(data: Any, nodata: Any) -> Any:
    """`data` with the cells of height `nodata` masked, beside those that are; itself where there is none such."""
    marks = [mark for mark in marks_of(nodata) if not math.isnan(mark)]
    if not marks:
        return data
    array = np.ma.getdata(data) if np.ma.isMaskedArray(data) else np.asarray(data)
    if array.dtype.kind not in "biuf":
        return data  # is refused for what it is
    cells = missing(array, marks)
    return data if cells is None else np.ma.array(array, mask=np.ma.getmaskarray(data) | cells)


def point_out(heights: npt.NDArray[np.float32]) -> bool:
    """Warn of a height that stands apart from all others and is a usual mark of missing cells; whether it did."""
    if heights.size == 0:
        return False
    ends = float(np.fmin.reduce(heights, axis=None)), float(np.fmax.reduce(heights, axis=None))
    for end in ends:
        if not math.isfinite(end) or not (
            abs(end) >= _HUGE or any(np.float32(end) == np.float32(mark) for mark in _USUAL)
        ):
            continue
        others = heights[(heights != np.float32(end)) & np.isfinite(heights)]
        if others.size == 0 and abs(end) < _HUGE:
            continue  # level ground at that height, perhaps
        if others.size:
            least, greatest = float(others.min()), float(others.max())
            gap = least - end if end < least else end - greatest
            if gap <= max(_ALONE, _PART * (greatest - least)):
                continue
        count = int(heights.size - others.size - np.isnan(heights).sum())
        beside = f", and all others lie within {least:g}..{greatest:g}" if others.size else ""
        tell(
            f"{count} cells have the height {end:.9g}{beside}; if that marks missing cells, "
            f"pass nodata={end:.9g} (to vf.DEM, vf.open or vf.as_dem), else nodata=float('nan')",
            NodataWarning,
        )
        return True
    return False


def told(dem: Any) -> npt.NDArray[np.float32]:
    """As `as_heights`, with a warning of heights that look like marks of missing cells."""
    heights = as_heights(dem)
    point_out(heights)
    return heights
