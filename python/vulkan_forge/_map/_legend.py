"""The legend: a swatch of each layer, drawn as the layer is, with its name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .._numbers import shown
from .._vulkan_forge import InvalidInputError
from ..vector import Graph, Labels, Lines, Points, Polygons
from ..vector._layer import Layer
from ._blocks import Room
from ._lettering import Lettering
from ._marks import INK, Box, Colour, Floats, Mark, Shape, Stamp, Text, rectangle

_ROW, _SWATCH, _BETWEEN = 1.6, 2.4, 0.7  # ems
_TALL = 8.0  # ems of a column, before there is a second
_COLOURS = 5  # of a layer with many, that are shown


class Entry(NamedTuple):
    """A row of it."""

    name: str
    layer: Any
    """A layer, or a colour: of holes."""


class Legend(NamedTuple):
    """As a block of furniture."""

    entries: tuple[Entry, ...]
    dpi: float
    metres_per_mm: float
    """For widths in metres."""
    lettering: Lettering

    @property
    def name(self) -> str:
        """As `Block`."""
        return "legend"

    def _columns(self, em: float, width: float) -> tuple[int, int, float]:
        """Columns, rows of each, and the width of one."""
        longest = max(self.lettering.width(entry.name) for entry in self.entries)
        one = (_SWATCH + _BETWEEN + longest) * em
        wanted = math.ceil(len(self.entries) * _ROW / _TALL)
        columns = max(1, min(wanted, int((width + 1.5 * em) // (one + 1.5 * em))))
        return columns, math.ceil(len(self.entries) / columns), one

    def room(self, em: float, width: float) -> Room:
        """As `Block`."""
        columns, rows, one = self._columns(em, width)
        return Room(columns * one + (columns - 1) * 1.5 * em, rows * _ROW * em)

    def marks(self, box: Box, em: float) -> list[Mark]:
        """As `Block`."""
        _, rows, one = self._columns(em, box.width + 1e-6)
        marks: list[Mark] = []
        for number, entry in enumerate(self.entries):
            left = box.left + (number // rows) * (one + 1.5 * em)
            top = box.top + (number % rows) * _ROW * em
            swatch = Box(left, top + 0.25 * em, _SWATCH * em, 1.1 * em)
            marks += self._swatch(entry.layer, swatch)
            marks.append(Text(entry.name, swatch.right + _BETWEEN * em, top + 1.15 * em, em))
        return marks

    def _swatch(self, layer: Any, box: Box) -> list[Mark]:
        if isinstance(layer, tuple):
            return [rectangle(box, layer, INK, 0.1)]
        if isinstance(layer, Polygons):
            return self._area(layer, box)
        if isinstance(layer, Points):
            return self._points(layer, box)
        if isinstance(layer, Graph):
            ends = [
                Box(left, box.top, box.height, box.height)
                for left in (box.left, box.right - box.height)
            ]
            nodes = (mark for end in ends for mark in self._points(layer._points, end, 1))
            return [*self._line(layer._lines, box), *nodes]
        return self._line(layer, box)

    def _line(self, layer: Lines, box: Box) -> list[Mark]:
        y = box.top + box.height / 2
        width = min(self._mm(_middle(layer._width.each)), box.height)
        rim = 0.0 if layer._casing is None else self._mm(layer._casing_width)
        dash = () if layer._dash is None else tuple(self._mm(step) for step in layer._dash)
        marks: list[Mark] = []
        colours = _some(layer._colours)
        for number, colour in enumerate(colours):
            a, b = (box.left + box.width * (number + end) / len(colours) for end in (0, 1))
            line = np.array([[a, y], [b, y]])
            if layer._casing is not None:
                casing = _rgba(layer._casing[0])
                marks.insert(number, Shape((line,), None, casing, min(width + 2 * rim, box.height)))
            marks.append(
                Shape((line,), None, colour, width, round=layer._cap == "round", dash=dash)
            )
        return marks

    def _area(self, layer: Polygons, box: Box) -> list[Mark]:
        colours = _some(layer._fill)
        part = box.width / len(colours)
        marks: list[Mark] = [
            rectangle(Box(box.left + number * part, box.top, part, box.height), colour)
            for number, colour in enumerate(colours)
        ]
        for angle, spacing, thick in layer._hatch or ():
            stripes = _stripes(box, angle, max(self._mm(spacing), 0.2))
            colour = _rgba(layer._hatch_colours[0])
            marks.append(Shape(stripes, None, colour, min(self._mm(thick), box.height)))
        if layer._edge is not None:
            width = min(self._mm(_middle(layer._width.each)), 0.5 * box.height)
            dash = () if layer._dash is None else tuple(self._mm(step) for step in layer._dash)
            marks.append(rectangle(box, None, _rgba(layer._edge[0]), width)._replace(dash=dash))
        return marks

    def _points(self, layer: Points, box: Box, most: int = _COLOURS) -> list[Mark]:
        size = min(self._mm(_middle(layer._size.each)), box.height)
        # Side by side as far as there is room.
        room = int(box.width // max(1.1 * size, 1e-9))
        colours = _some(layer._colours, max(1, min(most, room)))
        edge = None if layer._edge is None else _rgba(layer._edge[0])
        width = 0.0 if edge is None else self._mm(layer._edge_width)
        middles = [
            box.left + box.width * (number + 0.5) / len(colours) for number in range(len(colours))
        ]
        y = box.top + box.height / 2
        own = layer._shape
        if not isinstance(own, str):
            sides = np.array(own.size) * size / max(own.size)
            return [
                Stamp(own, Box(x - sides[0] / 2, y - sides[1] / 2, *sides.tolist()), colour)
                for x, colour in zip(middles, colours, strict=True)
            ]
        shape = "disc" if own == "sphere" else own
        return [
            Shape(
                tuple(ring * size / 2 + [x, y] for ring in symbol(shape)),
                colour,
                edge,
                width,
                closed=True,
            )
            for x, colour in zip(middles, colours, strict=True)
        ]

    def _mm(self, length: Any) -> float:
        """On the page; metres by the map's scale."""
        if length.on_ground:
            return float(length.amount / self.metres_per_mm)
        return float(length.pixels(self.dpi) * 25.4 / self.dpi)


