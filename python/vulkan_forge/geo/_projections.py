"""Which projection serves a raster: the one that keeps cells nearest to one size, as measured."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from .._extras import require
from .._vulkan_forge import InvalidInputError
from ._geodesy import Geodesy, geodesy
from ._grid import Grid
from ._units import parse_crs

_GOOD = 1.01  # greatest over least cell size that leaves a raster in its UTM zone
_SERVES = 1.05  # beyond, a picture warns
_REFUSED = 3.0
_served_before: dict[Any, tuple[Any, float]] = {}  # a search takes half a second
_MOST_SERVED = 16
_SIDE = 64  # cells a side by which a projection is judged


def serving(grid: Grid) -> Any:
    """The ``rasterio.crs.CRS`` in which cells of this raster differ least.

    The UTM zone (near the poles: UPS) where that is good to a hundredth; else a transverse Mercator,
    conformal conic, stereographic or equidistant projection laid through the raster's own middle.
    """
    return _served(grid)[0]


def cure(grid: Grid) -> str:
    """What to do about cells that differ, in words."""
    try:
        ratio = _served(grid)[1]
    except InvalidInputError:
        ratio = math.inf
    if ratio <= _SERVES:
        return "use dem.reproject() for an even scale"
    return (
        "no projection has an even scale for so much of the body at once; "
        "crop it with dem.crop(bounds) to a part"
    )


def _served(grid: Grid) -> tuple[Any, float]:
    known = grid.ground.geodesy
    if known is None:
        raise InvalidInputError(
            f"reproject needs to know where on the ground the DEM lies; got {grid.crs or 'no crs'}; "
            "make it with the crs= of a body, or draw it as it is"
        )
    key = grid.crs.to_wkt(version="WKT2_2019"), grid.bounds
    if key not in _served_before:
        while len(_served_before) >= _MOST_SERVED:
            _served_before.pop(next(iter(_served_before)), None)
        _served_before[key] = _chosen(known, grid.bounds)
    return _served_before[key]


def _chosen(known: Geodesy, bounds: tuple[float, float, float, float]) -> tuple[Any, float]:
    left, bottom, right, top = bounds
    x, y = np.meshgrid(np.linspace(left, right, 41), np.linspace(bottom, top, 41))
    lon, lat = known.degrees(x, y)
    seen = np.isfinite(lon) & np.isfinite(lat)
    if not seen.any():
        raise InvalidInputError(
            f"reproject needs a DEM that lies on the ground; got bounds {bounds}, which lie off the map; "
            "pass the raster's true crs="
        )
    lon, lat = lon[seen], lat[seen]
    best: tuple[Any, float] | None = None
    zone = _zone(known, lon, lat)
    if zone is not None and (ratio := _ratio(known, zone, lon, lat)) <= _GOOD:
        return zone, ratio
    for conformal, candidate in _candidates(known, lon, lat):
        if best is not None and (best[1] <= _GOOD or (best[1] <= _SERVES and not conformal)):
            break
        ratio = _ratio(known, candidate, lon, lat)
        if best is None or ratio < best[1] * 0.999:
            best = candidate, ratio
    assert best is not None
    if best[1] > _REFUSED:
        raise InvalidInputError(
            "reproject found no projection that serves all of the DEM; expected a part of the body, got "
            f"longitudes {lon.min():.4g} to {lon.max():.4g} and latitudes {lat.min():.4g} to {lat.max():.4g}; "
            "pass crs=, or crop it first"
        )
    return best


def _middle(lon: Any, lat: Any) -> tuple[float, float, float]:
    """Longitude and latitude of the middle, and degrees of longitude on either side, the antimeridian regardless."""
    angle = np.radians(lon)
    middle = math.degrees(math.atan2(np.sin(angle).mean(), np.cos(angle).mean()))
    offset = (lon - middle + 180.0) % 360.0 - 180.0
    low, high = float(offset.min()), float(offset.max())
    centre = (middle + 0.5 * (low + high) + 180.0) % 360.0 - 180.0
    return centre, 0.5 * float(lat.min() + lat.max()), 0.5 * (high - low)


def _zone(known: Geodesy, lon: Any, lat: Any) -> Any:
    """The UTM zone of the middle, or UPS; None away from the Earth."""
    if not known.on_earth:
        return None
    middle, latitude, _ = _middle(lon, lat)
    if not -80 <= latitude <= 84:
        return parse_crs("EPSG:32661" if latitude > 0 else "EPSG:32761")
    number = int((middle + 180) % 360 // 6) + 1
    return parse_crs(f"EPSG:{(32600 if latitude >= 0 else 32700) + number}")


def _candidates(known: Geodesy, lon: Any, lat: Any) -> Iterator[tuple[bool, Any]]:
    """(whether it is conformal, system)."""
    middle, latitude, half = _middle(lon, lat)
    conversions = require("pyproj.crs.coordinate_operation", "geo", "reproject")
    south, north = float(lat.min()), float(lat.max())
    centre = {"latitude_natural_origin": latitude, "longitude_natural_origin": middle}
    pole = 90.0 if latitude > 0 else -90.0
    polar = {
        "latitude_natural_origin": pole,
        "longitude_natural_origin": middle if half < 150 else 0.0,
    }
    if max(abs(south), abs(north)) > 60 and half > 60:
        yield True, _scaled(known, "PolarStereographicA", conversions, lon, lat, polar)
    yield True, _scaled(known, "TransverseMercator", conversions, lon, lat, centre)
    if half < 120 and south > -89 and north < 89 and abs(latitude) > 1:
        sixth = (north - south) / 6
        parallels = {
            "latitude_false_origin": latitude,
            "longitude_false_origin": middle,
            "latitude_first_parallel": south + sixth,
            "latitude_second_parallel": north - sixth,
        }
        conic = conversions.LambertConformalConic2SPConversion(**parallels)
        if abs(south + north) > 2:
            yield True, _projected(known, "Lambert conformal conic", conic, middle, latitude)
    if abs(latitude) < 30 and max(abs(south), abs(north)) < 80:
        true = 0.7 * max(abs(south), abs(north))
        mercator = conversions.MercatorBConversion(
            latitude_first_parallel=true, longitude_natural_origin=middle
        )
        yield True, _projected(known, "Mercator", mercator, middle, 0.0)
    yield True, _scaled(known, "Stereographic", conversions, lon, lat, centre)
    # Not conformal, but the most even: for what is too large for the others.
    even = conversions.AzimuthalEquidistantConversion(**centre)
    yield False, _projected(known, "Azimuthal equidistant", even, middle, latitude)
    even = conversions.AzimuthalEquidistantConversion(**polar)
    yield False, _projected(known, "Azimuthal equidistant", even, middle, pole)


def _scaled(
    known: Geodesy, kind: str, conversions: Any, lon: Any, lat: Any, centre: dict[str, float]
) -> Any:
    """With the factor that leaves the mean scale at 1."""
    make = getattr(conversions, f"{kind}Conversion")
    name = {
        "PolarStereographicA": "Polar stereographic",
        "TransverseMercator": "Transverse Mercator",
    }
    place = centre["longitude_natural_origin"], centre["latitude_natural_origin"]
    words = name.get(kind, kind)
    plain = _projected(known, words, make(**centre), *place)
    sizes = _sizes(known, plain, lon, lat)
    if sizes is None:
        return plain
    factor = round(math.sqrt(float(sizes.min() * sizes.max())), 6)
    return _projected(known, words, make(**centre, scale_factor_natural_origin=factor), *place)


def _projected(known: Geodesy, name: str, conversion: Any, lon: float, lat: float) -> Any:
    crs = require("pyproj.crs", "geo", "reproject")
    made = crs.ProjectedCRS(
        conversion, name=f"{name} about {lat:.4g}, {lon:.4g}", geodetic_crs=known.base
    )
    return parse_crs(made.to_wkt())


def _ratio(known: Geodesy, candidate: Any, lon: Any, lat: Any) -> float:
    sizes = _sizes(known, candidate, lon, lat)
    return math.inf if sizes is None else float(sizes.max() / sizes.min())


def _sizes(known: Geodesy, candidate: Any, lon: Any, lat: Any) -> Any:
    """Metres on the ground for one on the map, all over the rectangle that these places take; None if it has no such."""
    target = geodesy(candidate)
    assert target is not None
    x, y = target.coordinates(lon, lat)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        return None
    left, right, bottom, top = x.min(), x.max(), y.min(), y.max()
    cell = (max(right - left, 1.0) / _SIDE, max(top - bottom, 1.0) / _SIDE)
    grid = Grid((_SIDE, _SIDE), (left, top), cell, candidate)
    xs, ys = (part.ravel() for part in np.meshgrid(*(one[::7] for one in grid.coordinates)))
    with np.errstate(invalid="ignore"):
        sizes = target.sizes(xs, ys, cell) / cell
    return sizes if (sizes > 0).all() and np.isfinite(sizes).all() else None
