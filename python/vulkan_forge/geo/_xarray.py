"""DataArrays in and out, with coordinate systems written as rioxarray and CF write them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from . import _cf
from ._failures import quiet
from ._grid import Grid, make_grid
from ._lengths import metres_of
from ._plausible import warn, warn_of_place
from ._units import horizontal_unit, is_derived, named, parse_crs
from ._valid import a_few
from ._warnings import CRSMissingWarning, tell

_UNEVEN = 0.02  # of a step, off the even places: coordinates are written with a few digits
_SINGLE = 1.2e-7  # of a number: what float32 leaves of it
_PLACE = 0.2  # of a step: numbers written so finely may stand for even ones


def is_dataarray(obj: object) -> bool:
    """Whether `obj` is an xarray object, without importing xarray."""
    return hasattr(obj, "dims") and hasattr(obj, "coords")


class Field(NamedTuple):
    """What a DataArray of heights says."""

    array: Any
    """The DataArray, 2-D, dimensions in the order (y, x), as it came otherwise."""
    heights: Any
    """NumPy or dask array (H, W), row 0 north, NaN where nothing is."""
    grid: Grid
    z_unit: str | float | None
    """Unit of the heights, if it is stated and a known length."""
    turned: tuple[bool, bool]
    """Whether rows, columns were turned round."""

    @property
    def z_factor(self) -> float:
        """Metres in one unit of height."""
        return metres_of(self.z_unit or "m")

    def when_bare(self, nodata: Any, masked: bool) -> Callable[[], object] | None:
        """What warns if limits are why there is no height, once it is known that there is none; None where they were told."""
        if isinstance(self.heights, np.ndarray) or not masked:
            return None
        return functools.partial(_point_out_limits, self.array, nodata)

    def warn(self, heights: Any) -> None:
        """Warn of what is likely wrong, as a `DEM` does; of `heights` only where they are at hand."""
        stated = self.z_unit is not None or self.grid.stated
        if isinstance(heights, np.ndarray):
            warn(heights, self.grid, self.z_factor, stated=stated)
        else:
            warn_of_place(self.grid, stated)


def _point_out_limits(array: Any, nodata: Any) -> None:
    rows, columns = (
        np.unique([np.arange(first, first + count) for first, count in a_few(side)])
        for side in array.shape
    )
    few = array[rows, columns].compute()
    _cf.heights(few, nodata, _band_of(few, None), True)


def read(
    array: Any,
    band: int | None = None,
    nodata: Any = None,
    crs: Any = None,
    spacing: Any = None,
    masked: bool = True,
    z_unit: Any = None,
) -> Field:
    """Find axes, order, place, system, unit and missing cells of a DataArray; arguments win over it.

    Raises
    ------
    InvalidInputError
        A Dataset, no two dimensions left, coordinates that are not evenly spaced, or that contradict the
        coordinate system.
    """
    if hasattr(array, "data_vars"):
        names = ", ".join(repr(name) for name in array.data_vars)
        raise InvalidInputError(
            f"dem must be one variable; got an xarray.Dataset of {names}; pass for example ds[name]"
        )
    index = _band_of(array, band)
    known = parse_crs(crs) if crs is not None else _cf.system(array)
    array = _two_dimensional(array, band)
    y, x = _cf.axes(array)
    array = array.transpose(y, x)
    transform, known, sure = _transform(array, x, y, known, spacing)
    if spacing is None and sure and known is None and transform is not None:
        spacing = (abs(transform[0]), abs(transform[4]))
    grid, south_up, west_up = make_grid(
        (array.shape[0], array.shape[1]),
        transform=transform,
        spacing=spacing,
        crs=known if transform is not None else None,
    )
    heights = _cf.heights(array, nodata, index, masked)
    heights = heights[:: -1 if south_up else 1, :: -1 if west_up else 1]
    unit = z_unit if z_unit is not None else _cf.height_unit(array, index)
    return Field(array, heights, grid, unit, (south_up, west_up))


def _transform(
    array: Any, x: str, y: str, crs: Any, spacing: Any
) -> tuple[tuple[float, ...] | None, Any, bool]:
    """(a, b, c, d, e, f) in units of the system, the system, and whether the coordinates' unit is known."""
    along_x, along_y = _steps(array, x), _steps(array, y)
    if along_x is None or along_y is None:
        found = _cf.geotransform(array)
        if crs is not None and found is None and spacing is None and all(array.shape):
            tell(
                f"the array has a coordinate system ({named(crs)}) but no two coordinates of numbers along both {y!r} and "
                f"{x!r}, so its cells count as 1 x 1 m; pass spacing=(dx, dy) in metres, or vf.DEM(data, transform=, crs=)",
                CRSMissingWarning,
            )
        return found, crs, False
    scales = _cf.coordinate_scales(array, x, y, crs, needed=spacing is None)
    x0, dx = (number * scales[0] for number in along_x)
    y0, dy = (number * scales[1] for number in along_y)
    return (dx, 0.0, x0 - dx / 2, 0.0, dy, y0 - dy / 2), scales[2], scales[3]


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
    for axis in ("x", "y"):
        made[axis].attrs = _coordinate_attrs(grid, axis)
    if unit:
        made.attrs["units"] = unit
    if grid.crs is not None:
        with quiet():
            wkt = grid.crs.to_wkt()
        a, b, c, d, e, f = grid.geotransform
        place = f"{c} {a} {b} {f} {d} {e}"  # GDAL's order
        attrs = {"crs_wkt": wkt, "spatial_ref": wkt, "GeoTransform": place}
        made = made.assign_coords(spatial_ref=((), 0, attrs))
        made.encoding["grid_mapping"] = "spatial_ref"
    return made


