"""A line to fly along, from whatever a caller has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from .._vulkan_forge import ImageFileError, InvalidInputError
from ..vector._place import in_world
from ..vector._read import LONLAT, as_lines, read
from ..vector._shapes import POINT
from ._ground import Ground
from ._splines import Floats

_KINDS = ("trkpt", "rtept", "wpt")
"""Points of a track, of a route, and on their own; the first that a file has is the line."""


def line_of(data: Any, crs: Any, ground: Ground) -> Floats:
    """Its vertices (N, 2) in world metres, no two neighbours in one place.

    All pieces of a track or of several lines are one line, in their order; points in their order are one, too.

    Raises
    ------
    InvalidInputError
        It is none, or it is unknown where it lies.
    """
    if isinstance(data, str | os.PathLike) and Path(os.fsdecode(data)).suffix.lower() == ".gpx":
        data, crs = _gpx(Path(os.fsdecode(data))), crs or LONLAT
    features = as_lines(read(data))
    if len(features.shapes.xy) == 0:
        raise InvalidInputError(
            "line must have vertices; got none; pass an array (N, 2), a geometry or a file"
        )
    if (features.shapes.kinds == POINT).any() and len(features.shapes.xy) < 2:
        raise InvalidInputError("line must be a line; got a point; pass two vertices or more")
    placed = in_world(features, crs, ground.surface.grid)
    vertices = placed.xy[np.isfinite(placed.xy).all(axis=1)]
    if len(vertices) == 0:
        raise InvalidInputError(
            "the line must cross the DEM; got one that lies elsewhere; pass crs= of its coordinates, or another line"
        )
    new = np.ones(len(vertices), bool)
    new[1:] = (vertices[1:] != vertices[:-1]).any(axis=1)
    if new.sum() < 2:
        raise InvalidInputError(
            "line must be longer than nothing; got one place; pass two vertices or more"
        )
    return np.asarray(vertices[new])


def _gpx(path: Path) -> Floats:
    """Longitudes and latitudes of a GPX file's track, of its route, or of its way points."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError) as error:
        raise ImageFileError(
            f"{path}: expected a GPX file, got: {error}; check the path, or export it again"
        ) from error
    for kind in _KINDS:
        found = [point.attrib for point in root.iter() if point.tag.rpartition("}")[2] == kind]
        if found:
            try:
                places = [(float(point["lon"]), float(point["lat"])) for point in found]
            except (KeyError, ValueError) as error:
                raise ImageFileError(
                    f"{path}: expected lon and lat of each {kind}, got: {error}; export it again"
                ) from error
            return np.array(places)
    raise ImageFileError(
        f"{path}: expected a track, a route or way points, got none; export it again"
    )
