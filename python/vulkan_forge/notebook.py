"""A DEM to turn in a notebook: drag, wheel, and a slider for the sun.

>>> import vulkan_forge.notebook
>>> vulkan_forge.notebook.Orbit("dem.tif", vert_exag=1.5)

Frames are drawn where the kernel runs and sent to the browser, which needs no WebGL. While something
moves they are coarser, so that they come fast; once it rests, the picture is drawn in full.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

import vulkan_forge as vf

from ._extras import require
from ._live import STILL_S, Live, coarser
from ._numbers import whole_size

_Frames: Any = require("jupyter_rfb", "notebook", "vulkan_forge.notebook").RemoteFrameBuffer
_widgets = require("ipywidgets", "notebook", "vulkan_forge.notebook")
_Box: Any = _widgets.VBox
_MOST = 16384  # pixels a side


class Canvas(_Frames):  # type: ignore[misc] # jupyter_rfb has no types
    """The picture of `Orbit`: turns with the left button, shifts with the right, nears with the wheel.

    A double click brings the first view back.
    """

    def __init__(self, dem: Any, options: dict[str, Any], size: tuple[int, int]) -> None:
        super().__init__(css_width=f"{size[0]}px", css_height=f"{size[1]}px", cursor="grab")
        # What is wrong with the arguments is said here, not in the browser.
        self._live = Live(dem, options, "Orbit")
        self.view = self._live.orbiting(size[1])
        self._pixels = size
        self._timer: asyncio.TimerHandle | None = None
        self.sun_moved: Callable[[], object] | None = None  # told when keys have moved it
        self.frame()
        self.pace = self._live.paced(self.view, size)

    # -- drawing

    def frame(self, coarse: int = 1) -> npt.NDArray[np.uint8]:
        """(H, W, 4) of the view as it is; one pixel for `coarse` x `coarse` of the canvas."""
        return self._live.draw(self.view, coarser(self._pixels, coarse), coarse).rgba

    def get_frame(self) -> npt.NDArray[np.uint8]:
        """For jupyter_rfb: coarse in motion, full at rest."""
        if self.pace.still:
            return np.ascontiguousarray(self.frame()[..., :3])
        coarse, start = self.pace.coarse, time.monotonic()
        drawn = self.frame(coarse)
        self.pace.adapt(time.monotonic() - start, coarse)
        return np.ascontiguousarray(drawn[..., :3])

    def moved(self) -> None:
        """Draw coarsely now, and in full when nothing has moved for a while."""
        self.pace.moved()
        self.request_draw()
        if self._timer is not None:
            self._timer.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._timer = None
        else:
            self._timer = loop.call_later(STILL_S + 0.02, self._rest)

    def _rest(self) -> None:
        self._timer = None
        self.pace.rest()
        self.request_draw()

    # -- what the browser says

    def handle_event(self, event: dict[str, Any]) -> None:
        """For jupyter_rfb."""
        kind = event.get("event_type") or event.get("type")
        if kind == "resize":
            ratio = event.get("pixel_ratio") or event.get("ratio") or 1
            self.view.height = max(1, event["height"])
            width, height = (
                min(max(1, round(event[side] * ratio)), _MOST) for side in ("width", "height")
            )
            self._pixels = width, height
        sun = self.view.sun
        if self.view.handle(event):
            self.moved()
        if self.view.sun != sun and self.sun_moved is not None:
            self.sun_moved()
        if kind in ("pointer_down", "pointer_up"):
            self.cursor = "grabbing" if self.view.dragging else "grab"
        elif kind == "close":
            self._live.release()


class Orbit(_Box):  # type: ignore[misc] # ipywidgets neither
    """A DEM to turn, with sliders for the sun.

    Parameters
    ----------
    dem : whatever `vulkan_forge.render` takes
    size : (int, int), default (800, 500)
        Width and height in pixels of the browser, 1 to 16384.
    view_azimuth, view_altitude : float, default 225 and 35
        Where it is seen from at first, in degrees.
    **words
        All of `vulkan_forge.render` but for `camera` and `aovs`; the sliders begin where the sun stands, and
        `samples` are those at rest.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    MissingExtraError
        On import: the extra ``notebook`` is not installed.
    """

    def __init__(self, dem: Any, *, size: tuple[int, int] = (800, 500), **words: Any) -> None:
        self.canvas = Canvas(dem, words, whole_size(size, _MOST))
        self.canvas.sun_moved = self._follow
        self._following = False
        azimuth, altitude = self.canvas.view.sun
        whole_words = {"description_width": "initial"}
        slider = {"readout_format": ".0f", "step": 1.0, "style": whole_words}
        self.sun_azimuth = _widgets.FloatSlider(
            azimuth % 360, min=0, max=360, description="sun azimuth", **slider
        )
        self.sun_altitude = _widgets.FloatSlider(
            altitude, min=min(0, altitude), max=90, description="sun altitude", **slider
        )
        for control in (self.sun_azimuth, self.sun_altitude):
            control.observe(self._sun_moved, "value")
        super().__init__([self.canvas, _widgets.HBox([self.sun_azimuth, self.sun_altitude])])

    def _sun_moved(self, change: Any) -> None:
        if self._following:
            return
        azimuth, altitude = self.canvas.view.sun
        if change["owner"] is self.sun_azimuth:
            azimuth = change["new"]
        else:
            altitude = change["new"]
        self.canvas.view.sun = azimuth, altitude
        self.canvas.moved()

    def _follow(self) -> None:
        """The sliders go where keys have moved the sun."""
        azimuth, altitude = self.canvas.view.sun
        self._following = True
        try:
            self.sun_azimuth.value, self.sun_altitude.value = azimuth % 360, altitude
        finally:
            self._following = False

    @property
    def camera(self) -> vf.Camera:
        """As it stands now: pass it to `vulkan_forge.render` for a picture of the same view."""
        return self.canvas.view.camera
