"""What callers say of paths."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._camera import Camera
from .._numbers import finite, items, shown
from .._vulkan_forge import InvalidInputError
from ._splines import Floats

AUTO = "auto"


def cameras_of(cameras: Any) -> list[Camera]:
    shots = items(cameras) or []
    if len(shots) < 2 or not all(isinstance(shot, Camera) for shot in shots):
        raise InvalidInputError(
            f"cameras must be two or more Camera; got {shown(cameras)}; pass e.g. [Camera.look_at(...), Camera.look_at(...)]"
        )
    return shots


def times_of(times: Any, count: int) -> Floats:
    found = np.array([finite(time, "each of times") for time in items(times) or []])
    if len(found) != count or (np.diff(found) <= 0).any():
        raise InvalidInputError(
            f"times must be {count} ascending numbers, one for each camera and one for the return of a closed path; "
            f"got {shown(times)}; pass seconds"
        )
    return found


def vector(value: Any, name: str) -> tuple[float, float, float]:
    parts = items(value)
    if parts is None or len(parts) != 3:
        raise InvalidInputError(f"{name} must be (x, y, z); got {shown(value)}; pass world metres")
    x, y, z = (finite(part, f"each number of {name}") for part in parts)
    return x, y, z


def not_negative(value: Any, name: str) -> float:
    number = finite(value, name)
    if number < 0:
        raise InvalidInputError(f"{name} must be >= 0; got {number}; pass seconds")
    return number


def clearance_of(value: Any, usual: float) -> float | None:
    if value is None:
        return None
    if isinstance(value, str) and value == AUTO:
        return usual
    number = finite(value, "clearance")
    if number < 0:
        raise InvalidInputError(
            f'clearance must be metres >= 0, "auto" or None; got {number}; pass None to go through the ground'
        )
    return number
