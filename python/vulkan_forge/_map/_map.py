"""``map``: a DEM in, a finished page out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .._colours import parse_colour
from .._numbers import finite, flag, shown
from .._render import render
from .._vulkan_forge import Camera, Image, InvalidInputError
from ..geo import DEM, as_dem
from ..geo._pictures import grid as grid_of
from ..vector import Labels
from ..vector import Lines as LineLayer
from ..vector._labels import font_files
from ..vector._lengths import check_dpi
from . import _above, _oblique
from ._above import Ground
from ._blocks import Block, Lines
from ._colourbar import ColourBar, scale_of
from ._graticule import Line, steps_of
from ._graticule import graticule as graticule_of
from ._inset import Inset, outlines_of
from ._layout import Wishes, arrange
from ._legend import Entry, Legend, entries_of
from ._lettering import PLAIN, Lettering
from ._marks import INK, Box, Layout, Mark, Picture, rectangle
from ._north import VARIES, NorthArrow
from ._page import Page
from ._paper import pages
from ._scalebar import ScaleBar, system_of
from ._styles import style_of

_INCH = 25.4
_PREVIEW = 160  # pixels of the longer side of a picture that tells where the ground is
_LINES: dict[str, Any] = {"color": "#1f242e", "width": "0.6pt", "alpha": 0.75}


def map(
    dem: Any,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    credit: str | None = None,
    colorbar: bool | str | None = None,
    legend: Any = None,
    scalebar: bool | str = True,
    north: bool | str = True,
    graticule: Any = False,
    inset: Any = None,
    frame: bool = True,
    paper: str | None = None,
    size: Any = None,
    landscape: bool | None = None,
    scale: float | None = None,
    dpi: float = 150.0,
    font: Any = None,
    style: str | None = None,
    camera: Camera | str | None = None,
    layers: Any = None,
    **words: Any,
) -> Page:
    """Make a map: a page with a picture of a DEM in a frame, and what a reader needs beside it.

    Nothing overlaps on the page: furniture stands beneath the map or on its right, wherever that leaves the larger map, with letters
    that fit the page. In an oblique view the scale bar and the north arrow lie on a level plane under the ground, in the picture.

    Parameters
    ----------
    dem : DEM, path, DataArray, array_like, or Image
        As in :func:`vulkan_forge.render`; or a picture that is drawn already, which is put on the page pixel by pixel.
    title, subtitle, credit : str, optional
        Above the map, and at the foot of the page; broken into lines where they are long.
    colorbar : bool or str, optional
        The picture's colours against heights, with its norm or classes, and triangles for ground beyond its ends. A text is its
        label, by default "Height" with the DEM's unit. None: wherever colours tell heights.
    legend : mapping from names to layers, sequence of names, or bool, optional
        Swatches of `layers`, by default if these are named; and of holes where they have a colour (`bad`).
    scalebar : bool, "metric", "imperial", "m", "km", "ft", "mi" or "nmi", default True
        A round length by geodesics in the middle of the map. Without a coordinate system and cell sizes it is in map units.
    north : bool, "true" or "grid", default True
        An arrow to true north in the middle of the map. A text is ``north=`` of `render`, from which `azimuth` counts.
    graticule : bool, float or (float, float), default False
        Meridians and parallels, their degrees at the frame; a number is degrees from line to line, of two the first of longitude.
    inset : True or lines and polygons, optional
        Where on its body the map is: a globe, with outlines such as coasts where data are passed (as to :class:`Lines`).
    frame : bool, default True
        A line round the map.
    paper : str, optional
        "A4" (the default), "A3", "letter", "tabloid", ...
    size : (width, height), optional
        Of the page in its place: millimetres, or texts such as "7in".
    landscape : bool, optional
        How `paper` lies; by default as the map is larger.
    scale : float, optional
        N of 1 : N, of a map from above; by default the map is as large as the page lets it be.
    dpi : float, default 150.0
        Pixels an inch, of the picture and of a PNG; also for lengths of `layers` such as "9pt".
    font : path or sequence of paths, optional
        As in :class:`Labels`.
    style : {"swiss", "imhof", "usgs", "brassel", "vat", "texture"}, optional
        A recipe of the literature for colour and light.
    camera : Camera or "oblique", optional
        By default straight from above, the whole DEM in the frame; "oblique" is the camera that `render` takes by itself.
    layers : sequence of layers, or mapping from names to layers, optional
        As in `render`. Labels leave the furniture free.
    **words
        What else :func:`vulkan_forge.render` takes, except `aovs` and `keep_out`.

    Returns
    -------
    Page
        ``page.save("map.pdf")`` writes a .pdf, .svg or .png.

    Raises
    ------
    InvalidInputError
        An argument is not as above; there is no room for a map; a scale bar or an arrow would be wrong in parts of the map (its
        scale varies by more than 5 %, north lies more than 30 degrees elsewhere); a graticule or inset without a coordinate system.
    MissingExtraError
        A package is missing that the DEM, a graticule or an inset needs.
    """
    for word in ("aovs", "keep_out"):
        if word in words:
            raise InvalidInputError(
                f"{word} belongs to render; got {word}={shown(words[word])} for a map; draw the picture with vf.render"
            )
    dpi = check_dpi(dpi)
    lettering = PLAIN if font is None else Lettering(tuple(font_files(font)))
    if isinstance(north, str):
        words["north"] = north
        north = True
    wishes = _Furniture(
        title=_text(title, "title"),
        subtitle=_text(subtitle, "subtitle"),
        credit=_text(credit, "credit"),
        colorbar=colorbar,
        entries=entries_of(legend, layers),
        system=system_of(scalebar),
        north=flag(north, "north"),
        graticule=graticule,
        inset=inset,
        frame=flag(frame, "frame"),
        pages=pages(paper, size, landscape),
        scale=None if scale is None else _positive(scale, "scale"),
        dpi=dpi,
        lettering=lettering,
    )
    if isinstance(dem, Image):
        return _around(dem, wishes, style, camera, layers, words)
    spacing = words.pop("spacing", None)
    known = as_dem(dem) if spacing is None else as_dem(dem, spacing=spacing)
    recipe = style_of(style, known, words, dpi)
    drawn = recipe.words | words
    if isinstance(layers, Mapping):
        layers = list(layers.values())
    scene = _Scene(known, drawn, layers, dpi)
    if legend is not False and drawn.get("bad") is not None and not np.isfinite(known.data).all():
        holes = Entry("No data", parse_colour(drawn["bad"], "bad"))
        wishes = wishes._replace(entries=(*wishes.entries, holes))
    bar = _colour_bar(known, recipe.scale | words, recipe.tells_heights, wishes)
    above, view, bounds = _view_of(camera)
    if above:
        return _from_above(scene, wishes, bar, Ground(known._grid, bounds))
    if wishes.scale is not None:
        raise InvalidInputError(
            f"scale belongs to a map from above; got scale={scale:g} with an oblique camera, of which each place has its own; "
            "leave one out"
        )
    if view is not None:
        drawn["camera"] = view
    return _from_aside(scene, wishes, bar, Ground(known._grid))


class _Furniture(NamedTuple):
    """What is asked for beside the picture, checked as far as it can be without the DEM."""

    title: str | None
    subtitle: str | None
    credit: str | None
    colorbar: bool | str | None
    entries: tuple[Entry, ...]
    system: str | None
    north: bool
    graticule: Any
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


class _Scene(NamedTuple):
    """What is drawn in the frame."""

    dem: DEM
    words: dict[str, Any]
    layers: Any
    dpi: float

    def picture(self, size: tuple[int, int], **more: Any) -> Image:
        """Of so many pixels."""
        words = {"layers": self.layers, "dpi": self.dpi} | self.words | more
        return render(self.dem, size=size, **words)

    @property
    def exaggeration(self) -> float:
        """World metres for one unit of height."""
        return finite(self.words.get("vert_exag", 1.0), "vert_exag") * self.dem.z_factor


def _text(value: Any, name: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise InvalidInputError(f"{name} must be a text; got {shown(value)}; pass a str")


def _positive(value: Any, name: str) -> float:
    number = finite(value, name)
    if number <= 0:
        raise InvalidInputError(
            f"{name} must be above 0; got {shown(value)}; pass e.g. 50_000 for 1 : 50 000"
        )
    return number


def _view_of(camera: Any) -> tuple[bool, Camera | None, tuple[float, float, float, float] | None]:
    """Whether a camera looks straight down as `Camera.map` does; it; and its bounds."""
    if camera is None:
        return True, None, None
    if isinstance(camera, str) and camera == "oblique":
        return False, None, None
    if not isinstance(camera, Camera):
        raise InvalidInputError(
            f"camera must be a Camera or 'oblique'; got {shown(camera)}; pass e.g. vf.Camera.fit(dem, azimuth=200)"
        )
    parts: Any = (
        camera.__reduce__()
    )  # as it is pickled: (function, (name of its maker, arguments, clip planes))
    maker, arguments, _ = parts[1]
    if maker == "map":
        return True, None, arguments[0]
    return False, camera, None


def _colour_bar(
    dem: DEM, words: dict[str, Any], tells: bool, wishes: _Furniture
) -> ColourBar | None:
    asked = wishes.colorbar
    if asked is not None and not isinstance(asked, bool | str):
        raise InvalidInputError(
            f"colorbar must be True, False or a label; got {shown(asked)}; pass e.g. colorbar='Height (m)'"
        )
    if asked is False or (asked is None and not tells):
        return None
    if not tells:
        raise InvalidInputError(
            "a colour bar expected colours that tell heights; got a style of greys that tell of light; leave colorbar out"
        )
    label = asked if isinstance(asked, str) else f"Height ({dem.unit})"
    return ColourBar(scale_of(dem.data, words), label, wishes.lettering)


def _needs_place(ground: Ground, what: str) -> Any:
    body = ground.grid.ground.geodesy if ground.grid.crs is not None else None
    if body is None:
        raise InvalidInputError(
            f"{what} needs to know where the DEM lies; got one without a coordinate system on a body; make it with crs= "
            f"(vf.DEM, vf.open), or pass {what}={'False' if what == 'graticule' else 'None'}"
        )
    return body


def _lines_of(ground: Ground, wishes: _Furniture) -> list[Line]:
    if wishes.graticule is False or wishes.graticule is None:
        return []
    steps = steps_of(wishes.graticule)
    return graticule_of(_needs_place(ground, "graticule"), ground.bounds, steps)


def _known_lengths(ground: Ground) -> bool:
    """Whether world metres are metres: not of bare arrays, nor of a place without a coordinate system."""
    grid = ground.grid
    return grid.crs is not None or (grid.stated and not (grid.local and grid.spacing == (1.0, 1.0)))


def _blocks(
    wishes: _Furniture, bar: ColourBar | None, ground: Ground | None, place: Ground | None
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
        blocks.append(ScaleBar(wishes.system, 1.0, _known_lengths(ground), lettering))
    if ground is not None and wishes.north:
        ground.check_north(VARIES)
        blocks.append(NorthArrow(ground.north, lettering))
    if place is not None and wishes.inset is not None and wishes.inset is not False:
        outlines = () if wishes.inset is True else outlines_of(wishes.inset)
        blocks.append(Inset(_needs_place(place, "inset"), place.bounds, outlines))
    return blocks


def _drawn(wishes: _Furniture, blocks: list[Block], boxes: dict[str, Box], em: float) -> list[Mark]:
    every: list[Block] = [*wishes.header, *blocks, *wishes.footer]
    return [mark for block in every for mark in block.marks(boxes[block.name], em)]


def _scaled(blocks: list[Block], metres_per_mm: float) -> list[Block]:
    """The same, knowing the map's scale."""
    return [
        (
            block._replace(metres_per_mm=metres_per_mm)
            if isinstance(block, ScaleBar | Legend)
            else block
        )
        for block in blocks
    ]


