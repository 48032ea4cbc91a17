"""Tables through the Arrow C data interface, without an Arrow library: GeoArrow's and WKB geometries, and plain columns.

https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html; https://geoarrow.org/format.html.
"""

from __future__ import annotations

import ctypes
import json
from typing import Any

import numpy as np
import numpy.typing as npt

from .._vulkan_forge import InvalidInputError
from ..geo._warnings import tell
from ._features import Features, GeometryWarning, from_wkb
from ._shapes import LINE, POINT, RING, Shapes, joined, pieces, said

_NATIVE = ("point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon")
_NUMBERS = {
    "c": np.int8,
    "C": np.uint8,
    "s": np.int16,
    "S": np.uint16,
    "i": np.int32,
    "I": np.uint32,
    "l": np.int64,
    "L": np.uint64,
    "f": np.float32,
    "g": np.float64,
}


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


class _Stream(ctypes.Structure):
    pass


_Stream._fields_ = [
    (
        "get_schema",
        ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Schema)),
    ),
    ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Stream), ctypes.POINTER(_Array))),
    ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.POINTER(_Stream))),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))),
    ("private_data", ctypes.c_void_p),
]


def _pointer(capsule: Any, name: bytes, kind: Any) -> Any:
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return ctypes.cast(get(capsule, name), ctypes.POINTER(kind))


def from_arrow(data: Any) -> Features:
    """The geometry column and the others of a table, or a column of geometries alone.

    Raises
    ------
    InvalidInputError
        There is no geometry column, or more than one; or the stream fails.
    """
    if hasattr(data, "__arrow_c_stream__"):
        capsule = data.__arrow_c_stream__()
        stream = _pointer(capsule, b"arrow_array_stream", _Stream)
        schema = _Schema()
        _must(stream, stream.contents.get_schema(stream, ctypes.byref(schema)))
        try:
            batches = []
            while True:
                array = _Array()
                _must(stream, stream.contents.get_next(stream, ctypes.byref(array)))
                if not array.release:
                    break
                try:
                    batches.append(_column(schema, array, 0, array.length))
                finally:
                    array.release(ctypes.byref(array))
            return _features(schema, batches)
        finally:
            if schema.release:
                schema.release(ctypes.byref(schema))
    schema_capsule, array_capsule = data.__arrow_c_array__()
    found = _pointer(schema_capsule, b"arrow_schema", _Schema).contents
    one = _pointer(array_capsule, b"arrow_array", _Array).contents
    return _features(found, [_column(found, one, 0, one.length)])


def _must(stream: Any, code: int) -> None:
    if code:
        reason = stream.contents.get_last_error(stream) or b"no reason given"
        raise InvalidInputError(
            f"an Arrow stream must give its batches; got error {code}: {reason.decode(errors='replace')}; check the source"
        )


def _metadata(schema: _Schema) -> dict[str, str]:
    if not schema.metadata:
        return {}
    at, found = schema.metadata, {}

    def number() -> int:
        nonlocal at
        value = ctypes.c_int32.from_address(at).value
        at += 4
        return value

    def text() -> str:
        nonlocal at
        length = number()
        value = ctypes.string_at(at, length).decode()
        at += length
        return value

    for _ in range(number()):
        key = text()
        found[key] = text()
    return found


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


