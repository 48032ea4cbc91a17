"""Where a raster file lies: its transform, or its ground control points, or nowhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ._failures import ours
from ._units import parse_crs
from ._warnings import CRSMissingWarning, tell

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
        return tuple(dataset.transform)[:6], parse_crs(dataset.crs)
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
        _refuse("arrays of longitude and latitude", "gdalwarp -geoloc in.tif out.tif")
    if needed and dataset.crs:
        tell(
            f"{dataset.name} has a coordinate system ({dataset.crs}) but no transform, so its cells count as 1 x 1 m; "
            "pass spacing=(dx, dy) in metres, or vf.DEM(data, transform=, crs=)",
            CRSMissingWarning,
        )
    return None, None


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
