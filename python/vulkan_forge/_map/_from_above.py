"""Maps from straight above, and pages round pictures that are drawn already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from .._camera import Camera
from .._image import Image
from .._vulkan_forge import InvalidInputError
from ..geo._pictures import grid as grid_of
from . import _above
from ._above import Ground
from ._colourbar import ColourBar
from ._furniture import (
    Furniture,
    blocks_of,
    drawn,
    known_lengths,
    lines_of,
    needs_place,
    on_pixels,
    page_of,
    scaled,
)
from ._layout import Wishes, arrange
from ._marks import INK, Box, Layout, Mark, rectangle
from ._page import Page
from ._paper import INCH
from ._scene import Scene


class Above(NamedTuple):
    """A map from above but for its picture."""

    layout: Layout
    ground: Ground
    """What the picture shows: square pixels."""
    scale: float | None


def lay_out(
    wishes: Furniture, bar: ColourBar | None, ground: Ground, pixels: tuple[int, int] | None = None
) -> Above:
    """A map from above: everything but the picture. `pixels` are those of one that is there already."""
    if wishes.graticule:
        needs_place(ground, "graticule")
    true = ground.metres()
    pixel = INCH / wishes.dpi
    xmin, ymin, xmax, ymax = ground.world
    world = xmax - xmin, ymax - ymin
    metres_per_pixel = 0.0
    if pixels is None and wishes.scale is not None:
        metres_per_pixel = wishes.scale * pixel / 1000 / true
        pixels = max(1, round(world[0] / metres_per_pixel)), max(
            1, round(world[1] / metres_per_pixel)
        )
    blocks = blocks_of(wishes, bar, ground, ground)
    width = aspect = None
    if pixels is None:
        aspect = ground.aspect
    else:  # with room to be put on whole pixels
        width = (pixels[0] + 1) * pixel
        aspect = width / ((pixels[1] + 1) * pixel)
    gutter = 1.5 if wishes.graticule else 0.0
    places = arrange(
        wishes.pages, Wishes(wishes.header, tuple(blocks), wishes.footer, aspect, width, gutter)
    )
    cornered, room = on_pixels(places.frame, pixel)
    if pixels is None:
        metres_per_pixel = max(world[0] / room[0], world[1] / room[1])
        pixels = (
            min(room[0], max(1, round(world[0] / metres_per_pixel))),
            min(room[1], max(1, round(world[1] / metres_per_pixel))),
        )
    if metres_per_pixel:
        ground = ground.resized(metres_per_pixel, pixels)
    else:
        metres_per_pixel = world[0] / pixels[0]
    frame = Box(cornered[0], cornered[1], pixels[0] * pixel, pixels[1] * pixel)
    em = places.em
    metres_per_mm = metres_per_pixel * true / pixel
    lines = lines_of(ground, wishes)
    marks: list[Mark] = _above.lines_on_page(lines, ground, frame, em)
    if wishes.frame:
        marks.append(rectangle(frame, None, INK, 0.09 * em))
    marks += _above.numbers_at_frame(lines, ground, frame, em, wishes.lettering)
    marks += drawn(wishes, scaled(blocks, metres_per_mm), places.boxes, em)
    layout = Layout(places.size, em, frame, pixels, places.boxes, tuple(marks))
    return Above(layout, ground, metres_per_mm * 1000 if known_lengths(ground) else None)


def from_above(scene: Scene, wishes: Furniture, bar: ColourBar | None, ground: Ground) -> Page:
    made = lay_out(wishes, bar, ground)
    picture = scene.picture(made.layout.pixels, camera=Camera.map(made.ground.world))
    return page_of(made.layout, picture, wishes, made.scale)


def around(
    image: Image, wishes: Furniture, style: Any, camera: Any, layers: Any, words: dict[str, Any]
) -> Page:
    """A page round a picture that is drawn already."""
    extra = [name for name, given in (("style", style), ("camera", camera)) if given is not None]
    extra += ["layers"] if layers is not None and not isinstance(layers, Mapping) else []
    extra += list(words)
    if extra:
        raise InvalidInputError(
            f"a picture that is drawn already takes no words of render; got {extra[0]}; pass the DEM in its place"
        )
    if wishes.colorbar not in (None, False):
        raise InvalidInputError(
            "a colour bar needs the heights; got a picture that is drawn already; pass the DEM in its place, or leave "
            "colorbar out"
        )
    if wishes.scale is not None:
        raise InvalidInputError(
            f"a picture that is drawn already has a size; got scale={wishes.scale:g} for it; pass the DEM in its place, or dpi="
        )
    pixels = image.size
    grid = grid_of(image, image._geography)
    if grid is not None:
        made = lay_out(wishes, None, Ground.whole(grid), pixels)
        return page_of(made.layout, image, wishes, made.scale)
    if wishes.system is not None or wishes.north or wishes.graticule:
        raise InvalidInputError(
            "scale bar, north arrow and graticule of an oblique view need the DEM; got a picture that is drawn already; pass "
            "the DEM in its place, or scalebar=False, north=False and graticule=False"
        )
    pixel = INCH / wishes.dpi
    blocks = blocks_of(wishes, None, None, None)
    width, height = ((side + 1) * pixel for side in pixels)
    places = arrange(
        wishes.pages,
        Wishes(wishes.header, tuple(blocks), wishes.footer, width / height, width, 0.0),
    )
    (left, top), _ = on_pixels(places.frame, pixel)
    frame = Box(left, top, pixels[0] * pixel, pixels[1] * pixel)
    marks: list[Mark] = [rectangle(frame, None, INK, 0.09 * places.em)] if wishes.frame else []
    marks += drawn(wishes, blocks, places.boxes, places.em)
    layout = Layout(places.size, places.em, frame, pixels, places.boxes, tuple(marks))
    return page_of(layout, image, wishes, None)