def _digits(values: npt.NDArray[np.float64], step: float) -> float:
    """The last decimal place that the numbers have, where that is far less than a step; else 0."""
    for decimals in range(9):
        place = 10.0**-decimals
        if (
            place <= _PLACE * step
            and np.abs(values - np.round(values, decimals)).max() < 1e-3 * place
        ):
            return place
    return 0.0


def _coordinate_attrs(grid: Grid, axis: str) -> dict[str, str]:
    if grid.crs is None:
        return {"standard_name": f"projection_{axis}_coordinate"}
    if not grid.geographic:
        unit = horizontal_unit(grid.crs)[0]
        return {"standard_name": f"projection_{axis}_coordinate", "units": unit}
    if is_derived(grid.crs):
        return {
            "standard_name": {"x": "grid_longitude", "y": "grid_latitude"}[axis],
            "units": "degrees",
        }
    word, unit = {"x": ("longitude", "degrees_east"), "y": ("latitude", "degrees_north")}[axis]
    return {"standard_name": word, "units": unit}


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
                    f"band must be a whole number in 1..{count}; got {shown(band)}; the array has no other"
                )
            array = array.isel({name: (band or 1) - 1})
    array = array.squeeze(drop=False) if array.ndim > 2 else array
    if array.ndim != 2:
        raise InvalidInputError(
            f"dem must be 2-D; got dimensions {tuple(map(str, array.dims))} of {array.shape}; "
            "choose one entry of the others with da.isel(...)"
        )
    return array


def _band_of(array: Any, band: int | None) -> int:
    """Which entry of attributes that have one for each band."""
    chosen = array.coords.get("band")
    if band is None and chosen is not None and chosen.ndim == 0 and chosen.dtype.kind in "iu":
        return max(1, int(chosen))
    return band if isinstance(band, int) and band > 0 else 1


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
    single = values.dtype.itemsize < 8 and values.dtype.kind == "f"
    values = values.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        single = single or bool((values.astype(np.float32) == values).all())
    if _cf.turns(array, name):  # from 359 on to 0, or from 180 on to -180
        values = np.unwrap(values, period=360)
    if not np.isfinite(values).all():
        raise InvalidInputError(
            f"coordinate {name!r} must be evenly spaced; got {np.count_nonzero(~np.isfinite(values))} of {len(values)} "
            f"that are not finite; leave those cells out, or da.interp({name}=np.linspace(...)) what is known"
        )
    step = (values[-1] - values[0]) / (len(values) - 1)
    even = values[0] + step * np.arange(len(values))
    rounded = 2 * _SINGLE * np.abs(values).max() if single else _digits(values, abs(step))
    if step == 0 or not np.abs(values - even).max() <= max(_UNEVEN * abs(step), rounded):
        raise InvalidInputError(
            f"coordinate {name!r} must be evenly spaced; got steps from "
            f"{np.diff(values).min():g} to {np.diff(values).max():g}; interpolate first, for example "
            f"da.interp({name}=np.linspace(...))"
        )
    return float(values[0]), float(step)
