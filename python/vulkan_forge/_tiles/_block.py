"""Blocks of neighbouring tiles, which are drawn at once and then cut."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ._draw import Pixels, picture, seen
from ._encode import coloured
from ._matrix import Cells, Level
from ._source import Ground
from ._style import Style

_CELLS = 1024  # a side, about
Corner = tuple[int, int]
"""Row and column of a tile in the matrix."""


class Look(NamedTuple):
    """What tiles show of the ground."""

    matrix: Cells
    style: Style | None
    """None: its heights."""
    encoding: str
    fill: float | None
    """Height where there is none."""
    z_factor: float
    """Metres in one unit of height."""


def tiles_of_block(level: Level) -> tuple[int, int]:
    """Tiles down and across of a block, whose corners are multiples of these."""
    width, height = level.tile
    return max(1, _CELLS // height), max(1, _CELLS // width)


def blocks(ground: Ground) -> Iterator[tuple[Corner, Corner]]:
    """The first tile of each block with ground in it, and the one after the last: no tile is in two."""
    (width, height), (across, _) = ground.level.tile, ground.level.tiles
    first_row, first_column, rows, columns = ground.whole
    down, right = tiles_of_block(ground.level)
    end_row = (first_row + rows - 1) // height + 1
    end_column = (first_column + columns - 1) // width + 1
    touched = {column % across for column in range(first_column // width, end_column)}
    for row in range(first_row // height // down * down, end_row, down):
        for column in sorted({column // right * right for column in touched}):
            yield (row, column), (min(row + down, end_row), min(column + right, across))


def block(look: Look, ground: Ground, corner: Corner, end: Corner) -> Pixels | None:
    """Pixels of the tiles from `corner` to before `end`; None where there is no ground."""
    place = _cells(ground.level, corner, end)
    if look.style is not None:
        return picture(look.matrix, ground, look.style, *place)
    heights = ground.part(*place)
    if not np.isfinite(heights).any():
        return None
    if look.z_factor != 1:
        heights = heights * np.float32(look.z_factor)
    return coloured(heights, look.encoding, math.nan if look.fill is None else look.fill)


def tiles_in(
    ground: Ground, drawn: Pixels | None, corner: Corner, end: Corner
) -> Iterator[tuple[int, int, Pixels]]:
    """(column, row, pixels) of each tile of a block that has ground."""
    width, height = ground.level.tile
    for row in range(corner[0], end[0]) if drawn is not None else ():
        for column in range(corner[1], end[1]):
            if drawn is not None and ground.any_known(row * height, column * width, height, width):
                y, x = (row - corner[0]) * height, (column - corner[1]) * width
                yield column, row, drawn[y : y + height, x : x + width]


def part_for(look: Look, ground: Ground, corner: Corner, end: Corner) -> Ground:
    """As much of the ground as a block looks at."""
    place = _cells(ground.level, corner, end)
    if look.style is not None:
        place = seen(look.matrix, ground, look.style, *place)
    return ground.cut(*place)


def _cells(level: Level, corner: Corner, end: Corner) -> tuple[int, int, int, int]:
    width, height = level.tile
    (row, column), (end_row, end_column) = corner, end
    return row * height, column * width, (end_row - row) * height, (end_column - column) * width
