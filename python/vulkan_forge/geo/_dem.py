"""Elevation with its geography."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._heights import as_heights
from .._numbers import is_one_of, reals, shown, text_or_none
from .._vulkan_forge import InvalidInputError, dem_stats
from ._failures import ours
from ._grid import Grid, make_grid
from ._lengths import metres_of, spelt
from ._missing import mark_missing, marks_of
from ._plausible import warn
from ._projections import serving
from ._raster import Raster, north_up
from ._units import parse_crs, vertical_unit


class DEM(Raster):
    """Heights with their place on the ground: what `open` and `as_dem` return.

    ``render`` and ``relief`` take cell sizes and the unit of heights from it. Rows run south and
    columns east, whatever the source had; heights stay in their own unit.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Any real dtype, or a masked array. NaN and masked cells are holes.
    transform, bounds, extent, spacing, crs
        As in `Raster`: one of the first three, or none and `spacing`. Cell sizes follow from `crs`: for
        longitude and latitude on its ellipsoid, for projections in their unit, corrected
        where they distort lengths by more than 0.2 % (Web Mercator): geodesics on the system's own ellipsoid.
    nodata : float or sequence of float, optional
        Heights that mark missing cells; NaN says that none does.
    z_unit : str or float, optional
        Unit of the heights, "m", "ft", "US survey foot", "m2 s-2" (geopotential), ..., or metres in one;
        by default that of `crs`, if it is compound, or metres.
    name : str, optional

    Raises
    ------
    InvalidInputError
        An argument is not as above, or the transform is rotated.
    MissingExtraError
        `crs` is given and rasterio is not installed.

    Warns
    -----
    CRSMissingWarning
        A place without `crs`.
    VerticalScaleWarning
        Heights and cells can hardly have these units.
    NodataWarning
        A height stands apart from all others and is a usual mark of missing cells, such as -9999.
    """

    __slots__ = ("_z_factor", "_z_unit")

    def __init__(
        self,
        data: Any,
        *,
        transform: Any = None,
        bounds: Any = None,
        extent: Any = None,
        spacing: Any = None,
        crs: Any = None,
        nodata: Any = None,
        z_unit: Any = None,
        name: str | None = None,
    ) -> None:
        heights = as_heights(mark_missing(data, nodata))
        self._grid, south_up, west_up = make_grid(
            (heights.shape[0], heights.shape[1]),
            transform=transform,
            bounds=bounds,
            extent=extent,
            spacing=spacing,
            crs=crs,
        )
        self._data = np.ascontiguousarray(north_up(heights, south_up, west_up))
        self.name = text_or_none(name, "name")
        stated = z_unit
        if stated is None and self.crs is not None:
            stated = vertical_unit(self.crs)
        self._z_unit = "m" if stated is None else stated
        self._z_factor = metres_of(self._z_unit)
        self.unit = spelt(self._z_unit)
        warn(
            self._data,
            self._grid,
            self._z_factor,
            stated=stated is not None or spacing is not None,
            marked=any(math.isnan(mark) for mark in marks_of(nodata)),
        )

    @classmethod
    def _made(cls, data: npt.NDArray[Any], grid: Grid, like: Any) -> DEM:
        dem = cls.__new__(cls)
        dem._data, dem._grid, dem.name, dem.unit = data, grid, like.name, like.unit
        dem._z_unit, dem._z_factor = like._z_unit, like._z_factor
        return dem

    @property
    def z_unit(self) -> str | float:
        """Unit of the heights."""
        unit: str | float = self._z_unit
        return unit

    @property
    def z_factor(self) -> float:
        """Metres in one unit of height."""
        return self._z_factor

    @property
    def metres(self) -> npt.NDArray[np.float32]:
        """Heights in metres, (H, W) float32; no copy where they are in metres already."""
        return self._data if self._z_factor == 1 else self._data * np.float32(self._z_factor)

    def stats(self) -> tuple[float, float, float, float]:
        """Least, greatest, mean and population standard deviation in the DEM's own unit."""
        least, greatest, mean, deviation = dem_stats(self._data)
        return least, greatest, mean, deviation

    def crop(self, bounds: tuple[float, float, float, float]) -> DEM:
        """The cells that `bounds` = (left, bottom, right, top) touches, in coordinates.

        Raises
        ------
        InvalidInputError
            None does.
        """
        row, column, rows, columns = cells_within(self._grid, bounds)
        data = np.ascontiguousarray(self._data[row : row + rows, column : column + columns])
        return self._made(data, self._grid.part(row, column, rows, columns), self)

    def _moved(self, x: float, y: float, crs: Any = None) -> DEM:
        """The same ground so far to the east and north, in units of `crs`, in which it lies then; no copy of the heights."""
        return self._made(self._data, self._grid.moved(x, y, crs), self)

    def reproject(
        self, crs: Any = None, *, resolution: float | None = None, resampling: str = "bilinear"
    ) -> DEM:
        """Warp to another coordinate system, with square cells.

        Parameters
        ----------
        crs : optional
            By default one in metres that serves this DEM: the UTM zone of the middle (near the poles: UPS)
            where cells differ by less than 1 % in it, else the conformal projection about the middle in
            which they differ least.
        resolution : float, optional
            Size of the new cells in units of `crs`; by default as GDAL chooses.
        resampling : str
            Name of one of ``rasterio.warp.Resampling``.

        Raises
        ------
        InvalidInputError
            The DEM has no coordinate system, or an argument is not as above.
        MissingExtraError
            rasterio is not installed.
        """
        if self.crs is None:
            raise InvalidInputError(
                "reproject needs to know where the DEM lies; got one without crs; "
                "make it with crs= and transform= or bounds="
            )
        warp = require("rasterio.warp", "geo", "reproject")
        methods = warp.Resampling.__members__
        if not is_one_of(resampling, tuple(methods)):
            raise InvalidInputError(
                f"resampling must be one of {', '.join(methods)}; got {shown(resampling)}; pass 'bilinear'"
            )
        wanted = parse_crs(crs)
        with ours(
            f"reproject: expected a way from {self.crs} to {wanted or 'one that serves it'}",
            "pass a crs= on the same body in which the whole DEM has a place, or crop it first",
        ):
            target = wanted or serving(self._grid)
            transform, width, height = warp.calculate_default_transform(
                self.crs, target, self.shape[1], self.shape[0], *self.bounds, resolution=resolution
            )
            data = np.full((height, width), np.nan, np.float32)
            warp.reproject(
                self._data,
                data,
                src_transform=self.transform,
                src_crs=self.crs,
                src_nodata=math.nan,
                dst_transform=transform,
                dst_crs=target,
                dst_nodata=math.nan,
                resampling=methods[resampling],
            )
        grid = make_grid((height, width), transform=transform, crs=target)[0]
        return self._made(data, grid, self)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw heights with ``imshow`` on `ax` (by default the current axes), in coordinates."""
        return super().plot(ax, **({"cmap": "terrain"} | options))


def cells_within(grid: Grid, bounds: Any) -> tuple[int, int, int, int]:
    """(row, column, rows, columns) of the cells that bounds in coordinates touch."""
    edges = reals(bounds)
    left, bottom, right, top = edges if len(edges) == 4 else (math.nan,) * 4
    if not (left < right and bottom < top):
        raise InvalidInputError(
            f"bounds must be (left, bottom, right, top) with left < right and bottom < top; got {shown(bounds)}; "
            "pass four numbers in the raster's own coordinates"
        )
    (x, y), (dx, dy), (rows, columns) = grid.corner, grid.cell, grid.shape
    near = 1e-6  # of a cell: rounding of bounds that lie on edges
    first, last = math.floor((left - x) / dx + near), math.ceil((right - x) / dx - near)
    north, south = math.floor((y - top) / dy + near), math.ceil((y - bottom) / dy - near)
    first, last, north, south = max(first, 0), min(last, columns), max(north, 0), min(south, rows)
    if first >= last or north >= south:
        raise InvalidInputError(
            f"bounds must touch the raster, which lies at {grid.bounds}; got {tuple(bounds)}; "
            "pass bounds in the raster's own coordinates"
        )
    return north, first, south - north, last - first
