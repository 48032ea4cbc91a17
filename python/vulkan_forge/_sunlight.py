"""The sun on a landscape over time: its hours, and its energy."""

from __future__ import annotations

import functools
import importlib
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._heights import as_heights
from ._horizon import shadow_mask
from ._numbers import is_real, positive, shown
from ._raster import Placed, Raster, is_lazy
from ._sun import air_mass, instants, sun_position
from ._sun_time import on_earth
from ._vulkan_forge import InvalidInputError

SOLAR_CONSTANT = 1361.0  # W/m², at one astronomical unit (Kopp and Lean 2011)
_SKY = 0.25  # degrees: the sun's radius, by which it may stand elsewhere over a part of a DEM
_MOST_PARTS = 12  # along a side

Floats = npt.NDArray[np.float32]


def sun_hours(
    dem: Any,
    *,
    start: Any,
    end: Any,
    latitude: float | None = None,
    longitude: float | None = None,
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
    latitude, longitude : float, optional
        In degrees, north and east positive: where the sun stands alike for all of the DEM. By default, for a DEM
        with a coordinate system, it stands over each part as it does there.
    step : float, default 15
        Minutes between sun positions; each stands for the middle of its step.
    dem, vert_exag, spacing, device
        As in :func:`shadow_mask`.

    Returns
    -------
    numpy.ndarray, shape (H, W), float32
        Hours, NaN in holes.

    Raises
    ------
    InvalidInputError
        An argument is not as above, there is no place, or the DEM lies on another body than the Earth.
    """
    ask = _Ask(start, end, latitude, longitude, step, vert_exag, spacing, device)
    return _summed(dem, ask, None)


def insolation(
    dem: Any,
    *,
    start: Any,
    end: Any,
    latitude: float | None = None,
    longitude: float | None = None,
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
            f"transmissivity must be in 0..1; got {shown(transmissivity)}; pass e.g. 0.7"
        )
    ask = _Ask(start, end, latitude, longitude, step, vert_exag, spacing, device)
    return _summed(dem, ask, float(transmissivity))


class _Ask(NamedTuple):
    """What both are asked."""

    start: Any
    end: Any
    latitude: Any
    longitude: Any
    step: Any
    vert_exag: Any
    spacing: Any
    device: Any

    def shadow(self, heights: Any, azimuth: float, altitude: float, spacing: Any) -> Floats:
        """1 where the sun is hidden."""
        found: Floats = shadow_mask(
            heights,
            azimuth=azimuth,
            altitude=altitude,
            vert_exag=self.vert_exag,
            spacing=spacing,
            device=self.device,
        )
        return found


class _Sun(NamedTuple):
    """In the middle of a step."""

    azimuth: float
    altitude: float
    distance: float
    hours: float


def _summed(dem: Any, ask: _Ask, transmissivity: float | None) -> Floats:
    """Hours, or with a transmissivity of the air kWh/m²."""
    ask = ask._replace(vert_exag=positive(ask.vert_exag, "vert_exag"))
    place = ask.latitude, ask.longitude
    if not isinstance(dem, Placed):
        return _under_one_sky(dem, list(_suns(ask, place)), ask, ask.spacing, transmissivity)
    from .geo._blocks import parts_along

    on_earth(dem.grid, "start=")
    ground = dem.grid.ground
    if all(part is None for part in place) and dem.grid.crs is not None:
        if ground.span > _SKY:
            if is_lazy(dem.heights):
                raise InvalidInputError(
                    f"dem must be in memory where the sun stands elsewhere from one end to the other; got a dask array of "
                    f"{ground.span:.2g} degrees; pass latitude= and longitude= for one sky over all of it, or dem.compute()"
                )
            count = max(
                math.ceil(ground.span / _SKY), parts_along(dem.grid, True, most=_MOST_PARTS)
            )
            count = max(min(count, _MOST_PARTS, *dem.grid.shape), 1)
            return _under_its_own_sky(dem, count, ask, transmissivity)
        longitude, latitude = dem.grid.middle
        place = latitude, longitude
    suns = [sun._replace(azimuth=ground.on_grid(sun.azimuth)) for sun in _suns(ask, place)]
    return _under_one_sky(dem.heights, suns, ask, dem.grid.spacing, transmissivity)


def _under_one_sky(
    dem: Any, suns: list[_Sun], ask: _Ask, spacing: Any, transmissivity: float | None
) -> Floats:
    """Every sun stands alike over all of the DEM, `azimuth` being from its columns' north."""
    if not suns:  # zeros, NaN in holes: every cell is in the shadow of the night
        return 1.0 - ask.shadow(dem, 0.0, -90.0, spacing)
    total: Floats | None = None
    rises = None if transmissivity is None else _rises(dem, ask.vert_exag, spacing)
    for sun in suns:
        lit = 1.0 - ask.shadow(dem, sun.azimuth, sun.altitude, spacing)
        if rises is None or transmissivity is None:
            lit *= np.float32(sun.hours)
        else:
            altitude, azimuth = math.radians(sun.altitude), math.radians(sun.azimuth)
            level = math.cos(altitude)
            light = level * math.sin(azimuth), level * math.cos(azimuth), math.sin(altitude)
            lit *= _incidence(rises, *(np.float32(part) for part in light))
            lit *= np.float32(_beam(sun, sun.altitude, transmissivity))
        if total is None:
            total = lit
        else:
            total += lit
    assert total is not None
    return total


def _under_its_own_sky(dem: Placed, count: int, ask: _Ask, transmissivity: float | None) -> Floats:
    """Where the sun stands elsewhere from one end of the DEM to the other, and so does north.

    Light falls on each cell from where the sun stands there; shadows are cast part by part.
    """
    from .geo._blocks import parts, reach_of_shadows

    heights = as_heights(dem.heights)
    total = np.where(np.isnan(heights), np.float32(np.nan), np.float32(0))
    for part in parts(dem.grid, (count, count)):
        own = part.grid(dem.grid)
        place = own.ground.place
        if not np.isfinite(place).all():
            continue  # off the map
        here = total[part.rows, part.columns]
        frames, steps = own.ground.cells()
        rises = None
        for sun in _suns(ask, place, lowest=-own.ground.span - 1.0):
            altitude, azimuth = math.radians(sun.altitude), math.radians(sun.azimuth)
            level = math.cos(altitude)
            towards = np.array(
                [level * math.sin(azimuth), level * math.cos(azimuth), math.sin(altitude)]
            )
            space = towards @ own.ground.frame
            east, north, up = np.moveaxis((frames @ space).astype(np.float32), -1, 0)
            day = up > 0
            if not day.any():
                continue
            height = sun.altitude if sun.altitude > 0 else math.degrees(math.asin(up[day].mean()))
            reach = reach_of_shadows(heights, dem.grid, ask.vert_exag, height)
            wide = part.widened(dem.grid, reach)
            around = np.ascontiguousarray(heights[wide.around_rows, wide.around_columns])
            bearing = own.ground.on_grid(sun.azimuth)
            lit = 1.0 - ask.shadow(around, bearing, height, own.spacing)[wide.inner]
            lit = np.where(day, lit, np.float32(0))
            if transmissivity is None:
                lit *= np.float32(sun.hours)
            else:
                if rises is None:
                    rises = _true_rises(heights, part, ask.vert_exag, steps)
                above = np.degrees(np.arcsin(np.clip(up, 0, 1)))
                lit *= _incidence(rises, east, north, up)
                lit *= _beam(sun, above, transmissivity).astype(np.float32)
            here += lit
    return total


def _beam(sun: _Sun, altitude: Any, transmissivity: float) -> Any:
    """kWh/m² of a step, on what faces the sun."""
    power = SOLAR_CONSTANT / sun.distance**2 * sun.hours / 1000.0
    return power * transmissivity ** air_mass(altitude)


def _incidence(rises: list[Floats], east: Any, north: Any, up: Any) -> Floats:
    """n . l where the ground faces the light, else 0."""
    towards = up - rises[0] * east - rises[1] * north
    length = np.sqrt(1 + rises[0] ** 2 + rises[1] ** 2)
    found: Floats = np.maximum(towards / length, np.float32(0))
    return found


def _suns(ask: _Ask, place: tuple[Any, Any], lowest: float = 0.0) -> Iterator[_Sun]:
    """Middles of the steps with the sun above the level, or above `lowest` degrees."""
    if any(part is None for part in place):
        raise InvalidInputError(
            f"the sun needs a place; expected latitude= and longitude=, or a DEM with a coordinate system, got "
            f"latitude={shown(place[0])} and longitude={shown(place[1])}; pass e.g. latitude=46.5, longitude=8.0"
        )
    middles, hours = instants(ask.start, ask.end, ask.step)
    azimuth, altitude, distance = sun_position(middles, *place)
    for row in zip(azimuth, altitude, distance, hours, strict=True):
        if row[1] > lowest:
            yield _Sun(*(float(value) for value in row))


def _rises(dem: Any, vert_exag: float, spacing: Any) -> list[Any]:
    """Rise to the east and to the north from the four nearest neighbours, one-sided beside what is unknown."""
    if is_lazy(dem):
        array: Any = importlib.import_module("dask.array")
        how = {
            "depth": 1,
            "boundary": "none",
            "dtype": np.float32,
            "meta": np.empty((0, 0), np.float32),
        }
        return [
            array.map_overlap(functools.partial(_rise, axis, vert_exag, spacing), dem, **how)
            for axis in (0, 1)
        ]
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
    return slopes


def _rise(which: int, vert_exag: float, spacing: Any, heights: Any) -> Floats:
    found: Floats = _rises(np.asarray(heights), vert_exag, spacing)[which]
    return found


def _true_rises(heights: Floats, part: Any, vert_exag: float, steps: Any) -> list[Floats]:
    """The same of a part, to the true east and north; `steps` are its cells' in metres."""
    around = tuple(
        slice(max(own.start - 1, 0), min(own.stop + 1, size))
        for own, size in zip((part.rows, part.columns), heights.shape, strict=True)
    )
    inner = tuple(
        slice(own.start - wide.start, own.stop - wide.start)
        for own, wide in zip((part.rows, part.columns), around, strict=True)
    )
    rises = _rises(heights[around], vert_exag, (1.0, 1.0))
    along_row, up_column = (rise[inner].astype(np.float64) for rise in rises)
    area = steps[..., 0, 0] * steps[..., 1, 1] - steps[..., 0, 1] * steps[..., 1, 0]
    east = (along_row * steps[..., 1, 1] - up_column * steps[..., 0, 1]) / area
    north = (up_column * steps[..., 0, 0] - along_row * steps[..., 1, 0]) / area
    return [east.astype(np.float32), north.astype(np.float32)]
