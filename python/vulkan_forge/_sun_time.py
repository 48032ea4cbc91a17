"""The sun of a moment and a place, as bearing and altitude of a picture's light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ._bearings import is_true, on_grid
from ._numbers import items, shown
from ._sun import sun_position
from ._vulkan_forge import InvalidInputError

if TYPE_CHECKING:
    from .geo._grid import Grid

AZIMUTH, ALTITUDE = 315.0, 45.0  # of a light that nobody asked for


def sun_of(
    azimuth: Any,
    altitude: Any,
    time: Any,
    position: Any,
    grid: Grid | None = None,
    north: Any = "true",
) -> tuple[Any, Any]:
    """Bearing from grid north and altitude of the light: the caller's own, or the sun's at a time and place.

    A sun that stands in its place does so whatever `north` is.

    Raises
    ------
    InvalidInputError
        A time together with an azimuth or altitude, a position without a time, or as `sun_at`.
    """
    if time is None:
        if position is not None:
            raise InvalidInputError(
                f"position is the place of a time; got position={shown(position)} without one; "
                'pass e.g. time="2026-06-21T12:00+02:00" too'
            )
        return on_grid(azimuth, grid, north), altitude
    is_true(north)
    for name, value, default in (("azimuth", azimuth, AZIMUTH), ("altitude", altitude, ALTITUDE)):
        if not (isinstance(value, float) and value == default):
            raise InvalidInputError(
                f"expected time, or azimuth and altitude; got time={shown(time)} and {name}={shown(value)}; "
                "leave one of them out"
            )
    azimuth, altitude = sun_at(time, position, grid)
    return on_grid(azimuth, grid, "true"), altitude


def sun_at(time: Any, position: Any, grid: Grid | None = None) -> tuple[float, float]:
    """Azimuth and apparent altitude of the sun in degrees; see :func:`vulkan_forge.relief.sun_position`.

    Parameters
    ----------
    time : datetime, numpy.datetime64 or str
        One without a zone is UTC.
    position : (float, float), optional
        Latitude and longitude in degrees, north and east positive; by default of the grid's middle.
    """
    if grid is not None:
        on_earth(grid, "time=")
    if position is None:
        if grid is None or grid.crs is None:
            raise InvalidInputError(
                "time needs a place; expected position=(latitude, longitude) or a DEM with a coordinate system, "
                "got neither; pass e.g. position=(46.5, 8.0)"
            )
        longitude, latitude = grid.middle
    else:
        latitude, longitude = _pair(position)
    azimuth, altitude, _ = sun_position(time, latitude, longitude)
    if np.ndim(azimuth):
        raise InvalidInputError(
            f"time must be one moment; got {np.shape(azimuth)} of them; draw a picture for each"
        )
    return float(azimuth), float(altitude)


def on_earth(grid: Grid, what: str) -> None:
    """Refuse a sun as it stands over the Earth for another body."""
    known = grid.ground.geodesy
    if known is not None and not known.on_earth:
        raise InvalidInputError(
            f"{what} puts the sun where it stands over the Earth; got a DEM on {known.body}; "
            "pass azimuth= and altitude= of the sun there"
        )


def _pair(position: Any) -> tuple[Any, Any]:
    each = items(position)
    if each is None or len(each) != 2:
        raise InvalidInputError(
            f"position must be (latitude, longitude) in degrees; got {shown(position)}; pass e.g. (46.5, 8.0)"
        )
    return each[0], each[1]
