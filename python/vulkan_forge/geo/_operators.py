"""Relief operators on whatever holds elevation: the same kind comes out as went in."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from . import _xarray
from ._convert import as_dem, is_georeferenced
from ._raster import Raster
from ._units import metres_of

_Function = TypeVar("_Function", bound=Callable[..., Any])
_EVEN = 1e-3  # of a cell's width: rows that differ by less are computed as one


def keeps_geography(
    unit: str | None = None, *, by_rows: bool = False
) -> Callable[[_Function], _Function]:
    """Decorate ``operator(dem, *, spacing=None, ...)``, which knows arrays, so that it knows places too.

    An array gives what the operator gives. A DEM, path or rasterio dataset gives a `Raster`, a
    DataArray a DataArray with its own coordinates, dask-backed where it was. Heights reach the
    operator in metres, with cell sizes in metres.

    Parameters
    ----------
    unit : str, optional
        Of the result.
    by_rows : bool
        Whether a row of the result depends on the rows beside it alone, as with 3 x 3 windows. Where
        cells change their size from row to row, as degrees do, each is then computed with its own.
    """

    def decorate(operator: _Function) -> _Function:
        @functools.wraps(operator)
        def applied(dem: Any, *, spacing: Any = None, **options: Any) -> Any:
            if isinstance(dem, np.ndarray) or not is_georeferenced(dem):
                return operator(dem, spacing=spacing, **options)
            call = functools.partial(operator, **options)
            if _xarray.is_dataarray(dem):
                field = _xarray.read(dem)
                heights, grid = field.heights, _xarray.grid_of(field, spacing)
                factor = metres_of(field.z_unit or "m")
                if factor != 1:
                    heights = heights.astype(np.float32) * np.float32(factor)
                result = _computed(call, heights, grid, by_rows)
                return _xarray.like(field, result, operator.__name__, unit)
            known = as_dem(dem, spacing=spacing)
            result = _computed(call, known.metres, known._grid, by_rows)
            return Raster._of(result, known._grid, operator.__name__, unit)

        return cast("_Function", applied)

    return decorate


def _computed(call: Callable[..., Any], heights: Any, grid: Any, by_rows: bool) -> Any:
    if not by_rows or grid.stated:
        return call(heights, spacing=grid.spacing)
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
