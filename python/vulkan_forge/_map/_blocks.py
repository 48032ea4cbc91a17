"""Furniture of a page: how much room each piece needs, and what it consists of once it has its place."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ._lettering import Lettering
from ._marks import Box, Mark, Text


class Room(NamedTuple):
    """Width and height in millimetres."""

    width: float
    height: float


class Block(Protocol):
    """A piece of furniture."""

    @property
    def name(self) -> str:
        """By which `Layout.boxes` knows it."""

    def room(self, em: float, width: float) -> Room:
        """What it takes where `width` millimetres are to be had at most; it may need more."""

    def marks(self, box: Box, em: float) -> list[Mark]:
        """It in its place."""


class Lines(NamedTuple):
    """Running text: title, subtitle or credit."""

    name: str
    text: str
    size: float
    """In ems of plain text."""
    lettering: Lettering

    def _broken(self, em: float, width: float) -> list[str]:
        return self.lettering.wrapped(self.text, width / (self.size * em))

    def room(self, em: float, width: float) -> Room:
        """As `Block`."""
        lines = self._broken(em, width)
        longest = max((self.lettering.width(line) for line in lines), default=0.0)
        return Room(longest * self.size * em, 1.25 * len(lines) * self.size * em)

    def marks(self, box: Box, em: float) -> list[Mark]:
        """As `Block`."""
        size = self.size * em
        return [
            Text(line, box.left, box.top + (1.25 * number + 0.95) * size, size)
            for number, line in enumerate(self._broken(em, box.width + 1e-6))
        ]
