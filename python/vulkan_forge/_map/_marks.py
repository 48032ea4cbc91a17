"""What a page consists of, in millimetres from its upper left corner, y down: the value that all back ends draw."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .._vulkan_forge import Symbol

Floats = npt.NDArray[np.float64]
Colour = tuple[float, float, float, float]
"""sRGB and straight alpha, 0..1 each."""

INK: Colour = (0.1, 0.1, 0.11, 1.0)
GREY: Colour = (0.42, 0.42, 0.44, 1.0)
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
CLEAR: Colour = (0.0, 0.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """x of its right side."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """y of its lower side."""
        return self.top + self.height

    @property
    def corners(self) -> Floats:
        """(4, 2), clockwise from the upper left."""
        xs = [self.left, self.right, self.right, self.left]
        return np.array([xs, [self.top, self.top, self.bottom, self.bottom]]).T

    def overlaps(self, other: Box, gap: float = 0.0) -> bool:
        """Whether both have a place in common, or are nearer than `gap`."""
        return (
            self.left < other.right + gap - 1e-9
            and other.left < self.right + gap - 1e-9
            and self.top < other.bottom + gap - 1e-9
            and other.top < self.bottom + gap - 1e-9
        )

    def holds(self, other: Box) -> bool:
        """Whether `other` lies inside."""
        near = 1e-6
        return (
            self.left <= other.left + near
            and self.top <= other.top + near
            and other.right <= self.right + near
            and other.bottom <= self.bottom + near
        )


class Text(NamedTuple):
    """One line of text."""

    text: str
    x: float
    y: float
    """Of its baseline."""
    size: float
    """Of an em."""
    anchor: float = 0.0
    """Which part of its length lies left of x: 0, 0.5 or 1."""
    colour: Colour = INK
    turn: float = 0.0
    """Of its baseline in degrees, counter-clockwise."""
    halo: float = 0.0
    """How far a white rim reaches."""


class Shape(NamedTuple):
    """Areas or lines."""

    lines: tuple[Floats, ...]
    """(N, 2) each; with `fill`, or `closed`, rings."""
    fill: Colour | None = None
    stroke: Colour | None = None
    width: float = 0.0
    closed: bool = False
    round: bool = False
    """Whether ends and corners are."""
    dash: tuple[float, ...] = ()


class Picture(NamedTuple):
    """Pixels in a box; those of a page in pixels lie on the page's own."""

    pixels: npt.NDArray[np.uint8]
    """(H, W, 4), sRGB with straight alpha."""
    box: Box


class Stamp(NamedTuple):
    """A symbol that fills a box."""

    symbol: Symbol
    box: Box
    colour: Colour
    """Of an outline; of a picture, which has its own, the alpha."""

    def picture(self) -> Picture:
        """As it is known itself, for files that say how large it is."""
        size = self.symbol.size
        return Picture(self.symbol.pixels(size, (0.0, 0.0, *size), self.colour), self.box)


Mark = Text | Shape | Picture | Stamp


class Layout(NamedTuple):
    """A page."""

    size: tuple[float, float]
    """Width and height."""
    em: float
    """Size of plain text."""
    frame: Box
    """Of the map."""
    pixels: tuple[int, int]
    """Columns and rows of the map's picture."""
    boxes: dict[str, Box]
    """What each piece of furniture takes, by name; they do not overlap, and none lies on the map but those of an oblique view."""
    marks: tuple[Mark, ...]
    """In the order in which they are drawn."""


def rectangle(
    box: Box, fill: Colour | None = None, stroke: Colour | None = None, width: float = 0.0
) -> Shape:
    """A box, filled or outlined."""
    return Shape((box.corners,), fill, stroke, width, closed=True)
