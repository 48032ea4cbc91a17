"""A DEM that someone looks at: drawn coarsely while it moves, in full once it rests."""

from __future__ import annotations

import math
import time
from typing import Any

from ._image import Image
from ._landing import land
from ._orbiting import Orbiting
from ._renderer import Renderer
from ._words import DEFAULTS

STILL_S = 0.25  # rest after which the picture is drawn in full
_QUICK_S = 0.05  # longest that a frame in motion should take
_COARSEST = 6


def coarser(size: tuple[int, int], coarse: int) -> tuple[int, int]:
    """One pixel for `coarse` x `coarse` of them."""
    width, height = (max(1, side // coarse) for side in size)
    return width, height


class Pace:
    """How coarse frames are in motion, so that they come fast."""

    def __init__(self) -> None:
        self.coarse = 3
        self._moved = -math.inf
        self._known: set[int] = set()

    @property
    def still(self) -> bool:
        """Whether nothing has moved for a while."""
        return time.monotonic() - self._moved >= STILL_S

    def moved(self) -> None:
        """Something has moved."""
        self._moved = time.monotonic()

    def rest(self) -> None:
        """It stands still from now on."""
        self._moved = -math.inf

    def adapt(self, spent: float, coarse: int) -> None:
        """Choose how coarse, from the seconds that a frame took; time goes with the pixels."""
        if coarse not in self._known:  # most of its time may have gone into pipelines
            self._known.add(coarse)
            return
        wanted = math.ceil(coarse * math.sqrt(spent / _QUICK_S))
        wanted = min(max(wanted, 1), _COARSEST)
        if wanted > self.coarse or wanted < self.coarse - 1:
            self.coarse = wanted


class Live:
    """A terrain on the device, once, whoever looks at it.

    `door` is what the words came to; a `view_azimuth` and `view_altitude` among them say where it is seen from at first.
    """

    def __init__(
        self, dem: Any, words: dict[str, Any], door: str, *, windows: bool = False
    ) -> None:
        words = dict(words)
        self._view = (words.pop("view_azimuth", 225.0), words.pop("view_altitude", 35.0))
        self._device = {
            name: words.pop(name, DEFAULTS[name]) for name in ("device", "prefer_software")
        }
        self.landed = land(dem, words, door=door, without=("camera",))
        self._words = words
        self._device["windows"] = windows
        self._lengths: dict[int, dict[str, Any]] = {}
        self._session: Renderer | None = None
        _ = self.session  # what is wrong with the words is said at once

    @property
    def session(self) -> Renderer:
        """What has the terrain, at any size."""
        if self._session is None:
            self._session = self.landed.renderer(1, 1, **self._device)
        return self._session

    def release(self) -> None:
        """Let go of the terrain, until it is wanted again."""
        self._session = None

    def orbiting(self, height: int) -> Orbiting:
        """A camera for a picture of that height."""
        return Orbiting(self.landed, self._words, self._view, height)

    def draw(self, orbiting: Orbiting, size: tuple[int, int], coarse: int = 1) -> Image:
        """The view, of `size`, with one sample for each pixel if it is to be enlarged `coarse` times."""
        options = orbiting.options
        options["samples"] = self.landed.options["samples"] if coarse == 1 else 1
        options |= self._enlarged(coarse)
        return Image(self.session._draw_at(size, **options), self.landed.surface.grid)

    def paced(self, orbiting: Orbiting, size: tuple[int, int]) -> Pace:
        """How coarse frames in motion are to be, from two of them; what draws them is compiled then."""
        pace = Pace()
        for _ in range(2):
            coarse, start = pace.coarse, time.monotonic()
            self.draw(orbiting, coarser(size, coarse), coarse)
            pace.adapt(time.monotonic() - start, coarse)
        return pace

    def _enlarged(self, by: int) -> dict[str, Any]:
        """What is on a picture that is enlarged so many times, with lengths as they are at rest."""
        lengths = self._lengths.get(by)
        if lengths is None:
            prepared = self.landed.prepared_for(by)
            areas = self.landed.options["keep_out"] or ()
            lengths = {
                "layers": prepared.ground,
                "things": prepared.things,
                "labels": prepared.labels,
            }
            lengths["keep_out"] = [tuple(edge / by for edge in area) for area in areas]
            self._lengths[by] = lengths
        return lengths
