"""Rays that end on the DEM's last row: they are on the last patch, and not on what lies beyond it in an image or a sheet."""

from __future__ import annotations

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import SPACING, ground, in_sheets, same

pytestmark = pytest.mark.gpu

# From the south, of each of which one sample came to the rim by rounding: eye, target and angle of view.
RIMS = [
    ((1337, -1544, 1623), (566, -585, 1000), 12),
    ((1257, -2278, 1427), (-203, -585, 1000), 10),
    ((-685, -1212, 1498), (-675, -585, 1000), 28),
    ((-523, -1979, 1089), (-1313, -585, 1000), 10),
    ((195, -915, 1556), (-81, -585, 1000), 25),
    ((56, -1121, 1127), (-791, -585, 1000), 12),
    ((147, -2484, 1768), (1156, -585, 1000), 9),
]


def test_rims_are_those_of_the_dem_in_memory():
    heights = np.ascontiguousarray(ground()[:40, :120])
    options = {
        "size": (160, 100),
        "spacing": SPACING,
        "samples": 4,
        "detail": "exact",
        "shadows": False,
    }
    options["prefer_software"] = True
    sheets = in_sheets(heights, (4, 1))
    for eye, target, fov in RIMS:
        camera = vf.Camera.look_at(eye, target, fov=fov)
        same(*(vf.render(dem, camera=camera, **options) for dem in (sheets, heights)))
