"""How tiles look: words of ``render``, with all that depends on a DEM settled once for the whole of it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from .._colour_scale import ends
from .._heights import landmarks_of
from .._landing import land
from .._numbers import finite, shown
from .._scenery import Contours
from .._surface import Surface, surface
from .._vulkan_forge import InvalidInputError
from .._water import Water
from .._words import DEFAULTS, WORDS
from ..geo._dem import DEM
from ..geo._grid import Grid
from ..geo._large import LargeDEM

_LINES = 16  # contours over the whole relief, where no interval is given
_CLARITY = 0.4  # of the greatest depth of water, where none is given

_WITHOUT = {word.name: word.tiles for word in WORDS if word.tiles}
_KNOWN = [name for name in DEFAULTS if name not in _WITHOUT]
_DEVICE = ("device", "prefer_software")
# Of the engine, but each picture has its own.
_PLACE = {*_WITHOUT, "seen_from", "labels"}


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
        if name not in _KNOWN:
            raise InvalidInputError(
                f"expected words of render ({', '.join(sorted(_KNOWN))}); got {shown(name)}; leave it out"
            )
    return given


def style_of(dem: DEM | LargeDEM | Surface, given: dict[str, Any], grid: Grid) -> Style:
    """Settle what depends on the DEM: range and levels of colour, sun, contours, depth of water.

    `grid` is the DEM's place in the matrix: bearings count from true north in its middle, as in ``render``.
    """
    device = {name: given.get(name, DEFAULTS[name]) for name in _DEVICE}
    looks = {name: value for name, value in given.items() if name not in _DEVICE}
    ground = dem if isinstance(dem, Surface) else surface(dem)
    landmarks = landmarks_of(ground.heights)
    least, greatest = landmarks.ends
    looks["contours"] = _contours(looks.get("contours"), greatest - least)
    looks["water"] = _water(looks.get("water"), least)
    landed = land(ground, looks, door="tiles", without=tuple(_WITHOUT), grid=grid)
    low, high = ends(landmarks, *landed.range)
    words = {name: value for name, value in landed.options.items() if name not in _PLACE}
    words |= {
        "vert_exag": finite(landed.exaggeration, "vert_exag"),
        "vmin": low,
        "vmax": high,
    }
    for name in ("azimuth", "altitude", "sun_radius"):
        words[name] = finite(words[name], name)
    return Style(words, device, key_of(words))


def key_of(words: dict[str, Any]) -> str:
    """A short digest of what decides pixels."""

    def told(value: Any) -> Any:
        return value.tolist() if isinstance(value, np.ndarray) else repr(value)

    text = json.dumps(words, default=told, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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
    if water is None or water is False:
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
