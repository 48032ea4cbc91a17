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
from .._numbers import shown
from .._scenery import Contours
from .._vulkan_forge import InvalidInputError
from .._words import SCALE
from ..geo import DEM
from ._texture import texture

Floats = npt.NDArray[np.float32]

_ENTRIES = 256
_LEAST, _MOST = 0.5, 20.0  # of an exaggeration
_CELLS = 10  # radius of sky view and openness
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
    recipe = recipes().get(name) if isinstance(name, str) else None
    if recipe is None:
        raise InvalidInputError(
            f"style must be one of {', '.join(map(repr, recipes()))}; got {shown(name)}; pass one of these, or leave it out"
        )
    made: dict[str, Any] = {}
    if "contours" in recipe:
        lines = recipe["contours"]
        made["contours"] = Contours(
            index=lines["index"], width=max(lines["points"] / 72 * dpi, 0.4), colour=lines["colour"]
        )
    given = [word for word in _DECIDED if word in words]
    if given:
        raise InvalidInputError(
            f"style={name!r} colours and lights the ground itself; got {given[0]}={shown(words[given[0]])} beside it; leave one out"
        )
    exaggeration = words.get("vert_exag")
    if exaggeration is None:
        exaggeration = _exaggeration(dem, recipe["steep"], words) if "steep" in recipe else 1.0
    light = lit(dem, recipe["light"], exaggeration, words)
    dark, bright = ramp(recipe["dark"]), ramp(recipe["bright"])
    level = (dark + _LEVEL * (bright - dark)).astype(np.float32)
    made |= {"drape": _image(dem, light, dark, bright, words), "lit": False, "cmap": level}
    return Style(made, {"cmap": level}, not recipe.get("grey"))


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
    known = np.isfinite(dem.data)
    least, greatest = (
        (float(dem.data[known].min()), float(dem.data[known].max())) if known.any() else (0.0, 1.0)
    )
    low = least if words.get("vmin") is None else float(words["vmin"])
    high = greatest if words.get("vmax") is None else float(words["vmax"])
    share = (np.where(known, dem.data, low) - low) / max(high - low, 1e-30)
    entry = np.clip((share * _ENTRIES).astype(np.int64), 0, _ENTRIES - 1)
    amount = np.where(np.isnan(light), _LEVEL, light)[..., None]
    colours = dark[entry] + amount * (bright[entry] - dark[entry])
    pixels = np.clip(np.rint(255 * colours), 0, 255).astype(np.uint8)
    return Drape(np.ascontiguousarray(pixels))
