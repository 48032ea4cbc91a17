"""A camera in someone's hand: what pointer, wheel and keys do to it, in notebooks and windows alike."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from ._bearings import on_grid
from ._camera import Camera
from ._heights import landmarks_of
from ._sun_time import sun_at
from ._words import DEFAULTS

if TYPE_CHECKING:
    from ._landing import Landed

_CLICK_S = 0.35  # longest between the two presses of a double click
_FLIGHT = 0.6  # of the distance, in a second
_SUN_DEG = 45.0  # of the sun, in a second
_PRESS_S = 1 / 12  # what one press of a key counts as
# Right and ahead, in parts of a flight.
_FLY = {
    "d": (1, 0), "ArrowRight": (1, 0), "a": (-1, 0), "ArrowLeft": (-1, 0),
    "w": (0, 1), "ArrowUp": (0, 1), "s": (0, -1), "ArrowDown": (0, -1),
}  # fmt: skip
_NEAR = {"+": -1, "=": -1, "-": 1}
# Azimuth and altitude.
_SUN = {"l": (1, 0), "j": (-1, 0), "i": (0, 1), "k": (0, -1)}


class Orbiting:
    """Where a DEM is seen and lit from, as events of rendercanvas and jupyter_rfb turn it.

    The left button turns, the right one (or Shift) shifts, the wheel nears; a double click or Home brings the first view back. W, A, S, D and the
    arrows fly over the ground, + and - near, J and L turn the sun, I and K lift and lower it.
    """

    def __init__(
        self, landed: Landed, words: dict[str, Any], view: tuple[float, float], height: int
    ) -> None:
        surface = landed.surface
        self._grid, self._north = surface.grid, words.get("north", "true")
        self._view = view
        self.height = height
        """Of the picture, in the pixels in which events count."""
        self.sun: tuple[float, float] = (
            words.get("azimuth", DEFAULTS["azimuth"]),
            words.get("altitude", DEFAULTS["altitude"]),
        )
        if words.get("time") is not None:  # where it stands then, until it is moved
            azimuth, altitude = sun_at(words["time"], words.get("position"), self._grid)
            if self._north == "grid":
                azimuth = on_grid(azimuth, self._grid, "true")
            self.sun = azimuth, altitude
        shape, (dx, dy) = surface.heights.shape, surface.spacing
        self._middle = sum(landmarks_of(surface.heights).ends) / 2 * landed.exaggeration
        self._span = math.hypot(shape[1] * dx, shape[0] * dy)
        self._drag: tuple[int, float, float] | None = None
        self._clicked = -math.inf
        self._held: set[str] = set()
        self.reset()

    def reset(self) -> None:
        """Go back to the first view; the sun stays."""
        azimuth, self.altitude = self._view
        self.azimuth = on_grid(azimuth, self._grid, self._north)
        self.target = np.array([0.0, 0.0, self._middle])
        self.distance = 1.75 * self._span

    @property
    def camera(self) -> Camera:
        """As it stands now."""
        return Camera.orbit(tuple(self.target), self.distance, self.azimuth, self.altitude)

    @property
    def options(self) -> dict[str, Any]:
        """Camera and sun, as options of the engine."""
        azimuth, altitude = self.sun
        azimuth = on_grid(azimuth, self._grid, self._north)
        return {"camera": self.camera, "azimuth": azimuth, "altitude": altitude}

    @property
    def dragging(self) -> bool:
        """Whether a button is down."""
        return self._drag is not None

    @property
    def flying(self) -> bool:
        """Whether a key is held that moves it."""
        return bool(self._held)

    def handle(self, event: dict[str, Any]) -> bool:
        """Take an event; whether the view has moved."""
        kind = event.get("event_type") or event.get("type")
        if kind == "pointer_down":
            return self._press(event)
        if kind == "pointer_up":
            self._drag = None
        elif kind == "pointer_move" and self._drag is not None:
            self._pull(event)
            return True
        elif kind == "wheel":
            self._near(0.001 * event["dy"])
            return True
        elif kind == "key_down":
            return self._key(event["key"])
        elif kind == "key_up":
            self._held -= {event["key"], event["key"].lower()}
        elif kind in ("blur", "pointer_leave", "close"):  # whose key_up goes elsewhere
            self._held.clear()
        return False

    def advance(self, seconds: float) -> bool:
        """Go on as the keys that are held say; whether the view has moved."""
        for key in self._held:
            if key in _FLY:
                right, ahead = (_FLIGHT * seconds * self.distance * part for part in _FLY[key])
                self._shift(right, ahead)
            elif key in _NEAR:
                self._near(seconds * _NEAR[key])
            else:
                (azimuth, altitude), (turn, lift) = self.sun, _SUN[key]
                altitude = min(max(altitude + lift * _SUN_DEG * seconds, 0.0), 90.0)
                self.sun = (azimuth + turn * _SUN_DEG * seconds) % 360, altitude
        return bool(self._held)

    def _key(self, key: str) -> bool:
        if key == "Home":
            self.reset()
            return True
        key = key if key in _FLY else key.lower()
        if key not in _FLY and key not in _NEAR and key not in _SUN:
            return False
        held, self._held = self._held, {key}
        self.advance(_PRESS_S)
        self._held = held | {key}
        return True

    def _press(self, event: dict[str, Any]) -> bool:
        now = time.monotonic()
        twice = now - self._clicked < _CLICK_S
        if twice:
            self.reset()
        self._clicked = now
        shift = "Shift" in event.get("modifiers", ())
        self._drag = (2 if shift else event.get("button", 1), event["x"], event["y"])
        return twice

    def _pull(self, event: dict[str, Any]) -> None:
        assert self._drag is not None
        button, x, y = self._drag
        right, down = event["x"] - x, event["y"] - y
        self._drag = (button, event["x"], event["y"])
        if button == 1:  # the ground follows the pointer
            self.azimuth = (self.azimuth + 0.4 * right) % 360
            self.altitude = min(max(self.altitude + 0.3 * down, 2.0), 90.0)
        else:
            step = 2 * self.distance * math.tan(math.radians(35) / 2) / max(self.height, 1)
            self._shift(-step * right, step * down)

    def _shift(self, right: float, ahead: float) -> None:
        """Move the target over the ground, in metres."""
        bearing = math.radians(self.azimuth)
        rightward = np.array([-math.cos(bearing), math.sin(bearing), 0.0])
        forward = np.array([-math.sin(bearing), -math.cos(bearing), 0.0])
        self.target = self.target + right * rightward + ahead * forward

    def _near(self, power: float) -> None:
        nearest, farthest = 0.02 * self._span, 20 * self._span
        power = min(max(power, -7.0), 7.0)  # from one end to the other: ln(1000)
        self.distance = min(max(self.distance * math.exp(power), nearest), farthest)
