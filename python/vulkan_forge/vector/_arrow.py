"""Tables through the Arrow C data interface, without an Arrow library: GeoArrow's and WKB geometries, and plain columns.

https://arrow.apache.org/docs/format/CDataInterface.html and CStreamInterface.html; https://geoarrow.org/format.html.
"""

from __future__ import annotations

import ctypes
import json
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from .._vulkan_forge import InvalidInputError
from ..geo._warnings import tell
from ._arrow_values import _Array, _Schema, values_of
from ._features import Features, GeometryWarning, from_serial, is_wkt, no_columns
from ._shapes import LINE, POINT, RING, Shapes, joined, pieces, said

_NATIVE = ("point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon")


_SERIAL = (b"z", b"Z", b"vz", b"u", b"U", b"vu")
"""Arrow's types of bytes and texts."""


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
        try:
            capsule = data.__arrow_c_stream__()
        except Exception as error:  # of a stranger's library, or of one that is not there
            raise InvalidInputError(
                f"geometries must come as an Arrow stream; got {type(data).__name__}, which gives none ({error}); "
                "pass a GeoDataFrame, or an array of its coordinates"
            ) from error
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
                    batches.append(values_of(schema, array, 0, array.length))
                finally:
                    array.release(ctypes.byref(array))
            return _features(schema, batches)
        finally:
            if schema.release:
                schema.release(ctypes.byref(schema))
    schema_capsule, array_capsule = data.__arrow_c_array__()
    found = _pointer(schema_capsule, b"arrow_schema", _Schema).contents
    one = _pointer(array_capsule, b"arrow_array", _Array).contents
    return _features(found, [values_of(found, one, 0, one.length)])


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
    if not known:
        known = [field for field in fields if _holds_geometries(field, batches)]
    if len(known) != 1:
        names = ", ".join(field.name.decode() for field in known or fields)
        cure = (
            "select the columns" if known else "pass one of WKB or WKT, or an array of coordinates"
        )
        raise InvalidInputError(
            f"an Arrow table must have one column of geometries; got {len(known)} ({names}); {cure}"
        )
    name = known[0].name.decode()
    features = _geometries(known[0], [columns[name] for _, columns in batches])
    others = [field.name.decode() for field in fields if field.name.decode() != name]

    return features._replace(
        column=partial(_column, [columns for _, columns in batches]), names=others
    )


def _holds_geometries(field: _Schema, batches: list[Any]) -> bool:
    """Whether a column without a name or a mark for it has WKB or WKT in each row that has anything."""
    if field.format not in _SERIAL:
        return False
    parts = [columns[field.name.decode()] for _, columns in batches]
    known = [item for part in parts for item in part if item is not None]
    return bool(known) and all(
        is_wkt(item) if isinstance(item, str) else item[:1] in (b"\0", b"\1") for item in known
    )


def _column(batches: list[dict[str, Any]], wanted: str) -> Any:
    parts = [columns[wanted] for columns in batches]
    if any(not isinstance(part, np.ndarray) for part in parts):
        raise InvalidInputError(
            f"column {wanted!r} must hold texts, numbers or dates; got another Arrow type; cast it first"
        )
    return np.concatenate(parts) if parts else np.empty(0, object)


def _geometries(schema: _Schema, batches: list[Any]) -> Features:
    metadata = _metadata(schema)
    kind = metadata.get("ARROW:extension:name", "geoarrow.wkb").removeprefix("geoarrow.")
    crs = None
    if "ARROW:extension:metadata" in metadata:
        crs = json.loads(metadata["ARROW:extension:metadata"] or "{}").get("crs")
        crs = json.dumps(crs) if isinstance(crs, dict) else crs
    if kind in ("wkb", "ogc.wkb", "wkt"):
        if any(not isinstance(batch, np.ndarray) for batch in batches):
            raise InvalidInputError(
                f"geometries of an Arrow table must be WKB or WKT; got the Arrow type {schema.format.decode()!r}; convert them to WKB"
            )
        return from_serial([item for batch in batches for item in batch], crs)
    if kind not in _NATIVE:
        raise InvalidInputError(
            f"geometries of an Arrow table must be geoarrow.wkb, geoarrow.wkt or of {', '.join(_NATIVE)}; got {kind}; convert them to WKB"
        )
    found, before = [], 0
    missing: list[int] = []
    for batch in batches:
        shapes, count, lost = _native(kind, batch, _has_measures(schema))
        found.append(shapes._replace(rows=shapes.rows + before))
        missing += [before + row for row in lost]
        before += count
    if missing:
        tell(
            f"{said(np.array(missing))} of {before} have no geometry, and are not drawn",
            GeometryWarning,
        )
    shapes = joined([part for part in found if len(part.rows)])
    return Features(shapes, before, crs, no_columns, ())


def _has_measures(schema: _Schema) -> bool:
    """Whether the third number of interleaved coordinates is no height; those that name none are (x, y, z)."""
    while schema.format.startswith((b"+l", b"+L", b"+w:")):
        schema = schema.children[0].contents
    return (schema.name or b"") == b"xym"


def _native(kind: str, batch: Any, measures: bool) -> tuple[Shapes, int, list[int]]:
    """The shapes of a batch, its rows, and those without geometry."""
    levels = []
    items = batch
    while len(items) == 3 and not isinstance(items[1], int):
        levels.append((items[0], items[1]))
        items = items[2]
    xy, z = _coordinates(items, measures)
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
    # What is null may have coordinates all the same.
    made = made.taking((made.lengths > 0) & valid[made.rows])
    return made, count, np.setdiff1d(rows, made.rows).tolist()


def _coordinates(
    items: Any, measures: bool
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Of the separated layout, a struct of x and y, or the interleaved one, lists of a fixed size."""
    if isinstance(items[1], dict):
        columns = items[1]
        z = np.asarray(columns["z"], np.float64) if "z" in columns else None
        return np.column_stack([columns["x"], columns["y"]]).astype(np.float64), z
    _, width, values = items
    table = np.asarray(values, np.float64).reshape(-1, width)
    return np.ascontiguousarray(table[:, :2]), (
        np.ascontiguousarray(table[:, 2]) if width > 2 and not measures else None
    )
