"""Relief operators on whatever holds elevation: the same kind comes out as went in."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np

from .._bearings import is_true
from .._heights import as_heights
from .._raster import Placed, is_lazy
from . import _xarray
from ._blocks import in_blocks, reach_of_shadows
from ._convert import as_dem, is_georeferenced
from ._from_large import lazy_heights
from ._grid import Grid
from ._large import LargeDEM
from ._missing import told
from ._observer import where_one_stands
from ._raster import Raster

_Function = TypeVar("_Function", bound=Callable[..., Any])
_EVEN = 1e-3  # of a cell's width: rows that differ by less are computed as one
_WGS_84 = 6378137.0


def keeps_geography(unit: str | None = None) -> Callable[[_Function], _Function]:
    """Decorate ``operator(dem, *, spacing=None, ...)``, which knows arrays, so that it knows places too.

    An array gives what the operator gives. A DEM, path or rasterio dataset gives a `Raster`, a
    DataArray a DataArray with its own coordinates, dask-backed where it was, a LargeDEM one that is
    dask-backed. Heights reach the operator in metres, with cell sizes in metres; or in degrees, where it has ``geographic``.

    Where cells differ in size or bearing, one that has ``edges`` is computed with those of each cell, and one
    that looks far in parts. One that has ``north`` is told bearings, and one that has ``longitude``, where it lies.

    Parameters
    ----------
    unit : str, optional
        Of the result, unless the operator has an argument of that name.
    """

    def decorate(operator: _Function) -> _Function:
        code = operator.__code__
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

        @functools.wraps(operator)
        def applied(dem: Any, *args: Any, spacing: Any = None, **options: Any) -> Any:
            large = isinstance(dem, LargeDEM)
            if isinstance(dem, np.ndarray) or not (large or is_georeferenced(dem)):
                heights = dem if is_lazy(dem) else told(dem)
                return operator(heights, *args, spacing=spacing, **options)
            call = _Call(operator, names, args, options)
            said = options.get("unit", unit)
            name = operator.__name__
            if large:
                grid = dem._grid if spacing is None else dem._grid.with_spacing(spacing)
                heights = lazy_heights(dem)
                if dem.z_factor != 1:
                    heights = heights * np.float32(dem.z_factor)
                result = call.on(heights, grid)
                return _each(
                    result, name, lambda one, what: _xarray.to_dataarray(one, grid, what, said)
                )
            if _xarray.is_dataarray(dem):
                field = _xarray.read(dem, spacing=spacing)
                heights = field.heights
                if isinstance(heights, np.ndarray):
                    heights = as_heights(heights)
                field.warn(heights)
                if field.z_factor != 1:
                    heights = heights.astype(np.float32) * np.float32(field.z_factor)
                result = call.on(heights, field.grid)
                return _each(result, name, lambda one, what: _xarray.like(field, one, what, said))
            known = as_dem(dem, spacing=spacing)
            result = call.on(known.metres, known._grid)
            return _each(result, name, lambda one, what: Raster._of(one, known._grid, what, said))

        return cast("_Function", applied)

    return decorate


class _Call:
    """An operator with what it is asked, but for the ground."""

    def __init__(
        self, operator: Any, names: tuple[str, ...], args: tuple[Any, ...], options: dict[str, Any]
    ) -> None:
        self.operator, self.names, self.args, self.options = operator, names, args, options
        self.bears = "north" in names
        self.turned = not self.bears or is_true(options.get("north", "true"))

    def __call__(self, heights: Any, **place: Any) -> Any:
        return self.operator(heights, *self.args, **(place | self.options))

    def on(self, heights: Any, grid: Grid) -> Any:
        """What it makes of heights in metres that lie there."""
        if "longitude" in self.names:
            return self(Placed(heights, grid, self.turned), spacing=grid.spacing)
        if "edges" in self.names:
            return self._beside(heights, grid)
        if "body_radius" in self.names:
            told = where_one_stands(grid, heights, self.options)
            return self.operator(heights, *self.args, **(self.options | told))
        return self._far(heights, grid)

    def _beside(self, heights: Any, grid: Grid) -> Any:
        """Of a cell and its neighbours."""
        ground = grid.ground
        if "geographic" not in self.names:  # of heights alone
            return self(heights, spacing=grid.spacing)
        plain = ground.geodesy is None or ground.geodesy.plain
        if plain and not grid.stated and grid.crs is not None:
            if _on_wgs_84(grid):
                north = float(grid.coordinates[1][0])
                return self(heights, spacing=grid.cell, geographic=True, latitude=north)
            return self._by_rows(heights, grid)
        if ground.even and (plain or not self.bears or not self.turned):
            return self(heights, spacing=grid.spacing)
        return self(Placed(heights, grid, self.turned), spacing=grid.spacing)

    def _by_rows(self, heights: Any, grid: Grid) -> Any:
        """Each row with cells of its own size, for degrees that the operator does not know itself."""
        sizes = grid.spacing_by_row
        widths = sizes[:, 0]
        if widths.max() <= widths.min() * (1 + _EVEN):
            return self(heights, spacing=grid.spacing)
        rows = len(widths)
        parts: list[Any] = []
        first = 0
        while first < rows:
            last = first + 1
            while last < rows and abs(widths[last] / widths[first] - 1) <= _EVEN:
                last += 1
            above, below = max(first - 1, 0), min(last + 1, rows)
            dx, dy = sizes[first:last].mean(axis=0)
            part = self(heights[above:below], spacing=(float(dx), float(dy)))
            own = slice(first - above, last - above)
            if isinstance(part, dict):
                parts.append({name: one[own] for name, one in part.items()})
            else:
                parts.append(part[own])
            first = last
        if isinstance(parts[0], dict):
            return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        return np.concatenate(parts)

    def _far(self, heights: Any, grid: Grid) -> Any:
        """Of horizons and shadows: in parts, each with its own cells and bearings, where those differ."""
        radius = self.options.get("radius")
        if radius is None and isinstance(heights, np.ndarray):
            factor, altitude = self.options.get("vert_exag", 1.0), self.options.get("altitude")
            radius = reach_of_shadows(heights, grid, factor, altitude)
        return in_blocks(heights, grid, radius, self.bears and self.turned, self._part)

    def _part(self, heights: Any, grid: Grid) -> Any:
        if "azimuth" in self.names:
            given = self.options.get("azimuth")
            azimuth = grid.ground.on_grid(given) if self.turned else given
            return self.operator(
                heights, *self.args, spacing=grid.spacing, **(self.options | {"azimuth": azimuth})
            )
        if self.bears:
            heights = Placed(heights, grid, self.turned)
        return self(heights, spacing=grid.spacing)


def _each(result: Any, name: str, wrap: Callable[[Any, str], Any]) -> Any:
    """A raster, or each of a dict of rasters, with its place; what is no raster stays as it is."""
    if isinstance(result, dict):
        return {key: _each(one, key, wrap) for key, one in result.items()}
    return wrap(result, name) if getattr(result, "ndim", 0) == 2 else result


def _on_wgs_84(grid: Grid) -> bool:
    """Whether cells are degrees on WGS 84 or what differs from it by less than 100 m."""
    known = grid.ground.geodesy
    return (
        known is not None
        and abs(known.radius - _WGS_84) < 100
        and math.isclose(known.unit_degrees, 1.0, rel_tol=1e-9)
    )
