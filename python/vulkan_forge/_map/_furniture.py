"""What is to stand beside a map, and how it gets onto the page."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .._heights import landmarks_of
from .._image import Image
from .._numbers import shown, text
from .._vulkan_forge import InvalidInputError
from ..geo import DEM, LargeDEM
from ._above import Ground
from ._blocks import Block, Lines
from ._colourbar import ColourBar, scale_of
from ._graticule import Line
from ._graticule import graticule as graticule_of
from ._inset import Inset, outlines_of
from ._legend import Entry, Legend
from ._lettering import Lettering
from ._marks import Box, Layout, Mark, Picture
from ._north import VARIES, NorthArrow
from ._page import Page
from ._scalebar import ScaleBar


class Furniture(NamedTuple):
    """What is asked for beside the picture, checked as far as it can be without the DEM."""

    title: str | None
    subtitle: str | None
    credit: str | None
    colorbar: bool | str | None
    entries: tuple[Entry, ...]
    system: str | None
    north: bool
    graticule: bool | tuple[float, float]
    inset: Any
    frame: bool
    pages: list[tuple[float, float]]
    scale: float | None
    dpi: float
    lettering: Lettering

    @property
    def header(self) -> tuple[Lines, ...]:
        """Title and subtitle."""
        return self._lines(("title", self.title, 2.1), ("subtitle", self.subtitle, 1.25))

    @property
    def footer(self) -> tuple[Lines, ...]:
        """The credit."""
        return self._lines(("credit", self.credit, 0.8))

    def _lines(self, *wanted: tuple[str, str | None, float]) -> tuple[Lines, ...]:
        return tuple(Lines(name, text, size, self.lettering) for name, text, size in wanted if text)


def colour_bar(
    dem: DEM | LargeDEM, words: dict[str, Any], tells: bool, wishes: Furniture
) -> ColourBar | None:
    asked = wishes.colorbar
    if isinstance(asked, str):
        asked = text(asked, "colorbar")
    elif asked is not None and not isinstance(asked, bool):
        raise InvalidInputError(
            f"colorbar must be True, False or a label; got {shown(asked)}; pass e.g. colorbar='Height (m)'"
        )
    if asked is False or (asked is None and not tells):
        return None
    if not tells:
        raise InvalidInputError(
            "a colour bar expected colours that tell heights; got a style of greys that tell of light; leave colorbar out"
        )
    marks = landmarks_of(dem._source if isinstance(dem, LargeDEM) else dem.data)
    label = asked if isinstance(asked, str) else f"Height ({dem.unit})"
    return ColourBar(scale_of(marks, words), label, wishes.lettering)


def needs_place(ground: Ground, what: str) -> Any:
    body = ground.grid.ground.geodesy if ground.grid.crs is not None else None
    if body is None:
        raise InvalidInputError(
            f"{what} needs to know where the DEM lies; got one without a coordinate system on a body; make it with crs= "
            f"(vf.DEM, vf.open), or pass {what}={'False' if what == 'graticule' else 'None'}"
        )
    return body


def lines_of(ground: Ground, wishes: Furniture) -> list[Line]:
    if not wishes.graticule:
        return []
    steps = wishes.graticule if isinstance(wishes.graticule, tuple) else None
    return graticule_of(needs_place(ground, "graticule"), ground.bounds, steps)


def known_lengths(ground: Ground) -> bool:
    """Whether world metres are metres: not of bare arrays, nor of a place without a coordinate system."""
    grid = ground.grid
    return grid.crs is not None or (grid.stated and not (grid.local and grid.spacing == (1.0, 1.0)))


def blocks_of(
    wishes: Furniture, bar: ColourBar | None, ground: Ground | None, place: Ground | None
) -> list[Block]:
    """Furniture beside the map; `ground` of one from above, `place` of an inset."""
    lettering = wishes.lettering
    blocks: list[Block] = []
    if bar is not None:
        blocks.append(bar)
    if wishes.entries:
        blocks.append(Legend(wishes.entries, wishes.dpi, 1.0, lettering))
    if ground is not None and wishes.system is not None:
        ground.check_scale()
        blocks.append(ScaleBar(wishes.system, 1.0, known_lengths(ground), lettering))
    if ground is not None and wishes.north:
        ground.check_north(VARIES)
        blocks.append(NorthArrow(ground.north, lettering))
    if place is not None and wishes.inset is not None and wishes.inset is not False:
        outlines = () if wishes.inset is True else outlines_of(wishes.inset)
        blocks.append(Inset(needs_place(place, "inset"), place.bounds, outlines))
    return blocks


def drawn(wishes: Furniture, blocks: list[Block], boxes: dict[str, Box], em: float) -> list[Mark]:
    every: list[Block] = [*wishes.header, *blocks, *wishes.footer]
    return [mark for block in every for mark in block.marks(boxes[block.name], em)]


def scaled(blocks: list[Block], metres_per_mm: float) -> list[Block]:
    """The same, knowing the map's scale."""
    return [
        (
            block._replace(metres_per_mm=metres_per_mm)
            if isinstance(block, ScaleBar | Legend)
            else block
        )
        for block in blocks
    ]


def on_pixels(frame: Box, pixel: float) -> tuple[tuple[float, float], tuple[int, int]]:
    """The first whole pixel in a frame, in millimetres, and how many there are from there."""
    near = 1e-6
    first = [int(np.ceil(edge / pixel - near)) for edge in (frame.left, frame.top)]
    last = [int(np.floor(edge / pixel + near)) for edge in (frame.right, frame.bottom)]
    room = max(1, last[0] - first[0]), max(1, last[1] - first[1])
    return (first[0] * pixel, first[1] * pixel), room


def page_of(layout: Layout, picture: Image, wishes: Furniture, scale: float | None) -> Page:
    whole = layout._replace(marks=(Picture(picture.rgba, layout.frame), *layout.marks))
    return Page(whole, picture, wishes.lettering, wishes.dpi, scale, wishes.title)
