"""DataArrays in and out, with coordinate systems written as rioxarray and CF write them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ._grid import Grid, make_grid
from ._units import known_unit, parse_crs

_X = ("x", "lon", "longitude", "easting", "projection_x_coordinate")
_Y = ("y", "lat", "latitude", "northing", "projection_y_coordinate")
_UNEVEN = 1e-3  # of a step: coordinates in float32 are that coarse


def is_dataarray(obj: object) -> bool:
    """Whether `obj` is an xarray object, without importing xarray."""
    return hasattr(obj, "dims") and hasattr(obj, "coords")


class Field(NamedTuple):
    """What a DataArray of heights says."""

    array: Any
    """The DataArray, 2-D, dimensions in the order (y, x), as it came otherwise."""
    heights: Any
    """NumPy or dask array (H, W), row 0 north, NaN where nothing is."""
    transform: tuple[float, ...] | None
    crs: Any
    z_unit: str | None
    turned: tuple[bool, bool]
    """Whether rows, columns were turned round."""


def read(array: Any, band: int | None = None, nodata: Any = None, crs: Any = None) -> Field:
    """Find axes, order, place, system, unit and missing cells of a DataArray.

    Raises
    ------
    InvalidInputError
        A Dataset, no two dimensions left, or coordinates that are not evenly spaced.
    """
    if hasattr(array, "data_vars"):
        names = ", ".join(repr(name) for name in array.data_vars)
        raise InvalidInputError(
            f"dem must be one variable; got an xarray.Dataset of {names}; pass for example ds[name]"
        )
    array = _two_dimensional(array, band)
    y, x = _axes(array)
    array = array.transpose(y, x)
    crs = parse_crs(crs) if crs is not None else _crs(array)
    steps = [_steps(array, name) for name in (y, x)]
    south_up = steps[0] is not None and steps[0][1] > 0
    west_up = steps[1] is not None and steps[1][1] < 0
    heights = _without_missing(array, nodata)
    heights = heights[:: -1 if south_up else 1, :: -1 if west_up else 1]
    transform = None
    if steps[0] is not None and steps[1] is not None:
        (y0, dy), (x0, dx) = steps[0], steps[1]
        north = y0 + dy * (array.shape[0] - 1) if south_up else y0
        west = x0 + dx * (array.shape[1] - 1) if west_up else x0
        dx, dy = abs(dx), abs(dy)
        transform = (dx, 0.0, west - dx / 2, 0.0, -dy, north + dy / 2)
        if crs is None and _degrees(array, x, y):
            crs = parse_crs("EPSG:4326")
    unit = array.attrs.get("units")
    z_unit = unit if known_unit(unit) is not None else None
    return Field(array, heights, transform, crs, z_unit, (south_up, west_up))


def grid_of(field: Field, spacing: Any = None) -> Grid:
    """Where it lies."""
    shape = (field.array.shape[0], field.array.shape[1])
    crs = field.crs if field.transform is not None else None
    return make_grid(shape, transform=field.transform, spacing=spacing, crs=crs)[0]


def like(field: Field, result: Any, name: str | None, unit: str | None) -> Any:
    """`result`, north up and of the field's shape, as a DataArray beside the one that came in."""
    south_up, west_up = field.turned
    result = result[:: -1 if south_up else 1, :: -1 if west_up else 1]
    attrs = {key: field.array.attrs[key] for key in ("grid_mapping",) if key in field.array.attrs}
    attrs |= {"units": unit} if unit else {}
    made = field.array.copy(data=result)
    made.attrs, made.name = attrs, name
    made.encoding = {k: v for k, v in field.array.encoding.items() if k == "grid_mapping"}
    return made


def to_dataarray(data: npt.NDArray[Any], grid: Grid, name: str | None, unit: str | None) -> Any:
    """(H, W) or (H, W, bands) as a DataArray with coordinates of the cells' centres."""
    xarray = require("xarray", "xarray", "to_xarray")
    x, y = grid.coordinates
    dims: tuple[str, ...] = ("y", "x")
    coords: dict[str, Any] = {"y": ("y", y), "x": ("x", x)}
    if data.ndim == 3:
        dims, data = ("band", "y", "x"), np.moveaxis(data, -1, 0)
        coords["band"] = ("band", ["red", "green", "blue", "alpha"][: data.shape[0]])
    made = xarray.DataArray(data, dims=dims, coords=coords, name=name)
    for axis, word in (("x", "longitude"), ("y", "latitude")):
        if grid.geographic:
            units = {"x": "degrees_east", "y": "degrees_north"}[axis]
            made[axis].attrs = {"standard_name": word, "units": units}
        else:
            made[axis].attrs = {"standard_name": f"projection_{axis}_coordinate"}
    if unit:
        made.attrs["units"] = unit
    if grid.crs is not None:
        wkt = grid.crs.to_wkt()
        a, b, c, d, e, f = grid.geotransform
        place = f"{c} {a} {b} {f} {d} {e}"  # GDAL's order
        attrs = {"crs_wkt": wkt, "spatial_ref": wkt, "GeoTransform": place}
        made = made.assign_coords(spatial_ref=((), 0, attrs))
        made.encoding["grid_mapping"] = "spatial_ref"
    return made


