"""Whatever a caller has for geometries, as `Features`."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import array_of, items, shown
from .._vulkan_forge import InvalidInputError
from ._features import Features, from_serial, from_shapely, from_wkb, is_hex, is_wkt, no_columns
from ._files import from_file
from ._frames import from_geopandas, from_pandas, is_frame, objects
from ._shapes import LINE, POINT, RING, joined, pieces

_CURE = (
    "pass a GeoDataFrame, shapely geometries, GeoJSON, WKB, WKT, an Arrow table with geometries, a path, "
    "or an array (N, 2)"
)
LONLAT = "OGC:CRS84"
"""What GeoJSON is in, by RFC 7946."""
_BEGIN = re.compile(r"[^ \t\r\n\x1e]")
"""What a text begins with, behind the marks of a sequence (RFC 8142) or the ends of lines."""


def read(data: Any, offsets: Any = None) -> Features:
    """Take geometries out of `data`.

    Parameters
    ----------
    data : GeoDataFrame, GeoSeries, shapely geometries, GeoJSON, WKB, WKT, Arrow table, path, array or Features
        Anything with ``__geo_interface__`` or ``__arrow_c_stream__`` will do, and tables of pandas with a column of geometries.
        Arrays are (N, 2) or (N, 3), masked ones NaN where they are; several of them, in a list, are a line or a ring each. Of a file with several layers
        ``"file.gpkg|layername=roads"`` is one, as in QGIS.
    offsets : array_like of int, optional
        Of an array: where each line or ring begins, and N.

    Raises
    ------
    InvalidInputError
        None of these, or a geometry that is none.
    ImageFileError
        A file that cannot be read.
    MissingExtraError
        shapely or pyogrio is not installed, and the data needs it.
    """
    if offsets is not None and not isinstance(data, np.ndarray | list | tuple):
        raise InvalidInputError(
            f"offsets go with an array of coordinates; got {type(data).__name__} with offsets; leave offsets out"
        )
    if isinstance(data, Features):
        return data
    if isinstance(data, str | os.PathLike):
        return _from_text(data)
    if isinstance(data, bytes | bytearray | memoryview):
        return _from_bytes(bytes(data))
    if hasattr(data, "geometry") and hasattr(data, "crs") and hasattr(data, "total_bounds"):
        return from_geopandas(data)
    if isinstance(data, dict):
        return _from_geojson(data)
    if is_frame(data):
        return from_pandas(data)
    if hasattr(data, "dims") and hasattr(data, "coords"):  # xarray's streams need pyarrow
        data = np.asarray(data)
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        from ._arrow import from_arrow

        return from_arrow(data)
    if isinstance(getattr(data, "geom_type", None), str):
        return from_shapely(np.array([data], object))
    if hasattr(data, "geom_type") and hasattr(data, "crs"):  # an array of geopandas
        return from_shapely(np.asarray(data, object), data.crs)
    if hasattr(data, "__geo_interface__"):
        return _from_geojson(data.__geo_interface__)
    runs = _runs(data) if offsets is None else None
    if runs is not None:
        ends = np.cumsum([0, *map(len, runs)])
        return _from_array(_chained(runs), ends)
    array = data if isinstance(data, np.ndarray) else _listed(data)
    if array.dtype.kind in "iuf" or (array.dtype.kind == "O" and array.ndim == 2):
        return _from_array(array, offsets)
    return _from_objects(array)


def _runs(data: Any) -> list[Any] | None:
    """Arrays of coordinates, one for each line, as matplotlib's collections take them; None of anything else."""
    if isinstance(data, np.ndarray):
        return list(data) if data.ndim == 3 and len(data) else None
    if not isinstance(data, list | tuple):
        return None
    found: list[Any] = []
    for item in data:
        run = _run(item)
        if run is None or (found and run.shape[1] != found[0].shape[1]):
            return None
        found.append(run)
    return found or None


def _chained(runs: list[Any]) -> npt.NDArray[Any]:
    """All in one, masked where one of them is."""
    masked = any(isinstance(run, np.ma.MaskedArray) for run in runs)
    both = np.concatenate([np.ma.getdata(run) for run in runs])
    hidden = np.concatenate([np.ma.getmaskarray(run) for run in runs]) if masked else None
    return both if hidden is None else np.ma.array(both, mask=hidden)


def _run(item: Any) -> npt.NDArray[Any] | None:
    """A list of positions, or an array of them; None of a single one, and of anything else."""
    if isinstance(item, list | tuple):
        item = array_of(item) if item and isinstance(item[0], Sequence | np.ndarray) else None
    known = isinstance(item, np.ndarray) and item.ndim == 2 and item.dtype.kind in "iuf"
    return item if known else None


