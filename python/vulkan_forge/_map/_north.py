"""The north arrow: to true north in the middle of the map, which on a grid is off its columns by the convergence."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ._blocks import Room
from ._lettering import Lettering
from ._marks import INK, WHITE, Box, Floats, Mark, Shape, Text

VARIES = 30.0
"""Degrees by which north may lie elsewhere in another part of a map that has one arrow."""
# A needle that points up, of length 1 about the origin, y down: its left half and its right.
LEFT: Floats = np.array([[0.0, -0.5], [-0.19, 0.5], [0.0, 0.32]])
RIGHT: Floats = np.array([[0.0, -0.5], [0.0, 0.32], [0.19, 0.5]])


def turned(points: Floats, degrees: float) -> Floats:
    """Clockwise about the origin, y down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    found: Floats = points @ np.array([[cos, sin], [-sin, cos]])
    return found


class NorthArrow(NamedTuple):
    """As a block of furniture of a map from above."""

    bearing: float
    """Of true north on the page, degrees clockwise from up."""
    lettering: Lettering

    @property
    def name(self) -> str:
        """As `Block`."""
        return "north"

    def room(self, em: float, width: float) -> Room:
        """As `Block`: whichever way it points."""
        return Room(4.6 * em, 4.6 * em)

    def marks(self, box: Box, em: float) -> list[Mark]:
        """As `Block`."""
        middle = np.array([box.left + 0.5 * box.width, box.top + 0.5 * box.height])
        length = 2.9 * em
        shift = np.array([0.0, 0.45 * em])
        left, right = (
            turned(half * length + shift, self.bearing) + middle for half in (LEFT, RIGHT)
        )
        tip = turned(np.array([[0.0, -0.5 * length - 0.6 * em]]) + shift, self.bearing)[0] + middle
        return [
            Shape((left,), INK, INK, 0.07 * em, closed=True),
            Shape((right,), WHITE, INK, 0.07 * em, closed=True),
            Text("N", float(tip[0]), float(tip[1]) + 0.36 * em, em, 0.5),
        ]
