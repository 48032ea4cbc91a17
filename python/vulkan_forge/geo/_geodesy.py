"""What a coordinate system knows of the body that it is laid on: figure, places in degrees, true sizes and bearings.

All of it on the system's own ellipsoid, through PROJ: another planet, or an old datum, is no special case.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from ._failures import ours

Floats = npt.NDArray[np.float64]
_EARTH = 6_371_000.0
_EARTHLY = (
    30_000.0  # how far semi-major axes and spheres of the Earth's own are from that, in metres
)


class Geodesy:
    """Of one coordinate system whose coordinates lie on an ellipsoid; see `geodesy`."""

    def __init__(self, system: Any, base: Any) -> None:
        pyproj = require("pyproj", "geo", "a coordinate system")
        self.base = base
        """The geographic system beneath, ``pyproj.CRS``."""
        self.plain = not system.is_derived
        """Whether coordinates are longitude and latitude themselves, not a rotated pole's."""
        figure = base.ellipsoid
        self.radius = float(figure.semi_major_metre)
        """Semi-major axis in metres."""
        self.geod = pyproj.Geod(a=figure.semi_major_metre, b=_minor_axis(figure))
        self.on_earth = abs(self.radius - _EARTH) < _EARTHLY
        unit = base.axis_info[0].unit_conversion_factor
        self.unit_degrees = float(np.degrees(unit)) if unit else 1.0
        """Degrees in one of its units."""
        meridian = base.prime_meridian
        self._prime = float(np.degrees(meridian.longitude * meridian.unit_conversion_factor))
        self._transformer = (
            None if self.plain else pyproj.Transformer.from_crs(system, base, always_xy=True)
        )

    @property
    def body(self) -> str:
        """A name for messages."""
        if self.on_earth:
            return "the Earth"
        name = self.base.ellipsoid.name
        size = f"a body of radius {self.radius:g} m"
        return size if name in (None, "", "unknown", "unnamed") else f"{name!r}, {size}"

    def degrees(self, x: Any, y: Any) -> tuple[Floats, Floats]:
        """Longitude, from the body's first meridian, and latitude in degrees; not finite off the map."""
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        if self._transformer is not None:
            x, y = self._transformer.transform(x, y, errcheck=False)
        lon = np.asarray(x, np.float64) * self.unit_degrees + self._prime
        lat = np.asarray(y, np.float64) * self.unit_degrees
        if self.plain:
            lat = np.clip(lat, -90.0, 90.0)  # of a node on a pole, the cell's far edge
        return lon, lat

    def coordinates(self, lon: Any, lat: Any) -> tuple[Floats, Floats]:
        """From degrees to the system's own x and y; not finite where they are off the map."""
        x = (np.asarray(lon, np.float64) - self._prime) / self.unit_degrees
        y = np.asarray(lat, np.float64) / self.unit_degrees
        if self._transformer is None:
            return x, y
        x, y = self._transformer.transform(x, y, direction="INVERSE", errcheck=False)
        return np.asarray(x), np.asarray(y)

    def sizes(self, x: Floats, y: Floats, cell: tuple[float, float]) -> Floats:
        """(N, 2) metres: geodesics across cells about these places (N,), NaN off the map."""
        ends = self._crosses(x, y, cell)
        shares = self._share(cell)
        found = [
            self.geod.inv(*before, *after)[2] / share
            for (before, after), share in zip(ends, shares, strict=True)
        ]
        return np.stack([np.asarray(one, np.float64) for one in found], axis=-1)

    def vectors(self, x: Floats, y: Floats, cell: tuple[float, float]) -> Floats:
        """(N, 3, 3): up, a step along the row to the east, a step up the column; in space, in metres.

        Space is that of the body, z along its axis. NaN off the map.
        """
        lon, lat = self.degrees(x, y)
        parts = [_up(lon, lat)]
        for (before, after), share in zip(
            self._crosses(x, y, cell), self._share(cell), strict=True
        ):
            parts.append((self._space(*after) - self._space(*before)) / share)
        return np.stack(parts, axis=-2)

    def _share(self, cell: tuple[float, float]) -> tuple[float, float]:
        """What part of a cell is measured: all, but no more than a degree of longitude and latitude."""
        if not self.plain:
            return 1.0, 1.0
        return min(1.0, 1.0 / (cell[0] * self.unit_degrees)), min(
            1.0, 1.0 / (cell[1] * self.unit_degrees)
        )

    def _crosses(self, x: Floats, y: Floats, cell: tuple[float, float]) -> Any:
        share = self._share(cell)
        half_x, half_y = 0.5 * share[0] * cell[0], 0.5 * share[1] * cell[1]
        across = self.degrees(x - half_x, y), self.degrees(x + half_x, y)
        return across, (self.degrees(x, y - half_y), self.degrees(x, y + half_y))

    def _space(self, lon: Floats, lat: Floats) -> Floats:
        a, e2 = self.geod.a, self.geod.es
        up = _up(lon, lat)
        normal = a / np.sqrt(1 - e2 * up[..., 2:] ** 2)
        found: Floats = up * normal * np.array([1.0, 1.0, 1.0 - e2])
        return found