def _listed(data: Any) -> npt.NDArray[Any]:
    """Numbers as an array, a list of other things as an array of these."""
    if getattr(data, "ndim", 0) == 2 and hasattr(data, "__array__"):  # dask's, zarr's, torch's
        found = array_of(data)
        if found is not None:
            return found
    listed = items(data)
    if listed is None:
        raise InvalidInputError(f"layers must have geometries; got {shown(data)}; {_CURE}")
    if listed and all(
        isinstance(item, Sequence | np.ndarray)
        and not isinstance(item, str | bytes | bytearray | memoryview)
        for item in listed
    ):
        try:
            return np.asarray(listed, np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidInputError(
                f"coordinates must be numbers, as many in each row; got {shown(data)} ({error}); {_CURE}"
            ) from error
    array = np.empty(len(listed), object)
    for row, item in enumerate(listed):
        array[row] = item
    return array


def _from_array(array: npt.NDArray[Any], offsets: Any) -> Features:
    """Without offsets each row is a point; what is drawn decides whether they are one line."""
    if array.ndim != 2 or array.shape[1] not in (2, 3):
        raise InvalidInputError(
            f"coordinates must have shape (N, 2) or (N, 3); got {array.shape}; stack x and y with np.column_stack"
        )
    try:
        xyz = np.array(
            np.ma.getdata(array), np.float64, order="C"
        )  # the caller may write into theirs
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"coordinates must be numbers; got an array of {array.dtype} ({error}); {_CURE}"
        ) from error
    if np.ma.is_masked(array):
        xyz = np.where(np.ma.getmaskarray(array), np.nan, xyz)
    z = np.ascontiguousarray(xyz[:, 2]) if xyz.shape[1] == 3 else None
    if offsets is None:
        rows = np.arange(len(xyz))
        shapes = pieces(POINT, xyz[:, :2], z, np.arange(len(xyz) + 1), rows)
        return Features(shapes, len(xyz), None, no_columns, (), True)
    starts = array_of(offsets)
    if (
        starts is None
        or starts.ndim != 1
        or starts.dtype.kind not in "iu"
        or not len(starts)
        or starts[0] != 0
        or starts[-1] != len(xyz)
        or (np.diff(starts.astype(np.int64)) < 0).any()
    ):
        raise InvalidInputError(
            f"offsets must be whole numbers that ascend from 0 to the number of coordinates, {len(xyz)}; "
            f"got {shown(offsets)}; pass np.cumsum of the lengths with a 0 before"
        )
    count = len(starts) - 1
    shapes = pieces(LINE, xyz[:, :2], z, starts.astype(np.int64), np.arange(count))
    return Features(shapes, count, None, no_columns, (), True)


def as_lines(features: Features) -> Features:
    """An array without offsets as one line; NaN in it lifts the pen."""
    shapes = features.shapes
    if not features.arrays or (shapes.kinds != POINT).any() or not len(shapes.xy):
        return features
    ends = np.array([0, len(shapes.xy)])
    return features._replace(
        shapes=pieces(LINE, shapes.xy, shapes.z, ends, np.zeros(1, np.int64)), rows=1
    )


def as_rings(features: Features) -> Features:
    """The lines of an array as rings."""
    shapes = features.shapes
    if not features.arrays:
        return features
    return features._replace(shapes=shapes._replace(kinds=np.full_like(shapes.kinds, RING)))


def _from_objects(items: npt.NDArray[Any]) -> Features:
    """A list of shapely geometries, of WKB, of GeoJSON, or of what has a ``__geo_interface__``; None is no geometry."""
    if not items.size:
        return Features(joined([]), 0, None, no_columns, (), True)
    items = objects(items.reshape(-1))
    kinds = [_kind_of(item) for item in items]
    held = set(kinds) - {"nothing"}
    if held <= {"shapely"}:
        return from_shapely(items)
    if held in ({"binary"}, {"text"}):
        return from_serial(items.tolist())
    if held <= {"shapely", "mapping"}:
        listed = [
            item if isinstance(item, dict | None) else item.__geo_interface__ for item in items
        ]
        return _from_geojson({"type": "FeatureCollection", "features": listed})
    if None in kinds:
        row = kinds.index(None)
        raise InvalidInputError(
            f"each item must be a geometry; got {shown(items[row])} in row {row}; {_CURE}"
        )
    first = next(kind for kind in kinds if kind != "nothing")
    row = next(row for row, kind in enumerate(kinds) if kind not in (first, "nothing"))
    raise InvalidInputError(
        f"geometries must be of one kind; got {shown(items[row])} in row {row}, {first} before it; "
        "pass one layer for each kind"
    )


def _kind_of(item: Any) -> str | None:
    """How an item of a list says its geometry; None of what is none."""
    if item is None:
        return "nothing"
    if hasattr(item, "geom_type"):
        return "shapely"
    if isinstance(item, bytes | bytearray | memoryview):
        return "binary"
    if isinstance(item, str):
        return "text" if is_hex(item) or is_wkt(item) else None
    return "mapping" if isinstance(item, dict) or hasattr(item, "__geo_interface__") else None


