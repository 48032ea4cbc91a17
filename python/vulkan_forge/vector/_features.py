"""Geometries with what is known of each row, and how shapely's and WKB become them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ..geo._warnings import GeographyWarning, tell
from ._shapes import LINE, POINT, RING, Shapes, joined, pieces, said


class GeometryWarning(GeographyWarning):
    """Some features have no geometry and are not drawn, or one that hardly is what was meant."""


class Features(NamedTuple):
    """Geometries with what is known of each row."""

    shapes: Shapes
    rows: int
    """How many, those without geometry included."""
    crs: Any
    """Whatever names a coordinate system; None where the data does not say."""
    column: Callable[[str], Any]
    """The values of a column by its name, one of `names`: as many as there are rows."""
    names: Sequence[str]
    """Of the columns."""
    arrays: bool = False
    """Whether they are bare arrays: coordinates without any CRS of their own."""


def no_columns(name: str) -> Any:
    """The columns of what has none."""
    raise KeyError(name)


def from_shapely(geometries: npt.NDArray[Any], crs: Any = None) -> Features:
    """Points, lines and polygons of any kind; those that are None or empty are left out with a warning."""
    shapely = require("shapely", "vector", "reading geometries")
    try:
        kinds = shapely.get_type_id(geometries)
    except TypeError as error:
        row = next(
            row
            for row, item in enumerate(geometries)
            if not isinstance(item, shapely.Geometry | None)
        )
        raise InvalidInputError(
            f"geometries must be shapely's; got {shown(geometries[row])} in row {row} ({error}); pass one layer for each source"
        ) from error
    # A collection may hold collections.
    flat, rows = geometries, np.arange(len(geometries))
    while (deep := kinds > 3).any():
        parts, index = shapely.get_parts(flat[deep], return_index=True)
        flat = np.concatenate([flat[~deep], parts])
        rows = np.concatenate([rows[~deep], rows[deep][index]])
        kinds = shapely.get_type_id(flat)
    order = np.argsort(rows, kind="stable")  # pieces are in the order of their rows
    flat, rows, kinds = flat[order], rows[order], kinds[order]
    empty = (kinds < 0) | shapely.is_empty(flat)
    missing = np.setdiff1d(np.arange(len(geometries)), rows[~empty])
    if len(missing):
        tell(
            f"{said(missing)} of {len(geometries)} have no geometry, and are not drawn",
            GeometryWarning,
        )
    crs = _by_srid(flat[~empty]) if crs is None else crs
    found = []
    for kind, wanted in (
        (POINT, kinds == 0),
        (LINE, (kinds == 1) | (kinds == 2)),
        (RING, kinds == 3),
    ):
        chosen = flat[wanted & ~empty]
        if not len(chosen):
            continue
        own, holes = rows[wanted & ~empty], None
        if kind == RING:
            chosen, index = shapely.get_rings(chosen, return_index=True)
            own = own[index]
            holes = np.concatenate([[False], index[1:] == index[:-1]])
        deep = bool(shapely.has_z(chosen).any())
        coordinates, index = shapely.get_coordinates(chosen, include_z=deep, return_index=True)
        offsets = np.concatenate([[0], np.cumsum(np.bincount(index, minlength=len(chosen)))])
        z = np.ascontiguousarray(coordinates[:, 2]) if deep else None
        found.append(pieces(kind, coordinates[:, :2], z, offsets, own, holes))
    return Features(joined(found), len(geometries), crs, no_columns, ())


def _by_srid(geometries: npt.NDArray[Any]) -> str | None:
    """The system that PostGIS and its like write into geometries; None where none is."""
    shapely = require("shapely", "vector", "reading geometries")
    numbers = set(shapely.get_srid(geometries).tolist()) - {0, -1}
    if len(numbers) > 1:
        raise InvalidInputError(
            f"geometries must be in one coordinate system; got SRIDs {shown(sorted(numbers))}; transform them to one, or pass "
            "one layer for each"
        )
    return f"EPSG:{numbers.pop()}" if numbers else None


def from_serial(items: list[Any], crs: Any = None) -> Features:
    """Well-known binary, as bytes or in hexadecimal, or well-known text, one for each row; None is no geometry."""
    known = [item for item in items if item is not None]
    texts = bool(known) and all(isinstance(item, str) for item in known)
    if texts and not all(is_hex(item) for item in known):
        return _from_wkt(items, crs)
    return from_wkb([_bare(item) for item in items], crs)


_HEX = re.compile(r"\s*0[01](?:[0-9A-Fa-f]{2}){4,}\s*$")
_WKT = re.compile(
    r"\s*(?:SRID=(?P<srid>\d+);\s*)?(?P<shape>(?:MULTI)?(?:POINT|LINESTRING|LINEARRING|POLYGON|GEOMETRYCOLLECTION|CURVE"
    r"|CIRCULARSTRING|COMPOUNDCURVE|CURVEPOLYGON|SURFACE|POLYHEDRALSURFACE|TIN|TRIANGLE)\s*Z?M?\s*(?:\(|EMPTY).*)",
    re.IGNORECASE | re.DOTALL,
)


def _bare(item: Any) -> Any:
    """Bytes of any kind as bytes, and hexadecimal without blanks around it, as shapely takes them."""
    if isinstance(item, str):
        return item.strip()
    return bytes(item) if isinstance(item, bytearray | memoryview) else item


def is_hex(text: str) -> bool:
    """Whether a text is well-known binary in hexadecimal."""
    return _HEX.match(text) is not None


def is_wkt(text: str) -> bool:
    """Whether a text is well-known text, PostGIS's with its SRID too."""
    return _WKT.match(text) is not None


def _from_wkt(items: list[Any], crs: Any) -> Features:
    shapely = require("shapely", "vector", "reading WKT")
    geometries = np.empty(len(items), object)
    for row, item in enumerate(items):
        found = None if item is None else _WKT.match(item)
        try:
            if found:
                geometry = shapely.from_wkt(found["shape"])
                geometries[row] = shapely.set_srid(geometry, int(found["srid"] or 0))
            elif item is not None:
                raise ValueError("no kind of geometry begins it")
        except (
            shapely.errors.ShapelyError,
            NotImplementedError,
            ValueError,
            OverflowError,
        ) as error:
            raise InvalidInputError(
                f"WKT must be well-known text; got {shown(item)} in row {row} ({error}); check where it comes from"
            ) from error
    return from_shapely(geometries, crs)


def from_wkb(items: list[Any], crs: Any = None) -> Features:
    """Well-known binary, as bytes or in hexadecimal, one for each row."""
    shapely = require("shapely", "vector", "reading WKB")
    try:
        geometries = shapely.from_wkb(np.array(items, object))
    except (shapely.errors.ShapelyError, NotImplementedError, TypeError) as error:
        row = next((row for row, item in enumerate(items) if _is_broken(item)), 0)
        raise InvalidInputError(
            f"WKB must be well-known binary; got {shown(items[row])} in row {row} ({error}); check where it comes from"
        ) from error
    return from_shapely(geometries, crs)


def _is_broken(item: Any) -> bool:
    shapely = require("shapely", "vector", "reading WKB")
    try:
        shapely.from_wkb(item)
    except Exception:  # of which class depends on what is wrong
        return True
    return False
