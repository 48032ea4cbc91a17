"""Whatever holds elevation, as a DEM."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np

from .._numbers import text_or_none
from .._vulkan_forge import InvalidInputError
from . import _cf, _xarray
from ._dem import DEM
from ._lengths import heard
from ._missing import marks_of
from ._raster import Raster
from ._read import from_dataset, open


def is_path(obj: object) -> bool:
    """A str or os.PathLike."""
    return isinstance(obj, str | os.PathLike)


def is_dataset(obj: object) -> bool:
    """A rasterio dataset or WarpedVRT, told without importing rasterio."""
    return all(hasattr(obj, name) for name in ("read", "transform", "crs", "count", "scales"))


def is_georeferenced(obj: object) -> bool:
    """Whether `as_dem` knows more of it than an array's numbers."""
    return (
        isinstance(obj, Raster)
        or is_path(obj)
        or _xarray.is_dataarray(obj)
        or is_dataset(obj)
        or _is_triple(obj)
    )


def _is_triple(obj: object) -> bool:
    return isinstance(obj, tuple) and len(obj) == 3 and np.ndim(obj[0]) == 2


def as_dem(obj: Any, **overrides: Any) -> DEM:
    """Turn whatever holds elevation into a `DEM`.

    Parameters
    ----------
    obj : DEM, path, rasterio dataset, xarray.DataArray, (data, transform, crs), or array_like (H, W)
        A DataArray's place comes from its coordinates, evenly spaced, in any order; its coordinate
        system from rioxarray's or CF's attributes, or from names such as ``lat`` and ``lon``.
    **overrides
        ``spacing``, ``crs``, ``z_unit``, ``nodata``, ``name`` as in `DEM`, with arrays also
        ``transform``, ``bounds``, ``extent``; for datasets and paths also ``band``, ``window``,
        ``bounds``, ``overview``, ``masked``, ``encoding`` as in `open`; for a DataArray ``masked`` (whether the
        marks of missing cells and the valid range in its attributes count), and ``band`` where it has that dimension.

    Raises
    ------
    InvalidInputError, ImageFileError, MissingExtraError
        As for `DEM` and `open`.
    """
    overrides = {name: value for name, value in overrides.items() if value is not None}
    try:
        if isinstance(obj, Raster):
            return _from_raster(obj, overrides)
        if is_path(obj):
            return open(obj, **overrides)
        if is_dataset(obj):
            return from_dataset(obj, **overrides)
        if _xarray.is_dataarray(obj):
            return _from_dataarray(obj, **overrides)
        if _is_triple(obj):
            return DEM(obj[0], **({"transform": obj[1], "crs": obj[2]} | overrides))
        return DEM(obj, **overrides)
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        name = str(error).rpartition(" ")[2]
        raise InvalidInputError(
            f"as_dem takes no {name} for {type(obj).__name__}; got {', '.join(overrides)}; leave it out"
        ) from None


def _from_raster(raster: Raster, overrides: dict[str, Any]) -> DEM:
    if isinstance(raster, DEM) and not overrides:
        return raster
    own: dict[str, Any] = {"name": raster.name}
    if "z_unit" not in overrides:
        own["z_unit"] = raster.z_unit if isinstance(raster, DEM) else heard(raster.unit)
    if raster._grid.local:
        own["spacing"] = raster.spacing
    else:
        own |= {"transform": raster._grid.geotransform, "crs": raster.crs}
    return DEM(raster.data, **(own | overrides))


def _from_dataarray(
    array: Any,
    *,
    band: int | None = None,
    nodata: Any = None,
    masked: bool = True,
    crs: Any = None,
    z_unit: Any = None,
    spacing: Any = None,
    name: str | None = None,
) -> DEM:
    field = _xarray.read(array, band, nodata, crs, spacing, masked, z_unit)
    heights = field.heights
    if not isinstance(heights, np.ndarray):  # dask: computed here
        heights = np.asarray(heights)
        if np.isnan(heights).all():
            # Perhaps by limits, which are pointed out where numbers are there.
            _cf.heights(field.array.compute(), nodata, _xarray._band_of(array, band), masked)
    grid = field.grid
    return DEM(
        heights,
        transform=grid.geotransform,
        crs=grid.crs,
        nodata=math.nan if any(math.isnan(mark) for mark in marks_of(nodata)) else None,
        z_unit=field.z_unit,
        spacing=grid.spacing if grid.stated else None,
        name=text_or_none(name, "name") or (None if array.name is None else str(array.name)),
    )
