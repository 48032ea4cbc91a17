"""Where the sun stands: NREL's Solar Position Algorithm (Reda and Andreas 2008, NREL/TP-560-34302)."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from ._numbers import finite, shown
from ._vulkan_forge import InvalidInputError

Floats = npt.NDArray[np.float64]
MOST_STEPS = 100_000
_kept: dict[str, Floats] = {}  # the tables, once read


def sun_position(
    time: Any,
    latitude: float,
    longitude: float,
    *,
    elevation: float = 0.0,
    pressure: float = 1013.25,
    temperature: float = 12.0,
    delta_t: float = 69.0,
) -> tuple[Floats, Floats, Floats]:
    """Azimuth and apparent altitude of the sun in degrees, and its distance in astronomical units.

    Good to 0.0003 degrees from the year -2000 to 6000.

    Parameters
    ----------
    time : datetime, numpy.datetime64, str, or an array of them
        Those without a zone are UTC.
    latitude, longitude : float
        In degrees, north and east positive.
    elevation : float, default 0
        In metres.
    pressure, temperature : float
        Of the air, in hPa and degrees Celsius, for refraction.
    delta_t : float, default 69
        Seconds from universal to terrestrial time: 69 in the 2020s, 64 in 2000.

    Returns
    -------
    azimuth, altitude, distance : numpy.ndarray, float64, of the shape of `time`
        The azimuth is a bearing, clockwise from north.
    """
    for name, value, most in (("latitude", latitude, 90.0), ("longitude", longitude, 360.0)):
        if not abs(finite(value, name)) <= most:
            raise InvalidInputError(
                f"{name} must be a number within -{most:g}..{most:g} degrees; got {shown(value)}; "
                "pass north and east as positive"
            )
    # As offsets from 2000-01-01 12:00, which leaves microseconds their digits.
    days = (_moments(time) - np.datetime64("2000-01-01T12:00:00", "us")) / np.timedelta64(1, "D")
    century = days / 36525.0
    ephemeris_century = (days + delta_t / 86400.0) / 36525.0
    millennium = ephemeris_century / 10.0

    heliocentric = _series("L", millennium)
    sun_latitude = -_series("B", millennium)
    distance = _series("R", millennium)
    turn_longitude, turn_obliquity = _nutation(ephemeris_century)
    u = millennium / 10.0
    seconds = np.polynomial.polynomial.polyval(
        u,
        [
            84381.448,
            -4680.93,
            -1.55,
            1999.25,
            -51.38,
            -249.67,
            -39.05,
            7.12,
            27.87,
            5.79,
            2.45,
        ],
    )
    obliquity = np.radians(seconds / 3600.0) + turn_obliquity
    aberration = np.radians(20.4898 / 3600.0) / distance
    sun_longitude = heliocentric + np.pi + turn_longitude - aberration
    sidereal = np.radians(
        280.46061837 + 360.98564736629 * days + century**2 * 0.000387933 - century**3 / 38710000.0
    ) + turn_longitude * np.cos(obliquity)

    ascension = np.arctan2(
        np.sin(sun_longitude) * np.cos(obliquity) - np.tan(sun_latitude) * np.sin(obliquity),
        np.cos(sun_longitude),
    )
    declination = np.arcsin(
        np.sin(sun_latitude) * np.cos(obliquity)
        + np.cos(sun_latitude) * np.sin(obliquity) * np.sin(sun_longitude)
    )
    hour = sidereal + np.radians(longitude) - ascension

    # From the Earth's centre to the place on its surface.
    place = np.radians(float(latitude))
    parallax = np.radians(8.794 / 3600.0) / distance
    flattened = np.arctan(0.99664719 * np.tan(place))
    x = np.cos(flattened) + elevation / 6378140.0 * np.cos(place)
    y = 0.99664719 * np.sin(flattened) + elevation / 6378140.0 * np.sin(place)
    nearer = np.cos(declination) - x * np.sin(parallax) * np.cos(hour)
    shift = np.arctan2(-x * np.sin(parallax) * np.sin(hour), nearer)
    declination = np.arctan2((np.sin(declination) - y * np.sin(parallax)) * np.cos(shift), nearer)
    hour = hour - shift

    true = np.degrees(
        np.arcsin(
            np.sin(place) * np.sin(declination) + np.cos(place) * np.cos(declination) * np.cos(hour)
        )
    )
    lifted = (pressure / 1010.0) * (283.0 / (273.0 + temperature)) * 1.02
    lifted = lifted / (60.0 * np.tan(np.radians(true + 10.3 / (true + 5.11))))
    # Below the level by more than the sun's radius and the refraction at the horizon, it is left out.
    altitude = true + np.where(true >= -(0.26667 + 0.5667), lifted, 0.0)
    azimuth = np.degrees(
        np.arctan2(np.sin(hour), np.cos(hour) * np.sin(place) - np.tan(declination) * np.cos(place))
    )
    return (azimuth + 180.0) % 360.0, altitude, distance


def instants(start: Any, end: Any, step: Any) -> tuple[npt.NDArray[np.datetime64], Floats]:
    """Middles of the steps (in minutes) from one time to another, and the length of each in hours."""
    first, last = _moments(start), _moments(end)
    if first.ndim or last.ndim or not first <= last:
        raise InvalidInputError(
            f"start and end must be times in order; got {shown(start)} and {shown(end)}; "
            'pass e.g. start="2026-06-21T00:00", end="2026-06-22T00:00"'
        )
    if not isinstance(step, int | float | np.number) or not 0.0 < step <= 1440.0:
        raise InvalidInputError(f"step must be minutes in 0..1440; got {shown(step)}; pass e.g. 15")
    hours = (last - first) / np.timedelta64(1, "h")
    count = int(np.ceil(hours * 60.0 / step - 1e-9))
    if count > MOST_STEPS:
        raise InvalidInputError(
            f"step is too short for this time; expected at most {MOST_STEPS} steps, got {count}; "
            "pass a longer step"
        )
    edges = np.minimum(np.arange(count + 1) * (step / 60.0), hours)
    lengths = np.diff(edges)
    middles = first + ((edges[:-1] + lengths / 2.0) * 3600e6).astype("timedelta64[us]")
    return middles, lengths


def air_mass(altitude: Any) -> Any:
    """Of Kasten and Young (1989): 1 in the zenith, 38 at the horizon."""
    sine = np.sin(np.radians(altitude))
    return 1.0 / (sine + 0.50572 * (altitude + 6.07995) ** -1.6364)


def _moments(time: Any) -> Any:
    """As UTC, numpy.datetime64 in microseconds."""
    try:
        if isinstance(time, list | tuple):
            time = [_utc(one) for one in time]
        else:
            time = _utc(time)
        given = np.asarray(time)
        if not _are_times(given):
            raise TypeError("numbers have no epoch")
        moments = given.astype("datetime64[us]")
        years = given.astype("datetime64[Y]").astype(np.int64) + 1970
    except Exception as error:  # a stranger's __array__ raises what it likes
        raise InvalidInputError(
            f'time must be a datetime or ISO 8601 text; got {shown(time)}; pass e.g. "2026-06-21T12:00+02:00"'
        ) from error
    if np.any(np.isnat(moments)):
        raise InvalidInputError(
            f'time must be known; got {shown(time)}; pass e.g. "2026-06-21T12:00"'
        )
    if np.any(np.abs(years - 2000) > 4000):
        raise InvalidInputError(
            f"time must be from the year -2000 to 6000, where the algorithm holds; got {shown(time)}; pass another"
        )
    return moments[()]


def _are_times(given: npt.NDArray[Any]) -> bool:
    """Text and times, but no numbers: NumPy would count them from 1970, in microseconds."""
    if given.dtype.kind == "O":
        return all(isinstance(one, datetime.date | str) for one in given.flat)
    return given.dtype.kind in "MU"


def _utc(time: Any) -> Any:
    """Datetimes and ISO 8601 text in UTC without a zone; anything else as it is."""
    if isinstance(time, str):
        time = datetime.datetime.fromisoformat(time.replace("Z", "+00:00"))
    if not isinstance(time, datetime.datetime) or time.tzinfo is None:
        return time
    return time.astimezone(datetime.timezone.utc).replace(tzinfo=None)


def _terms() -> dict[str, Floats]:
    if _kept:
        return _kept
    from importlib import resources

    text = resources.files(__package__).joinpath("_spa_terms.txt").read_text("ascii")
    tables: dict[str, list[list[float]]] = {}
    for line in text.splitlines():
        if line[0].isalpha():
            rows = tables.setdefault(line, [])
        elif line[0] != "#":
            rows.append([float(number) for number in line.split()])
    _kept.update({name: np.array(rows) for name, rows in tables.items()})
    return _kept


def _series(letter: str, millennium: Floats) -> Floats:
    tables = [table for name, table in _terms().items() if name[0] == letter and len(name) == 2]
    time = np.asarray(millennium)[..., np.newaxis]
    sums = [np.sum(t[:, 0] * np.cos(t[:, 1] + t[:, 2] * time), axis=-1) for t in tables]
    total: Floats = sum(part * millennium**power for power, part in enumerate(sums)) / 1e8
    return total


def _nutation(century: Floats) -> tuple[Floats, Floats]:
    """Of longitude and obliquity, in radians."""
    polynomials = [
        [297.85036, 445267.111480, -0.0019142, 1.0 / 189474.0],
        [357.52772, 35999.050340, -0.0001603, -1.0 / 300000.0],
        [134.96298, 477198.867398, 0.0086972, 1.0 / 56250.0],
        [93.27191, 483202.017538, -0.0036825, 1.0 / 327270.0],
        [125.04452, -1934.136261, 0.0020708, 1.0 / 450000.0],
    ]
    arguments = [np.polynomial.polynomial.polyval(century, terms) for terms in polynomials]
    table = _terms()["N"]
    angle = np.radians(np.stack(arguments, axis=-1) @ table[:, :5].T)
    time = np.asarray(century)[..., np.newaxis]
    longitude = np.sum((table[:, 5] + table[:, 6] * time) * np.sin(angle), axis=-1)
    obliquity = np.sum((table[:, 7] + table[:, 8] * time) * np.cos(angle), axis=-1)
    scale = np.radians(1.0 / 36_000_000.0)
    return longitude * scale, obliquity * scale
