"""A DEM to turn in a notebook: drag, wheel, and a slider for the sun.

>>> import vulkan_forge.notebook
>>> vulkan_forge.notebook.Orbit("dem.tif", vert_exag=1.5)

Frames are drawn where the kernel runs and sent to the browser, which needs no WebGL. While something
moves they are coarser, so that they come fast; once it rests, the picture is drawn in full.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import Any

import numpy as np
import numpy.typing as npt

import vulkan_forge as vf

from ._bearings import on_grid
from ._extras import require
from ._heights import landmarks_of
from ._landing import land
from ._sun_time import sun_at
from ._words import DEFAULTS

_Frames: Any = require("jupyter_rfb", "notebook", "vulkan_forge.notebook").RemoteFrameBuffer
_widgets = require("ipywidgets", "notebook", "vulkan_forge.notebook")
_Box: Any = _widgets.VBox

_STILL_S = 0.25  # rest after which the picture is drawn in full
_QUICK_S = 0.05  # longest that a frame in motion should take
_COARSEST = 6
_CLICK_S = 0.35


class Canvas(_Frames):  # type: ignore[misc] # jupyter_rfb has no types
    """The picture of `Orbit`: turns with the left button, shifts with the right, nears with the wheel.

    A double click brings the first view back.
    """

    def __init__(self, dem: Any, options: dict[str, Any], size: tuple[int, int]) -> None:
        super().__init__(css_width=f"{size[0]}px", css_height=f"{size[1]}px", cursor="grab")
        self._view = (options.pop("view_azimuth", 225.0), options.pop("view_altitude", 35.0))
        self._device = {
            name: options.pop(name, DEFAULTS[name]) for name in ("device", "prefer_software")
        }
        self._landed = land(dem, options, door="Orbit", without=("camera",))
        self._north = options.get("north", "true")
        self.sun = tuple(options.get(name, DEFAULTS[name]) for name in ("azimuth", "altitude"))
        if options.get("time") is not None:  # where it stands then, until a slider is moved
            grid = self._landed.surface.grid
            azimuth, altitude = sun_at(options["time"], options.get("position"), grid)
            self.sun = (
                on_grid(azimuth, grid, "true") if self._north == "grid" else azimuth
            ), altitude
        self._samples = self._landed.options["samples"]
        self._sessions: dict[tuple[int, int, int], vf.Renderer] = {}
        self._pixels = size
        self._coarse = 1
        self._moved = -math.inf
        self._drag: tuple[int, float, float] | None = None
        self._clicked = -math.inf
        self._timer: asyncio.TimerHandle | None = None
        self._session(size)  # what is wrong with the arguments is said here, not in the browser
        self.reset()
        self.frame()
        start = time.monotonic()
        self.frame()
        self._adapt((time.monotonic() - start) / self._samples, 1)  # one sample in motion
        self.frame(self._coarse)

    def reset(self) -> None:
        """Go back to the first view."""
        self.azimuth, self.altitude = self._view
        surface = self._landed.surface
        self.azimuth = on_grid(self.azimuth, surface.grid, self._north)
        shape, (dx, dy) = surface.heights.shape, surface.spacing
        middle = sum(landmarks_of(surface.heights).ends) / 2
        factor = self._landed.exaggeration
        self.target = np.array([0.0, 0.0, middle * factor])
        span = math.hypot(shape[1] * dx, shape[0] * dy)
        self.distance = 1.75 * span
        self._limits = (0.02 * span, 20 * span)

    # -- drawing

    @property
    def camera(self) -> vf.Camera:
        """As it stands now."""
        return vf.Camera.orbit(tuple(self.target), self.distance, self.azimuth, self.altitude)

    def frame(self, coarse: int = 1) -> npt.NDArray[np.uint8]:
        """(H, W, 4) of the view as it is; one pixel for `coarse` x `coarse` of the canvas."""
        width, height = (max(1, side // coarse) for side in self._pixels)
        session = self._session((width, height), coarse)
        session.set_camera(self.camera)
        azimuth, altitude = self.sun
        session.set_sun(altitude, on_grid(azimuth, self._landed.surface.grid, self._north))
        session.set_samples(self._samples if coarse == 1 else 1)
        return session.render_rgba()

    def get_frame(self) -> npt.NDArray[np.uint8]:
        """For jupyter_rfb: coarse in motion, full at rest."""
        if time.monotonic() - self._moved >= _STILL_S:
            return np.ascontiguousarray(self.frame()[..., :3])
        coarse, known = self._coarse, len(self._sessions)
        start = time.monotonic()
        drawn = self.frame(coarse)
        if len(self._sessions) == known:  # else most of the time went into a new device
            self._adapt(time.monotonic() - start, coarse)
        return np.ascontiguousarray(drawn[..., :3])

    def _adapt(self, spent: float, coarse: int) -> None:
        """Choose how coarse, from the seconds that a frame took; time goes with the pixels."""
        wanted = math.ceil(coarse * math.sqrt(spent / _QUICK_S))
        wanted = min(max(wanted, 1), _COARSEST)
        if wanted > self._coarse or wanted < self._coarse - 1:
            self._coarse = wanted

    def _session(self, size: tuple[int, int], coarse: int = 1) -> vf.Renderer:
        key = (*size, coarse)
        session = self._sessions.get(key)
        if session is None:
            while len(self._sessions) >= 3:
                self._sessions.pop(next(iter(self._sessions)))
            session = self._landed.renderer(*size, **self._device)
            if (
                coarse > 1
            ):  # enlarged by the browser: lengths on the picture are as they are at rest
                session._put(self._landed.layers, self._landed.dpi / coarse)
                areas = self._landed.options["keep_out"] or ()
                session.set_keep_out([tuple(edge / coarse for edge in area) for area in areas])
            self._sessions[key] = session
        else:  # the one used last stays longest
            self._sessions[key] = self._sessions.pop(key)
        return session

    def moved(self) -> None:
        """Draw coarsely now, and in full when nothing has moved for a while."""
        self._moved = time.monotonic()
        self.request_draw()
        if self._timer is not None:
            self._timer.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._timer = None
        else:
            self._timer = loop.call_later(_STILL_S + 0.02, self._rest)

    def _rest(self) -> None:
        self._timer = None
        self._moved = -math.inf
        self.request_draw()

    # -- what the browser says

    def handle_event(self, event: dict[str, Any]) -> None:
        """For jupyter_rfb."""
        kind = event.get("event_type") or event.get("type")
        if kind == "resize":
            ratio = event.get("pixel_ratio") or event.get("ratio") or 1
            self._pixels = (
                max(1, round(event["width"] * ratio)),
                max(1, round(event["height"] * ratio)),
            )
        elif kind == "pointer_down":
            self._press(event)
        elif kind == "pointer_up":
            self._drag, self.cursor = None, "grab"
        elif kind == "pointer_move" and self._drag is not None:
            self._pull(event)
        elif kind == "wheel":
            nearest, farthest = self._limits
            self.distance *= math.exp(0.001 * event["dy"])
            self.distance = min(max(self.distance, nearest), farthest)
            self.moved()
        elif kind == "close":
            self._sessions.clear()

    def _press(self, event: dict[str, Any]) -> None:
        now = time.monotonic()
        if now - self._clicked < _CLICK_S:
            self.reset()
            self.moved()
        self._clicked = now
        shift = "Shift" in event.get("modifiers", ())
        self._drag = (2 if shift else event.get("button", 1), event["x"], event["y"])
        self.cursor = "grabbing"

    def _pull(self, event: dict[str, Any]) -> None:
        assert self._drag is not None
        button, x, y = self._drag
        right, down = event["x"] - x, event["y"] - y
        self._drag = (button, event["x"], event["y"])
        if button == 1:  # the ground follows the pointer
            self.azimuth = (self.azimuth + 0.4 * right) % 360
            self.altitude = min(max(self.altitude + 0.3 * down, 2.0), 90.0)
        else:
            step = 2 * self.distance * math.tan(math.radians(35) / 2) / max(self._pixels[1], 1)
            bearing = math.radians(self.azimuth)
            east = np.array([-math.cos(bearing), math.sin(bearing), 0.0])
            north = np.array([-math.sin(bearing), -math.cos(bearing), 0.0])
            self.target = self.target - step * (right * east - down * north)
        self.moved()


class Orbit(_Box):  # type: ignore[misc] # ipywidgets neither
    """A DEM to turn, with sliders for the sun.

    Parameters
    ----------
    dem : whatever `vulkan_forge.render` takes
    size : (int, int), default (800, 500)
        Width and height in pixels of the browser.
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
        self.canvas = Canvas(dem, words, size)
        azimuth, altitude = self.canvas.sun
        whole_words = {"description_width": "initial"}
        slider = {"readout_format": ".0f", "step": 1.0, "style": whole_words}
        self.sun_azimuth = _widgets.FloatSlider(
            azimuth, min=0, max=360, description="sun azimuth", **slider
        )
        self.sun_altitude = _widgets.FloatSlider(
            altitude, min=0, max=90, description="sun altitude", **slider
        )
        for control in (self.sun_azimuth, self.sun_altitude):
            control.observe(self._sun_moved, "value")
        super().__init__([self.canvas, _widgets.HBox([self.sun_azimuth, self.sun_altitude])])

    def _sun_moved(self, change: Any) -> None:
        self.canvas.sun = (self.sun_azimuth.value, self.sun_altitude.value)
        self.canvas.moved()

    @property
    def camera(self) -> vf.Camera:
        """As it stands now: pass it to `vulkan_forge.render` for a picture of the same view."""
        return self.canvas.camera
