"""From the coordinates of data to world metres of a DEM."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ..geo._failures import brief
from ..geo._units import radians_per_unit
from ..geo._warnings import tell
from ._antipode import turned_out
from ._clip import clipped, region_of
from ._features import Features, GeometryWarning
from ._limb import ends_at, limb_of
from ._seam import cut_at_seam
from ._shapes import LINE, RING, Floats, Shapes, joined, said

if TYPE_CHECKING:
    from ..geo._grid import Grid

WORLD, OWN = "world", "dem"
"""Values of ``crs=`` that name no coordinate system."""
_NO_MAP = ("Vertical CRS", "Geocentric CRS", "Temporal CRS", "Parametric CRS")
"""Of these no two axes run along the ground."""
_TOLERANCE = 0.1
"""Of a cell: how far an edge that was straight in the data's coordinates may be from where it belongs."""
_FAR = 0.05
"""The same of what is far from the DEM, of that distance: such an edge stays clear of it."""
_ROUNDS = 4
_MOST = 4096
"""Parts of an edge in one round."""
_ASIDE = 0.382
"""Where along an edge it is compared: a curve that bends one way and then the other is straight in its middle."""


def needs_projection(stated: Any, grid: Grid | None) -> bool:
    """Whether coordinates in `stated` (a coordinate system or a name of none) beside such a DEM have a place on the earth."""
    named = isinstance(stated, str) and stated in (WORLD, OWN)
    return stated is not None and not named and grid is not None and grid.crs is not None


def in_world(
    features: Features, crs: Any, grid: Grid | None, *, whole: bool = False, wide_m: float = 0.0
) -> Shapes:
    """The shapes of `features` in world metres: x east, y north, the origin in the middle of a DEM that lies in `grid`.

    `crs` is what the caller says of the data, and wins over what it says itself. With `whole` there are as many vertices as
    before; those that have no place on the DEM's map are not finite. What is `wide_m` metres wide may come onto the DEM from as
    far away.

    Raises
    ------
    InvalidInputError
        It is unknown how data and DEM lie to each other, or a coordinate is not finite.
    MissingExtraError
        pyproj is not installed, and the two differ.
    """
    shapes = _finite(features.shapes)
    stated = features.crs if crs is None else crs
    if not len(shapes.xy) or (isinstance(stated, str) and stated == WORLD):
        return shapes
    placed = grid is not None and not grid.local
    if isinstance(stated, str) and stated == OWN:
        return _from_own(shapes, grid) if grid is not None else shapes
    if grid is None or grid.crs is None:
        if stated is None:
            return _from_own(shapes, grid) if placed and grid is not None else shapes
        raise InvalidInputError(
            f"data with a coordinate system expected a DEM with one; got {_name(stated)} beside a DEM without; "
            "make the DEM with crs= (vf.DEM, vf.open), or pass crs='world' for coordinates in metres from its middle"
        )
    if stated is None:
        raise InvalidInputError(
            f"data beside a DEM in {_name(grid.crs)} must say what its coordinates are; got none; pass crs= of the data "
            "('EPSG:4326' for longitude and latitude), crs='dem' if they are the DEM's own, or crs='world' for metres "
            "from its middle"
        )
    pyproj = require("pyproj", "vector", "placing data beside a DEM")
    try:
        source = pyproj.CRS.from_user_input(stated)
    except (
        Exception
    ) as error:  # a stranger's class raises what it likes, and so does half a surrogate pair
        raise InvalidInputError(
            f"crs must be a coordinate system that PROJ knows, 'dem' or 'world'; got {shown(stated)} ({brief(error)}); "
            "pass for example crs='EPSG:4326'"
        ) from error
    if source.type_name in _NO_MAP:
        raise InvalidInputError(
            f"crs must be a system of places on a map; got {_name(source)}, a {source.type_name}; transform the data first, "
            "or pass crs= of its x and y"
        )
    target = pyproj.CRS.from_wkt(grid.crs.to_wkt())
    if source.equals(target, ignore_axis_order=True):
        return _from_own(shapes, grid)
    try:
        transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)
    except pyproj.exceptions.ProjError as error:
        raise InvalidInputError(
            f"data must lie on the DEM's own body, where PROJ knows a way between both; got {_name(source)} beside a DEM in "
            f"{_name(target)} ({error}); pass crs= of the data, in a coordinate system of that body, or crs='dem'"
        ) from error
    if whole:
        x, y = transformer.transform(shapes.xy[:, 0], shapes.xy[:, 1])
        return shapes._replace(xy=_world(np.column_stack([x, y]), grid))
    return _transformed(shapes, transformer, grid, wide_m)


