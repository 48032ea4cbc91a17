"""A map from straight above: what of the ground it shows, and at what scale."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._vulkan_forge import InvalidInputError
from ..geo._grid import Grid
from ._graticule import Bounds, Line, inside
from ._lettering import Lettering
from ._marks import WHITE, Box, Floats, Mark, Shape, Text
from ._scalebar import VARIES

_LINE: tuple[float, float, float, float] = (0.12, 0.14, 0.18, 0.6)
_PARTS = 48  # cells across, by which a map's own ground is measured


class Ground:
    """The part of a DEM's grid that a map shows.

    Parameters
    ----------
    grid : Grid
        Of the DEM.
    world : (xmin, ymin, xmax, ymax), optional
        What of it, in world metres; by default from the first to the last sample each way, where there is ground.
    """

    def __init__(self, grid: Grid, world: Bounds | None = None) -> None:
        (rows, columns), (dx, dy) = grid.shape, grid.spacing
        half = 0.5 * (columns - 1) * dx, 0.5 * (rows - 1) * dy
        self.grid = grid
        self.world: Bounds = world or (-half[0], -half[1], half[0], half[1])

    @classmethod
    def whole(cls, grid: Grid) -> Ground:
        """All cells from edge to edge: what a picture's own grid shows."""
        (rows, columns), (dx, dy) = grid.shape, grid.spacing
        return cls(
            grid, (-0.5 * columns * dx, -0.5 * rows * dy, 0.5 * columns * dx, 0.5 * rows * dy)
        )

    @property
    def aspect(self) -> float:
        """Width by height, in metres."""
        xmin, ymin, xmax, ymax = self.world
        return (xmax - xmin) / (ymax - ymin)

    def resized(self, metres_per_pixel: float, pixels: tuple[int, int]) -> Ground:
        """The same middle, and so many square pixels."""
        xmin, ymin, xmax, ymax = self.world
        x, y = 0.5 * (xmin + xmax), 0.5 * (ymin + ymax)
        a, b = (0.5 * count * metres_per_pixel for count in pixels)
        return Ground(self.grid, (x - a, y - b, x + a, y + b))

    @property
    def bounds(self) -> Bounds:
        """In the grid's coordinates."""
        (dx, dy), (width, height) = self.grid.spacing, self.grid.cell
        left, bottom, right, top = self.grid.bounds
        x, y = 0.5 * (left + right), 0.5 * (bottom + top)
        xmin, ymin, xmax, ymax = self.world
        return (
            x + xmin / dx * width,
            y + ymin / dy * height,
            x + xmax / dx * width,
            y + ymax / dy * height,
        )

    @property
    def part(self) -> Grid:
        """A grid of a few cells over it, that tells how its ground lies."""
        left, bottom, right, top = self.bounds
        cell = (right - left) / _PARTS, (top - bottom) / _PARTS
        spacing = None
        if self.grid.stated:
            xmin, ymin, xmax, ymax = self.world
            spacing = (xmax - xmin) / _PARTS, (ymax - ymin) / _PARTS
        return Grid((_PARTS, _PARTS), (left, top), cell, self.grid.crs, spacing)

    def metres(self) -> float:
        """True metres of one world metre to the east, in the middle: geodesics know, where there is a body."""
        body = None if self.grid.stated else self.grid.ground.geodesy
        if body is None:
            return 1.0
        left, bottom, right, top = self.bounds
        x, y, reach = 0.5 * (left + right), 0.5 * (bottom + top), 0.125 * (right - left)
        if body.plain:
            reach = min(reach, 0.5 / body.unit_degrees)
        before, after = body.degrees(x - reach, y), body.degrees(x + reach, y)
        way = float(body.geod.inv(*before, *after)[2])
        world = 2 * reach / self.grid.cell[0] * self.grid.spacing[0]
        return way / world if math.isfinite(way) and way > 0 else 1.0

    def check_scale(self) -> None:
        """Refuse a scale bar that would be wrong elsewhere on the map.

        Raises
        ------
        InvalidInputError
            Cells differ by more than 5 %.
        """
        if self.grid.crs is None or self.grid.stated:
            return
        part = self.part
        spread = part.ground.spread
        differ = max(high / low for low, high in (spread.widths, spread.heights)) - 1
        # The middle of a part may lie elsewhere than that of the DEM, by whose cells the picture is as wide as high.
        xmin, ymin, xmax, ymax = self.world
        wide, high = (
            true * _PARTS / drawn
            for true, drawn in zip(part.spacing, (xmax - xmin, ymax - ymin), strict=True)
        )
        differ = max(differ, wide / high - 1, high / wide - 1)
        if differ > VARIES:
            raise InvalidInputError(
                f"a scale bar expected one scale; got a map whose scale varies by {100 * differ:.0f} % from one part to "
                "another; pass dem.reproject(), which keeps it most even, or a smaller part (dem.crop(bounds)), or "
                "scalebar=False with graticule=True"
            )

    def check_north(self, limit: float) -> None:
        """Refuse one arrow where north lies elsewhere in other parts.

        Raises
        ------
        InvalidInputError
            By more than `limit` degrees.
        """
        if self.grid.crs is None:
            return
        turn = self.part.ground.spread.turn
        if turn > limit:
            raise InvalidInputError(
                f"a north arrow expected one north; got a map on which it lies up to {turn:.0f} degrees elsewhere than in "
                "the middle; pass north=False and graticule=True, or a smaller part (dem.crop(bounds))"
            )

    @property
    def north(self) -> float:
        """Bearing of true north from up on the page, degrees clockwise."""
        return float(self.part.ground.on_grid(0.0)) if self.grid.crs is not None else 0.0

    def on_page(self, places: Floats, frame: Box) -> Floats:
        """(N, 2) millimetres of coordinates."""
        left, bottom, right, top = self.bounds
        share = (places - [left, top]) / [right - left, bottom - top]
        found: Floats = share * [frame.width, frame.height] + [frame.left, frame.top]
        return found


