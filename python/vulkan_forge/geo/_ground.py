"""How a grid's cells lie on the ground: true sizes and bearings, from place to place."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._numbers import is_real
from ._geodesy import Geodesy, axes, frames, geodesy
from ._units import horizontal_unit

if TYPE_CHECKING:
    from ._grid import Grid

Floats = npt.NDArray[np.float64]
# Nodes (down, 4 across), nodes a column and a row, and whether they are a lattice: see `shaders/include/places.glsl`.
Lattice = tuple[npt.NDArray[np.float32], tuple[float, float], bool]
# A projection's own distortion up to this is left alone: UTM's is 0.1 %, Web Mercator's 100 % at 60 degrees.
_DISTORTION = 0.002
_EVEN = 1e-3  # cells that differ by less in size are of one
_SQUARE = 0.25  # degrees by which rows and columns may miss a right angle
_SPREAD = 13  # places along a side at which a raster is measured
_MOST_NODES = 512
_COLUMNS = 16  # of a cell row that lie between two nodes of a lattice, at least
_SMOOTH = 1e-4  # what interpolation between nodes may be wrong by, of a step's length


class Spread(NamedTuple):
    """Of what differs over a raster."""

    widths: tuple[float, float]
    """Least and greatest width of a cell in metres."""
    heights: tuple[float, float]
    """The same of heights."""
    turn: float
    """By how many degrees the bearing of grid north differs from that in the middle, at most."""
    skew: float
    """By how many degrees rows and columns miss a right angle, at most."""


class Ground:
    """Of one grid; see `Grid.ground`. Without a coordinate system cells are as the grid says."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.geodesy: Geodesy | None = geodesy(grid.crs)
        width, height = grid.cell
        metres = 1.0 if grid.crs is None or grid.geographic else horizontal_unit(grid.crs)[1]
        self._nominal = (width * metres, height * metres)

    @functools.cached_property
    def _middle(self) -> tuple[Floats, Floats]:
        left, bottom, right, top = self._grid.bounds
        return np.array([0.5 * (left + right)]), np.array([0.5 * (bottom + top)])

    @functools.cached_property
    def _places(self) -> tuple[Floats, Floats]:
        """Cells all over the raster."""
        x, y = self._grid.coordinates
        some = [
            np.unique(np.linspace(0, len(one) - 1, _SPREAD).round()).astype(int) for one in (x, y)
        ]
        xs, ys = np.meshgrid(x[some[0]], y[some[1]])
        return xs.ravel(), ys.ravel()

    @functools.cached_property
    def _measured(self) -> Floats:
        """(N, 2) of `_places`."""
        return self._true(*self._places)

    @functools.cached_property
    def _left_alone(self) -> bool:
        """Whether cells keep their nominal size, which is all but true of them."""
        if self.geodesy is None:
            return True
        if self.geodesy.plain or self._grid.geographic:
            return False
        known = self._measured[np.isfinite(self._measured).all(axis=1)]
        return bool((np.abs(known / self._nominal - 1) < _DISTORTION).all())

    def _true(self, x: Floats, y: Floats) -> Floats:
        """(N, 2) metres of cells about these places, as geodesics measure them; NaN off the map."""
        assert self.geodesy is not None
        with np.errstate(invalid="ignore"):
            found = self.geodesy.sizes(x, y, self._grid.cell)
        least = (
            1e-6 * self.geodesy.radius * np.radians(1e-3)
        )  # of a row on a pole, which has no width
        wide: Floats = np.maximum(found, least)
        return wide

    def sizes(self, x: Floats, y: Floats) -> Floats:
        """(N, 2) metres: (dx, dy) of cells about places (N,)."""
        if self._left_alone:
            return np.tile(np.asarray(self._nominal, np.float64), (len(x), 1))
        found: Floats = self._true(x, y)
        off = ~np.isfinite(found).all(axis=1)
        if off.any():
            known = self._measured[np.isfinite(self._measured).all(axis=1)]
            found[off] = np.median(known, axis=0) if len(known) else self._nominal
        return found

    @functools.cached_property
    def spacing(self) -> tuple[float, float]:
        """(dx, dy) in metres in the middle."""
        dx, dy = self.sizes(*self._middle)[0]
        return float(dx), float(dy)

    def rows(self) -> Floats:
        """(H, 2) metres: (dx, dy) in the middle of each row."""
        y = self._grid.coordinates[1]
        some = np.unique(np.linspace(0, len(y) - 1, 1025).round()).astype(int)
        found = self.sizes(np.full(len(some), self._middle[0][0]), y[some])
        if len(some) == len(y):
            return found
        across = np.arange(len(y))
        return np.stack([np.interp(across, some, size) for size in found.T], axis=1)

    @functools.cached_property
    def spread(self) -> Spread:
        """How much cells differ over the raster."""
        if self.geodesy is None:
            dx, dy = self._grid.spacing
            return Spread((dx, dx), (dy, dy), 0.0, 0.0)
        sizes = self._measured
        if self._grid.stated:
            sizes = np.asarray([self._grid.spacing])
        elif self._left_alone:
            sizes = np.asarray([self._nominal])
        sizes = sizes[np.isfinite(sizes).all(axis=1)]
        if not len(sizes):
            sizes = np.asarray([self._nominal])
        (low_x, low_y), (high_x, high_y) = sizes.min(axis=0), sizes.max(axis=0)
        turn = skew = 0.0
        if not self.geodesy.plain:
            steps = axes(self.geodesy.vectors(*self._places, self._grid.cell))
            steps = steps[np.isfinite(steps).all(axis=(1, 2))]
            bearings = np.degrees(np.arctan2(steps[..., 0], steps[..., 1]))
            if len(steps):
                turn = float(np.abs(_wrapped(bearings[:, 1] - self.turn)).max())
                skew = float(np.abs(_wrapped(bearings[:, 0] - bearings[:, 1] - 90)).max())
        return Spread((float(low_x), float(high_x)), (float(low_y), float(high_y)), turn, skew)

    @functools.cached_property
    def alike_along_rows(self) -> bool:
        """Whether all cells of a row have one size and one bearing, as in degrees and in Mercator's projection."""
        _, _, turn, skew = self.spread
        if self.geodesy is None or self._grid.stated or self._left_alone:
            return max(turn, skew) < 1e-6
        rows = self._measured.reshape(len(np.unique(self._places[1])), -1, 2)
        return max(turn, skew) < 1e-6 and bool((np.ptp(rows, axis=1) <= 1e-6 * rows[:, 0]).all())

    @functools.cached_property
    def place(self) -> tuple[float, float]:
        """Latitude and longitude of the middle in degrees; NaN off the map and without a body."""
        if self.geodesy is None:
            return math.nan, math.nan
        lon, lat = self.geodesy.degrees(*self._middle)
        known = bool(np.isfinite(lon[0]) and np.isfinite(lat[0]))
        return (float(lat[0]), float(lon[0])) if known else (math.nan, math.nan)

    @functools.cached_property
    def frame(self) -> Floats:
        """(3, 3): east, north and up of the middle in space."""
        assert self.geodesy is not None
        made: Floats = frames(self.geodesy.vectors(*self._middle, self._grid.cell)[0, 0])
        return made

    @functools.cached_property
    def span(self) -> float:
        """Degrees by which the ground leans away from that in the middle, at most: as far as the sky is another."""
        if self.geodesy is None:
            return 0.0
        up, middle = (
            self.geodesy.vectors(*places, self._grid.cell)[:, 0]
            for places in (self._places, self._middle)
        )
        cosines = up @ middle[0]
        cosines = cosines[np.isfinite(cosines)]
        return (
            math.degrees(math.acos(min(max(float(cosines.min()), -1.0), 1.0)))
            if len(cosines)
            else 0.0
        )

    def cells(self, turned: bool = True) -> tuple[Floats, Floats]:
        """(H, W, 3, 3) east, north and up in space, and (H, W, 2, 2) metres to the east and north of each cell's steps.

        Interpolated as vectors in space, which change evenly also across a pole, where bearings do not.
        """
        rows, columns = self._grid.shape
        nodes, counts = self._refined(self._nodes, turned, 1)
        assert nodes is not None
        nodes = _filled(nodes)
        left, x = _steps(columns, counts[1])
        top, y = _steps(rows, counts[0])
        lines = nodes[top] + (nodes[top + 1] - nodes[top]) * y[:, None, None, None]
        x = x[:, None, None]
        vectors = lines[:, left] + (lines[:, left + 1] - lines[:, left]) * x
        vectors[..., 0, :] /= np.linalg.norm(vectors[..., 0, :], axis=-1, keepdims=True)
        return frames(vectors[..., 0, :]), axes(vectors)

    @functools.cached_property
    def even(self) -> bool:
        """Whether one cell size serves the whole raster."""
        (low_x, high_x), (low_y, high_y), _, skew = self.spread
        return max(high_x / low_x, high_y / low_y) <= 1 + _EVEN and skew <= _SQUARE

    @functools.cached_property
    def axes(self) -> Floats:
        """(2, 2): directions of a row and a column in the middle, as (true east, true north), of length 1.

        As on the grid where a bearing has no meaning: without a body, and on a pole.
        """
        if self.geodesy is None or self.geodesy.plain:
            return np.eye(2)
        vectors = self.geodesy.vectors(*self._middle, self._grid.cell)[0]
        if not np.isfinite(vectors).all() or math.hypot(vectors[0, 0], vectors[0, 1]) < 1e-9:
            return np.eye(2)
        steps = axes(vectors)
        made: Floats = steps / np.linalg.norm(steps, axis=1, keepdims=True)
        return made

    @property
    def turn(self) -> float:
        """Bearing of grid north in the middle: degrees clockwise from true north, -180..180."""
        east, north = self.axes[1]
        return math.degrees(math.atan2(east, north))

    def on_grid(self, azimuth: Any) -> Any:
        """A bearing in the middle as one from grid north; what is no number is left for others to refuse."""
        if not is_real(azimuth) or self.geodesy is None or self.geodesy.plain:
            return azimuth
        angle = math.radians(azimuth)
        if not math.isfinite(angle):
            return azimuth
        along_row, up_column = np.linalg.solve(self.axes.T, [math.sin(angle), math.cos(angle)])
        return math.degrees(math.atan2(along_row, up_column)) % 360.0

    def lattice(self, turned: bool) -> Lattice | None:
        """Nodes for operators of a cell and its neighbours; None where bearings change too fast for a lattice.

        Without `turned` north is the grid's.
        """
        rows, columns = self._grid.shape
        nodes, counts = self._refined(
            lambda *place: _shares(axes(self._nodes(*place))), turned, _COLUMNS
        )
        if nodes is None:
            return None
        per_cell = counts[1] / max(columns - 1, 1), counts[0] / max(rows - 1, 1)
        return _in_rows(_filled(nodes)), per_cell, True

    def nodes(self, turned: bool) -> Lattice:
        """The same, one for each cell."""
        return _in_rows(_shares(self.cells(turned)[1])), (1.0, 1.0), False

    def _refined(
        self, at: Callable[..., Floats], turned: bool, least: int
    ) -> tuple[Floats | None, tuple[int, int]]:
        """Nodes between which interpolation is right, and how many intervals down and across.

        None where that takes more than one in `least` cells; with one in each cell there is nothing between.
        """
        most = [min(_MOST_NODES, max((side - 1) // least, 1)) for side in self._grid.shape]
        count = 1 if self.geodesy is None else 2
        while True:
            counts = min(count, most[0]), min(count, most[1])
            nodes = at(counts, turned)
            between = 0.25 * (nodes[1:, 1:] + nodes[1:, :-1] + nodes[:-1, 1:] + nodes[:-1, :-1])
            wrong = np.linalg.norm(between - at(counts, turned, 0.5), axis=-1)
            wrong = wrong / np.linalg.norm(nodes[1:, 1:], axis=-1)
            if self.geodesy is None or not (wrong[np.isfinite(wrong)] > _SMOOTH).any():
                return nodes, counts
            if counts == tuple(most):
                return (None if least > 1 else nodes), counts
            count *= 2

    def _nodes(self, counts: tuple[int, int], turned: bool, shift: float = 0.0) -> Floats:
        """(down, across, 3, 3) vectors at the ends, or with a shift between the ends, of so many intervals."""
        x, y = self._grid.coordinates
        ends = [np.arange(count + (shift == 0.0)) + shift for count in counts]
        ys = y[0] + (y[-1] - y[0]) * ends[0] / counts[0]
        xs = x[0] + (x[-1] - x[0]) * ends[1] / counts[1]
        xs, ys = np.meshgrid(xs, ys)
        made = np.zeros((*xs.shape, 3, 3))
        if self.geodesy is not None:
            with np.errstate(invalid="ignore"):
                made = self.geodesy.vectors(xs, ys, self._grid.cell)
            if self._grid.stated:
                own = np.linalg.norm(made[..., 1:, :], axis=-1, keepdims=True)
                made[..., 1:, :] *= np.asarray(self._grid.spacing)[:, np.newaxis] / own
        if turned and self.geodesy is not None:
            return made
        return _laid_flat(made, self._grid.spacing)


def _shares(steps: Floats) -> Floats:
    """(..., 4): of rises along a row and up a column in those to the east and north; what `shaders/local.comp` calls a node."""
    (row_east, row_north), (column_east, column_north) = np.moveaxis(steps, (-2, -1), (0, 1))
    shares = np.stack([column_north, -row_north, -column_east, row_east], axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = (
            shares / (row_east * column_north - row_north * column_east)[..., np.newaxis]
        )
    return found


def _laid_flat(vectors: Floats, spacing: tuple[float, float]) -> Floats:
    """The same where up a column is north; all of `spacing` where there is no body."""
    along, up = vectors[..., 1, :], vectors[..., 2, :]
    height = np.linalg.norm(up, axis=-1)
    flat = np.zeros_like(vectors)
    flat[..., 0, 0] = 1.0  # up; then y is east and z north
    if not height.any():
        flat[..., 1, 1], flat[..., 2, 2] = spacing
        return flat
    north = np.sum(along * up, axis=-1) / height
    flat[..., 1, 1] = np.sqrt(np.maximum(np.sum(along * along, axis=-1) - north**2, 0.0))
    flat[..., 1, 2] = north
    flat[..., 2, 2] = height
    return flat


def _steps(count: int, intervals: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """The node before each cell, and how far behind that it lies."""
    places: Floats = np.arange(count, dtype=np.float64) * (intervals / max(count - 1, 1))
    before = np.minimum(places.astype(np.intp), intervals - 1)
    return before, places - before


def _in_rows(nodes: Floats) -> npt.NDArray[np.float32]:
    return np.ascontiguousarray(nodes.reshape(nodes.shape[0], -1), np.float32)


def _wrapped(degrees: Floats) -> Floats:
    return (degrees + 180.0) % 360.0 - 180.0


def _filled(nodes: Floats) -> Floats:
    """What lies off the map is as at the nearest node that does not."""
    off = ~np.isfinite(nodes).all(axis=tuple(range(2, nodes.ndim)))
    if not off.any() or off.all():
        return nodes
    known = np.argwhere(~off)
    for row, column in np.argwhere(off):
        nearest = known[np.abs(known - (row, column)).sum(axis=1).argmin()]
        nodes[row, column] = nodes[tuple(nearest)]
    return nodes
