"""Arcs: parabolas over the shortest ways between places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._vulkan_forge import SpaceLayer
from ._columns import Rgba
from ._features import Features
from ._layer import Setting
from ._place import OWN, in_world, needs_projection, parted, turn_of
from ._shapes import LINE, Floats, Shapes, pieces
from ._sizes import Lengths
from ._space import Heights, lifted

if TYPE_CHECKING:
    from ..geo._grid import Grid

STEPS = 64
"""Pieces of an arc: their middles are within 1/4096 of its rise of it."""
_PARTS, _ROUNDS = 64, 4
"""Of a piece that leaves a map at one side and comes in at the other: to a few centimetres."""


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
    ways = _ways(features, first, crs, setting)
    kept = ways.metres > 0
    first, rows, ways = first[kept], rows[kept], ways.taking(kept)
    count = len(first)
    share = np.broadcast_to(np.linspace(0.0, 1.0, STEPS + 1), (count, STEPS + 1))
    edge = np.repeat(np.arange(count), STEPS + 1)
    places = ways.at(edge, share.ravel())
    # A projection has no place for what lies on the other side of the earth.
    jumps = _jumps(places.reshape(count, STEPS + 1, 2), ways, setting.grid)
    share = share.ravel()
    if len(jumps.edge):
        # Where the pen is lifted, between both sides of the map.
        before = np.repeat(jumps.edge * (STEPS + 1) + jumps.step + 1, 3)
        edge = np.insert(edge, before, np.repeat(jumps.edge, 3))
        share = np.insert(share, before, np.repeat(jumps.share, 3))
        places = np.insert(places, before, jumps.places.reshape(-1, 2), axis=0)
    over = lifted(shapes, where)
    rise = rises[rows] if len(rises) > 1 else np.full(count, rises[0])
    bulge = rise * ways.metres / setting.height_unit_m
    a, b = over[first], over[first + 1]
    z = a[edge] + share * (b - a)[edge] + bulge[edge] * 4.0 * share * (1.0 - share)
    nowhere = ~np.isfinite(places).all(axis=1)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(edge, minlength=count))])
    found = pieces(LINE, places, z, offsets, rows)
    paint = colours, widths.amounts(setting.dpi), widths.unit
    if where.z == "absolute":
        found = parted(found, nowhere)
        assert found.z is not None
        return SpaceLayer.tubes(found, found.z, "datum", paint)
    found.xy[nowhere] = 0.0
    return SpaceLayer.tubes(found, z, "ground", paint, shares=np.where(nowhere, np.nan, share))


def _edges(shapes: Shapes) -> npt.NDArray[np.int64]:
    """First vertices of all edges; NaN lifts the pen."""
    last = np.zeros(len(shapes.xy), np.bool_)
    last[shapes.offsets[1:][shapes.lengths > 0] - 1] = True
    there = ~(np.isnan(shapes.xy[:, 0]) | np.isnan(shapes.xy[:, 1]))
    return np.flatnonzero(~last[:-1] & there[:-1] & there[1:])


class Ways(NamedTuple):
    """The shortest ways of edges, on the earth or on a plane."""

    start: Floats
    """(E, 2), of geodesics in degrees."""
    end: Floats
    azimuth: Floats
    """(E,)."""
    metres: Floats
    """(E,): how long they are."""
    geod: Any
    """None of straight lines."""
    to_world: Callable[[Floats], Floats]

    def taking(self, wanted: npt.NDArray[np.bool_]) -> Ways:
        """Those of which `wanted` (E,) is true."""
        return self._replace(
            start=self.start[wanted],
            end=self.end[wanted],
            azimuth=self.azimuth[wanted],
            metres=self.metres[wanted],
        )

    def at(self, edge: npt.NDArray[np.intp], share: Floats) -> Floats:
        """(N, 2) world metres at shares of edges, not finite where the DEM's map has no place."""
        if self.geod is None:
            return self.to_world(self.start[edge] + share[:, None] * (self.end - self.start)[edge])
        x, y, _ = self.geod.fwd(*self.start[edge].T, self.azimuth[edge], self.metres[edge] * share)
        return self.to_world(np.column_stack([x, y]))