def lines_on_page(lines: list[Line], ground: Ground, frame: Box, em: float) -> list[Mark]:
    """A graticule over the map."""
    edges = frame.left, frame.top, frame.right, frame.bottom
    parts = [
        run
        for line in lines
        for part in line.parts
        for run in inside(ground.on_page(part, frame), edges)
    ]
    if not parts:
        return []
    return [
        Shape(tuple(parts), None, (*WHITE[:3], 0.45), 0.14 * em),
        Shape(tuple(parts), None, _LINE, 0.05 * em),
    ]


def numbers_at_frame(
    lines: list[Line], ground: Ground, frame: Box, em: float, lettering: Lettering
) -> list[Mark]:
    """Each line's degrees where it leaves the frame; the sides' texts run upwards."""
    size = 0.78 * em
    wanted: dict[str, list[tuple[float, str]]] = {"top": [], "bottom": [], "left": [], "right": []}
    for line in lines:
        for part in line.parts:
            page = ground.on_page(part, frame)
            for end in (page[0], page[-1]):
                side = _side(end, frame)
                if side is not None:
                    wanted[side].append(
                        (float(end[0 if side in ("top", "bottom") else 1]), line.text)
                    )
    marks: list[Mark] = []
    for side, texts in wanted.items():
        low, high = (
            (frame.left, frame.right) if side in ("top", "bottom") else (frame.top, frame.bottom)
        )
        taken: list[tuple[float, float]] = []
        for place, text in sorted(texts):
            half = 0.5 * lettering.width(text) * size
            if place - half < low - 0.4 * em or place + half > high + 0.4 * em:
                continue
            if taken and place - half < taken[-1][1] + 0.5 * em:
                continue
            taken.append((place - half, place + half))
            marks += _number(side, place, text, frame, em, size)
    return marks


def _side(end: Any, frame: Box) -> str | None:
    near = 1e-4 * max(frame.width, frame.height)
    ways = {
        "top": abs(end[1] - frame.top),
        "bottom": abs(end[1] - frame.bottom),
        "left": abs(end[0] - frame.left),
        "right": abs(end[0] - frame.right),
    }
    side = min(ways, key=lambda name: ways[name])
    return side if ways[side] <= near else None


def _number(side: str, place: float, text: str, frame: Box, em: float, size: float) -> list[Mark]:
    tick, off = 0.3 * em, 0.42 * em
    if side in ("top", "bottom"):
        y, way = (frame.top, -1) if side == "top" else (frame.bottom, 1)
        line = np.array([[place, y], [place, y + way * tick]])
        base = y - off if way < 0 else y + off + 0.72 * size
        return [Shape((line,), None, _LINE, 0.06 * em), Text(text, place, base, size, 0.5)]
    x, way = (frame.left, -1) if side == "left" else (frame.right, 1)
    line = np.array([[x, place], [x + way * tick, place]])
    base = x - off if way < 0 else x + off + 0.72 * size
    return [Shape((line,), None, _LINE, 0.06 * em), Text(text, base, place, size, 0.5, turn=90.0)]
