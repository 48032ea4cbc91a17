"""The one scene that every peer draws: world, camera path, sun.

Standard library only, so that importing it costs a peer nothing.
World axes as in the project's API: x east, y north, z up, metres, origin at the DEM's centre.
"""

from __future__ import annotations

from math import cos, radians, sin, tan

WIDTH, HEIGHT = 1920, 1080
EXTENT_M = 30_000.0  # first to last sample, both ways, at every DEM size
EXAGGERATION = 3.0
FOV_DEG = 35.0  # vertical
DISTANCE_M = 36_800.0
ALTITUDE_DEG = 35.0
START_AZIMUTH_DEG = 225.0
STEP_DEG = 1.5
TARGET = (0.0, 0.0, 1_200.0)  # a little below the mean height, exaggerated
NEAR_M, FAR_M = 1_000.0, 120_000.0
SUN_AZIMUTH_DEG, SUN_ALTITUDE_DEG = 315.0, 35.0
AMBIENT = 0.35
BACKGROUND = (135, 206, 235)  # no lit colour of the table equals it

Vector = tuple[float, float, float]


def bearing(azimuth_deg: float, altitude_deg: float) -> Vector:
    """Unit vector towards a compass bearing (clockwise from north) and an altitude, degrees."""
    azimuth, altitude = radians(azimuth_deg), radians(altitude_deg)
    return cos(altitude) * sin(azimuth), cos(altitude) * cos(azimuth), sin(altitude)


def azimuth_of(frame: int) -> float:
    """Azimuth in degrees from which frame 0, 1, 2, ... is seen."""
    return START_AZIMUTH_DEG + STEP_DEG * frame


def eye(azimuth_deg: float) -> Vector:
    """The camera's place in world metres."""
    x, y, z = bearing(azimuth_deg, ALTITUDE_DEG)
    return TARGET[0] + DISTANCE_M * x, TARGET[1] + DISTANCE_M * y, TARGET[2] + DISTANCE_M * z


def clip_from_world(azimuth_deg: float, *, top_row_first: bool = False) -> list[list[float]]:
    """OpenGL clip matrix, row-major 4 x 4 (Khronos' gluLookAt and gluPerspective).

    `top_row_first` turns clip y over, so that OpenGL's bottom-up read-back needs no flip.
    """
    back = bearing(azimuth_deg, ALTITUDE_DEG)
    azimuth = radians(azimuth_deg)
    right = (-cos(azimuth), sin(azimuth), 0.0)
    up = (
        back[1] * right[2] - back[2] * right[1],
        back[2] * right[0] - back[0] * right[2],
        back[0] * right[1] - back[1] * right[0],
    )
    place = eye(azimuth_deg)

    def row(axis: Vector, scale: float) -> list[float]:
        offset = -sum(a * p for a, p in zip(axis, place, strict=True))
        return [scale * value for value in (*axis, offset)]

    zoom = 1.0 / tan(radians(FOV_DEG) / 2.0)
    forward = row(back, -1.0)
    depth = [(FAR_M + NEAR_M) / (FAR_M - NEAR_M) * value for value in forward]
    depth[3] -= 2.0 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
    return [
        row(right, zoom * HEIGHT / WIDTH),
        row(up, -zoom if top_row_first else zoom),
        depth,
        forward,
    ]
