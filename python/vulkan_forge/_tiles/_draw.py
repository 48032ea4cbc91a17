"""Pictures of ground in a matrix that fit each other: cut wherever one likes, they are one picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .._camera import Camera
from .._engines import with_engine
from .._vulkan_forge import _heights_with_rims
from ._matrix import Cells, Level
from ._source import Ground, Heights
from ._style import Style

_SPREAD = 0.002  # most by which the sizes of cells that are drawn as one may differ
_SQUARE = 1024  # cells a side of the matrix that are asked at once how much they differ
_CELLS = 1 << 22  # samples of a DEM up to which every pixel is met exactly
_SKY_CELLS = 1 << 21  # and up to which sky light is looked for from each
_LEAST = 64  # cells a side below which no drawing is split
_FEWEST = 1024  # cells that are drawn as one, be they as unlike as those about a pole in a zoom of few tiles
_RIM = 2  # cells round all that slopes and rounding may ask for
# Of a cell, to the south-east: four patches meet in a cell's middle, and rounding must not decide which one is seen.
_ASIDE = 1 / 128
_SKY = (8, 24)  # cells: bounds of the default radius of sky light

Pixels = npt.NDArray[np.uint8]
_Halo = tuple[int, int, int, int]
"""Cells beyond a piece to the west, east, north and south."""


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
    known = _known(ground.part(row, column, rows, columns))
    if known is not None and not known.any():
        return None
    parts = list(_parts(matrix, ground, style, row, column, rows, columns))
    if len(parts) == 1:
        drawn = _drawn(ground, style, *parts[0])
    else:
        drawn = np.zeros((rows, columns, 4), np.uint8)
        for part, halo in parts:
            down, right = part.row - row, part.column - column
            place = np.s_[down : down + part.rows, right : right + part.columns]
            if known is None or known[place].any():
                drawn[place] = _drawn(ground, style, part, halo)
    if known is not None:
        np.copyto(drawn.view(np.uint32)[..., 0], 0, where=~known)
    return drawn


def _known(heights: Heights) -> npt.NDArray[np.bool_] | None:
    """Where there is ground; None where everywhere is."""
    return np.isfinite(heights) if _holed(heights) else None


def _holed(heights: Heights) -> bool:
    """By the least, which is NaN if one is: that needs no array beside it."""
    return math.isnan(float(heights.min()))


def seen(
    matrix: Cells, ground: Ground, style: Style, row: int, column: int, rows: int, columns: int
) -> tuple[int, int, int, int]:
    """(row, column, rows, columns) of all ground that a picture of these cells looks at."""
    top, left, bottom, right = row, column, row + rows, column + columns
    for part, (west, east, north, south) in _parts(
        matrix, ground, style, row, column, rows, columns
    ):
        top, left = min(top, part.row - north), min(left, part.column - west)
        bottom = max(bottom, part.row + part.rows + south)
        right = max(right, part.column + part.columns + east)
    return top, left, bottom - top, right - left


def _parts(
    matrix: Cells, ground: Ground, style: Style, row: int, column: int, rows: int, columns: int
) -> Iterator[tuple[_Piece, _Halo]]:
    """What is drawn at once of these cells."""
    for piece in _pieces(matrix, ground, row, column, rows, columns):
        yield from _small_enough(ground, style, piece)


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
    high, wide = found
    while high * wide < _FEWEST:
        high, wide = (2 * high, wide) if high <= wide else (high, 2 * wide)
    return high, wide


def _small_enough(ground: Ground, style: Style, piece: _Piece) -> Iterator[tuple[_Piece, _Halo]]:
    """Halves, until the device looks at each sample by itself."""
    west, east, north, south = halo = _halo(ground, style, piece)
    samples = (west + piece.columns + east) * (north + piece.rows + south)
    most = _SKY_CELLS if style.engine["ambient_occlusion"] else _CELLS
    if samples <= most or max(piece.rows, piece.columns) <= max(_LEAST, west + east, north + south):
        yield piece, halo
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


def _halo(ground: Ground, style: Style, piece: _Piece) -> _Halo:
    """Cells to the west, east, north and south of a piece that cast shadows into it, or hide sky from it."""
    words, (dx, dy) = style.engine, piece.spacing
    first_row, first_column, rows, columns = ground.whole
    reach = [0.0, 0.0, 0.0, 0.0]  # metres west, east, north, south
    if words["lit"] and words["shadows"]:
        inside = ground.part(piece.row, piece.column, piece.rows, piece.columns)
        low = float(inside.min())
        if math.isnan(low):
            low = float(np.fmin.reduce(inside, axis=None))
        relief = 0.0 if math.isnan(low) else max(ground.highest - low, 0.0) * words["vert_exag"]
        lowest = math.radians(max(words["altitude"] - words["sun_radius"], 0.0))
        far = relief / math.tan(lowest) if lowest > 1e-3 else math.inf
        if words["altitude"] + words["sun_radius"] > 0 and relief > 0:
            for x, y in _planes(words["azimuth"], words["altitude"], words["sun_radius"]):
                for side, part in enumerate((-x, x, y, -y)):
                    reach[side] = max(reach[side], far * part if part > 1e-9 else 0.0)
    if words["lit"] and words["ambient_occlusion"]:
        reach = [max(metres, sky_radius(ground, style, piece.spacing)) for metres in reach]
    cells = zip(reach, (dx, dx, dy, dy), (columns, columns, rows, rows), strict=True)
    west, east, north, south = (
        math.ceil(min(metres / size, float(most))) for metres, size, most in cells
    )
    # What lies beyond the whole zoom is no ground, but for the rim.
    end, bottom = first_column + columns, first_row + rows
    column = ground.seen_at(piece.column, piece.columns)
    return (
        min(west, max(column - first_column, 0)) + _RIM,
        min(east, max(end - column - piece.columns, 0)) + _RIM,
        min(north, max(piece.row - first_row, 0)) + _RIM,
        min(south, max(bottom - piece.row - piece.rows, 0)) + _RIM,
    )


def _planes(azimuth: float, altitude: float, radius: float) -> Iterator[tuple[float, float]]:
    """East and north, for one towards the sun, of the middle and the outermost planes through the disc in which light is
    looked for: see ``src/render/sun_disc.rs``."""
    size, level = math.tan(math.radians(radius)), math.cos(math.radians(altitude))
    turn = size / max(level, size) if size > 0 else 0.0
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    for across in {-turn, 0.0, turn}:
        yield east + across * north, north - across * east


def sky_radius(ground: Ground, style: Style, spacing: tuple[float, float]) -> float:
    """Metres that sky light looks; by default what ``render`` takes for a DEM as large as the whole zoom."""
    if style.engine["radius"] is not None:
        return float(style.engine["radius"])
    cells = min(max(max(ground.whole[2:]) / 16, _SKY[0]), _SKY[1])
    metres: float = cells * max(spacing)
    return metres


def _drawn(ground: Ground, style: Style, piece: _Piece, halo: _Halo) -> Pixels:
    west, east, north, south = halo
    rows, columns = north + piece.rows + south, west + piece.columns + east
    heights = ground.part(piece.row - north, piece.column - west, rows, columns)
    heights = np.require(heights, requirements=("C", "ALIGNED"))  # what came to a worker may not be
    if _holed(heights):  # each known cell is to be drawn whole
        heights = _heights_with_rims(heights)
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
            depth=False,
            cut_at=(piece.column - west, piece.row - north),
            **words,
        ),
    )
    return np.asarray(image.rgba)
