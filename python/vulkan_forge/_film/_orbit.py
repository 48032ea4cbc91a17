"""Ways round a place."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from .._camera import Camera
from ._ground import Ground
from ._splines import Cubic, Floats, raised_over

_LOOKS = 720  # places at which the ground is looked for


def on_orbit(centre: Any, distance: float, bearings: Floats, altitude: float) -> Floats:
    """(N, 3) eyes that see `centre` from these bearings."""
    level, up = math.cos(math.radians(altitude)), math.sin(math.radians(altitude))
    angle = np.radians(bearings)
    ways = np.column_stack([np.sin(angle) * level, np.cos(angle) * level, np.full(len(angle), up)])
    return np.asarray(centre + distance * ways)


def lift_of_orbit(
    ground: Ground, centre: Any, distance: float, altitude: float, clearance: float | None
) -> Cubic | None:
    """How much higher the eye has to be, by bearing; None: nowhere."""
    if clearance is None:
        return None
    bearings: Floats = np.arange(_LOOKS, dtype=np.float64) * (360.0 / _LOOKS)
    eyes = on_orbit(centre, distance, bearings, altitude)
    # Between two looks lie several cells of a fine DEM.
    finer: Floats = np.arange(_LOOKS * 16, dtype=np.float64) * (360.0 / (16 * _LOOKS))
    tops = ground.top(on_orbit(centre, distance, finer, altitude)[:, :2]).reshape(_LOOKS, 16)
    tops = np.maximum(tops.max(axis=1), np.roll(tops.max(axis=1), 1))
    deficit = np.maximum(tops + clearance - eyes[:, 2], 0.0)
    if not deficit.any():
        return None
    raised = raised_over(deficit, _LOOKS // 24, closed=True)
    return Cubic(np.append(bearings, 360.0), np.append(raised, raised[0]), closed=True)


def all_in_frame(ground: Ground, centre: Any, altitude: float, fov: float, aspect: float) -> float:
    """From how far off all corners of the DEM's box are in frame, whatever the bearing."""
    low, high = ground.range
    x, y = ground.half
    corners = np.array(list(itertools.product((-x, x), (-y, y), (low, high)))) - centre
    reach = 0.97 * math.tan(math.radians(fov) / 2)
    most = 0.0
    for bearing in range(0, 360, 5):
        view = Camera.orbit((0, 0, 0), 1.0, bearing, altitude, fov).view().astype(np.float64)
        right, up, towards = view[:3, :3] @ corners.T
        sideways = np.maximum(abs(right) / aspect, abs(up))
        most = max(most, float(np.max(towards + sideways / reach)))
    return most
