"""Columns of the Arrow C data interface as NumPy arrays.

https://arrow.apache.org/docs/format/CDataInterface.html has the structures and the letters of the types.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any

import numpy as np
import numpy.typing as npt

_NUMBERS = {
    "c": np.int8,
    "C": np.uint8,
    "s": np.int16,
    "S": np.uint16,
    "i": np.int32,
    "I": np.uint32,
    "l": np.int64,
    "L": np.uint64,
    "e": np.float16,
    "f": np.float32,
    "g": np.float64,
}
_TIMES = re.compile(r"(?:td|ts|tD)([smunD])")
_UNITS = {"s": "s", "m": "ms", "u": "us", "n": "ns", "D": "D"}
_DECIMALS = re.compile(r"d:\d+,(-?\d+)(?:,128)?$")


class _Schema(ctypes.Structure):
    pass


_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_void_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))),
    ("private_data", ctypes.c_void_p),
]


class _Array(ctypes.Structure):
    pass


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]


def _view(address: int | None, dtype: Any, start: int, count: int) -> npt.NDArray[Any]:
    """A copy: the memory is the producer's."""
    if not address or count <= 0:
        return np.zeros(max(count, 0), dtype)
    size = np.dtype(dtype).itemsize
    raw = (ctypes.c_byte * (count * size)).from_address(address + start * size)
    return np.frombuffer(raw, dtype).copy()


def _valid(array: _Array, start: int, count: int) -> npt.NDArray[np.bool_]:
    if not array.null_count or not array.n_buffers or not array.buffers[0]:
        return np.ones(count, np.bool_)
    first = start // 8
    bits = _view(array.buffers[0], np.uint8, first, (start + count + 7) // 8 - first)
    return np.unpackbits(bits, bitorder="little")[start - 8 * first :][:count].astype(np.bool_)


def values_of(schema: _Schema, array: _Array, start: int, count: int) -> Any:
    """Values as an array with None for null.

    Of a struct (valid, a dict of its columns), of a list (valid, offsets, items), of one of a fixed size (valid, width, items).
    Dates, times and durations are NumPy's, NaT for null; those with a zone are in UTC. None of a type that nothing here needs.
    """
    kind = schema.format.decode()
    start += array.offset
    valid = _valid(array, start, count)
    if schema.dictionary:
        return _named(schema, array, start, count, valid)
    if kind.startswith("+"):
        return _nested(kind, schema, array, start, count, valid)
    if kind == "n":
        return np.full(count, None, object)
    if kind == "b":
        first = start // 8
        bits = _view(array.buffers[1], np.uint8, first, (start + count + 7) // 8 - first)
        flags = np.unpackbits(bits, bitorder="little")[start - 8 * first :][:count]
        return _with_nulls(flags.astype(np.bool_), valid)
    if kind in _NUMBERS:
        return _with_nulls(_view(array.buffers[1], _NUMBERS[kind], start, count), valid)
    if found := _TIMES.match(kind):
        # The days of a date are 32 bits, all else 64.
        numbers = _view(array.buffers[1], np.int32 if kind == "tdD" else np.int64, start, count)
        type_of = "timedelta64" if kind.startswith("tD") else "datetime64"
        times = numbers.astype(np.int64).view(f"{type_of}[{_UNITS[found[1]]}]")
        times[~valid] = "NaT"
        return times
    if found := _DECIMALS.match(kind):
        halves = _view(array.buffers[1], np.uint64, 2 * start, 2 * count).reshape(-1, 2)
        whole = halves[:, 1].view(np.int64).astype(object) * 2**64 + halves[:, 0].astype(object)
        return _with_nulls(whole.astype(np.float64) / 10.0 ** int(found[1]), valid)
    if kind in ("u", "U", "z", "Z"):
        return _texts(kind, array, start, count, valid)
    if kind.startswith("w:"):
        width = int(kind[2:])
        raw = _view(array.buffers[1], np.uint8, width * start, width * count).tobytes()
        items = [raw[width * row : width * (row + 1)] for row in range(count)]
        return _with_nulls(np.array([*items, None], object)[:-1], valid)
    if kind in ("vu", "vz"):
        return _viewed(array, start, count, valid, kind == "vu")
    return None


def _with_nulls(values: npt.NDArray[Any], valid: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
    if valid.all():
        return values
    found = values.astype(object)
    found[~valid] = None
    return found


def _named(
    schema: _Schema, array: _Array, start: int, count: int, valid: npt.NDArray[np.bool_]
) -> Any:
    """Of categories, which are numbers in a dictionary, what they stand for."""
    words = array.dictionary.contents
    known = values_of(schema.dictionary.contents, words, 0, words.length)
    if not isinstance(known, np.ndarray):
        return None
    number = _view(array.buffers[1], _NUMBERS[schema.format.decode()], start, count)
    if known.dtype.kind in "mM":  # as objects their numbers would be all that is left
        found = np.full(count, "NaT", known.dtype)
    else:
        found = np.empty(count, known.dtype if valid.all() else object)
    found[valid] = known[number[valid]]
    return found


def _nested(
    kind: str, schema: _Schema, array: _Array, start: int, count: int, valid: npt.NDArray[np.bool_]
) -> Any:
    if kind == "+s":
        children = {
            schema.children[i].contents.name.decode(): values_of(
                schema.children[i].contents, array.children[i].contents, start, count
            )
            for i in range(schema.n_children)
        }
        return valid, children
    if kind in ("+l", "+L"):
        offsets = _offsets(array, kind == "+L", start, count)
        first, last = int(offsets[0]), int(offsets[-1])
        items = values_of(
            schema.children[0].contents, array.children[0].contents, first, last - first
        )
        return valid, offsets - first, items
    if kind.startswith("+w:"):
        width = int(kind[3:])
        items = values_of(
            schema.children[0].contents, array.children[0].contents, start * width, count * width
        )
        return valid, width, items
    return None


def _offsets(array: _Array, large: bool, start: int, count: int) -> npt.NDArray[np.int64]:
    """Where each of `count` items begins, and the end: one more, but for no items the buffer may be empty."""
    if not count:
        return np.zeros(1, np.int64)
    own = _view(array.buffers[1], np.int64 if large else np.int32, start, count + 1)
    return own.astype(np.int64)


def _texts(
    kind: str, array: _Array, start: int, count: int, valid: npt.NDArray[np.bool_]
) -> npt.NDArray[Any]:
    offsets = _offsets(array, kind in "UZ", start, count)
    base, last = int(offsets[0]), int(offsets[-1])
    raw = _view(array.buffers[2], np.uint8, base, last - base).tobytes()
    ends = (offsets - base).tolist()
    found = np.empty(count, object)
    for row in np.flatnonzero(valid):
        item = raw[ends[row] : ends[row + 1]]
        found[row] = item.decode() if kind in "uU" else item
    return found


def _viewed(
    array: _Array, start: int, count: int, valid: npt.NDArray[np.bool_], text: bool
) -> npt.NDArray[Any]:
    """Strings of the view layout: 16 bytes each, with short ones in place."""
    views = _view(array.buffers[1], np.uint8, 16 * start, 16 * count).reshape(-1, 16)
    found = np.empty(count, object)
    for row in np.flatnonzero(valid):
        length, _, buffer, at = views[row].view(np.int32).tolist()
        if length <= 12:
            item = views[row][4 : 4 + length].tobytes()
        else:
            item = ctypes.string_at(array.buffers[2 + buffer] + at, length)
        found[row] = item.decode() if text else item
    return found