class _Above(NamedTuple):
    """A map from above but for its picture."""

    layout: Layout
    ground: Ground
    """What the picture shows: square pixels."""
    scale: float | None


def lay_out(
    wishes: _Furniture, bar: ColourBar | None, ground: Ground, pixels: tuple[int, int] | None = None
) -> _Above:
    """A map from above: everything but the picture. `pixels` are those of one that is there already."""
    if wishes.graticule:
        _needs_place(ground, "graticule")
    true = ground.metres()
    pixel = _INCH / wishes.dpi
    xmin, ymin, xmax, ymax = ground.world
    world = xmax - xmin, ymax - ymin
    metres_per_pixel = 0.0
    if pixels is None and wishes.scale is not None:
        metres_per_pixel = wishes.scale * pixel / 1000 / true
        pixels = max(1, round(world[0] / metres_per_pixel)), max(
            1, round(world[1] / metres_per_pixel)
        )
    blocks = _blocks(wishes, bar, ground, ground)
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
    cornered, room = _on_pixels(places.frame, pixel)
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
    lines = _lines_of(ground, wishes)
    marks: list[Mark] = _above.lines_on_page(lines, ground, frame, em)
    if wishes.frame:
        marks.append(rectangle(frame, None, INK, 0.09 * em))
    marks += _above.numbers_at_frame(lines, ground, frame, em, wishes.lettering)
    marks += _drawn(wishes, _scaled(blocks, metres_per_mm), places.boxes, em)
    layout = Layout(places.size, em, frame, pixels, places.boxes, tuple(marks))
    return _Above(layout, ground, metres_per_mm * 1000 if _known_lengths(ground) else None)


