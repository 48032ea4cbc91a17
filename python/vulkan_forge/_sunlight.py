"""The sun on a landscape over time: its hours, and its energy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ._heights import as_heights
from ._horizon import is_real, shadow_mask
from ._raster import Raster
from ._sun import air_mass, instants, sun_position
from ._vulkan_forge import InvalidInputError

SOLAR_CONSTANT = 1361.0  # W/m², at one astronomical unit (Kopp and Lean 2011)


def sun_hours(
    dem: Any,
    *,
    start: Any,
    end: Any,
    latitude: float,
    longitude: float,
    step: float = 15.0,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    device: int | str | None = None,
) -> Raster:
    """Hours between two times in which the sun shines on each cell of a cloudless landscape.

    Parameters
    ----------
    start, end : datetime, numpy.datetime64 or str
        Times; those without a zone are UTC.
    latitude, longitude : float
        Of the DEM, in degrees, north and east positive; the sun stands alike for all of it.
    step : float, default 15
        Minutes between sun positions; each stands for the middle of its step.
    dem, vert_exag, spacing, device
        As in :func:`shadow_mask`.

    Returns
    -------
    numpy.ndarray, shape (H, W), float32
        Hours, NaN in holes.
    """
    hours = None
    for sun in _suns(start, end, latitude, longitude, step):
        lit = 1.0 - _shadow(dem, sun, vert_exag, spacing, device)
        lit *= sun["hours"]
        hours = lit if hours is None else np.add(hours, lit, out=hours)
    return _nothing(dem, vert_exag, spacing, device) if hours is None else hours


def insolation(
    dem: Any,
    *,
    start: Any,
    end: Any,
    latitude: float,
    longitude: float,
    step: float = 15.0,
    transmissivity: float = 0.7,
    vert_exag: float = 1.0,
    spacing: tuple[float, float] | None = None,
    device: int | str | None = None,
) -> Raster:
    """Energy of the direct sun between two times on the sloping ground, in kWh/m², without clouds.

    The sum of ``1361 W/m² / distance² * transmissivity ** air mass * max(0, n . l)`` over the times
    in which a cell has no shadow; distance in astronomical units, air mass by Kasten and Young (1989).

    Parameters
    ----------
    transmissivity : float in 0..1, default 0.7
        Part of the light that the air lets through in the zenith; 1 is no air.
    dem, start, end, latitude, longitude, step, vert_exag, spacing, device
        As in :func:`sun_hours`.

    Returns
    -------
    numpy.ndarray, shape (H, W), float32
    """
    if not is_real(transmissivity) or not 0.0 <= transmissivity <= 1.0:
        raise InvalidInputError(
            f"transmissivity must be in 0..1; got {transmissivity!r}; pass e.g. 0.7"
        )
    energy = normal = None
    for sun in _suns(start, end, latitude, longitude, step):
        lit = 1.0 - _shadow(dem, sun, vert_exag, spacing, device)
        if normal is None:
            normal = _normal(dem, vert_exag, spacing)
        altitude, azimuth = math.radians(sun["altitude"]), math.radians(sun["azimuth"])
        light = np.array(
            [
                math.cos(altitude) * math.sin(azimuth),
                math.cos(altitude) * math.cos(azimuth),
                math.sin(altitude),
            ],
            np.float32,
        )
        incidence = np.maximum(
            normal[0] * light[0] + normal[1] * light[1] + normal[2] * light[2], np.float32(0)
        )
        beam = SOLAR_CONSTANT / sun["distance"] ** 2
        beam *= transmissivity ** air_mass(sun["altitude"]) * sun["hours"] / 1000.0
        lit *= incidence
        lit *= np.float32(beam)
        energy = lit if energy is None else np.add(energy, lit, out=energy)
    return _nothing(dem, vert_exag, spacing, device) if energy is None else energy


def _shadow(
    dem: Any, sun: dict[str, float], vert_exag: Any, spacing: Any, device: Any
) -> npt.NDArray[np.float32]:
    found: npt.NDArray[np.float32] = shadow_mask(
        dem,
        azimuth=sun["azimuth"],
        altitude=sun["altitude"],
        vert_exag=vert_exag,
        spacing=spacing,
        device=device,
    )
    return found


def _nothing(dem: Any, vert_exag: Any, spacing: Any, device: Any) -> npt.NDArray[np.float32]:
    """Zeros, NaN in holes: every cell is in the shadow of the night."""
    night = {"azimuth": 0.0, "altitude": -90.0}
    return 1.0 - _shadow(dem, night, vert_exag, spacing, device)


def _suns(start: Any, end: Any, latitude: Any, longitude: Any, step: Any) -> list[dict[str, float]]:
    """Middles of the steps with the sun above the level."""
    middles, hours = instants(start, end, step)
    azimuth, altitude, distance = sun_position(middles, latitude, longitude)
    rows = zip(azimuth, altitude, distance, hours, strict=True)
    names = ("azimuth", "altitude", "distance", "hours")
    return [
        {name: float(value) for name, value in zip(names, row, strict=True)}
        for row in rows
        if row[1] > 0.0
    ]


def _normal(dem: Any, vert_exag: float, spacing: Any) -> list[npt.NDArray[np.float32]]:
    """Unit normal (east, north, up) from the four nearest neighbours, one-sided beside what is unknown."""
    heights = as_heights(dem)
    step = (1.0, 1.0) if spacing is None else spacing
    slopes = []
    for axis, metres in ((1, step[0]), (0, -step[1])):
        if heights.shape[axis] == 1:
            slopes.append(np.zeros_like(heights))
            continue
        rise = np.diff(heights, axis=axis) * np.float32(vert_exag / metres)
        pad = [(0, 0), (0, 0)]
        pad[axis] = (1, 1)
        both = np.pad(rise, pad, constant_values=np.nan)
        size = heights.shape[axis]
        before = np.take(both, range(size), axis=axis)
        after = np.take(both, range(1, size + 1), axis=axis)
        known = np.isfinite(before).astype(np.float32) + np.isfinite(after)
        slopes.append(
            (np.nan_to_num(before, nan=0.0) + np.nan_to_num(after, nan=0.0)) / np.maximum(known, 1)
        )
    length = np.sqrt(1 + slopes[0] ** 2 + slopes[1] ** 2)
    return [-slopes[0] / length, -slopes[1] / length, 1 / length]
