"""The colour bar: the picture's own colours against heights, with its norm, its classes and what lies beyond its ends."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._colormaps import Table, table_of
from .._colour_scale import colour_scale
from .._heights import Landmarks
from .._levels import boundaries
from .._norms import function, is_no_norm, limited, named
from .._words import SCALE
from ._blocks import Room
from ._lettering import Lettering
from ._marks import INK, Box, Colour, Mark, Shape, Text, rectangle
from ._rounds import below, multiples, said, spaced

_STRIPS = 128
_TICK = 0.8  # size of its numbers, in ems


class Scale(NamedTuple):
    """Heights against places along the bar."""

    colours: npt.NDArray[np.float32]
    """(N, 4) of strips of equal length."""
    heights: npt.NDArray[np.float64]
    """(N + 1,) of the borders between them."""
    ticks: tuple[float, ...]
    """Heights to be written, the most wanted first."""
    step: float
    """What these are multiples of; 0 where they are not."""
    under: Colour | None
    over: Colour | None
    """Of what lies beyond the ends; None where nothing does, or where it is see-through."""


def scale_of(marks: Landmarks, words: dict[str, Any]) -> Scale:
    """What a picture of ground with these landmarks and words of ``render`` is coloured by."""
    asked = {word: words[word] for word in SCALE if word in words}
    cmap = asked.pop("cmap", "terrain")
    found, low, high = colour_scale(cmap, marks, **asked)
    table = table_of(found)
    least, greatest = marks.ends
    low = least if low is None else float(low)
    high = greatest if high is None else float(high)
    span, under = (low, high), table.under
    norm = asked.get("norm")
    if is_no_norm(norm):  # its numbers are the colour map's own
        del asked["norm"]
    elif norm is not None and named(norm, None) is None:
        # The table may begin lower, where there is ground for which a logarithm has no place.
        _, low, high = limited(norm, marks)
        if span[0] < low:
            under, least = table.entries[0], marks.least_positive
    if not low < high:  # level ground: one colour
        low, high = low, low + max(abs(low) * 1e-6, 1e-6)
    if not span[0] < span[1]:
        span = low, high
    beyond = _beyond(under, least < low), _beyond(table.over, greatest > high)
    edges = _classes(asked, cmap, table, low, high)
    if edges is not None:
        middles = np.array([(a + b) / 2 for a, b in itertools.pairwise(edges)])
        return Scale(_at(table, middles, *span), np.array(edges), tuple(edges), 0.0, *beyond)
    spread = _spread(asked, low, high)
    borders = _inverse(spread, np.linspace(0, 1, _STRIPS + 1), low, high)
    middles = _inverse(spread, (np.arange(_STRIPS) + 0.5) / _STRIPS, low, high)
    ticks, step = _ticks(asked, low, high)
    return Scale(_at(table, middles, *span), borders, ticks, step, *beyond)


def _beyond(colour: npt.NDArray[np.float32], there: bool) -> Colour | None:
    red, green, blue, alpha = (float(part) for part in colour)
    return (red, green, blue, alpha) if there and alpha > 0 else None


def _at(
    table: Table, heights: npt.NDArray[np.float64], low: float, high: float
) -> npt.NDArray[np.float32]:
    count = len(table.entries)
    entry = ((heights - low) / (high - low) * count).astype(np.intp)
    found: npt.NDArray[np.float32] = table.entries[np.clip(entry, 0, count - 1)]
    return found


def _classes(
    words: dict[str, Any], cmap: Any, table: Table, low: float, high: float
) -> list[float] | None:
    """Borders of classes, ascending; None of a ramp."""
    if words.get("levels") is not None:
        levels = boundaries(words["levels"])
        if not isinstance(levels, int):
            return levels
        # The table's own bands, which may be written out finer than they are.
        changes = np.flatnonzero((np.diff(table.entries, axis=0) != 0).any(axis=1)) + 1
        inner = low + (high - low) * changes / len(table.entries)
        return [low, *inner.tolist(), high]
    norm = words.get("norm")
    edges = getattr(norm, "boundaries", None)  # of matplotlib's BoundaryNorm
    if edges is not None:
        return [float(edge) for edge in edges]
    few = len(table.entries) <= 24 and not isinstance(cmap, str)
    if few and named(norm, words.get("vcenter")) is None and norm is None:
        return [float(edge) for edge in np.linspace(low, high, len(table.entries) + 1)]
    return None


def _spread(words: dict[str, Any], low: float, high: float) -> Callable[[Any], Any]:
    norm = words.get("norm")
    known = named(norm, words.get("vcenter"))
    if known is not None:
        return function(known, low, high)
    if norm is None:
        return lambda z: (z - low) / (high - low)
    own = _limited(norm, low, high)
    return lambda z: np.asarray(own(np.asarray(z)), np.float64)


def _limited(norm: Any, low: float, high: float) -> Any:
    from copy import deepcopy

    own = deepcopy(norm)
    own.autoscale_None([low, high])
    return own


def _inverse(
    spread: Callable[[Any], Any], places: npt.NDArray[np.float64], low: float, high: float
) -> npt.NDArray[np.float64]:
    """Heights at places in 0..1 of a norm that ascends, by halving."""
    first, last = np.full(len(places), low), np.full(len(places), high)
    with np.errstate(all="ignore"):
        for _ in range(60):
            middle = 0.5 * (first + last)
            less = np.nan_to_num(np.asarray(spread(middle)), nan=0.0) < places
            first, last = np.where(less, middle, first), np.where(less, last, middle)
    found: npt.NDArray[np.float64] = 0.5 * (first + last)
    return found


def _ticks(words: dict[str, Any], low: float, high: float) -> tuple[tuple[float, ...], float]:
    known = named(words.get("norm"), words.get("vcenter"))
    step = below((high - low) / 4)
    plain = multiples(low, high, step)
    if known is None and words.get("norm") is None:
        return (*plain[:: max(1, len(plain) // 5)], *plain), step
    if known is not None and known.name == "two-slope":
        return (known.parameter, low, high, *plain), 0.0
    if low > 0:  # decades matter first, then halves of them
        first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
        decades = [factor * 10.0**power for factor in (1, 2, 5) for power in range(first, last + 1)]
        if high / low >= 3:
            plain = [tick for tick in decades if low <= tick <= high] + plain
    return (*([0.0] if low < 0 < high else []), *plain), 0.0


class ColourBar(NamedTuple):
    """As a block of furniture."""

    scale: Scale
    label: str
    lettering: Lettering

    @property
    def name(self) -> str:
        """As `Block`."""
        return "colorbar"

    def room(self, em: float, width: float) -> Room:
        """As `Block`."""
        longest = max(map(self.lettering.width, self._label(em, width)), default=0.0)
        lines = len(self._label(em, width))
        return Room(
            min(max(12 * em, longest * em, min(width, 26 * em)), max(width, 12 * em)),
            (1.35 * lines + 2.6) * em,
        )

    def _label(self, em: float, width: float) -> list[str]:
        return self.lettering.wrapped(self.label, max(width, 12 * em) / em)

    def marks(self, box: Box, em: float) -> list[Mark]:
        """As `Block`."""
        lines = self._label(em, box.width + 1e-6)
        marks: list[Mark] = [
            Text(line, box.left, box.top + (1.35 * number + 0.95) * em, em)
            for number, line in enumerate(lines)
        ]
        inset = 1.2 * em  # for the triangles, and for half of the first and the last number
        bar = Box(
            box.left + inset, box.top + 1.35 * len(lines) * em, box.width - 2 * inset, 1.1 * em
        )
        marks += self._strips(bar)
        for colour, side, way in (
            (self.scale.under, bar.left, -1.0),
            (self.scale.over, bar.right, 1.0),
        ):
            if colour is not None:
                tip = np.array([[0, 0], [way * 0.8 * em, 0.5 * bar.height], [0, bar.height]])
                ring = tip + np.array([side, bar.top])
                marks.append(Shape((ring,), colour, INK, 0.05 * em, closed=True))
        marks.append(rectangle(bar, None, INK, 0.05 * em))
        return marks + self._numbers(bar, em)

    def _strips(self, bar: Box) -> list[Mark]:
        """Each colour up to the bar's end, so that no seam is seen between two; see-through ones side by side."""
        colours = self.scale.colours
        borders = np.linspace(bar.left, bar.right, len(colours) + 1)
        opaque = bool((colours[:, 3] == 1).all())
        marks: list[Mark] = []
        for number, colour in enumerate(colours.tolist()):
            if opaque and number and colour == colours[number - 1].tolist():
                continue
            end = bar.right if opaque else borders[number + 1]
            strip = Box(borders[number], bar.top, end - borders[number], bar.height)
            marks.append(rectangle(strip, (colour[0], colour[1], colour[2], colour[3])))
        return marks

    def _numbers(self, bar: Box, em: float) -> list[Mark]:
        heights = self.scale.heights
        places = np.interp(
            self.scale.ticks, heights, np.linspace(bar.left, bar.right, len(heights))
        )
        size = _TICK * em
        texts = [
            said(tick, self.scale.step) if self.scale.step else said(float(f"{tick:.6g}"))
            for tick in self.scale.ticks
        ]
        wanted = list(zip(places.tolist(), texts, strict=True))
        if not self.scale.step and len(heights) == len(self.scale.ticks):
            # Classes: both ends first.
            wanted = [wanted[0], wanted[-1], *wanted[1:-1]]
        reach = 1.2 * em
        lengths = {text: self.lettering.width(text) * size for text in texts}
        inside = [
            (place, text)
            for place, text in wanted
            if lengths[text] / 2 <= min(place - bar.left, bar.right - place) + reach
        ]
        marks: list[Mark] = []
        for place, text in spaced(inside, lengths, 0.35 * em):
            ends = np.array([[place, bar.bottom], [place, bar.bottom + 0.25 * em]])
            marks.append(Shape((ends,), stroke=INK, width=0.05 * em))
            marks.append(Text(text, place, bar.bottom + 1.15 * em, size, 0.5))
        return marks