def _ways(features: Features, first: npt.NDArray[np.int64], crs: Any, setting: Setting) -> Ways:
    start, end = features.shapes.xy[first], features.shapes.xy[first + 1]
    stated = features.crs if crs is None else crs
    grid = setting.grid
    if isinstance(stated, str) and stated == OWN and grid is not None and grid.crs is not None:
        stated = grid.crs.to_wkt()
    geodesic = needs_projection(stated, grid)
    turn = 0.0
    geod = None
    if geodesic:
        pyproj = require("pyproj", "vector", "arcs along geodesics")
        source = pyproj.CRS.from_user_input(stated)
        stated = source.geodetic_crs
        to_degrees = pyproj.Transformer.from_crs(source, stated, always_xy=True)
        start, end = (np.column_stack(to_degrees.transform(*at.T)) for at in (start, end))
        geod = source.get_geod()
        turn = turn_of(grid) if grid is not None and grid.geographic else 0.0

    def to_world(xy: Floats) -> Floats:
        known = np.isfinite(xy).all(axis=1)
        ends = np.array([0, known.sum()])
        shapes = pieces(LINE, xy[known], None, ends, np.zeros(1, np.int64))
        places = np.full_like(xy, np.nan)
        data = features._replace(shapes=shapes, crs=stated)
        places[known] = in_world(data, stated, grid, whole=True).xy
        if turn:  # to the side of the DEM's middle on which it is nearer
            places[:, 0] -= turn * np.round(places[:, 0] / turn)
        return places

    if geod is not None:
        azimuth, _, metres = geod.inv(*start.T, *end.T)
    else:
        metres = np.hypot(*(to_world(end) - to_world(start)).T)
        azimuth = metres
    return Ways(start, end, np.asarray(azimuth), np.asarray(metres, np.float64), geod, to_world)


class Jumps(NamedTuple):
    """Where ways go on at the other side of the DEM's map, in the order of the edges."""

    edge: npt.NDArray[np.intp]
    step: npt.NDArray[np.intp]
    """The vertex before."""
    share: Floats
    places: Floats
    """(J, 3, 2): on both sides, and NaN between."""


def _jumps(places: Floats, ways: Ways, grid: Grid | None) -> Jumps:
    """Of steps that might be one, those of which a part stays as long however small it is."""
    if ways.geod is None or grid is None:
        edge = step = np.empty(0, np.intp)
    else:
        half = 0.5 * np.array(grid.shape[::-1]) * grid.spacing
        with np.errstate(invalid="ignore"):
            far = (np.abs(np.diff(places, axis=1)) > half).any(axis=2)
        known = np.asarray(np.isfinite(places).all(axis=2))
        edge, step = np.nonzero(far & known[:, :-1])
    low, wide = step / STEPS, 1 / STEPS
    ends = np.stack([places[edge, step], places[edge, step + 1]], axis=1)
    long = 0.5 * np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    row = np.arange(len(edge))
    for _ in range(_ROUNDS if len(edge) else 0):
        shares = low[:, None] + wide * np.linspace(0.0, 1.0, _PARTS + 1)
        along = ways.at(np.repeat(edge, _PARTS + 1), shares.ravel()).reshape(*shares.shape, 2)
        with np.errstate(invalid="ignore"):
            steps = np.hypot(*np.moveaxis(np.diff(along, axis=1), 2, 0))
        most = np.argmax(np.nan_to_num(steps, nan=np.inf), axis=1)
        low, wide = shares[row, most], wide / _PARTS
        ends = np.stack([along[row, most], along[row, most + 1]], axis=1)
    a, b = ends[:, 0], ends[:, 1]
    with np.errstate(invalid="ignore"):
        kept = ~(np.hypot(*(b - a).T) < long)
    sides = np.stack([a, np.full_like(a, np.nan), b], axis=1)
    return Jumps(edge[kept], step[kept], low[kept], sides[kept])
