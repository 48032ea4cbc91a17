"""The ground under a camera's way."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._numbers import positive
from .._surface import Surface, in_metres, surface
from .._vulkan_forge import InvalidInputError, Source
from ._splines import Floats


class Ground:
    """A DEM in world metres."""

    def __init__(self, dem: Any, spacing: Any, vert_exag: Any) -> None:
        self.surface: Surface = surface(dem, spacing)
        self.vert_exag = positive(vert_exag, "vert_exag")
        heights = self.surface.heights
        if isinstance(heights, Source):
            raise InvalidInputError(
                "a camera's way keeps above a DEM in memory; got one that stays where it is; pass an overview of it, or draw with "
                "Renderer.frames and cameras of your own"
            )
        self._heights = heights
        if min(heights.shape) < 2:
            raise InvalidInputError(
                f"dem must be at least 2 x 2; got shape {heights.shape}; pass more samples"
            )
        rows, columns = heights.shape
        try:
            dx, dy = (positive(side, "each number of spacing") for side in self.surface.spacing)
        except (TypeError, ValueError) as error:
            if isinstance(error, InvalidInputError):
                raise
            raise InvalidInputError(
                f"spacing must be (dx, dy); got {self.surface.spacing!r}; pass metres"
            ) from error
        self.spacing = dx, dy
        self.half = (columns - 1) * dx / 2, (rows - 1) * dy / 2
        self.scale = float(in_metres(self.vert_exag, self.surface.z_factor))
        known = np.isfinite(heights)
        ends = (heights.min(where=known, initial=np.inf), heights.max(where=known, initial=-np.inf))
        self.range = (ends[0] * self.scale, ends[1] * self.scale) if known.any() else (0.0, 0.0)

    @property
    def clearance(self) -> float:
        """What a camera keeps away from it by itself: as much as its cells are wide."""
        return max(self.spacing)

    def within(self, xy: Floats) -> Any:
        """Which of (N, 2) places it reaches."""
        return (np.abs(xy) <= np.asarray(self.half) * (1 + 1e-9)).all(axis=-1)

    def top(self, xy: Floats) -> Floats:
        """z that the surface round each of (N, 2) places does not exceed: its cell's highest corner; -inf without ground."""
        heights = self._heights
        place = (xy + self.half) / self.spacing
        inside = self.within(xy)
        rows, columns = heights.shape
        column = np.clip(np.floor(place[:, 0]), 0, columns - 2).astype(np.intp)
        row = np.clip(np.floor(rows - 1 - place[:, 1]), 0, rows - 2).astype(np.intp)
        corners = np.stack(
            [heights[row + down, column + right] for down in (0, 1) for right in (0, 1)]
        ).astype(np.float64)
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