def _name(crs: Any) -> str:
    try:
        text = str(getattr(crs, "name", None) or crs)
    except Exception:  # of a stranger's class
        text = shown(crs)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _finite(shapes: Shapes) -> Shapes:
    """NaN in a line parts it; elsewhere, and infinity, are refused."""
    wrong = ~np.isfinite(shapes.xy).all(axis=1)
    if not wrong.any():
        return shapes
    piece = np.repeat(np.arange(len(shapes.rows)), shapes.lengths)[wrong]
    bad = (shapes.kinds[piece] != LINE) | np.isinf(shapes.xy[wrong]).any(axis=1)
    if bad.any():
        vertex = np.flatnonzero(wrong)[bad][0]
        raise InvalidInputError(
            f"coordinates must be finite; got {tuple(shapes.xy[vertex].tolist())} in {said(shapes.rows[piece[bad]])}; "
            "drop these rows, or mend them"
        )
    return parted(shapes, wrong)


def parted(shapes: Shapes, gaps: Any) -> Shapes:
    """Without the vertices of `gaps` (N,), each piece ending where one is."""
    piece = np.repeat(np.arange(len(shapes.rows)), shapes.lengths)
    kept = np.flatnonzero(~gaps)
    new = np.ones(len(kept), np.bool_)
    new[1:] = (np.diff(kept) > 1) | (np.diff(piece[kept]) != 0)
    starts = np.flatnonzero(new)
    owner = piece[kept][starts]
    return Shapes(
        shapes.xy[kept],
        None if shapes.z is None else shapes.z[kept],
        np.concatenate([starts, [len(kept)]]),
        shapes.rows[owner],
        shapes.kinds[owner],
        shapes.holes[owner],
    )


def _from_own(shapes: Shapes, grid: Grid) -> Shapes:
    return shapes._replace(xy=_world(shapes.xy, grid))


def _world(xy: Floats, grid: Grid) -> Floats:
    """World metres of coordinates of the DEM's own."""
    (rows, columns), (west, north), (width, height) = grid.shape, grid.corner, grid.cell
    dx, dy = grid.spacing
    world = np.empty_like(xy)
    world[:, 0] = ((xy[:, 0] - west) / width - 0.5 * columns) * dx
    world[:, 1] = (0.5 * rows - (north - xy[:, 1]) / height) * dy
    return world


def _own(xy: Floats, grid: Grid) -> Floats:
    """The DEM's own coordinates of world metres."""
    (rows, columns), (west, north), (width, height) = grid.shape, grid.corner, grid.cell
    dx, dy = grid.spacing
    x = west + (xy[:, 0] / dx + 0.5 * columns) * width
    y = north - (0.5 * rows - xy[:, 1] / dy) * height
    return np.column_stack([x, y])


def _transformed(shapes: Shapes, transformer: Any, grid: Grid, wide_m: float) -> Shapes:
    turn = _turn(transformer.source_crs)
    region = region_of(transformer, grid, wide_m, turn)
    shapes = clipped(shapes, region, turn)
    if not len(shapes.xy):
        return shapes

    def project(xy: Floats) -> Floats:
        x, y = transformer.transform(xy[:, 0], xy[:, 1])
        return _world(np.column_stack([x, y]), grid)

    if not grid.geographic:
        shapes = cut_at_seam(shapes.taking(shapes.lengths > 0), project, turn)
    world = project(shapes.xy)
    tolerance = _TOLERANCE * min(grid.spacing)
    half = 0.5 * np.array([grid.shape[1] * grid.spacing[0], grid.shape[0] * grid.spacing[1]])
    for _ in range(_ROUNDS):
        parts = _parts(shapes, world, project, tolerance, half)
        if parts is None:
            break
        shapes, added = _divided(shapes, parts)
        fresh = np.empty_like(shapes.xy)
        fresh[~added], fresh[added] = world, project(shapes.xy[added])
        world = fresh

    def to_data(xy: Floats) -> Floats:
        x, y = transformer.transform(*_own(xy, grid).T, direction="INVERSE")
        return np.column_stack([x, y])

    lost = ~np.isfinite(world).all(axis=1)
    if not lost.any():
        # What lies in a box does not go round the map.
        return (
            shapes._replace(xy=world) if region else turned_out(shapes, world, to_data, half, turn)
        )
    return _up_to_limb(shapes, world, lost, project, to_data, half)


