"""Blocks of neighbouring tiles, which are drawn at once and then cut."""

from __future__ import annotations

import math

import numpy as np

from ._draw import Pixels, picture
from ._encode import coloured
from ._matrix import Level
from ._plan import Plan
from ._source import Ground
from ._style import Style

_CELLS = 1024  # a side, about


def tiles_of_block(level: Level) -> tuple[int, int]:
    """Tiles down and across of a block, whose corners are multiples of these."""
    width, height = level.tile
    return max(1, _CELLS // height), max(1, _CELLS // width)


def block(
    plan: Plan,
    ground: Ground,
    style: Style | None,
    encoding: str,
    fill: float | None,
    corner: tuple[int, int],
    end: tuple[int, int],
) -> Pixels | None:
    """Pixels of the tiles from (row, column) `corner` to before `end`; None where there is no ground."""
    (width, height), (row, column) = ground.level.tile, corner
    place = row * height, column * width, (end[0] - row) * height, (end[1] - column) * width
    if style is not None:
        return picture(plan.matrix, ground, style, *place)
    heights = ground.part(*place)
    if not np.isfinite(heights).any():
        return None
    if plan.dem.z_factor != 1:
        np.multiply(heights, np.float32(plan.dem.z_factor), out=heights)
    return coloured(heights, encoding, math.nan if fill is None else fill)
