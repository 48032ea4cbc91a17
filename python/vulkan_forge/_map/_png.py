"""A page as pixels: texts, areas and lines by the package's own coverage."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from .._vulkan_forge import Sheet
from ._marks import WHITE, Colour, Layout, Picture, Shape, Stamp, Text

if TYPE_CHECKING:
    from ._lettering import Lettering

_THINNEST = 0.6  # pixels of a line: thinner ones would be gone


def draw(layout: Layout, lettering: Lettering, dpi: float, paper: Colour) -> npt.NDArray[np.uint8]:
    """(H, W, 4) uint8."""
    scale = dpi / 25.4
    width, height = (max(1, round(side * scale)) for side in layout.size)
    sheet = Sheet(width, height, _bytes(paper))
    for mark in layout.marks:
        if isinstance(mark, Picture):
            left, top = round(mark.box.left * scale), round(mark.box.top * scale)
            sheet.picture(np.ascontiguousarray(mark.pixels), left, top)
        elif isinstance(mark, Stamp):
            _stamp(sheet, mark, scale)
        elif isinstance(mark, Shape):
            _shape(sheet, mark, scale)
        else:
            _text(sheet, mark, lettering, scale)
    return sheet.rgba()


def _stamp(sheet: Sheet, mark: Stamp, scale: float) -> None:
    left, top, width, height = (side * scale for side in mark.box)
    first = math.floor(left), math.floor(top)
    size = math.ceil(left + width) - first[0], math.ceil(top + height) - first[1]
    place = left - first[0], top - first[1], width, height
    sheet.picture(mark.symbol.pixels(size, place, mark.colour), *first)


def _shape(sheet: Sheet, mark: Shape, scale: float) -> None:
    lines = [np.ascontiguousarray(line * scale, np.float64) for line in mark.lines if len(line)]
    if mark.fill is not None:
        sheet.fill(lines, _bytes(mark.fill))
    if mark.stroke is not None:
        dash = [step * scale for step in mark.dash]
        pen = max(mark.width * scale, _THINNEST), mark.round, mark.closed, dash
        sheet.stroke(lines, pen, _bytes(mark.stroke))


def _text(sheet: Sheet, mark: Text, lettering: Lettering, scale: float) -> None:
    measured = lettering.of(mark.text)
    right, down = math.cos(math.radians(mark.turn)), -math.sin(math.radians(mark.turn))
    back = mark.anchor * measured.advance * mark.size
    x, y = (mark.x - back * right) * scale, (mark.y - back * down) * scale
    if mark.turn == 0:
        y = round(y)  # a baseline between two rows of pixels would blur all letters
    baseline = (x, y, right, down)
    halo = (mark.halo * scale, _bytes(WHITE))
    sheet.text(measured.texts, 0, baseline, mark.size * scale, _bytes(mark.colour), halo)


def _bytes(colour: Colour) -> tuple[int, int, int, int]:
    red, green, blue, alpha = (round(255 * min(max(part, 0.0), 1.0)) for part in colour)
    return red, green, blue, alpha
