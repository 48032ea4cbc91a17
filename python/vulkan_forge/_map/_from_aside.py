"""Oblique views: what stands on the ground is found in a small picture first, then drawn."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..vector import Labels, Lines
from . import _oblique
from ._above import Ground
from ._colourbar import ColourBar
from ._furniture import (
    Furniture,
    blocks_of,
    drawn,
    known_lengths,
    lines_of,
    on_pixels,
    page_of,
    scaled,
)
from ._graticule import Line
from ._layout import Wishes, arrange
from ._marks import INK, Box, Layout, Mark, rectangle
from ._north import VARIES
from ._page import Page
from ._paper import INCH
from ._scene import Scene

_PREVIEW = 160  # pixels of the longer side of the small picture
_LINES: dict[str, Any] = {"color": "#1f242e", "width": "0.6pt", "alpha": 0.75}


def from_aside(scene: Scene, wishes: Furniture, bar: ColourBar | None, ground: Ground) -> Page:
    if wishes.system is not None:
        ground.check_scale()
    if wishes.north:
        ground.check_north(VARIES)
    blocks = blocks_of(wishes, bar, None, ground)
    places = arrange(
        wishes.pages, Wishes(wishes.header, tuple(blocks), wishes.footer, None, None, 0.0)
    )
    pixel = INCH / wishes.dpi
    (left, top), pixels = on_pixels(places.frame, pixel)
    frame = Box(left, top, pixels[0] * pixel, pixels[1] * pixel)
    em = places.em
    stage = _Stage(scene, wishes, ground, lines_of(ground, wishes), frame, pixels, em)
    plane, wanted, kept = stage.preview()
    layers = [*(scene.layers or ()), *stage.layer()]
    own = scene.words.get("keep_out")
    keep_out = [_in_pixels(box, frame, pixel) for box in kept] + list(own or ())
    picture = scene.picture(pixels, layers=layers, keep_out=keep_out)
    view = _oblique.View(picture)
    boxes = dict(places.boxes)
    marks: list[Mark] = []
    taken: list[Box] = []
    if plane is not None:
        on_plane = _oblique.plane_marks(plane, wanted, view, frame, em, wishes.lettering)
        taken = [_oblique.plane_box(plane, frame)]
        boxes["ground marks"] = taken[0]
        marks += on_plane
    marks += stage.numbers(view, taken)
    if wishes.frame:
        marks.append(rectangle(frame, None, INK, 0.09 * em))
    mean = ground.metres() * (ground.world[2] - ground.world[0]) / frame.width
    marks += drawn(wishes, scaled(blocks, mean), places.boxes, em)
    return page_of(
        Layout(places.size, em, frame, pixels, boxes, tuple(marks)), picture, wishes, None
    )


class _Stage(NamedTuple):
    """An oblique view on its page."""

    scene: Scene
    wishes: Furniture
    ground: Ground
    lines: list[Line]
    frame: Box
    pixels: tuple[int, int]
    em: float

    def layer(self) -> list[Lines]:
        """The graticule, on the ground."""
        parts = [part for line in self.lines for part in line.parts]
        if not parts:
            return []
        offsets = np.cumsum([0, *(len(part) for part in parts)])
        return [Lines(np.concatenate(parts), offsets=offsets, crs="dem", **_LINES)]

    def preview(self) -> tuple[_oblique.Plane | None, _oblique.Wanted, list[Box]]:
        """Where bar and arrow stand, and what of the page labels are to leave free."""
        wishes = self.wishes
        north = self.ground.north if wishes.north else None
        wanted = _oblique.Wanted(
            wishes.system,
            known_lengths(self.ground),
            self.ground.metres(),
            north,
            wishes.lettering,
        )
        on_plane = wishes.system is not None or wishes.north
        layers = self.scene.layers
        labelled = any(isinstance(one, Labels) for one in layers or ())
        if not on_plane and not (labelled and self.lines):
            return None, wanted, []
        factor = min(1.0, _PREVIEW / max(self.pixels))
        size = max(1, round(self.pixels[0] * factor)), max(1, round(self.pixels[1] * factor))
        plain = {
            "lit": False,
            "samples": 1,
            "layers": None,
            "drape": None,
            "ambient_occlusion": False,
        }
        seen = self.scene.picture(size, aovs=("depth",), **plain)
        view = _oblique.View(seen)
        plane = None
        kept: list[Box] = []
        if on_plane:
            page = self.frame.width, self.frame.height
            free = np.isnan(seen.aovs["depth"])
            plane = _oblique.find_plane(
                view, wanted, self.scene.least * self.scene.exaggeration, free, page, self.em
            )
            kept.append(_oblique.plane_box(plane, self.frame))
        numbers = self.numbers(view, kept)
        return plane, wanted, [*kept, *_oblique.boxes_of(numbers, wishes.lettering)]

    def numbers(self, view: _oblique.View, taken: list[Box]) -> list[Mark]:
        """Degrees at the DEM's edge."""
        return _oblique.numbers_at_edge(
            self.lines,
            self.ground,
            self.scene,
            view,
            self.frame,
            self.em,
            self.wishes.lettering,
            taken,
        )


def _in_pixels(box: Box, frame: Box, pixel: float) -> tuple[float, float, float, float]:
    edges = (
        box.left - frame.left,
        box.top - frame.top,
        box.right - frame.left,
        box.bottom - frame.top,
    )
    left, top, right, bottom = (edge / pixel for edge in edges)
    return left, top, right, bottom
