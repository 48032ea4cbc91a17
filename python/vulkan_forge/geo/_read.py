"""Elevation out of files, through rasterio."""

from __future__ import annotations

import math
import operator
import os
from typing import Any

import numpy as np

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import ImageFileError, InvalidInputError
from ._dem import DEM, cells_within
from ._failures import opened
from ._grid import make_grid
from ._lengths import heard
from ._missing import marks_of
from ._place import place_of
from ._samples import Cells, point_out_limits, samples
from ._warnings import DecimationWarning, tell

_PREVIEW = 4096  # cells a side of overview="auto"
_NAMED = 8  # rasters of a file that a message names


def open(
    path: str | os.PathLike[str],
    *,
    band: int = 1,
    window: Any = None,
    bounds: tuple[float, float, float, float] | None = None,
    overview: int | str | None = None,
    nodata: Any = None,
    masked: bool = True,
    encoding: str | None = None,
    crs: Any = None,
    z_unit: Any = None,
    spacing: tuple[float, float] | None = None,
) -> DEM:
    """Read a DEM from a file that GDAL knows, GeoTIFF and COG first of all.

    Nodata, masks, scale and offset are applied: missing cells become NaN. South-up rasters are turned.
    Ground control points on a north-up grid count as its transform. Of a file that holds a single other
    raster (netCDF, HDF5, GeoPackage), that one is read.

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
    nodata : float or sequence of float, optional
        Heights that mark missing cells, beside what the file itself marks.
    masked : bool, default True
        Whether the file's own nodata and masks count.
    encoding : {"terrarium", "mapbox"}, optional
        How the red, green and blue of a picture encode heights; where all three are 0, nothing is.
    crs, z_unit, spacing : optional
        As in `DEM`, in place of what the file says. With `z_unit` a band of colours counts as heights.

    Raises
    ------
    ImageFileError
        Missing, or no raster.
    InvalidInputError
        No such band, colours in it, several rasters in the file, nothing in window or bounds, a rotated
        transform or none but by warping, or another bad argument.
    MissingExtraError
        rasterio is not installed.

    Warns
    -----
    CRSMissingWarning, VerticalScaleWarning, NodataWarning
        As for `DEM`; of a unit of heights that is not known.
    DecimationWarning
        `overview` left samples out.
    """
    if not isinstance(path, str | os.PathLike):
        raise InvalidInputError(
            f"path must be a str or os.PathLike; got {type(path).__name__}; use vf.as_dem for objects"
        )
    with _opened(path) as dataset:
        return from_dataset(
            dataset,
            band=band,
            window=window,
            bounds=bounds,
            overview=overview,
            nodata=nodata,
            masked=masked,
            encoding=encoding,
            crs=crs,
            z_unit=z_unit,
            spacing=spacing,
        )


def _opened(path: str | os.PathLike[str]) -> Any:
    require("rasterio", "geo", "vf.open")
    expected = f"{os.fspath(path)!r}: expected a raster that GDAL can read"
    return opened(expected, "check the path", fp=path)


