"""Named styles: the recipes of `styles.json`, each with its source.

A recipe is an image on the ground: light made of `relief`'s analyses, laid over one another, and for each height the colour that is
in the dark and the one that is in the light.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .. import relief
from .._colours import parse_colour
from .._drape import Drape
from .._numbers import finite, shown
from .._scenery import Contours
from .._vulkan_forge import InvalidInputError
from .._words import SCALE
from ..geo import DEM, LargeDEM
from ..geo._dem import cells_within
from ._texture import texture

Floats = npt.NDArray[np.float32]

_ENTRIES = 256
_LEAST, _MOST = 0.5, 20.0  # of an exaggeration
_CELLS = 10  # radius of sky view and openness
# Cells a side of which a style makes its light: as many as the page has pixels, within these.
_LEAST_CELLS, _MOST_CELLS = 1024, 8192
_TOGETHER = 1 << 22  # cells of the image that are made at a time
_LEVEL = 0.72  # of light on level ground, which a colour bar shows
# What a style decides, which colours and lights the ground itself.
_DECIDED = (
    *(word for word in SCALE if word not in ("vmin", "vmax")),
    "drape",
    "shading",
    "lit",
    "azimuth",
    "altitude",
    "time",
    "position",
    "shadows",
    "ambient",
    "exposure",
    "sun_radius",
    "ambient_occlusion",
    "radius",
)


class Style(NamedTuple):
    """A recipe for one DEM."""

    words: dict[str, Any]
    """Of ``render``."""
    scale: dict[str, Any]
    """Of the colour bar, beside the caller's own words."""
    tells_heights: bool
    """Whether colours do."""


PLAIN_STYLE = Style({}, {}, True)
"""What is drawn without one."""