def _on_pixels(frame: Box, pixel: float) -> tuple[tuple[float, float], tuple[int, int]]:
    """The first whole pixel in a frame, in millimetres, and how many there are from there."""
    near = 1e-6
    first = [int(np.ceil(edge / pixel - near)) for edge in (frame.left, frame.top)]
    last = [int(np.floor(edge / pixel + near)) for edge in (frame.right, frame.bottom)]
    room = max(1, last[0] - first[0]), max(1, last[1] - first[1])
    return (first[0] * pixel, first[1] * pixel), room


def _from_above(scene: _Scene, wishes: _Furniture, bar: ColourBar | None, ground: Ground) -> Page:
    made = lay_out(wishes, bar, ground)
    picture = scene.picture(made.layout.pixels, camera=Camera.map(made.ground.world))
    return _page(made.layout, picture, wishes, made.scale)


def _page(layout: Layout, picture: Image, wishes: _Furniture, scale: float | None) -> Page:
    whole = layout._replace(marks=(Picture(picture.rgba, layout.frame), *layout.marks))
    return Page(whole, picture, wishes.lettering, wishes.dpi, scale, wishes.title)


def _from_aside(scene: _Scene, wishes: _Furniture, bar: ColourBar | None, ground: Ground) -> Page:
    if wishes.system is not None:
        ground.check_scale()
    if wishes.north:
        ground.check_north(VARIES)
    blocks = _blocks(wishes, bar, None, ground)
    places = arrange(
        wishes.pages, Wishes(wishes.header, tuple(blocks), wishes.footer, None, None, 0.0)
    )
    pixel = _INCH / wishes.dpi
    (left, top), pixels = _on_pixels(places.frame, pixel)
    frame = Box(left, top, pixels[0] * pixel, pixels[1] * pixel)
    em = places.em
    stage = _Stage(scene, wishes, ground, _lines_of(ground, wishes), frame, pixels, em)
    plane, wanted, kept = stage.preview()
    layers = [*([] if scene.layers is None else _listed(scene.layers)), *stage.layer()]
    picture = scene.picture(
        pixels, layers=layers, keep_out=[_in_pixels(box, frame, pixel) for box in kept]
    )
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
    marks += _drawn(wishes, _scaled(blocks, mean), places.boxes, em)
    return _page(Layout(places.size, em, frame, pixels, boxes, tuple(marks)), picture, wishes, None)


