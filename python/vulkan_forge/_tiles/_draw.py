"""Pictures of ground in a matrix that fit each other: cut wherever one likes, they are one picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .._camera import Camera
from .._engines import with_engine
from ._matrix import Cells, Level
from ._source import Ground, Heights
from ._style import Style

_SPREAD = 0.002  # most by which the sizes of cells that are drawn as one may differ
_SQUARE = 1024  # cells a side of the matrix that are asked at once how much they differ
_CELLS = 1 << 22  # samples of a DEM up to which every pixel is met exactly
_SKY_CELLS = 1 << 21  # and up to which sky light is looked for from each
_LEAST = 64  # cells a side below which no drawing is split
_RIM = 2  # cells round all that slopes and rounding may ask for
# Of a cell, to the south-east: four patches meet in a cell's middle, and rounding must not decide which one is seen.
_ASIDE = 1 / 128
_SKY = (8, 24)  # cells: bounds of the default radius of sky light

Pixels = npt.NDArray[np.uint8]


class _Piece(NamedTuple):
    """Cells to draw at once, by their place in the matrix."""

    row: int
    column: int
    rows: int
    columns: int
    spacing: tuple[float, float]
    """Metres on the ground."""


def picture(
    matrix: Cells, ground: Ground, style: Style, row: int, column: int, rows: int, columns: int
) -> Pixels | None:
    """Pixels (rows, columns, 4) of these cells, one for each; None where all are holes."""
    known = np.isfinite(ground.part(row, column, rows, columns))
    if not known.any():
        return None
    drawn = np.zeros((rows, columns, 4), np.uint8)
    for piece in _pieces(matrix, ground, row, column, rows, columns):
        for part in _small_enough(ground, style, piece):
            down, right = part.row - row, part.column - column
            place = np.s_[down : down + part.rows, right : right + part.columns]
            if known[place].any():
                drawn[place] = _drawn(ground, style, part)
    drawn[~known] = 0
    return drawn


def _pieces(
    matrix: Cells, ground: Ground, row: int, column: int, rows: int, columns: int
) -> Iterator[_Piece]:
    """Pieces whose cells are alike. Their borders and sizes follow from the matrix alone, not from what is asked for."""
    for top, bottom in _spans(row, rows, _SQUARE):
        for left, right in _spans(column, columns, _SQUARE):
            corner = top // _SQUARE * _SQUARE, left // _SQUARE * _SQUARE
            high, wide = _alike(matrix, ground.level, *corner)
            for first, last in _spans(top, bottom - top, high):
                for west, east in _spans(left, right - left, wide):
                    middle = (
                        first // high * high + (high - 1) / 2,
                        west // wide * wide + (wide - 1) / 2,
                    )
                    sizes = matrix.cells_on_ground(
                        ground.level, np.array(middle[:1]), np.array(middle[1:])
                    )
                    spacing = float(sizes[0, 0]), float(sizes[0, 1])
                    yield _Piece(first, west, last - first, east - west, spacing)


def _spans(start: int, count: int, step: int) -> Iterator[tuple[int, int]]:
    """start..start + count cut at multiples of `step`."""
    end = start + count
    while start < end:
        stop = min(end, (start // step + 1) * step)
        yield start, stop
        start = stop


def _alike(matrix: Cells, level: Level, row: int, column: int) -> tuple[int, int]:
    """Rows and columns of cells alike, powers of two, in the square of cells whose corner this is."""
    across, down = np.meshgrid(np.linspace(0, _SQUARE - 1, 9), np.linspace(0, _SQUARE - 1, 9))
    sizes = matrix.cells_on_ground(level, row + down.ravel(), column + across.ravel())
    logs = np.log(sizes).reshape(9, 9, 2)
    found = []
    for axis in (0, 1):
        steepest = float(np.abs(np.diff(logs, axis=axis)).max()) * 8 / (_SQUARE - 1)
        cells = _SPREAD / max(steepest, 1e-12)
        found.append(1 << min(max(int(math.log2(max(cells, 1))), 0), _SQUARE.bit_length() - 1))
    return found[0], found[1]


def _small_enough(ground: Ground, style: Style, piece: _Piece) -> Iterator[_Piece]:
    """Halves, until the device looks at each sample by itself."""
    west, east, north, south = _halo(ground, style, piece)
    samples = (west + piece.columns + east) * (north + piece.rows + south)
    most = _SKY_CELLS if style.engine["ambient_occlusion"] else _CELLS
    if samples <= most or max(piece.rows, piece.columns) <= max(_LEAST, west + east, north + south):
        yield piece
    elif piece.rows >= piece.columns:
        half = piece.rows // 2
        yield from _small_enough(ground, style, piece._replace(rows=half))
        rest = piece._replace(row=piece.row + half, rows=piece.rows - half)
        yield from _small_enough(ground, style, rest)
    else:
        half = piece.columns // 2
        yield from _small_enough(ground, style, piece._replace(columns=half))
        rest = piece._replace(column=piece.column + half, columns=piece.columns - half)
        yield from _small_enough(ground, style, rest)


def _halo(ground: Ground, style: Style, piece: _Piece) -> tuple[int, int, int, int]:
    """Cells to the west, east, north and south of a piece that cast shadows into it, or hide sky from it."""
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
        math.ceil(min(metres / size, float(most))) for metres, size, most in cells
    )
    # What lies beyond the whole zoom is no ground, but for the rim.
    end, bottom = ground.column + columns, ground.row + rows
    column = ground.seen_at(piece.column, piece.columns)
    return (
        min(west, max(column - ground.column, 0)) + _RIM,
        min(east, max(end - column - piece.columns, 0)) + _RIM,
        min(north, max(piece.row - ground.row, 0)) + _RIM,
        min(south, max(bottom - piece.row - piece.rows, 0)) + _RIM,
    )


def sky_radius(ground: Ground, style: Style, spacing: tuple[float, float]) -> float:
    """Metres that sky light looks; by default what ``render`` takes for a DEM as large as the whole zoom."""
    if style.engine["radius"] is not None:
        return float(style.engine["radius"])
    cells = min(max(max(ground.heights.shape) / 16, _SKY[0]), _SKY[1])
    metres: float = cells * max(spacing)
    return metres


def _drawn(ground: Ground, style: Style, piece: _Piece) -> Pixels:
    west, east, north, south = _halo(ground, style, piece)
    rows, columns = north + piece.rows + south, west + piece.columns + east
    heights = _rimmed(ground.part(piece.row - north, piece.column - west, rows, columns))
    dx, dy = piece.spacing
    bounds = (
        (west - columns / 2 + _ASIDE) * dx,
        (rows / 2 - north - piece.rows - _ASIDE) * dy,
        (west + piece.columns - columns / 2 + _ASIDE) * dx,
        (rows / 2 - north - _ASIDE) * dy,
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
            background=(0.0, 0.0, 0.0, 0.0),
            aovs=(),
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