def recipes() -> dict[str, Any]:
    """Of `styles.json`, by name."""
    text = Path(__file__).with_name("styles.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def style_of(name: Any, dem: DEM, words: dict[str, Any], dpi: float) -> Style:
    """What a style makes of `words`, the caller's own, which win where the style lets them.

    Raises
    ------
    InvalidInputError
        There is no style of that name, or it decides itself what a word says.
    """
    if name is None:
        return PLAIN_STYLE
    recipe = _recipe_of(name, words)
    made: dict[str, Any] = {}
    if "contours" in recipe:
        lines = recipe["contours"]
        made["contours"] = Contours(
            index=lines["index"], width=max(lines["points"] / 72 * dpi, 0.4), colour=lines["colour"]
        )
    exaggeration = words.get("vert_exag")
    if exaggeration is None:
        exaggeration = _exaggeration(dem, recipe["steep"], words) if "steep" in recipe else 1.0
    light = lit(dem, recipe["light"], exaggeration, words)
    dark, bright = ramp(recipe["dark"]), ramp(recipe["bright"])
    level = (dark + _LEVEL * (bright - dark)).astype(np.float32)
    made |= {"drape": _image(dem, light, dark, bright, words), "lit": False, "cmap": level}
    return Style(made, {"cmap": level}, not recipe.get("grey"))


def _recipe_of(name: Any, words: dict[str, Any]) -> dict[str, Any]:
    recipe: dict[str, Any] | None = recipes().get(name) if isinstance(name, str) else None
    if recipe is None:
        raise InvalidInputError(
            f"style must be one of {', '.join(map(repr, recipes()))}; got {shown(name)}; pass one of these, or leave it out"
        )
    given = [word for word in _DECIDED if word in words]
    if given:
        raise InvalidInputError(
            f"style={name!r} colours and lights the ground itself; got {given[0]}={shown(words[given[0]])} beside it; leave one out"
        )
    for end in ("vmin", "vmax"):
        if words.get(end) is not None:
            finite(words[end], end)
    return recipe


def style_of_large(
    name: Any, large: LargeDEM, bounds: Any, words: dict[str, Any], dpi: float, pixels: float
) -> Style:
    """The same of a DEM that stays where it is, on a page of so many pixels a side: of the cells within `bounds`, or
    where these are too many, or there are none, of the means of blocks of all of them."""
    if name is None:
        return PLAIN_STYLE
    _recipe_of(name, words)  # before any cell is read
    part, place = _shown_of(large, bounds, min(max(math.ceil(pixels), _LEAST_CELLS), _MOST_CELLS))
    least, greatest, *_ = large.stats()
    ends = {"vmin": least, "vmax": greatest} if math.isfinite(least) else {}
    given = {word: words[word] for word in ends if words.get(word) is not None}
    style = style_of(name, part, words | ends | given, dpi)
    drape = style.words["drape"]
    return style._replace(words=style.words | {"drape": Drape(drape.image, bounds=place)})


def _shown_of(large: LargeDEM, bounds: Any, most: int) -> tuple[DEM, Any]:
    """Heights in memory, and their bounds if they are a part."""
    grid = large._grid
    if bounds is not None and not grid.local:
        row, column, rows, columns = cells_within(grid, bounds)
        if max(rows, columns) <= most:
            # As far around as light looks.
            first, start = max(row - 2 * _CELLS, 0), max(column - 2 * _CELLS, 0)
            rows = min(row + rows + 2 * _CELLS, grid.shape[0]) - first
            columns = min(column + columns + 2 * _CELLS, grid.shape[1]) - start
            part = grid.part(first, start, rows, columns)
            return DEM._made(large.read(first, start, rows, columns), part, large), part.bounds
    return large.overview(most), None


def ramp(stops: list[Any]) -> Floats:
    """(256, 4) between stops of (place in 0..1, colour)."""
    places = [float(place) for place, _ in stops]
    colours = np.array([parse_colour(colour, "colour of a style") for _, colour in stops])
    at = (np.arange(_ENTRIES) + 0.5) / _ENTRIES
    return np.stack([np.interp(at, places, channel) for channel in colours.T], axis=1).astype(
        np.float32
    )


def _exaggeration(dem: DEM, steep: float, words: dict[str, Any]) -> float:
    """That with which a tenth of the ground is steeper than `steep` degrees."""
    slopes = np.asarray(relief.slope(dem, device=words.get("device")))
    slopes = slopes[np.isfinite(slopes)]
    usual = math.tan(math.radians(float(np.percentile(slopes, 90)))) if len(slopes) else 0.0
    return min(max(math.tan(math.radians(steep)) / max(usual, 1e-6), _LEAST), _MOST)


def lit(
    dem: DEM, layers: list[dict[str, Any]], exaggeration: float, words: dict[str, Any]
) -> Floats:
    """(H, W) in 0..1: layers one over the other; NaN where none is known."""
    made: Floats | None = None
    for layer in layers:
        value = np.clip(_analysis(dem, layer, exaggeration, words), 0, 1)
        if made is None:
            made = value
            continue
        both = _BLENDS[layer["blend"]](made, value)
        mixed = made + layer["opacity"] * (both - made)
        made = np.where(np.isnan(value), made, np.where(np.isnan(made), value, mixed))
    assert made is not None
    return made.astype(np.float32)


_BLENDS: dict[str, Any] = {
    "normal": lambda below, above: above,
    "multiply": lambda below, above: below * above,
    "overlay": lambda below, above: np.where(
        below <= 0.5, 2 * below * above, 1 - 2 * (1 - below) * (1 - above)
    ),
}


def _analysis(
    dem: DEM, layer: dict[str, Any], exaggeration: float, words: dict[str, Any]
) -> Floats:
    kind = layer["kind"]
    device = words.get("device")
    if kind == "texture":
        return texture(dem.data, dem.spacing, layer["detail"])
    if kind == "hillshade":
        found = relief.hillshade(
            dem,
            azimuth=layer["azimuth"],
            altitude=layer["altitude"],
            vert_exag=exaggeration,
            north=words.get("north", "true"),
            device=device,
        )
    elif kind == "slope":
        found = relief.slope(dem, vert_exag=exaggeration, device=device)
    else:
        radius = _CELLS * min(dem.spacing)
        analysis: Any = {"sky_view": relief.sky_view_factor, "openness": relief.openness}[kind]
        found = analysis(dem, radius=radius, vert_exag=exaggeration, device=device)
    values = np.asarray(found)
    if "range" in layer:
        low, high = layer["range"]
        values = (values - low) / (high - low)
    return np.asarray(values, np.float32)


def _image(dem: DEM, light: Floats, dark: Floats, bright: Floats, words: dict[str, Any]) -> Drape:
    """Between the dark and the bright colour of each height, as much as there is light."""
    least, greatest, *_ = dem.stats()
    if not math.isfinite(least):
        least, greatest = 0.0, 1.0
    low = least if words.get("vmin") is None else float(words["vmin"])
    high = greatest if words.get("vmax") is None else float(words["vmax"])
    rows, columns = dem.shape
    pixels = np.empty((rows, columns, 4), np.uint8)
    together = max(_TOGETHER // columns, 1)
    for band in (slice(row, row + together) for row in range(0, rows, together)):
        heights = dem.data[band]
        share = (np.where(np.isfinite(heights), heights, low) - low) / max(high - low, 1e-30)
        entry = np.clip((share * _ENTRIES).astype(np.int64), 0, _ENTRIES - 1)
        amount = np.where(np.isnan(light[band]), _LEVEL, light[band])[..., None]
        colours = dark[entry] + amount * (bright[entry] - dark[entry])
        pixels[band] = np.clip(np.rint(255 * colours), 0, 255)
    return Drape(pixels)
