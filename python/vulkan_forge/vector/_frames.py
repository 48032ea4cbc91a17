"""Tables of pandas, with and without geopandas."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._columns import is_missing
from ._features import Features, from_serial, from_shapely, is_wkt

_CURE = (
    "pass geopandas.GeoDataFrame(df, geometry=geopandas.points_from_xy(df[x], df[y]), crs=...), or an array of its "
    "coordinates, df[[x, y]].to_numpy()"
)


def is_frame(data: object) -> bool:
    """Whether it is a table or a column of pandas, told without importing pandas."""
    return hasattr(data, "iloc") and hasattr(data, "to_numpy")


def from_geopandas(data: Any) -> Features:
    """The active geometries of a GeoDataFrame, or a GeoSeries."""
    series = data.geometry
    features = from_shapely(np.asarray(series.array, object), data.crs)
    return features if series is data else _beside(features, data)


def from_pandas(data: Any) -> Features:
    """A column of geometries, shapely's or serialised, or a table that has one.

    Raises
    ------
    InvalidInputError
        There is none, or more than one.
    """
    if data.ndim == 1:
        return _of_column(objects(data))
    listed = [objects(data.iloc[:, at]) for at in range(data.shape[1])]
    held = [at for at, column in enumerate(listed) if _is_geometry(column)]
    held = held or [at for at, column in enumerate(listed) if _is_text(column)]
    if len(held) != 1:
        names = [str(data.columns[at]) for at in held] or [str(name) for name in data.columns]
        raise InvalidInputError(
            f"a table must have one column of geometries; got {len(held)} ({', '.join(names)}); {_CURE}"
        )
    return _beside(_of_column(listed[held[0]]), data)


def objects(column: Any) -> npt.NDArray[Any]:
    """Its values as objects, None where one is missing."""
    values = np.asarray(column, object)
    found = np.empty(len(values), object)
    found[:] = [None if is_missing(value) else value for value in values.tolist()]
    return found


def _is_geometry(column: npt.NDArray[Any]) -> bool:
    known = [item for item in column if item is not None]
    return bool(known) and all(
        hasattr(item, "geom_type") or isinstance(item, bytes | bytearray | memoryview)
        for item in known
    )


def _is_text(column: npt.NDArray[Any]) -> bool:
    known = [item for item in column if item is not None]
    return bool(known) and all(isinstance(item, str) and is_wkt(item) for item in known)


def _of_column(column: npt.NDArray[Any]) -> Features:
    known = [item for item in column if item is not None]
    if any(hasattr(item, "geom_type") for item in known):
        return from_shapely(column)
    if all(isinstance(item, bytes | bytearray | memoryview | str) for item in known):
        return from_serial(column.tolist())
    row = next(
        row
        for row, item in enumerate(column)
        if not isinstance(item, bytes | bytearray | memoryview | str | None)
    )
    raise InvalidInputError(
        f"a column must hold geometries; got {shown(column[row])} in row {row}; {_CURE}"
    )


def _beside(features: Features, table: Any) -> Features:
    names = [str(name) for name in table.columns]
    return features._replace(column=partial(_column, table), names=names)


def _column(table: Any, wanted: str) -> Any:
    places = [at for at, name in enumerate(table.columns) if str(name) == wanted]
    if len(places) > 1:
        raise InvalidInputError(
            f"column {wanted!r} must stand in the table once; got it {len(places)} times; rename them"
        )
    return table.iloc[:, places[0]]