class _Stage(NamedTuple):
    """An oblique view on its page."""

    scene: _Scene
    wishes: _Furniture
    ground: Ground
    lines: list[Line]
    frame: Box
    pixels: tuple[int, int]
    em: float

    def layer(self) -> list[LineLayer]:
        """The graticule, on the ground."""
        parts = [part for line in self.lines for part in line.parts]
        if not parts:
            return []
        offsets = np.cumsum([0, *(len(part) for part in parts)])
        return [LineLayer(np.concatenate(parts), offsets=offsets, crs="dem", **_LINES)]

    def preview(self) -> tuple[_oblique.Plane | None, _oblique.Wanted, list[Box]]:
        """Where bar and arrow stand, and what of the page labels are to leave free."""
        wishes = self.wishes
        north = self.ground.north if wishes.north else None
        wanted = _oblique.Wanted(
            wishes.system,
            _known_lengths(self.ground),
            self.ground.metres(),
            north,
            wishes.lettering,
        )
        on_plane = wishes.system is not None or wishes.north
        layers = self.scene.layers
        labelled = layers is not None and any(isinstance(one, Labels) for one in _listed(layers))
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
            heights = self.scene.dem.data
            least = float(np.nanmin(heights)) if np.isfinite(heights).any() else 0.0
            page = self.frame.width, self.frame.height
            free = np.isnan(seen.aovs["depth"])
            plane = _oblique.find_plane(
                view, wanted, least * self.scene.exaggeration, free, page, self.em
            )
            kept.append(_oblique.plane_box(plane, self.frame))
        numbers = self.numbers(view, kept)
        return plane, wanted, [*kept, *_oblique.boxes_of(numbers, wishes.lettering)]

    def numbers(self, view: _oblique.View, taken: list[Box]) -> list[Mark]:
        """Degrees at the DEM's edge."""
        return _oblique.numbers_at_edge(
            self.lines,
            self.ground,
            self.scene.dem.data,
            self.scene.exaggeration,
            view,
            self.frame,
            self.em,
            self.wishes.lettering,
            taken,
        )


