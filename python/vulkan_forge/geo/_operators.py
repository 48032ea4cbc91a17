"""Relief operators on whatever holds elevation: the same kind comes out as went in."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from .._heights import as_heights, told
from .._raster import is_lazy
from . import _xarray
from ._convert import as_dem, is_georeferenced
from ._grid import Grid
from ._pictures import warn_of_span
from ._raster import Raster
from ._units import ellipsoid, radians_per_unit

_Function = TypeVar("_Function", bound=Callable[..., Any])
_EVEN = 1e-3  # of a cell's width: rows that differ by less are computed as one
_WGS_84 = 6378137.0


def keeps_geography(
    unit: str | None = None, *, by_rows: bool = False
) -> Callable[[_Function], _Function]:
    """Decorate ``operator(dem, *, spacing=None, ...)``, which knows arrays, so that it knows places too.

    An array gives what the operator gives. A DEM, path or rasterio dataset gives a `Raster`, a
    DataArray a DataArray with its own coordinates, dask-backed where it was. Heights reach the
    operator in metres, with cell sizes in metres; or in degrees, where it has ``geographic``. One that
    asks for the sun's ``latitude`` and ``longitude`` has those of the middle unless they are given.

    Parameters
    ----------
    unit : str, optional
        Of the result, unless the operator has an argument of that name.
    by_rows : bool
        Whether a row of the result depends on the rows beside it alone, as with 3 x 3 windows. Where
        cells change their size from row to row, as degrees do, each is then computed with its own.
    """

    def decorate(operator: _Function) -> _Function:
        code = operator.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        takes_degrees, takes_a_place = "geographic" in names, "longitude" in names

        @functools.wraps(operator)
        def applied(dem: Any, *args: Any, spacing: Any = None, **options: Any) -> Any:
            if isinstance(dem, np.ndarray) or not is_georeferenced(dem):
                heights = dem if is_lazy(dem) else told(dem)
                return operator(heights, *args, spacing=spacing, **options)

            def call(heights: Any, **place: Any) -> Any:
                return operator(heights, *args, **(place | options))

            def computed(heights: Any, grid: Grid) -> Any:
                if takes_a_place and grid.crs is not None:
                    longitude, latitude = grid.middle
                    place = {"longitude": longitude, "latitude": latitude}
                    return call(heights, spacing=grid.spacing, **place)
                if takes_degrees and _in_degrees(grid):
                    north = float(grid.coordinates[1][0])
                    return call(heights, spacing=grid.cell, geographic=True, latitude=north)
                if by_rows and not grid.stated:
                    return _by_rows(call, heights, grid)
                warn_of_span(grid)
                return call(heights, spacing=grid.spacing)

            said = options.get("unit", unit)
            name = operator.__name__
            if _xarray.is_dataarray(dem):
                field = _xarray.read(dem, spacing=spacing)
                heights = field.heights
                if isinstance(heights, np.ndarray):
                    heights = as_heights(heights)
                field.warn(heights)
                if field.z_factor != 1:
                    heights = heights.astype(np.float32) * np.float32(field.z_factor)
                result = computed(heights, field.grid)
                return _each(result, name, lambda one, what: _xarray.like(field, one, what, said))
            known = as_dem(dem, spacing=spacing)
            result = computed(known.metres, known._grid)
            return _each(result, name, lambda one, what: Raster._of(one, known._grid, what, said))

        return cast("_Function", applied)

    return decorate


def _each(result: Any, name: str, wrap: Callable[[Any, str], Any]) -> Any:
    """A raster, or each of a dict of rasters, with its place; what is no raster stays as it is."""
    if isinstance(result, dict):
        return {key: _each(one, key, wrap) for key, one in result.items()}
    return wrap(result, name) if getattr(result, "ndim", 0) == 2 else result


def _in_degrees(grid: Grid) -> bool:
    """Whether cells are degrees on WGS 84 or what differs from it by less than 100 m."""
    return (
        grid.geographic
        and not grid.stated
        and abs(ellipsoid(grid.crs)[0] - _WGS_84) < 100
        and math.isclose(radians_per_unit(grid.crs), math.pi / 180, rel_tol=1e-9)
    )


def _by_rows(call: Callable[..., Any], heights: Any, grid: Grid) -> Any:
    sizes = grid.spacing_by_row
    widths = sizes[:, 0]
    if widths.max() <= widths.min() * (1 + _EVEN):
        return call(heights, spacing=grid.spacing)
    rows = len(widths)
    parts, first = [], 0
    while first < rows:
        last = first + 1
        while last < rows and abs(widths[last] / widths[first] - 1) <= _EVEN:
            last += 1
        above, below = max(first - 1, 0), min(last + 1, rows)
        dx, dy = sizes[first:last].mean(axis=0)
        part = call(heights[above:below], spacing=(float(dx), float(dy)))
        parts.append(part[first - above : first - above + last - first])
        first = last
    return np.concatenate(parts)