def _middle(lengths: Sequence[Any]) -> Any:
    return sorted(lengths, key=lambda length: length.amount)[len(lengths) // 2]


def _rgba(colour: Any) -> Colour:
    red, green, blue, alpha = (float(part) for part in colour)
    return red, green, blue, alpha


def _some(colours: Any, most: int = _COLOURS) -> list[Colour]:
    """All that are seen where there are few; else so many, from the darkest to the lightest."""
    different = np.unique(np.asarray(colours, np.float64).round(3), axis=0)
    seen = different[:, 3] > 0
    different = different[seen] if seen.any() else different[:1]
    order = np.argsort(different[:, :3] @ [0.299, 0.587, 0.114], kind="stable")
    different = different[order]
    if len(different) > most:
        ends = (0, len(different) - 1) if most > 1 else (len(different) // 2,) * 2
        different = different[np.linspace(*ends, most).round().astype(int)]
    return [_rgba(colour) for colour in different]


def _stripes(box: Box, angle: float, spacing: float) -> tuple[Floats, ...]:
    """Lines at an angle counter-clockwise from the right, cut off at the box."""
    from ._graticule import inside

    way = np.array([math.cos(math.radians(angle)), -math.sin(math.radians(angle))])
    across = np.array([-way[1], way[0]])
    middle = np.array([box.left + box.width / 2, box.top + box.height / 2])
    reach = math.hypot(box.width, box.height)
    count = int(reach / spacing)
    found: list[Floats] = []
    for number in range(-count, count + 1):
        foot = middle + number * spacing * across
        line = np.array([foot - reach * way, foot + reach * way])
        found += inside(line, (box.left, box.top, box.right, box.bottom))
    return tuple(found)


def symbol(shape: str) -> tuple[Floats, ...]:
    """Rings of a symbol as the picture has it: half a size is 1, y down."""
    if shape == "disc":
        angles = np.linspace(0, 2 * np.pi, 49)[:-1]
        return (np.column_stack([np.cos(angles), np.sin(angles)]),)
    if shape == "square":
        return (np.array([[-1.0, -1], [1, -1], [1, 1], [-1, 1]]),)
    if shape == "diamond":
        return (np.array([[0.0, -1], [1, 0], [0, 1], [-1, 0]]),)
    if shape in ("plus", "cross"):
        a = 1 / 3
        ring = np.array(
            [
                [-a, -1],
                [a, -1],
                [a, -a],
                [1, -a],
                [1, a],
                [a, a],
                [a, 1],
                [-a, 1],
                [-a, a],
                [-1, a],
                [-1, -a],
                [-a, -a],
            ]
        )
        turn = math.sqrt(0.5)
        return (ring if shape == "plus" else ring @ np.array([[turn, turn], [-turn, turn]]),)
    corners = 5 if shape == "star" else 3
    angles = np.arange(corners) * 2 * np.pi / corners - np.pi / 2
    tips = np.column_stack([np.cos(angles), np.sin(angles)])
    if shape == "triangle":
        return (tips,)
    inner = 0.381966 * np.column_stack([np.cos(angles + np.pi / 5), np.sin(angles + np.pi / 5)])
    return (np.stack([tips, inner], axis=1).reshape(-1, 2),)


def entries_of(legend: Any, layers: Any) -> tuple[Entry, ...]:
    """Of ``legend=`` beside ``layers=``, either of which may name layers.

    Raises
    ------
    InvalidInputError
        Names without layers, or other than layers.
    """
    cure = "pass layers={'Rivers': vf.Lines(...)}, or legend={'Rivers': the layer}"
    if legend is None or legend is True:
        if isinstance(layers, Mapping):
            return _entries(layers.items(), cure)
        if legend is True:
            raise InvalidInputError(
                f"a legend expected names for the layers; got legend=True alone; {cure}"
            )
        return ()
    if legend is False:
        return ()
    if isinstance(legend, Mapping):
        return _entries(legend.items(), cure)
    if isinstance(legend, Sequence) and not isinstance(legend, str):
        known = list(layers.values()) if isinstance(layers, Mapping) else list(layers or ())
        known = [layer for layer in known if not isinstance(layer, Labels)]
        if len(known) == len(legend):
            return _entries(zip(legend, known, strict=True), cure)
    raise InvalidInputError(
        f"legend must be a mapping from names to layers, or a name for each layer; got {shown(legend)}; {cure}"
    )


def _entries(pairs: Iterable[tuple[Any, Any]], cure: str) -> tuple[Entry, ...]:
    found = []
    for name, layer in pairs:
        if not isinstance(name, str) or not isinstance(layer, Layer):
            raise InvalidInputError(
                f"each row of a legend must be a name with a layer; got {shown(name)} with {shown(layer)}; {cure}"
            )
        if isinstance(layer, Lines | Polygons | Points | Graph) and name:
            found.append(Entry(name, layer))
    return tuple(found)