def from_dataset(
    dataset: Any,
    *,
    band: int = 1,
    window: Any = None,
    bounds: Any = None,
    overview: Any = None,
    nodata: Any = None,
    masked: bool = True,
    encoding: str | None = None,
    crs: Any = None,
    z_unit: Any = None,
    spacing: Any = None,
) -> DEM:
    """As `open`, from an open rasterio dataset or WarpedVRT, which stays open."""
    if dataset.count == 0:
        with _opened(_only_part(dataset)) as part:
            return from_dataset(
                part,
                band=band,
                window=window,
                bounds=bounds,
                overview=overview,
                nodata=nodata,
                masked=masked,
                encoding=encoding,
                crs=crs,
                z_unit=z_unit,
                spacing=spacing,
            )
    index = _band(dataset, band)
    geotransform, system = place_of(dataset, needed=spacing is None)
    cells = _part(dataset, geotransform, window, bounds)
    factor = _factor(overview, cells.rows, cells.columns)
    data = samples(
        dataset,
        index,
        cells,
        factor,
        nodata=nodata,
        masked=masked,
        encoding=encoding,
        colours=z_unit is not None,
    )
    if masked and encoding is None:
        point_out_limits(dataset, index, cells, nodata, data)
    transform = None
    if geotransform is not None:
        a, b, c, d, e, f = geotransform
        across, down = cells.columns / data.shape[1], cells.rows / data.shape[0]
        corner = c + a * cells.column + b * cells.row, f + d * cells.column + e * cells.row
        transform = (a * across, b * down, corner[0], d * across, e * down, corner[1])
    elif crs is not None:
        raise InvalidInputError(
            f"crs needs a place; got crs={crs!r} for {dataset.name}, which has no transform; pass "
            "vf.DEM(dataset.read(1), transform=, crs=), or spacing=(dx, dy) in metres without crs"
        )
    elif spacing is None:
        spacing = (float(factor), float(factor))
    if z_unit is None and encoding is None:
        z_unit = heard(dataset.units[index - 1])
    dem = DEM(
        data,
        transform=transform,
        crs=None if transform is None else crs if crs is not None else system,
        nodata=math.nan if nodata is not None and _is_nan(nodata) else None,
        z_unit="m" if encoding is not None and z_unit is None else z_unit,
        spacing=spacing,
        name=dataset.descriptions[index - 1] if encoding is None else None,
    )
    if factor > 1:
        dx, dy = dem.spacing
        tell(
            f"one cell stands for {factor} x {factor} of {dataset.name} (cells of {dx:.3g} x {dy:.3g} m); "
            "leave out overview= to read every sample",
            DecimationWarning,
        )
    return dem


def _is_nan(nodata: Any) -> bool:
    return any(math.isnan(mark) for mark in marks_of(nodata))


def _only_part(dataset: Any) -> str:
    """Name of the one raster in a file that is a folder of rasters."""
    parts = [str(name) for name in dataset.subdatasets]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        raise ImageFileError(
            f"{dataset.name}: expected a raster, got a file without bands; pass another file"
        )
    names = ", ".join(map(repr, parts[:_NAMED])) + (", ..." if len(parts) > _NAMED else "")
    raise InvalidInputError(
        f"{dataset.name} must hold one raster; got {len(parts)}: {names}; pass the name of one, for example "
        f"vf.open({parts[0]!r})"
    )


def _band(dataset: Any, band: Any) -> int:
    try:
        index = operator.index(band)
    except TypeError:
        index = 0
    if isinstance(band, bool) or not 1 <= index <= dataset.count:
        raise InvalidInputError(
            f"band must be a whole number in 1..{dataset.count}; got {shown(band)}; {dataset.name} has no other"
        )
    kind = dataset.dtypes[index - 1]
    if (
        str(kind).startswith("complex") or np.dtype(kind).kind not in "biuf"
    ):  # GDAL has more of these than NumPy
        raise InvalidInputError(
            f"band {index} must hold real numbers; got {kind}; choose another band"
        )
    return index


def _part(dataset: Any, geotransform: Any, window: Any, bounds: Any) -> Cells:
    """The part to read, in the file's own order."""
    rows, columns = dataset.shape
    if window is not None and bounds is not None:
        raise InvalidInputError("expected window or bounds; got both; pass one")
    if bounds is not None:
        if geotransform is None:
            raise InvalidInputError(
                f"bounds need a place; got a file without a transform, {dataset.name}; pass window="
            )
        grid, south_up, west_up = make_grid(
            (rows, columns), transform=geotransform, crs=dataset.crs
        )
        row, column, height, width = cells_within(grid, bounds)
        row = rows - row - height if south_up else row
        column = columns - column - width if west_up else column
        return Cells(row, column, height, width)
    if window is None:
        return Cells(0, 0, rows, columns)
    try:
        if hasattr(window, "toranges"):
            window = window.toranges()
        (top, bottom), (left, right) = ((operator.index(a), operator.index(b)) for a, b in window)
    except (TypeError, ValueError):
        top = bottom = left = right = -1
    if not (0 <= top < bottom <= rows and 0 <= left < right <= columns):
        raise InvalidInputError(
            f"window must lie within {rows} rows and {columns} columns; got {shown(window)}; "
            "pass ((row, row), (column, column)) or a rasterio Window of whole cells"
        )
    return Cells(top, left, bottom - top, right - left)


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
            f"overview must be 'auto' or a whole number of at least 1; got {shown(overview)}; pass for example 4"
        )
    return factor
