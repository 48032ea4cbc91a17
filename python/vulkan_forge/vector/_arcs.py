"""Arcs: parabolas over the shortest ways between places."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._vulkan_forge import SpaceLayer
from ._columns import Rgba
from ._features import Features
from ._layer import Setting
from ._place import OWN, in_world, needs_projection
from ._shapes import LINE, Floats, Shapes, pieces
from ._sizes import Lengths
from ._space import Heights, lifted

STEPS = 64
"""Pieces of an arc: their middles are within 1/4096 of its rise of it."""


def arcs(
    features: Features,
    crs: Any,
    setting: Setting,
    where: Heights,
    rises: npt.NDArray[np.float64],
    colours: Rgba,
    widths: Lengths,
) -> SpaceLayer:
    """From each vertex of a line to the next, as high in its middle as a share (of each row, or of all) of its length."""
    shapes = features.shapes
    first = _edges(shapes)
    rows = np.repeat(shapes.rows, shapes.lengths)[first]
    share = np.linspace(0.0, 1.0, STEPS + 1)
    placed, metres = _ways(features, first, share, crs, setting)
    over = lifted(shapes, where)
    rise = rises[rows] if len(rises) > 1 else np.full(len(rows), rises[0])
    straight = over[first, None] + share * (over[first + 1] - over[first])[:, None]
    bulge = (rise * metres / setting.height_unit_m)[:, None] * (4.0 * share * (1.0 - share))
    # A projection has no place for what lies on the other side of the earth.
    kept = np.isfinite(placed).all(axis=(1, 2)) & (metres > 0)
    count = int(kept.sum())
    found = pieces(
        LINE,
        placed[kept].reshape(-1, 2),
        None,
        np.arange(count + 1) * (STEPS + 1),
        rows[kept],
    )
    return SpaceLayer.tubes(
        found,
        np.ascontiguousarray((straight + bulge)[kept].reshape(-1)),
        "datum" if where.z == "absolute" else "ends",
        (colours, widths.amounts(setting.dpi), widths.unit),
    )


def _edges(shapes: Shapes) -> npt.NDArray[np.int64]:
    """First vertices of all edges; NaN lifts the pen."""
    last = np.zeros(len(shapes.xy), np.bool_)
    last[shapes.offsets[1:][shapes.lengths > 0] - 1] = True
    there = ~(np.isnan(shapes.xy[:, 0]) | np.isnan(shapes.xy[:, 1]))
    return np.flatnonzero(~last[:-1] & there[:-1] & there[1:])


def _ways(
    features: Features, first: npt.NDArray[np.int64], share: Floats, crs: Any, setting: Setting
) -> tuple[Floats, Floats]:
    """(E, steps + 1, 2) world metres along the shortest way of each edge, and (E,) how long that is."""
    start, end = features.shapes.xy[first], features.shapes.xy[first + 1]
    stated = features.crs if crs is None else crs
    grid = setting.grid
    if isinstance(stated, str) and stated == OWN and grid is not None and grid.crs is not None:
        stated = grid.crs.to_wkt()
    geodesic = needs_projection(stated, grid)
    if geodesic:
        pyproj = require("pyproj", "vector", "arcs along geodesics")
        source = pyproj.CRS.from_user_input(stated)
        stated = source.geodetic_crs
        to_degrees = pyproj.Transformer.from_crs(source, stated, always_xy=True)
        ends = [to_degrees.transform(at[:, 0], at[:, 1]) for at in (start, end)]
        geod = source.get_geod()
        azimuth, _, metres = geod.inv(*ends[0], *ends[1])
        shape = (len(first), len(share))
        spread = [np.broadcast_to(part[:, None], shape).ravel() for part in (*ends[0], azimuth)]
        x, y, _ = geod.fwd(*spread, (np.asarray(metres)[:, None] * share).ravel())
        way = np.column_stack([x, y])
    else:
        way = (start[:, None] + share[:, None] * (end - start)[:, None]).reshape(-1, 2)
    offsets = np.arange(len(first) + 1) * len(share)
    shapes = pieces(LINE, way, None, offsets, np.arange(len(first)))
    known = features._replace(shapes=shapes, crs=stated)
    placed = in_world(known, stated, grid, whole=True).xy.reshape(-1, len(share), 2)
    if not geodesic:
        metres = np.hypot(*(placed[:, -1] - placed[:, 0]).T)
    return placed, np.asarray(metres, np.float64)
