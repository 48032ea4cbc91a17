"""Units of length as files, arrays and people spell them.

Lengths are those of the EPSG registry, names also those of UDUNITS (CF conventions), PROJ, Esri and pint.
"""

from __future__ import annotations

import contextlib
import math
import numbers
import re
from typing import Any

from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._warnings import VerticalScaleWarning, tell

US_SURVEY_FOOT = 1200 / 3937
STANDARD_GRAVITY = 9.80665  # m/s2, by which a geopotential becomes a height (WMO)

_NAMES = {
    "m|metre|metres|meter|meters|mtr|gpm|geopotential metre|geopotential meter": 1.0,
    "km|kilometre|kilometres|kilometer|kilometers": 1000.0,
    "hm|hectometre|hectometres|hectometer|hectometers": 100.0,
    "dam|decametre|decametres|decameter|decameters|dekametre|dekametres|dekameter|dekameters": 10.0,
    "gpdm|gpdam": 10.0,
    "dm|decimetre|decimetres|decimeter|decimeters": 0.1,
    "cm|centimetre|centimetres|centimeter|centimeters": 0.01,
    "mm|millimetre|millimetres|millimeter|millimeters": 0.001,
    "um|µm|μm|micrometre|micrometres|micrometer|micrometers|micron|microns": 1e-6,
    "in|inch|inches|international inch": 0.0254,
    "ft|foot|feet|'": 0.3048,
    "yd|yds|yard|yards|international yard": 0.9144,
    "fathom|fathoms|fath|ftm": 1.8288,
    "mi|mile|miles|statute mile|statute miles|international mile": 1609.344,
    "nmi|nautical mile|nautical miles": 1852.0,
    "us survey mile|us mile|survey mile|us survey miles": 5280 * US_SURVEY_FOOT,
    "us survey yard|us yard|us yd|survey yard": 3 * US_SURVEY_FOOT,
    "us survey inch|us inch|us in": US_SURVEY_FOOT / 12,
    "chain|chains|international chain": 20.1168,
    "us survey chain|us chain|us ch|survey chain": 66 * US_SURVEY_FOOT,
    "link|links|international link": 0.201168,
    "us survey link|us link|survey link": 0.66 * US_SURVEY_FOOT,
    "clarke foot|clarke's foot|clarkes foot": 0.3047972654,
    "indian foot": 0.30479951024815,
    "gold coast foot": 6378300 / 20926201,
    "british foot|british foot sears 1922|sears foot": 0.3047994715386762,
    "m2 s 2|m2/s2|m2.s 2|j kg 1|j/kg": 1 / STANDARD_GRAVITY,
}
_METRES = {name: metres for names, metres in _NAMES.items() for name in names.split("|")}
_FEET = {"ft", "foot", "feet"}
# What says which foot it is, alone or grown together with it.
_US = {"us", "usa", "survey", "american"}
_INTERNATIONAL = {"international", "intl", "int"}
# After a unit of length these say above what, not another unit.
_REFERENCE = re.compile(
    r"\b(?:above|over|below|asl|amsl|msl|a s l|a m s l|m s l|agl|navd ?88|ngvd ?29|egm ?\d*|ellipsoid\w*|geoid\w*|"
    r"mean sea level|height|elevation|wgs ?84|hae)\b.*$"
)
_SAYS_NOTHING = {
    "",
    "1",
    "none",
    "unknown",
    "n/a",
    "na",
    "null",
    "-",
    "undefined",
    "unspecified",
    "unitless",
    "dimensionless",
}


def known_unit(unit: object) -> float | None:
    """Metres in one unit of that name, such as "ft", "US survey foot", "0.3048 m"; None of no known length."""
    if not isinstance(unit, str):
        return None
    if unit.strip() in ("Mm", "Gm"):  # lower case would make millimetres of megametres
        return {"Mm": 1e6, "Gm": 1e9}[unit.strip()]
    words = unit.strip().lower()
    counted = re.fullmatch(r"([\d.]+(?:e[+-]?\d+)?)\s*[* ]?\s*(\D.*)?", words)
    if counted:
        try:
            number = float(counted[1])
        except ValueError:
            return None
        one = known_unit(counted[2]) if counted[2] else 1.0
        if one is None or not (math.isfinite(number) and number > 0) or words == "1":
            return None
        return number * one
    return _named(words)


def _named(words: str) -> float | None:
    power = words.replace("**", "").replace("^", "").replace("²", "2").replace("⁻", "-")
    for spelt in (
        re.sub(r"[\s_*·-]+", " ", power),
        re.sub(r"[^\w/']+", " ", power.replace("_", " ")),
    ):
        spelt = spelt.strip()
        if spelt in _METRES:
            return _METRES[spelt]
    words = re.sub(r"\bu\.\s?s\.?(?:\s?a\.)?", "us ", words)
    words = re.sub(r"[^\w']+", " ", words.replace("_", " ")).strip()
    foot = _foot(words)
    if foot is not None:
        return foot
    bare = _REFERENCE.sub("", words).strip()
    return _METRES.get(words, _named(bare) if bare and bare != words else None)


def _foot(words: str) -> float | None:
    """Which foot `words` mean: "ftUS", "US_survey_foot", "Foot_US", "foot (international)", ..."""
    grown = re.fullmatch(r"(us|s|i)?(ft|foot|feet)(us|i)?", words)
    if grown and (grown[1] or grown[3]):
        return 0.3048 if "i" in (grown[1], grown[3]) else US_SURVEY_FOOT
    parts = set(words.split())
    about = parts - _FEET - {"ftus", "usft"}
    if not parts - about:
        return None
    if parts & {"ftus", "usft"} and about <= _US:
        return US_SURVEY_FOOT
    if about and about <= _US:
        return US_SURVEY_FOOT
    return 0.3048 if about <= _INTERNATIONAL else None


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
    elif isinstance(unit, numbers.Real) and not isinstance(unit, bool):
        with contextlib.suppress(OverflowError):  # of an int with hundreds of digits
            metres = float(unit)
            if math.isfinite(metres) and metres > 0:
                return metres
    raise InvalidInputError(
        f"{what} must be a unit of length; expected 'm', 'ft', 'US survey foot', 'fathom', 'km', 'dam', 'cm' "
        f"or the number of metres in one unit, got {shown(unit)}; pass for example {what}='m'"
    )


def spelt(unit: str | float) -> str:
    """A unit as it is written into files and attributes, such that `known_unit` gives the same metres."""
    if isinstance(unit, str):
        return unit
    metres = float(unit)
    usual = {
        1.0: "m",
        0.3048: "ft",
        US_SURVEY_FOOT: "US survey foot",
        1000.0: "km",
        0.01: "cm",
        0.001: "mm",
    }
    return usual.get(metres, f"{metres!r} m")


def heard(unit: object) -> str | None:
    """The unit that a file or an array states, where it is a known length; warns of one that is not."""
    if isinstance(unit, bytes):
        unit = unit.decode("utf-8", "replace")
    if not isinstance(unit, str) or unit.strip().lower() in _SAYS_NOTHING:
        return None
    if known_unit(unit) is not None:
        return unit
    tell(
        f"heights are said to be measured in {unit!r}, which is no unit of length known here, and count as "
        "metres; pass z_unit= (a name, or the number of metres in one unit)",
        VerticalScaleWarning,
    )
    return None
