"""Elevation out of files, through rasterio."""

from __future__ import annotations

import math
import operator
import os
import warnings
from typing import Any

import numpy as np

from .._extras import require
from .._vulkan_forge import ImageFileError, InvalidInputError
from ._dem import DEM, cells_within, mark_missing
from ._grid import make_grid
from ._units import known_unit
from ._warnings import DecimationWarning, tell

_PREVIEW = 4096  # cells a side of overview="auto"


def open(
    path: str | os.PathLike[str],
    *,
    band: int = 1,
    window: Any = None,
    bounds: tuple[float, float, float, float] | None = None,
    overview: int | str | None = None,
    nodata: float | None = None,
    crs: Any = None,
    z_unit: Any = None,
    spacing: tuple[float, float] | None = None,
) -> DEM:
    """Read a DEM from a file that GDAL knows, GeoTIFF and COG first of all.

    Nodata, masks, scale and offset are applied: missing cells become NaN. South-up rasters are turned.

    Parameters
    ----------
    path : str or os.PathLike
        A file, or whatever else ``rasterio.open`` takes.
    band : int, default 1
        Counted from 1.
    window : rasterio.windows.Window, or ((row, row), (column, column)), optional
        Part of the file to read, in cells.
    bounds : (left, bottom, right, top), optional
        Part of the file to read, in its coordinates: every cell that they touch.
    overview : int or "auto", optional
        Thin by this factor, from the file's overviews where it has them, with a warning. "auto" is
        the least power of two that leaves at most 4096 cells a side. By default every sample is read.
    nodata : float, optional
        A height that marks missing cells, in place of the file's.
    crs, z_unit, spacing : optional
        As in `DEM`, in place of what the file says.

    Raises
    ------
    ImageFileError
        Missing, or no raster.
    InvalidInputError
        No such band, nothing in window or bounds, a rotated transform, or another bad argument.
    MissingExtraError
        rasterio is not installed.

    Warns
    -----
    CRSMissingWarning, VerticalScaleWarning
        As for `DEM`.
    DecimationWarning
        `overview` left samples out.
    """
    rasterio = require("rasterio", "geo", "vf.open")
    if not isinstance(path, str | os.PathLike):
        raise InvalidInputError(
            f"path must be a str or os.PathLike; got {type(path).__name__}; use vf.as_dem for objects"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        try:
            dataset = rasterio.open(path)
        except (rasterio.errors.RasterioError, ValueError) as error:  # the second of no text
            raise ImageFileError(
                f"{os.fspath(path)!r}: expected a raster that GDAL can read, got: {error}; check the path"
            ) from error
    with dataset:
        return from_dataset(
            dataset,
            band=band,
            window=window,
            bounds=bounds,
            overview=overview,
            nodata=nodata,
            crs=crs,
            z_unit=z_unit,
            spacing=spacing,
        )


def from_dataset(
    dataset: Any,
    *,
    band: int = 1,
    window: Any = None,
    bounds: Any = None,
    overview: Any = None,
    nodata: Any = None,
    crs: Any = None,
    z_unit: Any = None,
    spacing: Any = None,
) -> DEM:
    """As `open`, from an open rasterio dataset or WarpedVRT, which stays open."""
    rasterio = require("rasterio", "geo", "a rasterio dataset")
    index = _band(dataset, band)
    row, column, rows, columns = _part(dataset, window, bounds)
    factor = _factor(overview, rows, columns)
    shape = (math.ceil(rows / factor), math.ceil(columns / factor))
    cells = rasterio.windows.Window(column, row, columns, rows)
    try:
        data = dataset.read(
            index,
            window=cells,
            out_shape=shape,
            masked=nodata is None,
            resampling=rasterio.enums.Resampling.average,
        )
    except (rasterio.errors.RasterioError, OSError) as error:
        raise ImageFileError(
            f"{dataset.name}: expected a whole raster, got: {error}; fetch the file again"
        ) from error
    data = _scaled(
        mark_missing(data, nodata), dataset.scales[index - 1], dataset.offsets[index - 1]
    )
    transform = None
    if not (dataset.transform.is_identity and dataset.crs is None):
        a, b, c, d, e, f = tuple(dataset.transform)[:6]
        across, down = columns / shape[1], rows / shape[0]
        corner = c + a * column + b * row, f + d * column + e * row
        transform = (a * across, b * down, corner[0], d * across, e * down, corner[1])
    elif spacing is None and crs is None:
        spacing = (float(factor), float(factor))
    unit = dataset.units[index - 1]
    if z_unit is None and known_unit(unit) is not None:
        z_unit = unit
    dem = DEM(
        data,
        transform=transform,
        crs=crs if crs is not None else dataset.crs,
        z_unit=z_unit,
        spacing=spacing,
        name=dataset.descriptions[index - 1],
    )
    if factor > 1:
        dx, dy = dem.spacing
        tell(
            f"one cell stands for {factor} x {factor} of {dataset.name} (cells of {dx:.3g} x {dy:.3g} m); "
            "leave out overview= to read every sample",
            DecimationWarning,
        )
    return dem


def _scaled(data: Any, scale: float, offset: float) -> Any:
    if (scale, offset) == (1.0, 0.0):
        return data
    return data.astype(np.float64) * scale + offset


def _band(dataset: Any, band: Any) -> int:
    try:
        index = operator.index(band)
    except TypeError:
        index = 0
    if isinstance(band, bool) or not 1 <= index <= dataset.count:
        raise InvalidInputError(
            f"band must be a whole number in 1..{dataset.count}; got {band!r}; {dataset.name} has no other"
        )
    kind = dataset.dtypes[index - 1]
    if np.dtype(kind).kind not in "biuf":
        raise InvalidInputError(
            f"band {index} must hold real numbers; got {kind}; choose another band"
        )
    return index


def _part(dataset: Any, window: Any, bounds: Any) -> tuple[int, int, int, int]:
    """(row, column, rows, columns) in the file's own order."""
    rows, columns = dataset.shape
    if window is not None and bounds is not None:
        raise InvalidInputError("expected window or bounds; got both; pass one")
    if bounds is not None:
        grid, south_up, west_up = make_grid(
            (rows, columns), transform=dataset.transform, crs=dataset.crs
        )
        row, column, height, width = cells_within(grid, bounds)
        row = rows - row - height if south_up else row
        column = columns - column - width if west_up else column
        return row, column, height, width
    if window is None:
        return 0, 0, rows, columns
    try:
        if hasattr(window, "toranges"):
            window = window.toranges()
        (top, bottom), (left, right) = ((operator.index(a), operator.index(b)) for a, b in window)
    except (TypeError, ValueError):
        top = bottom = left = right = -1
    if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
        raise InvalidInputError(
            f"window must lie within {rows} rows and {columns} columns; got {window!r}; "
            "pass ((row, row), (column, column)) or a rasterio Window of whole cells"
        )
    return top, left, bottom - top, right - left


def _factor(overview: Any, rows: int, columns: int) -> int:
    if overview is None:
        return 1
    if overview == "auto":
        factor = 1
        while max(rows, columns) > factor * _PREVIEW:
            factor *= 2
        return factor
    try:
        factor = operator.index(overview)
    except TypeError:
        factor = 0
    if isinstance(overview, bool) or not 1 <= factor <= max(rows, columns):
        raise InvalidInputError(
            f"overview must be 'auto' or a whole number of at least 1; got {overview!r}; pass for example 4"
        )
    return factor
