"""Units of length, and what a coordinate system says of its own."""

from __future__ import annotations

import math
import re
from typing import Any

from .._extras import require
from .._vulkan_forge import InvalidInputError

US_SURVEY_FOOT = 1200 / 3937
_NAMES = {
    "m metre metres meter meters": 1.0,
    "ft foot feet international-foot foot-international": 0.3048,
    "ftus us-ft us-foot us-survey-foot us-survey-feet foot-us survey-foot": US_SURVEY_FOOT,
    "km kilometre kilometres kilometer kilometers": 1000.0,
    "dm decimetre decimetres decimeter decimeters": 0.1,
    "cm centimetre centimetres centimeter centimeters": 0.01,
    "mm millimetre millimetres millimeter millimeters": 0.001,
}
_METRES = {name: metres for names, metres in _NAMES.items() for name in names.split()}


def metres_of(unit: Any, what: str = "z_unit") -> float:
    """Metres in one `unit`, a name such as "m", "ft", "US survey foot", or a number of metres.

    Raises
    ------
    InvalidInputError
        An unknown name, or a number that is not finite and > 0.
    """
    if isinstance(unit, str):
        metres = known_unit(unit)
        if metres is not None:
            return metres
    elif isinstance(unit, int | float) and math.isfinite(unit) and unit > 0:
        return float(unit)
    raise InvalidInputError(
        f"{what} must be a unit of length; expected 'm', 'ft', 'US survey foot', 'km', 'cm', 'mm' "
        f"or the number of metres in one unit, got {unit!r}; pass for example {what}='m'"
    )


def known_unit(unit: object) -> float | None:
    """Metres in one unit of that name; None for a name of no length that is known here."""
    if not isinstance(unit, str):
        return None
    return _METRES.get(re.sub(r"[\s_-]+", "-", unit.strip().lower()))


def parse_crs(crs: Any) -> Any:
    """Whatever names a coordinate system, as ``rasterio.crs.CRS``; None stays None.

    Raises
    ------
    InvalidInputError
        PROJ knows no such system.
    MissingExtraError
        rasterio is not installed.
    """
    if crs is None:
        return None
    kind = require("rasterio.crs", "geo", "a coordinate system").CRS
    if isinstance(crs, kind):
        return crs or None  # an empty one says nothing
    errors = require("rasterio.errors", "geo", "a coordinate system")
    try:
        return kind.from_user_input(crs) or None
    except (errors.CRSError, ValueError, TypeError) as error:
        raise InvalidInputError(
            f"crs must be a coordinate system that PROJ knows; got {crs!r} ({error}); "
            "pass for example crs='EPSG:32611'"
        ) from error


def horizontal_unit(crs: Any) -> tuple[str, float]:
    """Name and metres of a projected system's unit; ("degree", nan) for a geographic one."""
    if crs.is_geographic:
        return "degree", math.nan
    name, metres = crs.linear_units_factor
    return str(name), float(metres)


def radians_per_unit(crs: Any) -> float:
    """Of a geographic system: nearly always pi / 180."""
    try:
        name, factor = crs.units_factor
    except Exception:  # rasterio raises CRSError, but not in every version
        return math.pi / 180
    return float(factor) if "metre" not in str(name) and 0 < float(factor) < 1 else math.pi / 180


def vertical_unit(crs: Any) -> str | float | None:
    """Unit of the vertical part of a compound system: a known name, or metres; None without one."""
    found = re.search(r"VERT(?:ICALCRS|CRS|_CS)\[", crs.to_wkt())
    if not found:
        return None
    unit = re.search(r'(?:LENGTHUNIT|UNIT)\["([^"]*)",\s*([\d.eE+-]+)', crs.to_wkt()[found.end() :])
    if not unit:
        return None
    return unit[1] if known_unit(unit[1]) is not None else float(unit[2])
