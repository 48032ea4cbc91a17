"""Where a raster lies, and how large its cells are on the ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .._numbers import reals, shown
from .._vulkan_forge import InvalidInputError
from ._ground import Ground
from ._units import parse_crs, radians_per_unit

_NORTH_UP = (
    "expected columns that run east and rows that run south; warp it first, for example "
    "vf.as_dem(rasterio.vrt.WarpedVRT(dataset, crs=dataset.crs)) or gdalwarp in.tif out.tif"
)


class Grid:
    """North-up cells of equal size in a coordinate system. Immutable.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    corner : (float, float)
        The north-west corner of the north-west cell, (x, y) in units of `crs`.
    cell : (float, float)
        Width and height of a cell in units of `crs`, both > 0.
    crs : rasterio.crs.CRS, optional
    spacing : (float, float), optional
        Cell size in metres on the ground, where the caller knows better than `crs`.
    """

    __slots__ = ("_ground", "_rows", "_spacing", "cell", "corner", "crs", "shape", "stated")

    def __init__(
        self,
        shape: tuple[int, int],
        corner: tuple[float, float],
        cell: tuple[float, float],
        crs: Any = None,
        spacing: tuple[float, float] | None = None,
    ) -> None:
        self.shape = (int(shape[0]), int(shape[1]))
        self.corner = (float(corner[0]), float(corner[1]))
        self.cell = (float(cell[0]), float(cell[1]))
        self.crs = crs
        self._spacing = spacing
        self.stated = spacing is not None
        self._rows: npt.NDArray[np.float64] | None = None
        self._ground: Ground | None = None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(left, bottom, right, top) of the cells' outer edges, as in rasterio."""
        (rows, columns), (left, top), (dx, dy) = self.shape, self.corner, self.cell
        return left, top - rows * dy, left + columns * dx, top

    @property
    def geotransform(self) -> tuple[float, float, float, float, float, float]:
        """(a, b, c, d, e, f): x = a column + b row + c, y = d column + e row + f."""
        return self.cell[0], 0.0, self.corner[0], 0.0, -self.cell[1], self.corner[1]

    @property
    def coordinates(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """x (W,) of the columns' and y (H,) of the rows' centres."""
        (rows, columns), (left, top), (dx, dy) = self.shape, self.corner, self.cell
        across = np.arange(columns, dtype=np.float64) + 0.5
        down = np.arange(rows, dtype=np.float64) + 0.5
        return left + across * dx, top - down * dy

    @property
    def geographic(self) -> bool:
        """Whether coordinates are longitude and latitude."""
        return self.crs is not None and bool(self.crs.is_geographic)

    @property
    def local(self) -> bool:
        """Whether there is no coordinate system and the caller gave cell sizes in metres."""
        return self.crs is None and self.stated

    @property
    def ground(self) -> Ground:
        """How its cells lie on the ground."""
        if self._ground is None:
            self._check_latitudes()
            self._ground = Ground(self)
        return self._ground

    @property
    def spacing(self) -> tuple[float, float]:
        """Cell size (dx, dy) in metres on the ground, in the middle of the raster."""
        return self._spacing if self._spacing is not None else self.ground.spacing

    @property
    def spacing_by_row(self) -> npt.NDArray[np.float64]:
        """(H, 2). Cell size (dx, dy) in metres on the ground, in the middle of each row."""
        if self._rows is None:
            if self.stated:
                self._rows = np.tile(np.asarray(self._spacing, np.float64), (self.shape[0], 1))
            else:
                self._rows = self.ground.rows()
        return self._rows

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude of the middle in degrees on its own ellipsoid.

        Raises
        ------
        InvalidInputError
            No coordinate system, or one that does not lie on a body there.
        """
        latitude, longitude = self.ground.place
        if not math.isfinite(latitude):
            raise InvalidInputError(
                f"expected a DEM whose middle has a longitude and latitude; got {self.crs or 'no crs'} with bounds "
                f"{self.bounds}; pass position= or latitude= and longitude="
            )
        return longitude, latitude

    def __reduce__(self) -> tuple[Any, ...]:
        spacing = self._spacing if self.stated else None
        return Grid, (self.shape, self.corner, self.cell, self.crs, spacing)

    def with_spacing(self, spacing: tuple[float, float]) -> Grid:
        """The same with cell sizes of the caller's own."""
        return Grid(self.shape, self.corner, self.cell, self.crs, spacing)

    def measured(self, spacing: Any) -> Grid:
        """The same place with cell sizes that a caller wants; without a place, coordinates are metres from the middle still.

        Raises
        ------
        InvalidInputError
            No cell sizes.
        """
        if self.local:
            return make_grid(self.shape, spacing=spacing)[0]
        return self.with_spacing(_pair(spacing))

    def moved(self, x: float, y: float, crs: Any = None) -> Grid:
        """The same so far to the east and north, in units of `crs`; in another system, if that is given."""
        corner = self.corner[0] + x, self.corner[1] + y
        grid = Grid(self.shape, corner, self.cell, self.crs if crs is None else crs)
        return grid.with_spacing(self.spacing) if self.stated else grid

    def part(self, row: int, column: int, rows: int, columns: int) -> Grid:
        """The cells from (row, column) on; may reach beyond."""
        corner = self.corner[0] + column * self.cell[0], self.corner[1] - row * self.cell[1]
        grid = Grid((rows, columns), corner, self.cell, self.crs)
        return grid.with_spacing(self.spacing) if self.stated else grid

    def _check_latitudes(self) -> None:
        if not self.geographic:
            return
        unit = radians_per_unit(self.crs)
        y = self.coordinates[1]
        farthest = max(abs(y[0]), abs(y[-1])) * unit
        if farthest > math.pi / 2 * 1.01:
            raise InvalidInputError(
                f"latitudes must be within 90 degrees; got {math.degrees(farthest):g} in {self.crs}; "
                "pass the raster's true crs="
            )


def make_grid(
    shape: tuple[int, int],
    *,
    transform: Any = None,
    bounds: Sequence[float] | None = None,
    extent: Sequence[float] | None = None,
    spacing: Any = None,
    crs: Any = None,
) -> tuple[Grid, bool, bool]:
    """A grid from what a caller may know, and whether rows and columns must be turned round for it.

    With neither `transform`, `bounds` nor `extent` the origin lies in the middle, and cells measure
    `spacing`, by default (1, 1).
    """
    given = [
        name
        for name, value in (("transform", transform), ("bounds", bounds), ("extent", extent))
        if value is not None
    ]
    if len(given) > 1:
        raise InvalidInputError(
            f"expected one of transform, bounds and extent; got {' and '.join(given)}; pass one"
        )
    spacing = None if spacing is None else _pair(spacing)
    crs = parse_crs(crs)
    rows, columns = shape
    if not (rows and columns):
        raise InvalidInputError(
            f"a raster must have at least one cell; expected shape (H, W) with H, W >= 1, got {tuple(shape)}; pass one "
            "that is not empty"
        )
    if not given:
        if crs is not None:
            raise InvalidInputError(
                f"crs needs a place; got crs={crs} without transform, bounds or extent; pass one of them"
            )
        dx, dy = spacing or (1.0, 1.0)
        return (
            Grid(shape, (-0.5 * columns * dx, 0.5 * rows * dy), (dx, dy), None, (dx, dy)),
            False,
            False,
        )
    if transform is not None:
        a, b, c, d, e, f = _numbers(transform, "transform")[:6]
    else:
        left, bottom, right, top = (
            _numbers(bounds, "bounds") if bounds is not None else _from_extent(extent)
        )[:4]
        if not (left < right and bottom < top):
            over = left > right and bottom < top and crs is not None and bool(crs.is_geographic)
            raise InvalidInputError(
                "bounds must be (left, bottom, right, top) with left < right and bottom < top, and extent (left, "
                f"right, bottom, top); got {tuple(bounds if bounds is not None else extent or ())}; put them in "
                "order, and turn the array where its row 0 is in the south: data[::-1]"
                + ("; across the antimeridian go on counting: 170 to 190" if over else "")
            )
        a, b, c, d, e, f = (right - left) / columns, 0.0, left, 0.0, (bottom - top) / rows, top
    if abs(b) > 1e-9 * abs(a) or abs(d) > 1e-9 * abs(e) or a == 0 or e == 0:
        angle = math.degrees(math.atan2(d, a))
        raise InvalidInputError(
            f"transform is rotated by {angle:.3g} degrees or sheared; {_NORTH_UP}"
        )
    west_up, south_up = a < 0, e > 0
    corner = (c + a * columns if west_up else c, f + e * rows if south_up else f)
    grid = Grid(shape, corner, (abs(a), abs(e)), crs)
    return (grid.with_spacing(spacing) if spacing else grid), south_up, west_up


def _from_extent(extent: Any) -> tuple[float, ...]:
    left, right, bottom, top = _numbers(extent, "extent")
    return left, bottom, right, top


def _numbers(values: Any, name: str) -> tuple[float, ...]:
    count = 6 if name == "transform" else 4
    numbers = reals(values)
    whole = len(numbers) == count or (count == 6 and len(numbers) == 9)
    if not whole or not all(map(math.isfinite, numbers)):
        what = {
            "transform": "an affine.Affine or its six numbers (a, b, c, d, e, f)",
            "bounds": "(left, bottom, right, top)",
            "extent": "(left, right, bottom, top)",
        }[name]
        raise InvalidInputError(
            f"{name} must be {what}, finite; got {shown(values)}; pass {count} numbers"
        )
    return numbers


def _pair(spacing: Any) -> tuple[float, float]:
    numbers = reals(spacing)
    if len(numbers) != 2 or not all(math.isfinite(size) and size > 0 for size in numbers):
        raise InvalidInputError(
            f"spacing must be (dx, dy) in metres, finite and > 0; got {shown(spacing)}; pass a tuple of 2 numbers"
        )
    return numbers[0], numbers[1]
