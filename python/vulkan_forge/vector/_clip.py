"""What of shapes lies in a box: a projection says little of the other side of the earth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ._shapes import LINE, POINT, RING, Floats, Shapes, joined, pieces

if TYPE_CHECKING:
    from ..geo._grid import Grid

Box = tuple[float, float, float, float]


def region_of(transformer: Any, grid: Grid, wide_m: float, turn: float | None) -> Box | None:
    """The DEM with as much again on each side, or `wide_m` metres, in the data's coordinates; None where that is no box.

    On a map that ends before it is less on each side, down to a quarter.
    """
    left, bottom, right, top = grid.bounds
    for share in (1.0, 0.5, 0.25):
        across = max(share * (right - left), wide_m / grid.spacing[0] * grid.cell[0])
        up = max(share * (top - bottom), wide_m / grid.spacing[1] * grid.cell[1])
        around = (left - across, bottom - up, right + across, top + up)
        if _on_map(transformer, around):
            break
    else:
        return None
    try:
        found = transformer.transform_bounds(*around, densify_pts=21, direction="INVERSE")
    except Exception:  # PROJ's errors have no common base; without a box nothing is cut off
        return None
    west, south, east, north = found
    if turn is not None and west > east:  # it goes across the antimeridian
        east += turn
    # Past a pole the corners do not bound it.
    if not all(map(math.isfinite, found)) or west >= east or south >= north or east - west > 350:
        return None
    return west, south, east, north


def _on_map(transformer: Any, box: Box) -> bool:
    """Whether all round a box the map has places of its own; beyond its end it repeats those on the other side."""
    left, bottom, right, top = box
    share = np.linspace(0, 1, 23)
    x, y = left + share * (right - left), bottom + share * (top - bottom)
    x = np.concatenate([x, x, np.full(23, left), np.full(23, right)])
    y = np.concatenate([np.full(23, bottom), np.full(23, top), y, y])
    back = transformer.transform(*transformer.transform(x, y, direction="INVERSE"))
    way = np.abs(np.subtract(back, (x, y))).max()
    return bool(way < 1e-3 * max(right - left, top - bottom))


def clipped(shapes: Shapes, box: Box | None, turn: float | None = None) -> Shapes:
    """The parts of `shapes` within (west, south, east, north); heights are between those of the vertices.

    Of longitudes, which have a `turn`, what lies one turn to a side of the box is brought into it.
    """
    if box is None or not len(shapes.xy):
        return shapes
    shapes = shapes.taking(shapes.lengths > 0)
    parts = [within(shapes, box)]
    for by in () if turn is None else (-turn, turn):
        aside = within(shapes, (box[0] - by, box[1], box[2] - by, box[3]))
        parts.append(aside._replace(xy=np.add(aside.xy, (by, 0.0))))
    return joined([part for part in parts if len(part.rows)])


def within(shapes: Shapes, box: Box) -> Shapes:
    """The parts of `shapes`, of which none is empty, within the box."""
    west, south, east, north = box
    starts = shapes.offsets[:-1]
    low = np.minimum.reduceat(shapes.xy, starts, axis=0)
    high = np.maximum.reduceat(shapes.xy, starts, axis=0)
    touches = (high >= (west, south)).all(axis=1) & (low <= (east, north)).all(axis=1)
    within = (low >= (west, south)).all(axis=1) & (high <= (east, north)).all(axis=1)
    if within.all():
        return shapes
    # By piece, so that holes stay behind their polygons.
    own, shapes = shapes.rows, shapes._replace(rows=np.arange(len(shapes.rows)))
    # Points that touch are within: a piece of one vertex.
    parts = [shapes.taking(within)]
    lines = shapes.taking(touches & ~within & (shapes.kinds == LINE))
    if len(lines.rows):
        parts.append(_lines(lines, box))
    rings = shapes.taking(touches & ~within & (shapes.kinds == RING))
    if len(rings.rows):
        parts.append(_rings(rings, box))
    found = joined([part for part in parts if len(part.rows)])
    return found._replace(rows=own[found.rows])


def _lines(shapes: Shapes, box: Box) -> Shapes:
    """Each segment cut by itself (Liang and Barsky 1984), and those that still meet put together."""
    last = np.zeros(len(shapes.xy), np.bool_)
    last[shapes.offsets[1:] - 1] = True
    first = np.flatnonzero(~last)
    if not len(first):
        return shapes.taking(np.zeros(len(shapes.rows), np.bool_))
    start, way = shapes.xy[first], shapes.xy[first + 1] - shapes.xy[first]
    t0, t1 = np.zeros(len(first)), np.ones(len(first))
    for axis in (0, 1):
        with np.errstate(divide="ignore", invalid="ignore"):
            a = (box[axis] - start[:, axis]) / way[:, axis]
            b = (box[axis + 2] - start[:, axis]) / way[:, axis]
        still = way[:, axis] == 0
        outside = still & ((start[:, axis] < box[axis]) | (start[:, axis] > box[axis + 2]))
        t0 = np.maximum(t0, np.where(still, 0.0, np.minimum(a, b)))
        t1 = np.minimum(t1, np.where(outside, -1.0, np.where(still, 1.0, np.maximum(a, b))))
    kept = np.flatnonzero(t0 <= t1)
    t0, t1, first = t0[kept], t1[kept], first[kept]
    piece = np.repeat(np.arange(len(shapes.rows)), shapes.lengths)[first]
    begins = np.ones(len(kept), np.bool_)
    begins[1:] = (
        (first[1:] != first[:-1] + 1) | (piece[1:] != piece[:-1]) | (t0[1:] > 0) | (t1[:-1] < 1)
    )

    def along(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        way = values[first + 1] - values[first]
        share = t1 if values.ndim == 1 else t1[:, None]
        head = t0 if values.ndim == 1 else t0[:, None]
        ends = np.where(share == 1, values[first + 1], values[first] + share * way)
        return np.insert(ends, np.flatnonzero(begins), (values[first] + head * way)[begins], axis=0)

    counts = np.diff(np.concatenate([np.flatnonzero(begins), [len(kept)]])) + 1
    z = None if shapes.z is None else along(shapes.z)
    offsets = np.concatenate([[0], np.cumsum(counts)])
    return pieces(LINE, along(shapes.xy), z, offsets, shapes.rows[piece[begins]])


def _rings(shapes: Shapes, box: Box) -> Shapes:
    """Side by side of the box (Sutherland and Hodgman 1974); along its sides lie edges that close what was cut."""
    rings, kept = [], []
    columns = shapes.xy if shapes.z is None else np.column_stack([shapes.xy, shapes.z])
    for number, (start, end) in enumerate(
        zip(shapes.offsets[:-1], shapes.offsets[1:], strict=True)
    ):
        ring = columns[start:end]
        for axis, side, sign in ((0, box[0], 1), (1, box[1], 1), (0, box[2], -1), (1, box[3], -1)):
            ring = _halved(ring, axis, side, sign)
            if len(ring) < 3:
                break
        else:
            rings.append(np.concatenate([ring, ring[:1]]))
            kept.append(number)
    if not rings:
        return pieces(POINT, np.empty((0, 2)), None, np.zeros(1, np.int64), np.empty(0, np.int64))
    whole = np.concatenate(rings)
    offsets = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    z = None if shapes.z is None else np.ascontiguousarray(whole[:, 2])
    return pieces(RING, whole[:, :2], z, offsets, shapes.rows[kept], shapes.holes[kept])


def _halved(ring: Floats, axis: int, side: float, sign: int) -> Floats:
    """What of a ring, closed or not, lies on one side of a line along an axis; open."""
    if len(ring) > 1 and (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    depth = sign * (ring[:, axis] - side)
    inside = depth >= 0
    if inside.all():
        return ring
    following = np.roll(ring, -1, axis=0)
    crosses = inside != np.roll(inside, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(crosses, depth / (depth - np.roll(depth, -1)), 0.0)
    border = ring + share[:, None] * (following - ring)
    border[:, axis] = side
    both = np.stack([ring, border], axis=1).reshape(-1, ring.shape[1])
    found: Floats = both[np.stack([inside, crosses], axis=1).reshape(-1)]
    return found