def _up_to_limb(
    source: Shapes, world: Floats, lost: Any, project: Any, to_data: Any, half: Floats
) -> Shapes:
    """World metres of what has a place on the DEM's map: lines parted where they leave it, areas closed along its limb."""
    piece = np.repeat(np.arange(len(source.rows)), source.lengths)
    cut = np.zeros(len(source.rows), np.bool_)
    cut[piece[lost]] = True
    cut &= source.kinds == RING
    # By piece, so that holes stay behind their polygons.
    numbered = source._replace(rows=np.arange(len(source.rows)))
    whole = numbered._replace(xy=world).taking(~cut)
    parts = [parted(whole, lost[~cut[piece]])]
    if cut.any():
        rings, of_rings = numbered.taking(cut), world[cut[piece]]
        middle = np.zeros(2)
        if not np.isfinite(to_data(middle[None])).all() and not lost.all():
            middle = world[~lost].mean(axis=0)
        limb = limb_of(to_data, middle, float(half.max()))
        ended = (
            [None] * len(rings.rows) if limb is None else ends_at(limb, rings, of_rings, project)
        )
        parts += [ring for ring in ended if ring is not None]
        open_ended = np.array([ring is None for ring in ended])
        if open_ended.any():
            kept = np.repeat(open_ended, rings.lengths)
            shapes, gone = rings._replace(xy=of_rings).taking(open_ended), lost[cut[piece]][kept]
            _warn_of_cut(shapes._replace(rows=source.rows[shapes.rows]), gone, half)
            parts.append(parted(*_beginning_with(shapes, gone)))
    found = joined([part for part in parts if len(part.rows)])
    return found._replace(rows=source.rows[found.rows])


def _beginning_with(rings: Shapes, lost: Any) -> tuple[Shapes, Any]:
    """Rings that begin with a vertex that is lost, so that none is cut where it happens to begin; and which are lost then."""
    order = np.arange(len(rings.xy))
    for start, end in zip(rings.offsets[:-1], rings.offsets[1:], strict=True):
        order[start:end] = np.roll(order[start:end], -int(np.argmax(lost[start:end])))
    z = None if rings.z is None else rings.z[order]
    return rings._replace(xy=rings.xy[order], z=z), lost[order]


def _warn_of_cut(shapes: Shapes, lost: Any, half: Floats) -> None:
    """Areas that end on the DEM because its map does, as at a limb: what closes them is a straight edge."""
    piece = np.repeat(np.arange(len(shapes.rows)), shapes.lengths)
    beside = np.zeros_like(lost)
    beside[1:] |= lost[:-1] & (piece[1:] == piece[:-1])
    beside[:-1] |= lost[1:] & (piece[1:] == piece[:-1])
    beside &= ~lost & (shapes.kinds[piece] == RING)
    beside[beside] = (np.abs(shapes.xy[beside]) <= half).all(axis=1)
    if beside.any():
        tell(
            f"areas of {said(shapes.rows[piece[beside]])} go on beyond the places that the DEM's map has, and end there with "
            "a straight edge; cut them at its limb first",
            GeometryWarning,
        )


