"""How tiles look: words of ``render``, with all that depends on a DEM settled once for the whole of it."""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .._colour_scale import _ends, colour_scale
from .._heights import Heights
from .._render import render
from .._sun_time import sun_of
from .._vulkan_forge import Contours, InvalidInputError, Water
from ..geo._dem import DEM
from ..geo._grid import Grid

_LINES = 16  # contours over the whole relief, where no interval is given
_CLARITY = 0.4  # of the greatest depth of water, where none is given

_WITHOUT = {
    "size": "a tile's size is the matrix's",
    "camera": "tiles are seen from straight above",
    "spacing": "cell sizes follow from the matrix",
    "background": "what is no ground is transparent",
    "aovs": "tiles are pictures; heights are encoding='terrarium'",
    "bad": "holes are transparent; fill them in the DEM",
    "drape": "an image has a place of its own; lay it over in the viewer",
    "base": "tiles are seen from straight above",
    "haze": "tiles are seen from no distance",
    "layers": "names and lines are the viewer's, which has them at every zoom",
    "dpi": "it is for layers, which tiles take none of",
}
_DEFAULTS = {
    name: word.default
    for name, word in inspect.signature(render).parameters.items()
    if name != "dem" and name not in _WITHOUT
}


class Style(NamedTuple):
    """All that decides pixels beside the ground."""

    engine: dict[str, Any]
    """Arguments of ``Engine.render`` that are the same for each picture."""
    device: dict[str, Any]
    """`device` and `prefer_software`."""
    key: str
    """Of two styles that draw alike the same, of others another."""


def words_of(style: Any, words: dict[str, Any]) -> dict[str, Any]:
    """`style` and `words` in one, each known to ``render`` and to tiles.

    Raises
    ------
    InvalidInputError
        A word that is neither, or in both.
    """
    if style is not None and not isinstance(style, Mapping):
        raise InvalidInputError(
            f"style must be a dict of words of render; got {type(style).__name__}; pass e.g. "
            '{"cmap": "gist_earth", "contours": 100}'
        )
    given = dict(style or {})
    for name, value in words.items():
        if name in given:
            raise InvalidInputError(
                f"expected {name} once; got it in style and beside it; leave one out"
            )
        given[name] = value
    for name in given:
        if name in _WITHOUT:
            raise InvalidInputError(f"tiles take no {name}; {_WITHOUT[name]}; leave it out")
        if name not in _DEFAULTS:
            raise InvalidInputError(
                f"expected words of render ({', '.join(sorted(_DEFAULTS))}); got {name!r}; leave it out"
            )
    return given


def style_of(dem: DEM, given: dict[str, Any], grid: Grid) -> Style:
    """Settle what depends on the DEM: range and levels of colour, sun, contours, depth of water.

    `grid` is the DEM's place in the matrix: bearings count from true north in its middle, as in ``render``.
    """
    words = _DEFAULTS | given
    landmarks = Heights(dem.data)
    colour_words = {
        name: words.pop(name)
        for name in (
            "vmin",
            "vmax",
            "robust",
            "norm",
            "vcenter",
            "levels",
            "extend",
            "under",
            "over",
        )
    }
    colormap, low, high = colour_scale(words.pop("cmap"), landmarks, **colour_words)
    low, high = _ends(landmarks, low, high, False)
    words["azimuth"], words["altitude"] = sun_of(
        words["azimuth"],
        words["altitude"],
        words.pop("time"),
        words.pop("position"),
        grid,
        words.pop("north"),
    )
    least, greatest = landmarks.ends
    words["contours"] = _contours(words["contours"], greatest - least)
    words["water"] = _water(words["water"], least)
    words["vert_exag"] = _number(words["vert_exag"], "vert_exag", 1.0) * dem.z_factor
    for name, usual in (("azimuth", 315.0), ("altitude", 45.0), ("sun_radius", 0.0)):
        words[name] = _number(words[name], name, usual)
    device = {name: words.pop(name) for name in ("device", "prefer_software")}
    words |= {"colormap": colormap, "vmin": low, "vmax": high}
    return Style(words, device, key_of(words))


def key_of(words: dict[str, Any]) -> str:
    """A short digest of what decides pixels."""

    def told(value: Any) -> Any:
        return value.tolist() if isinstance(value, np.ndarray) else repr(value)

    text = json.dumps(words, default=told, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _number(value: Any, name: str, usual: float) -> float:
    try:
        number = math.nan if isinstance(value, str | bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInputError(f"{name} must be a finite number; got {value!r}; pass e.g. {usual}")
    return number


def _contours(contours: Any, relief: float) -> Any:
    if contours is None or contours is False:
        return None
    if contours is True:
        contours = Contours()
    if not isinstance(contours, Contours) or contours.interval is not None:
        return contours
    step = relief / _LINES if relief > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(step))
    interval = next(n * power for n in (1, 2, 5, 10) if n * power >= step * (1 - 1e-9))
    return Contours(interval, contours.index, contours.width, contours.colour, contours.base)


def _water(water: Any, least: float) -> Any:
    if water is None:
        return None
    mask = isinstance(water, np.ndarray) and water.ndim > 0
    if mask or (isinstance(water, Water) and water.level is None):
        raise InvalidInputError(
            "water of tiles must be a level; got a mask, whose cells are the DEM's and not the matrix's; pass a height"
        )
    if not isinstance(water, Water):
        water = Water(water)
    if water.clarity is not None or water.level is None:
        return water
    depth = max(_CLARITY * (water.level - least), 1e-30)
    return Water(water.level, colour=water.colour, clarity=depth, glint=water.glint)
