"""A picture of the gallery, and what goes before the code of each."""

from typing import NamedTuple


class Row(NamedTuple):
    """A picture of the gallery."""

    name: str
    """Of its file."""
    title: str
    shows: str
    """Keywords of ``render`` that it is there for, separated by blanks."""
    code: str
    """Python that follows `SETTING` and leaves `picture`: an Image, or (H, W, 3) uint8."""
    text: str
    """What to see."""


SETTING = """\
import matplotlib
import numpy as np
import vulkan_forge as vf
from matplotlib.cbook import get_sample_data
from matplotlib.colors import LinearSegmentedColormap

with get_sample_data("jacksboro_fault_dem.npz") as file:  # by the USGS, 403 x 344 samples
    heights = file["elevation"].astype(np.float32)
dem = vf.DEM(heights, spacing=(74.6, 92.5))  # three seconds of arc at 36.6 degrees north, in metres
tints = LinearSegmentedColormap.from_list(
    "tints", ["#7d9b76", "#a9b88a", "#d9cda0", "#c79f74", "#a6805f", "#f1ece4"]
)
camera = vf.Camera.orbit(target=(-1000, 500, 900), distance=31_000, azimuth=118, altitude=30)
look = dict(
    size=(960, 600), camera=camera, vert_exag=2.5, cmap=tints, samples=8,
    azimuth=205, altitude=30, ambient=0.3, exposure=1.3, background=(0.86, 0.90, 0.94, 1),
)
"""
