"""Coordinate systems: what names one, and what one says of its units."""

from __future__ import annotations

import math
import re
from typing import Any

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._failures import ours, quiet
from ._lengths import known_unit

_PARTS = re.compile(r"^(COMPD_CS|COMPOUNDCRS)\[")
# Of these no two axes run along the ground.
_NO_MAP = re.compile(r"^(VERT_CS|VERTCRS|VERTICALCRS|GEOCCS|TIMECRS|PARAMETRICCRS)\[")


def parse_crs(crs: Any) -> Any:
    """Whatever names a coordinate system, as ``rasterio.crs.CRS``; None stays None.

    Raises
    ------
    InvalidInputError
        PROJ knows no such system, or it is none of a map.
    MissingExtraError
        rasterio is not installed.
    """
    if crs is None:
        return None
    kind = require("rasterio.crs", "geo", "a coordinate system").CRS
    cure = "pass for example crs='EPSG:32611'"
    if not isinstance(crs, kind):
        if isinstance(crs, bytes):
            crs = crs.decode("utf-8", "replace")
        wanted, got = "crs must be a coordinate system that PROJ knows", shown(crs)
        with ours(wanted, cure, got=got):
            if isinstance(crs, dict) and "grid_mapping_name" in crs:
                crs = from_cf(crs)
            crs = kind.from_user_input(crs)
    if not crs:
        return None  # an empty one says nothing
    if found := _NO_MAP.match(_wkt(crs)):
        raise InvalidInputError(
            f"crs must be a system of places on a map; got a {found[1]} ({crs}); {cure}"
        )
    return crs


def from_cf(attributes: dict[str, Any]) -> str:
    """WKT of a grid mapping of the CF conventions, rotated poles among them."""
    pyproj = require("pyproj", "xarray", "a CF grid mapping without WKT")
    wkt: str = pyproj.CRS.from_cf(attributes).to_wkt()
    return wkt


def horizontal_unit(crs: Any) -> tuple[str, float]:
    """Name and metres of the unit of a projected or local system; ("degree", nan) for a geographic one."""
    if crs.is_geographic:
        return "degree", math.nan
    cure = "pass spacing=(dx, dy) in metres"
    with ours("crs must be measured in a unit of length", cure, got=named(crs)):
        name, metres = crs.linear_units_factor if crs.is_projected else crs.units_factor
        if not (math.isfinite(float(metres)) and float(metres) > 0):
            raise ValueError(f"{metres} metres in one {name}")
    return str(name), float(metres)


def radians_per_unit(crs: Any) -> float:
    """Of a geographic system: nearly always pi / 180, and at most 1, of radians."""
    try:
        name, factor = crs.units_factor
    except Exception:  # rasterio raises CRSError, but not in every version
        return math.pi / 180
    known = "metre" not in str(name) and 0 < float(factor) <= 1
    return float(factor) if known else math.pi / 180


def vertical_unit(crs: Any) -> str | float | None:
    """Unit of the vertical part of a compound system: a known name, or metres; None without one."""
    wkt = _wkt(crs)
    found = re.search(r"VERT(?:ICALCRS|CRS|_CS)\[", wkt)
    if not found:
        return None
    unit = re.search(r'(?:LENGTHUNIT|UNIT)\["([^"]*)",\s*([\d.eE+-]+)', wkt[found.end() :])
    if not unit:
        return None
    metres = float(unit[2])
    named = known_unit(unit[1])
    return unit[1] if named is not None and math.isclose(named, metres, rel_tol=1e-9) else metres


def horizontal_part(crs: Any) -> Any:
    """`crs` without the heights' part of a compound system; itself where it is none."""
    wkt = _wkt(crs)
    found = _PARTS.match(wkt)
    if not found:
        return crs
    start = wkt.index(",", wkt.index('"', wkt.index('"') + 1)) + 1
    depth = 0
    for place, letter in enumerate(_without_text(wkt)[start:], start):
        depth += (letter == "[") - (letter == "]")
        if depth == 0 and letter == "]":
            return parse_crs(wkt[start : place + 1].strip())
    return crs


def same_place(one: Any, other: Any) -> bool:
    """Whether coordinates of both systems mean the same places, whatever they say of heights."""
    if one == other:
        return True
    with quiet():
        return bool(horizontal_part(one) == horizontal_part(other))


def named(crs: Any) -> str:
    """Its code, or where it has none its name."""
    text = str(crs)
    found = re.match(r'\w+\["([^"]*)"', text)
    return found[1] if found else text


def is_derived(crs: Any) -> bool:
    """Whether coordinates are those of a turned globe, such as a rotated pole's."""
    return "DERIVINGCONVERSION[" in _wkt(crs)


def _wkt(crs: Any) -> str:
    with ours("crs must be one that can be written as WKT", "pass another", got=named(crs)):
        wkt: str = crs.to_wkt()
    return wkt


def _without_text(wkt: str) -> str:
    """The same length with what stands in quotes blotted out: names may hold brackets."""
    return re.sub(r'"[^"]*"', lambda quoted: "_" * len(quoted[0]), wkt)
