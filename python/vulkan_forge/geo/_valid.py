"""Heights that are valid, by CF's ``valid_range``, ``valid_min`` and ``valid_max``: all others are missing.

Where numbers are packed, limits are of the packed type, or else of the wider type into which they are unpacked
(NetCDF User's Guide, appendix A). ``actual_range`` tells what occurs, often in fewer digits, and marks nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from ._missing import numbers_in
from ._warnings import NodataWarning, tell

_KEYS = ("valid_range", "valid_min", "valid_max")
_PARTS, _TOGETHER = 5, 64  # parts along a side, and cells along theirs, where all are too many
_PACKING = {"scale_factor": 1.0, "add_offset": 0.0}


class Valid(NamedTuple):
    """The least and the greatest height that is one."""

    low: float
    high: float

    def missing(self, data: Any) -> Any:
        """Which cells of a NumPy or dask array lie outside."""
        low, high = self
        if data.dtype.kind == "f":  # as heights have them: 8848.86 is a smaller number in float64
            with np.errstate(over="ignore"):
                low, high = data.dtype.type(low), data.dtype.type(high)
        return (data < low) | (data > high)

    def marked(self, data: Any) -> Any:
        """`data` of NumPy with what lies outside masked, beside what is."""
        known = np.ma.getmaskarray(data)
        return np.ma.array(np.ma.getdata(data), mask=known | self.missing(np.ma.getdata(data)))

    def told(self, data: Any, outside: Any, nowhere: Any) -> None:
        """Warn if nothing is left but cells that are missing anyhow: such limits are rarely meant so."""
        if not isinstance(data, np.ndarray):
            return
        known = ~(np.ma.getmaskarray(data) | np.isnan(np.ma.getdata(data)))
        known &= True if nowhere is None else ~nowhere
        if known.any() and outside[known].all():
            held = np.ma.getdata(data)[known]
            tell(
                f"all heights lie outside the valid range {self.low:g} to {self.high:g} that is stated: they are "
                f"{held.min():g} to {held.max():g}; pass masked=False to have them",
                NodataWarning,
            )


def valid(
    attrs: Mapping[Any, Any], dtype: np.dtype[Any], encoding: Mapping[Any, Any] | None = None
) -> Valid | None:
    """Limits in the numbers of an array of `dtype`, before its own scale and offset; None without any.

    `encoding` is that of xarray, which keeps there what it has unpacked the array with.
    """
    found = _stated(attrs)
    if found is None or dtype.kind not in "iuf":
        return None
    limits, kind = found
    packing = attrs if _packs(attrs) else encoding if encoding and _packs(encoding) else None
    packed = np.dtype(encoding.get("dtype") or dtype) if packing is encoding and encoding else dtype
    unsigned = any(
        str((of or {}).get("_Unsigned", "")).lower() == "true" for of in (attrs, encoding)
    )
    if unsigned and packed.kind in "iu":  # written as the signed numbers of the same bits
        limits = [limit + 256.0**packed.itemsize if limit < 0 else limit for limit in limits]
    slack = 0.0
    if packing is not None:
        scale, offset = (_number(packing, key, usual) for key, usual in _PACKING.items())
        whole = packed.kind in "iu"
        unpacked = kind.kind == "f" and (whole or kind.itemsize > packed.itemsize)
        if packing is attrs and unpacked and scale:
            limits = sorted((limit - offset) / scale for limit in limits)
            slack = 0.01 if whole else 0.0
        elif packing is encoding and not unpacked:
            limits = sorted(limit * scale + offset for limit in limits)
            slack = (
                abs(scale) / 2
                if whole
                else 1e-6 * max((abs(end) for end in limits if math.isfinite(end)), default=0.0)
            )
    low, high = limits
    if not low <= high:
        return None
    return Valid(low - slack, high + slack)


def a_few(side: int) -> list[tuple[int, int]]:
    """Parts of a side that tell why there is no height: the first cell of each, and how many."""
    count = min(_TOGETHER, side)
    return [((side - count) * part // (_PARTS - 1), count) for part in range(_PARTS)]


def _packs(attrs: Mapping[Any, Any]) -> bool:
    return any(attrs.get(key) is not None for key in _PACKING)


def _number(attrs: Mapping[Any, Any], key: str, usual: float) -> float:
    value = numbers_in(attrs.get(key))
    return value[0] if value and math.isfinite(value[0]) else usual


def _stated(attrs: Mapping[Any, Any]) -> tuple[list[float], np.dtype[Any]] | None:
    """Both limits as they are written, and of which type."""
    both, low, high = (attrs.get(key) for key in _KEYS)
    ends = numbers_in(both)
    if len(ends) != 2:
        ends = [
            next(iter(numbers_in(end)), usual)
            for end, usual in ((low, -math.inf), (high, math.inf))
        ]
        both = low if low is not None else high
    if ends == [-math.inf, math.inf] or any(map(math.isnan, ends)):
        return None
    kind = np.asarray(both).dtype
    # A text, as GDAL hands it on, is of the packed numbers, as GDAL reads it.
    if kind.kind not in "iuf":
        kind = np.dtype(np.int8)
    return ends, kind
