"""The ground under a camera's way."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .._numbers import items, positive, shown
from .._surface import Surface, in_metres, surface
from .._vulkan_forge import InvalidInputError, Source
from ..geo._large import staying
from ._splines import Floats

_SQUARE = 256
_Places = npt.NDArray[np.intp]


class _Held:
    """Corners of cells of a DEM in memory."""

    def __init__(self, heights: npt.NDArray[np.float32]) -> None:
        self._heights = heights

    def __call__(self, row: _Places, column: _Places) -> npt.NDArray[np.float32]:
        """(4, N), of the cells whose north-west corners are there."""
        heights = self._heights
        return np.stack(
            [heights[row + down, column + right] for down in (0, 1) for right in (0, 1)]
        )


class _Read:
    """The same of one that stays where it is: square by square, in which a way lies together."""

    def __init__(self, large: Any) -> None:
        self._large = large

    def __call__(self, row: _Places, column: _Places) -> npt.NDArray[np.float32]:
        found = np.empty((4, len(row)), np.float32)
        rows, columns = self._large.shape
        squares = np.stack([row // _SQUARE, column // _SQUARE], axis=1)
        for down, right in np.unique(squares, axis=0).tolist():
            own = (squares == (down, right)).all(axis=1)
            top, left = down * _SQUARE, right * _SQUARE
            high, wide = min(_SQUARE + 1, rows - top), min(_SQUARE + 1, columns - left)
            part = _Held(self._large.read(top, left, high, wide))
            found[:, own] = part(row[own] - top, column[own] - left)
        return found


class Ground:
    """A DEM in world metres."""

    def __init__(self, dem: Any, spacing: Any, vert_exag: Any) -> None:
        self.surface: Surface = surface(dem, spacing)
        self.vert_exag = positive(vert_exag, "vert_exag")
        heights = self.surface.heights
        self._corners = _Read(staying(dem)) if isinstance(heights, Source) else _Held(heights)
        if min(heights.shape) < 2:
            raise InvalidInputError(
                f"dem must be at least 2 x 2; got shape {heights.shape}; pass more samples"
            )
        rows, columns = heights.shape
        sides = items(self.surface.spacing)
        if sides is None or len(sides) != 2:
            raise InvalidInputError(
                f"spacing must be (dx, dy); got {shown(self.surface.spacing)}; pass metres"
            )
        dx, dy = (positive(side, "each number of spacing") for side in sides)
        self.spacing = dx, dy
        self.half = (columns - 1) * dx / 2, (rows - 1) * dy / 2
        self.scale = float(in_metres(self.vert_exag, self.surface.z_factor))
        low, high = _ends(heights)
        self.range = low * self.scale, high * self.scale

    @property
    def clearance(self) -> float:
        """What a camera keeps away from it by itself: as much as its cells are wide."""
        return max(self.spacing)

    def within(self, xy: Floats) -> Any:
        """Which of (N, 2) places it reaches."""
        return (np.abs(xy) <= np.asarray(self.half) * (1 + 1e-9)).all(axis=-1)

    def top(self, xy: Floats) -> Floats:
        """z that the surface round each of (N, 2) places does not exceed: its cell's highest corner; -inf without ground."""
        place = (xy + self.half) / self.spacing
        inside = self.within(xy)
        rows, columns = self.surface.heights.shape
        column = np.clip(np.floor(place[:, 0]), 0, columns - 2).astype(np.intp)
        row = np.clip(np.floor(rows - 1 - place[:, 1]), 0, rows - 2).astype(np.intp)
        corners = self._corners(row, column).astype(np.float64)
        corners[~np.isfinite(corners)] = -np.inf
        return np.where(inside, corners.max(axis=0) * self.scale, -np.inf)

    def under_line(self, xy: Floats) -> Floats:
        """`top` along a way that may leave the DEM or cross holes: what is known nearest on the DEM goes on there.

        Raises
        ------
        InvalidInputError
            No place of it is on the DEM, or on ground.
        """
        if not self.within(xy).any():
            (west, south), (east, north) = xy.min(axis=0), xy.max(axis=0)
            x, y = self.half
            raise InvalidInputError(
                f"the line must cross the DEM, which reaches from ({-x:.6g}, {-y:.6g}) to ({x:.6g}, {y:.6g}) in world "
                f"metres; got one from ({west:.6g}, {south:.6g}) to ({east:.6g}, {north:.6g}); pass crs= of its "
                "coordinates, or another line"
            )
        tops = self.top(np.clip(xy, -np.asarray(self.half), self.half))
        known = np.isfinite(tops)
        if not known.any():
            raise InvalidInputError(
                "the line must cross ground; got one over holes of the DEM alone; pass another line"
            )
        places = np.arange(len(tops))
        return np.interp(places, places[known], tops[known])


def _ends(heights: npt.NDArray[np.float32] | Source) -> tuple[float, float]:
    """Least and greatest height; (0, 0) where there is none."""
    if isinstance(heights, Source):
        return heights.landmarks()[0] or (0.0, 0.0)
    known = np.isfinite(heights)
    if not known.any():
        return 0.0, 0.0
    return (
        float(heights.min(where=known, initial=np.inf)),
        float(heights.max(where=known, initial=-np.inf)),
    )
