"""The scale bar: a round length as geodesics measure it in the middle of the map."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ._blocks import Room
from ._lettering import Lettering
from ._marks import INK, WHITE, Box, Mark, Text, rectangle
from ._rounds import below, said

_SYSTEMS: dict[str, tuple[tuple[str, float], ...]] = {
    "metric": (("m", 1.0), ("km", 1000.0)),
    "imperial": (("ft", 0.3048), ("mi", 1609.344)),
    "m": (("m", 1.0),),
    "km": (("km", 1000.0),),
    "ft": (("ft", 0.3048),),
    "mi": (("mi", 1609.344),),
    "nmi": (("nmi", 1852.0),),
}
"""Units with their metres; the last in which a bar is at least as long as one."""
_UNKNOWN = "map units"
VARIES = 0.05
"""From one part of a map to another: more, and one bar cannot stand for all."""


class Bar(NamedTuple):
    """A length on the ground."""

    metres: float
    units: float
    """How many it is long."""
    unit: str

    @property
    def parts(self) -> int:
        """Into how many it is divided: at round numbers."""
        first = f"{self.units:e}"[0]
        return {"1": 2, "2": 4, "5": 5}[first]


def bar_of(greatest: float, system: str, known: bool = True) -> Bar:
    """The longest round bar of at most `greatest` metres; `known` is False of a map without units."""
    units = _SYSTEMS[system] if known else ((_UNKNOWN, 1.0),)
    unit, metres = units[0]
    for name, size in units[1:]:
        if greatest >= size:
            unit, metres = name, size
    count = below(greatest / metres)
    return Bar(count * metres, count, unit)


def system_of(scalebar: Any) -> str | None:
    """Of ``scalebar=``: None for no bar.

    Raises
    ------
    InvalidInputError
        None of its values.
    """
    if scalebar is None or scalebar is False:
        return None
    if scalebar is True:
        return "metric"
    if isinstance(scalebar, str) and scalebar in _SYSTEMS:
        return scalebar
    raise InvalidInputError(
        f"scalebar must be True, False or one of {', '.join(map(repr, _SYSTEMS))}; got {shown(scalebar)}; "
        "pass e.g. scalebar='km'"
    )


class ScaleBar(NamedTuple):
    """As a block of furniture of a map from above."""

    system: str
    metres_per_mm: float
    """On the page, in the middle; of the frame that the page has, and 0 until it has one."""
    known: bool
    lettering: Lettering

    @property
    def name(self) -> str:
        """As `Block`."""
        return "scalebar"

    def room(self, em: float, width: float) -> Room:
        """As `Block`."""
        return Room(min(max(width, 9 * em), 20 * em), 4.0 * em)

    def _unit(self) -> float:
        """Ems of the longest unit that it may have."""
        units = _SYSTEMS[self.system] if self.known else ((_UNKNOWN, 1.0),)
        return 0.85 * max(self.lettering.width(unit) for unit, _ in units)

    def marks(self, box: Box, em: float) -> list[Mark]:
        """As `Block`."""
        # Half a number stands out on the left, half a number and the unit on the right.
        left, right = 0.6 * em, (1.6 + self._unit()) * em
        bar = bar_of((box.width - left - right) * self.metres_per_mm, self.system, self.known)
        length = bar.metres / self.metres_per_mm
        strip = Box(box.left + left, box.top + 1.25 * em, length, 0.55 * em)
        marks: list[Mark] = []
        for part in range(bar.parts):
            piece = Box(
                strip.left + part * length / bar.parts, strip.top, length / bar.parts, strip.height
            )
            marks.append(rectangle(piece, INK if part % 2 == 0 else WHITE))
        marks.append(rectangle(strip, None, INK, 0.06 * em))
        middle = bar.parts // 2
        size = 0.85 * em
        for part in (0, *([middle] if 2 * middle == bar.parts else []), bar.parts):
            text = said(float(f"{bar.units * part / bar.parts:.6g}"))
            if 0 < part < bar.parts and self.lettering.width(text) * size > 0.4 * length:
                continue
            marks.append(
                Text(text, strip.left + part * length / bar.parts, box.top + 0.95 * em, size, 0.5)
            )
        end = 0.5 * self.lettering.width(said(bar.units)) * size
        marks.append(Text(bar.unit, strip.right + end + 0.3 * em, box.top + 0.95 * em, size))
        if self.known:
            marks.append(
                Text(ratio(self.metres_per_mm), strip.left, strip.bottom + 1.35 * em, size)
            )
        return marks


def ratio(metres_per_mm: float) -> str:
    """A map's scale: a whole number as it was asked for (63360, an inch to the mile), others with three digits that count."""
    number = metres_per_mm * 1000
    if abs(number - round(number)) < 1e-6:
        digits = f"{number:.0f}"
    else:
        digits = f"{float(f'{number:.3g}'):.0f}" if number >= 100 else f"{number:.3g}"
    head = digits
    groups: list[str] = []
    if number >= 1000:
        while len(head) > 3:
            head, groups = head[:-3], [head[-3:], *groups]
    return "1 : " + " ".join([head, *groups])