def _column(schema: _Schema, array: _Array, start: int, count: int) -> Any:
    """Values as an array with None for null, a dict of a struct's columns, or (valid, offsets, items) of a list."""
    kind = schema.format.decode()
    start += array.offset
    valid = _valid(array, start, count)
    if kind == "+s":
        children = {
            schema.children[i].contents.name.decode(): _column(
                schema.children[i].contents, array.children[i].contents, start, count
            )
            for i in range(schema.n_children)
        }
        return valid, children
    if kind in ("+l", "+L"):
        offsets = _view(array.buffers[1], np.int32 if kind == "+l" else np.int64, start, count + 1)
        offsets = offsets.astype(np.int64)
        first, last = (int(offsets[0]), int(offsets[-1])) if count else (0, 0)
        items = _column(
            schema.children[0].contents, array.children[0].contents, first, last - first
        )
        return valid, offsets - first, items
    if kind.startswith("+w:"):
        width = int(kind[3:])
        items = _column(
            schema.children[0].contents, array.children[0].contents, start * width, count * width
        )
        return valid, width, items
    if kind in _NUMBERS:
        values = _view(array.buffers[1], _NUMBERS[kind], start, count)
        if valid.all():
            return values
        found = values.astype(object)
        found[~valid] = None
        return found
    if kind == "b":
        first = start // 8
        bits = _view(array.buffers[1], np.uint8, first, (start + count + 7) // 8 - first)
        return np.unpackbits(bits, bitorder="little")[start - 8 * first :][:count].astype(np.bool_)
    if kind in ("u", "U", "z", "Z"):
        offsets = _view(array.buffers[1], np.int32 if kind in "uz" else np.int64, start, count + 1)
        base = int(offsets[0]) if count else 0
        raw = _view(
            array.buffers[2], np.uint8, base, int(offsets[-1]) - base if count else 0
        ).tobytes()
        ends = (offsets - base).tolist()
        found = np.empty(count, object)
        for row in range(count):
            if valid[row]:
                item = raw[ends[row] : ends[row + 1]]
                found[row] = item.decode() if kind in "uU" else item
        return found
    if kind in ("vu", "vz"):
        return _viewed(array, start, count, valid, kind == "vu")
    return None  # a kind that nothing here needs


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


def _features(schema: _Schema, batches: list[Any]) -> Features:
    fields = [schema.children[i].contents for i in range(schema.n_children)]
    own = _metadata(schema).get("ARROW:extension:name", "")
    if schema.format != b"+s" or own.startswith("geoarrow."):
        return _geometries(schema, batches)
    known = [
        field
        for field in fields
        if _metadata(field).get("ARROW:extension:name", "").startswith(("geoarrow.", "ogc.wkb"))
    ]
    if not known:
        known = [
            field
            for field in fields
            if field.name.decode().lower() in ("geometry", "geom", "wkb_geometry")
        ]
    if len(known) != 1:
        names = ", ".join(field.name.decode() for field in known or fields)
        raise InvalidInputError(
            f"an Arrow table must have one column of geometries; got {len(known)} ({names}); "
            "select the columns, or mark one as geoarrow.wkb"
        )
    name = known[0].name.decode()
    features = _geometries(known[0], [columns[name] for _, columns in batches])
    others = [field.name.decode() for field in fields if field.name.decode() != name]

    def column(wanted: str) -> Any:
        if wanted not in others:
            raise KeyError(wanted)
        parts = [columns[wanted] for _, columns in batches]
        if any(not isinstance(part, np.ndarray) for part in parts):
            raise InvalidInputError(
                f"column {wanted!r} must hold texts or numbers; got another Arrow type; cast it first"
            )
        return np.concatenate(parts) if parts else np.empty(0, object)

    return features._replace(column=column, names=others)


def _geometries(schema: _Schema, batches: list[Any]) -> Features:
    metadata = _metadata(schema)
    kind = metadata.get("ARROW:extension:name", "geoarrow.wkb").removeprefix("geoarrow.")
    crs = None
    if "ARROW:extension:metadata" in metadata:
        crs = json.loads(metadata["ARROW:extension:metadata"] or "{}").get("crs")
        crs = json.dumps(crs) if isinstance(crs, dict) else crs
    if kind in ("wkb", "ogc.wkb"):
        return from_wkb([item for batch in batches for item in batch], crs)
    if kind not in _NATIVE:
        raise InvalidInputError(
            f"geometries of an Arrow table must be geoarrow.wkb or of {', '.join(_NATIVE)}; got {kind}; convert them to WKB"
        )
    found, before = [], 0
    missing: list[int] = []
    for batch in batches:
        shapes, count, lost = _native(kind, batch)
        found.append(shapes._replace(rows=shapes.rows + before))
        missing += [before + row for row in lost]
        before += count
    if missing:
        tell(
            f"{said(np.array(missing))} of {before} have no geometry, and are not drawn",
            GeometryWarning,
        )
    return Features(joined([part for part in found if len(part.rows)]), before, crs, _none, ())


def _none(name: str) -> Any:
    raise KeyError(name)


def _native(kind: str, batch: Any) -> tuple[Shapes, int, list[int]]:
    """The shapes of a batch, its rows, and those without geometry."""
    levels = []
    items = batch
    while len(items) == 3 and not isinstance(items[1], int):
        levels.append((items[0], items[1]))
        items = items[2]
    xy, z = _coordinates(items)
    count = len(levels[0][0]) if levels else len(xy)
    valid = levels[0][0] if levels else items[0]
    rows = np.arange(count)
    if kind == "point":
        kept = valid & np.isfinite(xy).all(axis=1)
        lost = np.flatnonzero(~kept).tolist()
        own = None if z is None else z[kept]
        return pieces(POINT, xy[kept], own, np.arange(kept.sum() + 1), rows[kept]), count, lost
    outer = [offsets for _, offsets in levels]
    # From rows down to the runs of coordinates.
    owner = rows
    for offsets in outer[:-1]:
        owner = np.repeat(owner, np.diff(offsets))
    runs = outer[-1]
    if kind == "multipoint":
        owner, runs = np.repeat(owner, np.diff(runs)), np.arange(len(xy) + 1)
        made = pieces(POINT, xy, z, runs, owner)
    elif kind in ("linestring", "multilinestring"):
        made = pieces(LINE, xy, z, runs, owner)
    else:
        polygons = outer[-2]  # where the rings of each begin
        holes = np.ones(len(owner), np.bool_)
        holes[polygons[:-1][np.diff(polygons) > 0]] = False
        made = pieces(RING, xy, z, runs, owner, holes)
    lost = np.setdiff1d(rows, np.unique(made.rows[made.lengths > 0])).tolist()
    return made.taking(made.lengths > 0), count, lost


def _coordinates(items: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Of the separated layout, a struct of x and y, or the interleaved one, lists of a fixed size."""
    if isinstance(items[1], dict):
        columns = items[1]
        z = np.asarray(columns["z"], np.float64) if "z" in columns else None
        return np.column_stack([columns["x"], columns["y"]]).astype(np.float64), z
    _, width, values = items
    table = np.asarray(values, np.float64).reshape(-1, width)
    return np.ascontiguousarray(table[:, :2]), (
        np.ascontiguousarray(table[:, 2]) if width > 2 else None
    )