def _parts(
    shapes: Shapes, world: Floats, project: Any, tolerance: float, half: Floats
) -> npt.NDArray[np.int64] | None:
    """Into how many parts each edge, by its first vertex, is to be cut; None where all are straight enough.

    The way from an arc to its chord falls with the square of the number of parts.
    """
    last = np.zeros(len(shapes.xy), np.bool_)
    last[shapes.offsets[1:][shapes.lengths > 0] - 1] = True
    first = np.flatnonzero(~last)
    if not len(first):
        return None
    begin, end = world[first], world[first + 1]
    way = shapes.xy[first + 1] - shapes.xy[first]
    # The same place in either direction: two areas have the same border, and a seam no width.
    back = (way[:, 1] < 0) | ((way[:, 1] == 0) & (way[:, 0] < 0))
    share = np.where(back, 1 - _ASIDE, _ASIDE)[:, None]
    between = project(shapes.xy[first] + share * way)
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.abs(between - (begin + share * (end - begin))).max(axis=1)
        nearest = np.full(len(first), np.inf)
        for place in (begin, between, end):
            beside = np.maximum(np.abs(place) - half, 0).max(axis=1)
            nearest = np.fmin(nearest, beside)
        allowed = np.maximum(tolerance, _FAR * nearest)
        # What is nowhere at one end bends as far as can be, if the other is near the DEM.
        off = np.where(np.isnan(off) & np.isfinite(nearest), np.inf, off)
        bent = np.flatnonzero(off > allowed)
        many = np.ceil(np.sqrt(off[bent] / allowed[bent]))
    if not len(bent):
        return None
    parts = np.ones(len(shapes.xy), np.int64)
    parts[first[bent]] = np.minimum(many, _MOST)
    return parts


def _divided(shapes: Shapes, parts: npt.NDArray[np.int64]) -> tuple[Shapes, npt.NDArray[np.bool_]]:
    """Edges cut into equal parts, and which vertices are new."""
    source = np.repeat(np.arange(len(parts)), parts)
    starts = np.cumsum(parts) - parts
    step = np.arange(len(source)) - starts[source]
    share = (step / parts[source])[:, None]
    after = np.minimum(source + 1, len(parts) - 1)
    xy = shapes.xy[source] + share * (shapes.xy[after] - shapes.xy[source])
    z = None
    if shapes.z is not None:
        z = shapes.z[source] + share[:, 0] * (shapes.z[after] - shapes.z[source])
    ends = np.concatenate([starts, [len(source)]])
    return shapes._replace(xy=xy, z=z, offsets=ends[shapes.offsets]), step > 0


def _turn(crs: Any) -> float | None:
    """Round the world in the units of a system of longitudes; None of any other."""
    if not crs.is_geographic:
        return None
    return round(math.tau / float(crs.axis_info[0].unit_conversion_factor), 6)


def round_the_world(shapes: Shapes, grid: Grid | None) -> Shapes:
    """World metres of shapes; where the DEM's coordinates are longitudes, pieces that lie a turn to one side of it are on it."""
    if grid is None or not grid.geographic or not len(shapes.xy):
        return shapes
    turn = turn_of(grid)
    half = 0.5 * grid.shape[1] * grid.spacing[0]
    shapes = shapes.taking(shapes.lengths > 0)
    low = np.minimum.reduceat(shapes.xy[:, 0], shapes.offsets[:-1])
    high = np.maximum.reduceat(shapes.xy[:, 0], shapes.offsets[:-1])
    parts = []
    for turns in (-turn, turn):
        beside = (high + turns >= -half) & (low + turns <= half)
        # A place on the seam is one already.
        beside &= (high > low) | (np.abs(low) > half)
        if beside.any():
            piece = shapes.taking(beside)
            parts.append(piece._replace(xy=np.add(piece.xy, (turns, 0.0))))
    return joined([shapes, *parts]) if parts else shapes


def turn_of(grid: Grid) -> float:
    """Round the world in world metres of a DEM whose coordinates are longitudes."""
    return 2 * math.pi / radians_per_unit(grid.crs) / grid.cell[0] * grid.spacing[0]


def closed(shapes: Shapes) -> Shapes:
    """Rings whose last vertex is their first; edges are projected with the rest of the ring then."""
    ring = (shapes.kinds == RING) & (shapes.lengths > 2)
    first, last = shapes.offsets[:-1][ring], shapes.offsets[1:][ring] - 1
    opened = np.flatnonzero(ring)[(shapes.xy[first] != shapes.xy[last]).any(axis=1)]
    if not len(opened):
        return shapes
    at, source = shapes.offsets[opened + 1], shapes.offsets[opened]
    grown = shapes.offsets.copy()
    grown[1:] += np.cumsum(np.isin(np.arange(len(shapes.rows)), opened))
    z = None if shapes.z is None else np.insert(shapes.z, at, shapes.z[source])
    return shapes._replace(
        xy=np.insert(shapes.xy, at, shapes.xy[source], axis=0), z=z, offsets=grown
    )
