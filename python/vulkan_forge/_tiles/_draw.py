"""Pictures of ground in a matrix that fit each other: cut wherever one likes, they are one picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .._engines import with_engine
from .._vulkan_forge import Camera
from ._matrix import Matrix
from ._source import Ground, Heights
from ._style import Style

_SPREAD = 1.002  # most that cell sizes may differ in one drawing
_CELLS = 1 << 22  # samples of a DEM up to which every pixel is met exactly
_SKY_CELLS = 1 << 21  # and up to which sky light is looked for from each
_LEAST = 8  # cells a side below which no drawing is split
_RIM = 2  # cells that slopes and rounding may ask for
_SKY = (8, 24)  # cells: bounds of the default radius of sky light

Pixels = npt.NDArray[np.uint8]


class _Piece(NamedTuple):
    """Cells to draw at once, by their place in the matrix, with what lies round them."""

    row: int
    column: int
    rows: int
    columns: int
    spacing: tuple[float, float]
    halo: tuple[int, int, int, int]
    """Cells to the west, east, north and south."""


def picture(
    matrix: Matrix, ground: Ground, style: Style, row: int, column: int, rows: int, columns: int
) -> Pixels | None:
    """Pixels (rows, columns, 4) of these cells, one for each; None where all are holes."""
    known = np.isfinite(ground.part(row, column, rows, columns))
    if not known.any():
        return None
    drawn = np.zeros((rows, columns, 4), np.uint8)
    for piece in _pieces(matrix, ground, style, row, column, rows, columns):
        down, right = piece.row - row, piece.column - column
        place = np.s_[down : down + piece.rows, right : right + piece.columns]
        if known[place].any():
            drawn[place] = _drawn(ground, style, piece)
    drawn[~known] = 0
    return drawn


def _pieces(
    matrix: Matrix, ground: Ground, style: Style, row: int, column: int, rows: int, columns: int
) -> Iterator[_Piece]:
    """Split until cells are alike in each piece, and the device looks at each sample."""
    across, down = np.meshgrid(
        column + np.array([0, 0.5, 1]) * (columns - 1), row + np.array([0, 0.5, 1]) * (rows - 1)
    )
    sizes = matrix.cells_on_ground(ground.level, down.ravel(), across.ravel()).reshape(3, 3, 2)
    vertical = float((sizes.max(axis=0) / sizes.min(axis=0)).max())
    horizontal = float((sizes.max(axis=1) / sizes.min(axis=1)).max())
    piece = _Piece(row, column, rows, columns, (sizes[1, 1, 0], sizes[1, 1, 1]), (0, 0, 0, 0))
    piece = piece._replace(halo=_halo(ground, style, piece))
    west, east, north, south = piece.halo
    samples = (west + columns + east) * (north + rows + south)
    most = _SKY_CELLS if style.engine["ambient_occlusion"] else _CELLS
    large = samples > most and max(rows, columns) > max(west + east, north + south, 64)
    if vertical > _SPREAD and vertical >= horizontal and rows > 1:
        axis = 0
    elif horizontal > _SPREAD and columns > 1:
        axis = 1
    elif large:
        axis = 0 if rows >= columns else 1
    else:
        yield piece
        return
    if axis == 0:
        half = _half(rows)
        yield from _pieces(matrix, ground, style, row, column, half, columns)
        yield from _pieces(matrix, ground, style, row + half, column, rows - half, columns)
    else:
        half = _half(columns)
        yield from _pieces(matrix, ground, style, row, column, rows, half)
        yield from _pieces(matrix, ground, style, row, column + half, rows, columns - half)


def _half(cells: int) -> int:
    """Half, in whole eights where there are two: patterns of eight pixels go on from piece to piece."""
    return cells // 2 if cells < 2 * _LEAST else round(cells / 2 / _LEAST) * _LEAST


def _halo(ground: Ground, style: Style, piece: _Piece) -> tuple[int, int, int, int]:
    """Cells beyond a piece that cast shadows into it, or hide sky from it."""
    words, (dx, dy) = style.engine, piece.spacing
    rows, columns = ground.heights.shape
    reach = [0.0, 0.0, 0.0, 0.0]  # metres west, east, north, south
    if words["lit"] and words["shadows"]:
        inside = ground.part(piece.row, piece.column, piece.rows, piece.columns)
        low = np.min(inside, where=np.isfinite(inside), initial=np.inf)
        relief = max(ground.highest - float(low), 0.0) * words["vert_exag"]
        lowest = math.radians(max(words["altitude"] - words["sun_radius"], 0.0))
        far = relief / math.tan(lowest) if lowest > 1e-3 else math.inf
        if words["altitude"] + words["sun_radius"] > 0 and relief > 0:
            for turn in (-words["sun_radius"], 0.0, words["sun_radius"]):
                bearing = math.radians(words["azimuth"] + turn)
                for side, part in enumerate(
                    (-math.sin(bearing), math.sin(bearing), math.cos(bearing), -math.cos(bearing))
                ):
                    reach[side] = max(reach[side], far * part if part > 1e-9 else 0.0)
    if words["lit"] and words["ambient_occlusion"]:
        reach = [max(metres, sky_radius(ground, style, piece.spacing)) for metres in reach]
    cells = zip(reach, (dx, dx, dy, dy), (columns, columns, rows, rows), strict=True)
    west, east, north, south = (
        _RIM + math.ceil(min(metres / size, float(most))) for metres, size, most in cells
    )
    return west, east, north, south


def sky_radius(ground: Ground, style: Style, spacing: tuple[float, float]) -> float:
    """Metres that sky light looks; by default what ``render`` takes for a DEM as large as the whole zoom."""
    if style.engine["radius"] is not None:
        return float(style.engine["radius"])
    cells = min(max(max(ground.heights.shape) / 16, _SKY[0]), _SKY[1])
    return cells * max(spacing)


def _drawn(ground: Ground, style: Style, piece: _Piece) -> Pixels:
    west, east, north, south = piece.halo
    # What lies beyond the whole zoom is no ground, but for the rim.
    west = min(west, max(piece.column - ground.column, 0) + _RIM)
    north = min(north, max(piece.row - ground.row, 0) + _RIM)
    end = ground.column + ground.heights.shape[1]
    bottom = ground.row + ground.heights.shape[0]
    east = min(east, max(end - piece.column - piece.columns, 0) + _RIM)
    south = min(south, max(bottom - piece.row - piece.rows, 0) + _RIM)
    rows, columns = north + piece.rows + south, west + piece.columns + east
    heights = _rimmed(ground.part(piece.row - north, piece.column - west, rows, columns))
    dx, dy = piece.spacing
    bounds = (
        (west - columns / 2) * dx,
        (rows / 2 - north - piece.rows) * dy,
        (west + piece.columns - columns / 2) * dx,
        (rows / 2 - north) * dy,
    )
    words = dict(style.engine)
    words["radius"] = None
    if words["ambient_occlusion"]:
        words["radius"] = sky_radius(ground, style, piece.spacing)
    image = with_engine(
        style.device["device"],
        style.device["prefer_software"],
        lambda engine: engine.render(
            heights,
            size=(piece.columns, piece.rows),
            camera=Camera.map(bounds),
            spacing=(dx, dy),
            background="transparent",
            aovs=(),
            drape=None,
            **words,
        ),
    )
    return np.asarray(image.rgba)


def _rimmed(heights: Heights) -> Heights:
    """Holes get the mean of their known neighbours at their rims, so that each known cell is drawn whole."""
    holes = np.isnan(heights)
    if not holes.any():
        return heights
    around = np.pad(heights, 1, constant_values=np.nan)
    total = np.zeros(heights.shape, np.float64)
    number = np.zeros(heights.shape, np.int8)
    rows, columns = heights.shape
    for down in range(3):
        for right in range(3):
            part = around[down : down + rows, right : right + columns]
            known = ~np.isnan(part)
            number += known
            np.add(total, part, out=total, where=known)
    rim = holes & (number > 0)
    heights[rim] = (total[rim] / number[rim]).astype(np.float32)
    return heights