def _up(lon: Floats, lat: Floats) -> Floats:
    lon, lat = (np.where(np.isfinite(part), part, np.nan) for part in (lon, lat))
    lon, lat = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _minor_axis(figure: Any) -> float:
    inverse = figure.inverse_flattening
    return float(figure.semi_major_metre * (1 - 1 / inverse if inverse else 1.0))


_known: dict[str, Geodesy | None] = {}  # PROJ takes tens of milliseconds for one
_MOST_KNOWN = 64


def geodesy(crs: Any) -> Geodesy | None:
    """Of a ``rasterio.crs.CRS``; None without one, and for a site's own grid, which lies on no body.

    Raises
    ------
    MissingExtraError
        pyproj is not installed.
    """
    if crs is None:
        return None
    with ours(
        f"crs must be one that PROJ can place on a body ({str(crs)[:200]})", "pass another crs="
    ):
        wkt = crs.to_wkt(version="WKT2_2019")
        if wkt not in _known:
            while len(_known) >= _MOST_KNOWN:
                _known.pop(next(iter(_known)), None)
            _known[wkt] = _geodesy(wkt)
        return _known[wkt]


def _geodesy(wkt: str) -> Geodesy | None:
    system = horizontal(wkt)
    if system.is_geographic and not system.is_derived:
        return Geodesy(system, system)
    base = system.source_crs if system.is_derived else None
    if base is None or base.ellipsoid is None or not base.is_geographic:
        return None
    return Geodesy(system, base)


def horizontal(wkt: str) -> Any:
    """The part of a system, as ``pyproj.CRS``, that says where on the ground."""
    system = require("pyproj", "geo", "a coordinate system").CRS.from_wkt(wkt)
    while system.is_compound or system.is_bound:
        system = system.sub_crs_list[0] if system.is_compound else system.source_crs
    return system.to_2d() if len(system.axis_info) == 3 and not system.is_geocentric else system


def frames(up: Floats) -> Floats:
    """(..., 3, 3): east, north and up in space; on a pole, where there is no east, as on the meridian of 0."""
    east = np.stack([-up[..., 1], up[..., 0], np.zeros_like(up[..., 0])], axis=-1)
    size = np.linalg.norm(east, axis=-1, keepdims=True)
    east = np.where(size > 1e-12, east / np.maximum(size, 1e-300), [0.0, 1.0, 0.0])
    return np.stack([east, np.cross(up, east), up], axis=-2)


def axes(vectors: Floats) -> Floats:
    """(..., 2, 2): a step along the row and one up the column as metres to the true east and north."""
    level = frames(vectors[..., 0, :])[..., :2, :]
    found: Floats = np.einsum("...sk,...fk->...sf", vectors[..., 1:, :], level)
    return found
