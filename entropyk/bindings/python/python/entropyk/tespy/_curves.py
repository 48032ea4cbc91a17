"""Default characteristic lines: the numbers of tespy 0.11.3, tespy/data/char_lines.json (MIT; TRAUPEL from Traupel 2001)."""

from __future__ import annotations

from .tools.characteristics import CharLine

_LINES: dict[str, tuple[str, str]] = {
    "Turbine eta_s_char DEFAULT": (
        "0 0.3 0.6 0.7 0.8 0.9 1 1.1 1.2 1.3 1.4 1.5",
        "0.95 0.98 0.993 0.996 0.998 0.9995 1 0.999 0.996 0.99 0.98 0.96",
    ),
    "Turbine eta_s_char TRAUPEL": (
        "0 0.1905 0.381 0.5714 0.7619 0.9524 1 1.1429 1.3333 1.5238 1.7143 1.9048",
        "0 0.3975 0.6772 0.8581 0.9593 0.9985 1 0.9875 0.9357 0.8464 0.7219 0.5643",
    ),
    "Compressor eta_s_char DEFAULT": (
        "0.49 0.55782 0.62612 0.69418 0.76132 0.82682 0.89 0.95016 1 1.04326 1.07753 1.10916 "
        "1.13795 1.16365 1.18604 1.2049 1.22",
        "0.78 0.82066 0.86025 0.89742 0.93083 0.95914 0.981 0.99507 1 0.99733 0.98913 0.97496 "
        "0.95435 0.92687 0.89205 0.84944 0.79859",
    ),
    "Pump eta_s_char DEFAULT": (
        "0.071 0.282 0.635 0.776 0.917 1 1.128 1.27 1.41 1.763 2.115 2.5",
        "0.25 0.547 0.9 0.965 0.995 1 0.99 0.959 0.911 0.737 0.519 0.25",
    ),
    "HeatExchanger UA_char1 DEFAULT": (
        "0 0.01084 0.03655 0.07779 0.13389 0.20417 0.28796 0.38458 0.49337 0.61364 0.74473 "
        "0.88595 1 1.19613 1.36374 1.53879 1.72061 1.90854 2.10189 2.29999 2.50217 2.70776 "
        "2.91608 3",
        "0.01 0.09598 0.18995 0.28191 0.37185 0.45974 0.54557 0.62932 0.71098 0.79053 0.86796 "
        "0.94324 1 1.0873 1.15605 1.22259 1.28691 1.34898 1.40879 1.46633 1.52157 1.5745 "
        "1.62511 1.645",
    ),
    "HeatExchanger UA_char1 CONDENSING FLUID": (
        "0 0.02476 0.08114 0.167 0.28023 0.41869 0.58027 0.76284 0.96428 1 1.18245 1.41525 "
        "1.66053 1.91619 2.18009 2.4501 2.72412 3",
        "0.01 0.19836 0.37181 0.52217 0.65124 0.76085 0.8528 0.92891 0.99099 1 1.04084 1.0803 "
        "1.11116 1.13524 1.15435 1.1703 1.18492 1.2",
    ),
    "HeatExchanger UA_char2 DEFAULT": (
        "0 0.10449 0.23774 0.40054 0.59243 0.81296 1 1.0617 1.33818 1.64196 1.97259 2.32963 "
        "2.71261 3.0012",
        "0.01 0.21181 0.40637 0.58484 0.74792 0.89627 1 1.03058 1.15152 1.25977 1.35602 "
        "1.44093 1.51519 1.562",
    ),
    "HeatExchanger UA_char2 EVAPORATING FLUID": (
        "0 0.00412 0.0076 0.01101 0.01488 0.0211 0.02758 0.0362 0.04751 0.06206 0.08041 "
        "0.10312 0.13073 0.1638 0.20288 0.24854 0.30132 0.37528 0.45378 0.54212 0.64561 "
        "0.76955 0.91927 1 1.10006 1.31723 1.57609 1.88195 2.24011 2.65589 3",
        "0.01 0.04969 0.10554 0.16642 0.2312 0.29888 0.36806 0.43773 0.50677 0.57404 0.6384 "
        "0.69873 0.75388 0.80274 0.84415 0.87699 0.90012 0.92187 0.94082 0.95729 0.97163 "
        "0.98417 0.99525 1 1.00521 1.01439 1.02312 1.03175 1.0406 1.05002 1.0575",
    ),
}
_SAME = {
    "Condenser UA_char1 DEFAULT": "HeatExchanger UA_char1 CONDENSING FLUID",
    "Condenser UA_char2 DEFAULT": "HeatExchanger UA_char2 DEFAULT",
    "Desuperheater UA_char1 DEFAULT": "HeatExchanger UA_char1 DEFAULT",
    "Desuperheater UA_char2 DEFAULT": "HeatExchanger UA_char2 DEFAULT",
    "SimpleHeatExchanger UA_char DEFAULT": "HeatExchanger UA_char1 DEFAULT",
    "Pipe UA_char DEFAULT": "HeatExchanger UA_char1 DEFAULT",
    "MovingBoundaryHeatExchanger UA_char1 DEFAULT": "HeatExchanger UA_char1 DEFAULT",
    "MovingBoundaryHeatExchanger UA_char2 DEFAULT": "HeatExchanger UA_char2 DEFAULT",
}


def names() -> list[str]:
    """Component, characteristic and name of each line."""
    return [*_LINES, *_SAME]


def line(component: str, word: str, name: str = "DEFAULT") -> CharLine | None:
    """The default line of a component's characteristic."""
    key = f"{component} {word} {name}"
    numbers = _LINES.get(_SAME.get(key, key))
    if numbers is None:
        return None
    x, y = ([float(v) for v in text.split()] for text in numbers)
    return CharLine(x=x, y=y)