def _two_dimensional(array: Any, band: int | None) -> Any:
    if array.ndim == 3:
        name = next(
            (str(d) for d in array.dims if str(d).lower() in ("band", "bands", "time")), None
        )
        name = name or next((str(d) for d in array.dims if array.sizes[d] == 1), None)
        if name is not None:
            count = array.sizes[name]
            if band is None and count > 1:
                raise InvalidInputError(
                    f"dem must be 2-D; got {count} entries along {name!r}; "
                    f"choose one, for example da.isel({name}=0)"
                )
            if band is not None and not 1 <= band <= count:
                raise InvalidInputError(
                    f"band must be a whole number in 1..{count}; got {band!r}; the array has no other"
                )
            array = array.isel({name: (band or 1) - 1})
    array = array.squeeze(drop=False) if array.ndim > 2 else array
    if array.ndim != 2:
        raise InvalidInputError(
            f"dem must be 2-D; got dimensions {tuple(map(str, array.dims))} of {array.shape}; "
            "choose one entry of the others with da.isel(...)"
        )
    return array


def _axes(array: Any) -> tuple[str, str]:
    """Names of the dimensions that run along y and x; the last is x where names tell nothing."""
    found: dict[str, Any] = {}
    for dim in array.dims:
        attrs = array[dim].attrs if dim in array.coords else {}
        words = {str(dim).lower(), str(attrs.get("standard_name", "")).lower()}
        axis = str(attrs.get("axis", "")).lower()
        if axis == "x" or words & set(_X):
            found["x"] = dim
        elif axis == "y" or words & set(_Y):
            found["y"] = dim
    first, second = array.dims
    x = found.get("x", first if found.get("y") == second else second)
    return (second if x == first else first), x


def _steps(array: Any, name: str) -> tuple[float, float] | None:
    """First coordinate and even step along a dimension; None where it has no coordinate."""
    if name not in array.coords or array[name].ndim != 1:
        if any(array[c].ndim == 2 for c in array.coords):
            raise InvalidInputError(
                "coordinates must be 1-D along y and x; got 2-D ones, so the grid is curved or rotated; "
                "regrid it first, for example with da.rio.reproject(...)"
            )
        return None
    values = np.asarray(array[name].values)
    if values.dtype.kind not in "iuf" or len(values) < 2:
        return None
    values = values.astype(np.float64)
    step = (values[-1] - values[0]) / (len(values) - 1)
    even = values[0] + step * np.arange(len(values))
    if step == 0 or not np.abs(values - even).max() <= max(
        _UNEVEN * abs(step), 4e-7 * np.abs(values).max() if array[name].dtype == np.float32 else 0
    ):
        raise InvalidInputError(
            f"coordinate {name!r} must be evenly spaced; got steps from "
            f"{np.diff(values).min():g} to {np.diff(values).max():g}; interpolate first, for example "
            f"da.interp({name}=np.linspace(...))"
        )
    return float(values[0]), float(step)


def _crs(array: Any) -> Any:
    """As rioxarray would find it, with or without rioxarray."""
    named = array.encoding.get("grid_mapping") or array.attrs.get("grid_mapping") or "spatial_ref"
    attrs = array.coords[named].attrs if named in array.coords else {}
    for text in (attrs.get("spatial_ref"), attrs.get("crs_wkt"), array.attrs.get("crs")):
        if text:
            return parse_crs(text)
    return None


def _degrees(array: Any, x: str, y: str) -> bool:
    words = [(str(axis).lower(), str(array[axis].attrs.get("units", ""))) for axis in (x, y)]
    return all(
        name in ("lon", "longitude", "lat", "latitude") or unit.startswith("degree")
        for name, unit in words
    )


def _without_missing(array: Any, nodata: Any) -> Any:
    """The numbers, lazily where they are lazy, NaN where the array says that nothing is."""
    if nodata is None:
        # Once a reader has masked the cells, rioxarray keeps the mark in the encoding alone.
        nodata = array.attrs.get("_FillValue", array.attrs.get("missing_value"))
    data = array.data
    scale, offset = array.attrs.get("scale_factor", 1.0), array.attrs.get("add_offset", 0.0)
    missing = None
    if nodata is not None and not np.isnan(nodata):
        missing = data == (
            np.asarray(nodata).astype(data.dtype) if data.dtype.kind == "f" else nodata
        )
    if (scale, offset) != (1.0, 0.0):
        data = data.astype(np.float64) * scale + offset
    if missing is None:
        return data
    if isinstance(data, np.ndarray):
        return np.ma.array(data, mask=missing)
    kept = data.astype(np.float32)
    kept[missing] = np.nan
    return kept