def _listed(layers: Any) -> list[Any]:
    return list(layers) if isinstance(layers, list | tuple) else [layers]


def _in_pixels(box: Box, frame: Box, pixel: float) -> tuple[float, float, float, float]:
    edges = (
        box.left - frame.left,
        box.top - frame.top,
        box.right - frame.left,
        box.bottom - frame.top,
    )
    left, top, right, bottom = (edge / pixel for edge in edges)
    return left, top, right, bottom


def _around(
    image: Image, wishes: _Furniture, style: Any, camera: Any, layers: Any, words: dict[str, Any]
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
    grid = grid_of(image)
    if grid is not None:
        made = lay_out(wishes, None, Ground.whole(grid), pixels)
        return _page(made.layout, image, wishes, made.scale)
    if wishes.system is not None or wishes.north or wishes.graticule not in (False, None):
        raise InvalidInputError(
            "scale bar, north arrow and graticule of an oblique view need the DEM; got a picture that is drawn already; pass "
            "the DEM in its place, or scalebar=False, north=False and graticule=False"
        )
    pixel = _INCH / wishes.dpi
    blocks = _blocks(wishes, None, None, None)
    width, height = ((side + 1) * pixel for side in pixels)
    places = arrange(
        wishes.pages,
        Wishes(wishes.header, tuple(blocks), wishes.footer, width / height, width, 0.0),
    )
    (left, top), _ = _on_pixels(places.frame, pixel)
    frame = Box(left, top, pixels[0] * pixel, pixels[1] * pixel)
    marks: list[Mark] = [rectangle(frame, None, INK, 0.09 * places.em)] if wishes.frame else []
    marks += _drawn(wishes, blocks, places.boxes, places.em)
    layout = Layout(places.size, places.em, frame, pixels, places.boxes, tuple(marks))
    return _page(layout, image, wishes, None)
