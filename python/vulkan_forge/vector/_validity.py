"""Areas that are not valid by the rules of OGC."""

from __future__ import annotations

import numpy as np

from .._extras import MissingExtraError, require
from ..geo._warnings import tell
from ._features import Features, GeometryWarning
from ._shapes import RING, said


def tell_invalid(features: Features) -> None:
    """Warn of rows whose rings cross themselves or each other, or overlap: what is inside of these is a matter of convention.

    Rings of arrays are what they are, and without shapely, which GeoArrow does without, nothing is told.
    """
    if features.arrays or not len(features.shapes.rows):
        return
    try:
        shapely = require("shapely", "vector", "telling which areas are not valid")
    except MissingExtraError:
        return
    shapes = features.shapes
    # What has too few vertices is no area, and what is not finite is refused when it is placed.
    lost = ~np.isfinite(shapes.xy).all(axis=1)
    piece = np.repeat(np.arange(len(shapes.rows)), shapes.lengths)
    broken = (shapes.lengths < 4) | (shapes.kinds != RING)
    broken[piece[lost]] = True
    shapes = shapes.taking(~np.isin(shapes.rows, shapes.rows[broken]))
    if not len(shapes.rows):
        return
    ring = np.repeat(np.arange(len(shapes.rows)), shapes.lengths)
    shells = ~shapes.holes
    polygons = shapely.polygons(
        shapely.linearrings(shapes.xy, indices=ring), indices=np.cumsum(shells) - 1
    )
    rows, row = np.unique(shapes.rows[shells], return_inverse=True)
    areas = shapely.multipolygons(polygons, indices=row) if len(rows) < len(row) else polygons
    wrong = np.flatnonzero(~shapely.is_valid(areas))
    if len(wrong):
        first = shapely.is_valid_reason(areas[wrong[0]])
        tell(
            f"{said(rows[wrong])} of {features.rows} are no valid areas ({first}): inside is what an odd number of rings goes "
            "round; mend them with shapely.make_valid",
            GeometryWarning,
        )
