"""Areas that hold a place which the DEM's map spreads along its rim, or has at no finite distance: of an azimuthal map that
opposite its middle. Their rings lie around what is not theirs.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ._limb import is_within, limb_of
from ._shapes import RING, Floats, Shapes, joined, pieces

_FAR = 8.0  # times half the DEM: a rim of a map that has none
_ASKED = np.array([(0, 0), (0.61, 0.33), (-0.43, 0.71), (-0.67, -0.39), (0.37, -0.73)])
"""Places of the DEM, of which most tell whether a ring lies around its area; few of them lie on one."""

Project = Callable[[Floats], Floats]


def turned_out(
    source: Shapes, world: Floats, to_data: Project, half: Floats, turn: float | None
) -> Shapes:
    """World metres of shapes, in which such areas reach from their ring to the map's rim.

    `half` is half the DEM in world metres; data of longitudes has a `turn` round the world.
    """
    found = source._replace(xy=world)
    rings = np.flatnonzero((source.kinds == RING) & (source.lengths > 2))
    # What lies around another area runs round it the other way.
    wrong = rings[_areas(source, source.xy)[rings] * _areas(source, world)[rings] < 0]
    if not len(wrong):
        return found
    places = _ASKED * half
    asked = to_data(places)
    known = np.isfinite(asked).all(axis=1)
    places, asked = places[known], asked[known]
    around = np.zeros(len(source.rows), np.bool_)
    for ring in wrong:
        own = slice(source.offsets[ring], source.offsets[ring + 1])
        turns = (0.0,) if turn is None else (-turn, 0.0, turn)
        differ = [
            is_within(world[own], place)
            != any(is_within(source.xy[own], at + np.array([by, 0.0])) for by in turns)
            for place, at in zip(places, asked, strict=True)
        ]
        around[ring] = 2 * sum(differ) > len(differ)
    if not around.any():
        return found
    found = found._replace(holes=found.holes ^ around)
    # An area without such a hole ends at the rim.
    polygon = np.cumsum(~source.holes)
    open_ended = around & ~source.holes
    open_ended &= ~np.isin(polygon, polygon[around & source.holes])
    limb = limb_of(to_data, np.zeros(2), float(half.max()))
    rim = _FAR * half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    rim = rim if limb is None else limb.arc(0.0, math.tau, 1)
    # Before its rings, which are its holes now.
    parts = []
    for number in np.flatnonzero(open_ended):
        level = None if source.z is None else np.full(len(rim), np.nanmean(source.z))
        outer = pieces(RING, rim, level, np.array([0, len(rim)]), np.array([number]))
        parts.append(outer)
    numbered = found._replace(rows=np.arange(len(found.rows)))
    made = joined([*parts, numbered])
    return made._replace(rows=source.rows[made.rows])


def _areas(shapes: Shapes, xy: Floats) -> npt.NDArray[np.float64]:
    """Twice that of each piece, as a ring, positive counterclockwise."""
    lengths = shapes.lengths
    filled = lengths > 0
    starts = shapes.offsets[:-1][filled]
    x, y = (xy - np.repeat(xy[starts], lengths[filled], axis=0)).T
    after = np.arange(len(xy)) + 1
    after[shapes.offsets[1:][filled] - 1] = starts
    found = np.zeros(len(lengths))
    found[filled] = np.add.reduceat(x * y[after] - x[after] * y, starts)
    return found
