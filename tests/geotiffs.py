"""GeoTIFFs for the tests, made with rasterio."""

from __future__ import annotations

import warnings

import dems
import numpy as np
import rasterio
from rasterio.transform import from_bounds, from_origin


def write(path, data, *, transform=None, crs="EPSG:32611", **profile):
    """Write (H, W) or (N, H, W) `data` with its north-west corner at (400000, 3800000), 30 m cells."""
    data = np.asarray(data)
    data = data if data.ndim == 3 else data[None]
    count, rows, columns = data.shape
    scales, offsets = profile.pop("scales", None), profile.pop("offsets", None)
    units = profile.pop("units", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=columns,
            height=rows,
            count=count,
            dtype=data.dtype,
            crs=crs,
            transform=from_origin(400000, 3800000, 30, 30) if transform is None else transform,
            **profile,
        ) as file:
            file.write(data)
            if scales:
                file.scales = scales
            if offsets:
                file.offsets = offsets
            if units:
                file.units = units
    return path


def degrees(path, *, rows=60, columns=80, west=10.0, north=47.0, step=1 / 1200, **profile):
    """A DEM in longitude and latitude; returns the path and its heights."""
    heights = dems.ridge(rows, columns)
    transform = from_bounds(west, north - rows * step, west + columns * step, north, columns, rows)
    return write(path, heights, transform=transform, crs="EPSG:4326", **profile), heights
