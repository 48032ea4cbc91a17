"""Where a raster file lies: its transform, or its ground control points, or nowhere."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ._failures import ours
from ._lengths import known_unit
from ._units import parse_crs
from ._warnings import CRSMissingWarning, tell

_EAST, _NORTH = (re.compile(rf"degrees?_?{word}$", re.I) for word in ("e(ast)?", "n(orth)?"))
_NEAR = 0.25  # of a cell: control points that lie so close to a transform are that transform, as for GDAL


def place_of(dataset: Any, needed: bool) -> tuple[tuple[float, ...] | None, Any]:
    """(a, b, c, d, e, f) and coordinate system; (None, None) of a file that has no place.

    The identity is what rasterio gives where a file has no transform: it is not a raster with row 0 in the
    south. `needed` is False where the caller gives cell sizes.

    Raises
    ------
    InvalidInputError
        Only warping would give the raster a transform.
    """
    if not dataset.transform.is_identity:
        transform = tuple(dataset.transform)[:6]
        return (transform, parse_crs(dataset.crs)) if dataset.crs else _by_units(dataset, transform)
    points, system = getattr(dataset, "gcps", None) or ([], None)
    if points:
        found = _through(points)
        if found is not None:
            return found, parse_crs(system or dataset.crs)
        if needed:
            _refuse(
                f"{len(points)} ground control points that no north-up transform fits",
                "rasterio.vrt.WarpedVRT(dataset, src_crs=dataset.gcps[1], crs=dataset.gcps[1])",
            )
    elif needed and getattr(dataset, "rpcs", None) is not None:
        _refuse(
            "rational polynomial coefficients",
            "rasterio.vrt.WarpedVRT(dataset, src_crs='EPSG:4326', crs='EPSG:4326', rpcs=dataset.rpcs)",
        )
    elif needed and dataset.tags(ns="GEOLOCATION"):
        _refuse(
            "arrays of longitude and latitude (GDAL's geolocation)",
            "rasterio.vrt.WarpedVRT(dataset, src_crs='EPSG:4326', crs='EPSG:4326')",
        )
    elif needed and len(axes := _axes_of_netcdf(dataset)) > 1:
        name = dataset.tags(1).get("NETCDF_VARNAME", "name")
        raise InvalidInputError(
            f"expected a transform from cells to coordinates; got coordinates of which GDAL makes none ({', '.join(axes)}); "
            f"read it through xarray, for example vf.as_dem(xarray.open_dataset(path, decode_coords='all')[{name!r}]), "
            "or pass spacing=(dx, dy) in metres"
        )
    if needed and dataset.crs:
        tell(
            f"{dataset.name} has a coordinate system ({dataset.crs}) but no transform, so its cells count as 1 x 1 m; "
            "pass spacing=(dx, dy) in metres, or vf.DEM(data, transform=, crs=)",
            CRSMissingWarning,
        )
    return None, None


def _by_units(dataset: Any, transform: tuple[float, ...]) -> tuple[tuple[float, ...], Any]:
    """Place of a netCDF without a grid mapping, from the units of its coordinates, which GDAL hands on as they stand.

    Degrees are those of WGS 84, as in a DataArray of the same file; lengths become metres.
    """
    units = _units_of_netcdf(dataset)
    degrees = all(any(axis.match(unit) for unit in units.values()) for axis in (_EAST, _NORTH))
    if degrees and not dataset.tags(ns="GEOLOCATION"):
        return transform, parse_crs("EPSG:4326")
    across, up = (known_unit(units.get(name, "")) for name in ("x", "y"))
    if across is None or up is None:
        return transform, None
    a, b, c, d, e, f = transform
    return (a * across, b * across, c * across, d * up, e * up, f * up), None


def _units_of_netcdf(dataset: Any) -> dict[str, str]:
    """By variable, but for the heights' own; nothing of another file."""
    if dataset.driver != "netCDF":
        return {}
    own = dataset.tags(1).get("NETCDF_VARNAME")
    split = {key.partition("#")[::2]: str(value) for key, value in dataset.tags().items()}
    return {name: unit for (name, what), unit in split.items() if what == "units" and name != own}


def _axes_of_netcdf(dataset: Any) -> list[str]:
    """Coordinates in lengths or angles, in words."""
    return [
        f"{name} in {unit}"
        for name, unit in _units_of_netcdf(dataset).items()
        if known_unit(unit) is not None or unit.lower().startswith(("deg", "rad"))
    ]


def _through(points: Any) -> tuple[float, ...] | None:
    """The north-up transform on which the control points lie; None where there is none such."""
    transform = require("rasterio.transform", "geo", "ground control points")
    with ours(
        "ground control points must lie on the raster and span it",
        "pass spacing=(dx, dy) in metres",
    ):
        found = transform.from_gcps(points)
    a, b, c, d, e, f = numbers = tuple(map(float, tuple(found)[:6]))
    if not np.isfinite(numbers).all() or not a or not e:
        return None
    if abs(b) > 1e-6 * abs(a) or abs(d) > 1e-6 * abs(e):
        return None
    place = np.array([(point.col, point.row, point.x, point.y) for point in points], np.float64)
    off_x = (a * place[:, 0] + b * place[:, 1] + c - place[:, 2]) / a
    off_y = (d * place[:, 0] + e * place[:, 1] + f - place[:, 3]) / e
    return (a, 0.0, c, 0.0, e, f) if np.hypot(off_x, off_y).max() <= _NEAR else None


def _refuse(what: str, cure: str) -> None:
    raise InvalidInputError(
        f"expected a transform from cells to coordinates; got {what}; warp it first, for example "
        f"vf.as_dem({cure}), or pass spacing=(dx, dy) in metres"
    )
