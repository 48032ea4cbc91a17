"""``map``: a DEM in, a finished page out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .._camera import Camera
from .._colours import parse_colour
from .._image import Image
from .._numbers import flag, items, positive, shown, text
from .._vulkan_forge import InvalidInputError
from ..geo import DEM, LargeDEM, as_dem
from ..geo._large import staying
from ..vector._labels import font_files
from ..vector._layer import Layer
from ..vector._lengths import check_dpi
from ._above import Ground
from ._from_above import around, from_above
from ._from_aside import from_aside
from ._furniture import Furniture, colour_bar
from ._graticule import graticule_asked
from ._legend import Entry, entries_of
from ._lettering import PLAIN, Lettering
from ._page import Page
from ._paper import pages
from ._scalebar import system_of
from ._scene import Scene
from ._styles import style_of, style_of_large


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
        What else :func:`vulkan_forge.render` takes, except `aovs`.

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
    if "aovs" in words:
        raise InvalidInputError(
            f"aovs belongs to render; got aovs={shown(words['aovs'])} for a map; draw the picture with vf.render"
        )
    if isinstance(layers, Layer):
        layers = [layers]
    elif layers is not None and not isinstance(layers, Mapping):
        each = items(layers)
        if each is None:
            raise InvalidInputError(
                f"layers must be a sequence of layers, or a mapping from names to them; got {shown(layers)}; pass e.g. "
                "layers={'Rivers': vf.Lines(...)}"
            )
        layers = each
    dpi = check_dpi(dpi)
    lettering = PLAIN if font is None else Lettering(tuple(font_files(font)))
    if isinstance(north, str):
        words["north"] = north
        north = True
    wishes = Furniture(
        title=_text(title, "title"),
        subtitle=_text(subtitle, "subtitle"),
        credit=_text(credit, "credit"),
        colorbar=colorbar,
        entries=entries_of(legend, layers),
        system=system_of(scalebar),
        north=flag(north, "north"),
        graticule=graticule_asked(graticule),
        inset=inset,
        frame=flag(frame, "frame"),
        pages=pages(paper, size, landscape),
        scale=(
            None if scale is None else positive(scale, "scale", "pass e.g. 50_000 for 1 : 50 000")
        ),
        dpi=dpi,
        lettering=lettering,
    )
    if isinstance(dem, Image):
        return around(dem, wishes, style, camera, layers, words)
    spacing = words.pop("spacing", None)
    large = staying(dem, spacing)
    above, view, bounds = _view_of(camera)
    known: DEM | LargeDEM
    if large is not None:
        known, recipe = large, style_of_large(
            style,
            large,
            bounds,
            words,
            dpi,
            max(side for page in wishes.pages for side in page) / 25.4 * dpi,
        )
    else:
        known = as_dem(dem) if spacing is None else as_dem(dem, spacing=spacing)
        if min(known.shape) < 2:
            raise InvalidInputError(
                f"dem must be at least 2 x 2; expected shape (H, W), got {known.shape}; a surface needs four samples"
            )
        recipe = style_of(style, known, words, dpi)
    drawn = recipe.words | words
    if isinstance(layers, Mapping):
        layers = list(layers.values())
    scene = Scene(known, drawn, layers, dpi)
    shows_holes = legend is not False and drawn.get("bad") is not None
    if shows_holes and isinstance(known, DEM) and not np.isfinite(known.data).all():
        entry = Entry("No data", parse_colour(drawn["bad"], "bad"))
        wishes = wishes._replace(entries=(*wishes.entries, entry))
    bar = colour_bar(known, recipe.scale | words, recipe.tells_heights, wishes)
    if above:
        return from_above(scene, wishes, bar, Ground(known._grid, bounds))
    if wishes.scale is not None:
        raise InvalidInputError(
            f"scale belongs to a map from above; got scale={scale:g} with an oblique camera, of which each place has its own; "
            "leave one out"
        )
    if view is not None:
        drawn["camera"] = view
    return from_aside(scene, wishes, bar, Ground(known._grid))


def _text(value: Any, name: str) -> str | None:
    return None if value is None else text(value, name)


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
