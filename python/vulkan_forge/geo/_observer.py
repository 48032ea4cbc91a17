"""Cells as they are where an observer stands."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .._numbers import is_real, reals
from .._vulkan_forge import _height_percentiles
from ._blocks import Part
from ._grid import Grid
from ._warnings import VerticalScaleWarning, tell

_DIFFER = 0.05  # as in a picture: beyond, it is told


def where_one_stands(grid: Grid, heights: Any, options: dict[str, Any]) -> dict[str, Any]:
    """What `viewshed` is to be told of the ground: cell sizes at the observer's place, that place in them, and the body.

    Warns where cells within sight differ from those by more than a twentieth.
    """
    known = grid.ground.geodesy
    told: dict[str, Any] = {"spacing": grid.spacing}
    if known is None:
        return told
    told["body_radius"] = options.get("body_radius", known.radius)
    at = reals((options.get("x"), options.get("y")))
    if grid.stated or len(at) != 2 or not all(map(math.isfinite, at)):
        return told
    x, y = at
    (rows, columns), (dx, dy) = grid.shape, grid.spacing
    column, row = math.floor(x / dx + columns / 2), math.floor(rows / 2 - y / dy)
    if not (0 <= row < rows and 0 <= column < columns):
        return told  # the operator refuses it
    place = grid.coordinates[0][column], grid.coordinates[1][row]
    own = grid.ground.sizes(*(np.array([one]) for one in place))[0]
    told["spacing"] = (float(own[0]), float(own[1]))
    # The middle of that cell: so rounding puts nobody into the next one.
    told["x"] = float((column + 0.5 - columns / 2) * own[0])
    told["y"] = float((rows / 2 - row - 0.5) * own[1])
    _warn(grid, (row, column), own, _reach(heights, options, told["body_radius"]))
    return told


def _reach(heights: Any, options: dict[str, Any], radius: Any) -> float:
    """Metres to the farthest ground that may be seen."""
    farthest: Any = options.get("max_distance")
    reach = float(farthest) if is_real(farthest) and farthest > 0 else math.inf
    curved = isinstance(given := options.get("curvature"), bool | np.bool_) and bool(given)
    tall = [options.get(name, 0.0) for name in ("height", "target_height")]
    numbers = [*tall, options.get("vert_exag", 1.0), options.get("refraction", 0.0), radius]
    if not curved or not all(is_real(one) and math.isfinite(one) for one in numbers):
        return reach
    *tall, factor, refraction, radius = (float(one) for one in numbers)
    ends = _height_percentiles(heights, (0.0, 100.0)) if isinstance(heights, np.ndarray) else None
    if ends is None or radius <= 0 or refraction >= 1:
        return reach
    # Two summits see each other over ground that lies as low as any, at the sum of their own horizons.
    rise = max((ends[1] - ends[0]) * factor + max(tall), 0.0)
    return min(reach, 2.0 * math.sqrt(2.0 * radius / (1.0 - refraction) * rise))


def _warn(grid: Grid, place: tuple[int, int], own: Any, reach: float) -> None:
    cell = tuple(slice(one, one + 1) for one in place)
    part = Part(*cell, *cell).widened(grid, reach)
    rows, columns = part.around_rows, part.around_columns
    seen = grid.part(
        rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start
    )
    for size, side, (least, greatest) in zip(
        own, ("wide", "high"), seen.ground.spread[:2], strict=True
    ):
        if greatest > (1 + _DIFFER) * size or least < size / (1 + _DIFFER):
            tell(
                f"cells within sight are {least:.4g} to {greatest:.4g} m {side}, and count as {size:.4g} m {side}, as where "
                "the observer stands; pass a smaller max_distance=, or a dem.reproject() of the part",
                VerticalScaleWarning,
            )
            return