def _from_geojson(data: Any, lines: Sequence[int] | None = None) -> Features:
    """A FeatureCollection, a feature or a geometry; `lines` are those in which features begin."""
    if not isinstance(data, Mapping):
        raise InvalidInputError(f"__geo_interface__ must be a mapping; got {shown(data)}; {_CURE}")
    kind = data.get("type")
    if kind == "FeatureCollection":
        features = list(data.get("features") or [])
    else:
        features = [data]
    geometries = np.empty(len(features), object)
    properties: list[dict[str, Any]] = []
    for row, feature in enumerate(features):
        geometry: Any = feature
        own: dict[str, Any] = {}
        if isinstance(feature, dict) and feature.get("type") == "Feature":
            geometry, own = feature.get("geometry"), feature.get("properties") or {}
        properties.append(own)
        if geometry is None:
            continue
        try:
            geometries[row] = _geometry(geometry)
        except Exception as error:  # whatever a broken dict leads to
            place = f"row {row}" if lines is None else f"line {lines[row]}"
            raise InvalidInputError(
                f"GeoJSON must hold geometries; got {shown(geometry)} in {place} ({error}); see RFC 7946"
            ) from error
    crs = _stated(data.get("crs")) or LONLAT
    names = list(dict.fromkeys(str(name) for own in properties for name in own))

    return from_shapely(geometries, crs)._replace(
        column=partial(_property, properties), names=names
    )


def _geometry(geometry: Any) -> Any:
    """As shapely's. Positions may have more than three numbers, which RFC 7946 lets one ignore, or a height here and there."""
    shapely = require("shapely", "vector", "reading GeoJSON")
    try:
        return shapely.geometry.shape(geometry)
    except Exception:
        if not isinstance(geometry, Mapping):
            raise
        if "geometries" in geometry:
            parts = [_geometry(part) for part in geometry["geometries"]]
            return shapely.GeometryCollection(parts)
        coordinates = geometry.get("coordinates")
        lengths = set(_lengths(coordinates))
        if not lengths or lengths in ({2}, {3}):
            raise
        cut = _cut(coordinates, max(lengths) > 2)
        return shapely.geometry.shape({**geometry, "coordinates": cut})


def _lengths(coordinates: Any) -> Iterator[int]:
    """How many numbers each position has."""
    if not isinstance(coordinates, list | tuple) or not coordinates:
        return
    if isinstance(coordinates[0], list | tuple):
        for part in coordinates:
            yield from _lengths(part)
    else:
        yield len(coordinates)


def _cut(coordinates: Any, deep: bool) -> Any:
    if isinstance(coordinates[0], list | tuple):
        return [_cut(part, deep) for part in coordinates if part]
    return [*coordinates[:3], np.nan][:3] if deep else coordinates[:2]


def _property(properties: list[dict[str, Any]], name: str) -> Any:
    return np.array([*(own.get(name) for own in properties), None], object)[:-1]


def _from_bytes(raw: bytes) -> Features:
    """GeoJSON or WKB, which begins with a byte of 0 or 1."""
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if raw.lstrip(b" \t\r\n\x1e")[:1] != b"{" and not raw.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        return from_wkb([raw])
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"bytes of GeoJSON must be UTF-8; got {shown(raw)} ({error}); decode them and pass the text"
        ) from error
    return _from_text(text)


def _stated(crs: Any) -> Any:
    """What GeoJSON from before its standard, which GDAL still writes, says of its system."""
    if not isinstance(crs, dict):
        return crs
    properties = crs.get("properties") or {}
    code = properties.get("code")
    return properties.get("name") or (None if code is None else f"EPSG:{code}")


def _from_text(data: Any) -> Features:
    """GeoJSON, WKT or hexadecimal WKB as text, or a file that GDAL reads."""
    text = os.fspath(data)
    text = text.removeprefix("\ufeff") if isinstance(text, str) else text
    if isinstance(text, str) and (is_wkt(text) or is_hex(text)):
        return from_serial([text])
    if isinstance(text, str) and text.lstrip().startswith("{"):
        return _from_geojson_text(text)
    return from_file(os.fsdecode(data))


def _from_geojson_text(text: str) -> Features:
    """One, or several one after the other."""
    decode = json.JSONDecoder().raw_decode
    found: list[Any] = []
    lines: list[int] = []
    end, line = 0, 1
    while (begin := _BEGIN.search(text, end)) is not None:
        start = begin.start()
        line += text.count("\n", end, start)
        lines.append(line)
        try:
            value, end = decode(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            where = f", in what begins in line {line}" if found else ""
            raise InvalidInputError(
                f"text must be GeoJSON or a path; got {shown(text[start:])} ({error}{where}); check the text"
            ) from error
        line += text.count("\n", start, end)
        found.append(value)
    if len(found) == 1:
        return _from_geojson(found[0])
    return _from_geojson({"type": "FeatureCollection", "features": found}, lines)
