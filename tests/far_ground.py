"""Ground of which a pixel shows many cells, and pictures of it, for tests of far cells."""

from __future__ import annotations

import numpy as np
import vulkan_forge as vf
from kept import Kept

SHAPE = (2100, 2300)  # more than four million samples: smaller DEMs have no far cells
CELL = 10.0
SIZE = (480, 360)
HEIGHT = 900.0
TOWER = (slice(900, 1100), slice(1000, 1300))


def towers() -> np.ndarray:
    heights = np.full(SHAPE, 100.0, np.float32)
    heights[TOWER] += HEIGHT
    return heights


def from_above(azimuth=200.0, distance=26_000.0):
    return vf.Camera.orbit((0.0, 0.0, 100.0), distance, azimuth, 62.0, 40.0)


LOOK = {"camera": from_above(), "samples": 1, "cmap": "gray", "vmin": -1500.0, "vmax": 1500.0}
LOOK |= {"spacing": (CELL, CELL), "background": (0, 0, 0, 0)}


def draw(heights, **given):
    given = {"size": SIZE, **LOOK, **given}
    return heights.draw(**given) if isinstance(heights, Kept) else vf.render(heights, **given)


def sunlit(heights, azimuth, altitude, **given):
    """Which pixels have as much light with shadows as without, but for what facets hide from each other on smooth ground."""
    sun = {"azimuth": azimuth, "altitude": altitude, **given}
    shaded = np.asarray(draw(heights, shadows=True, **sun)).astype(int)
    plain = np.asarray(draw(heights, shadows=False, **sun)).astype(int)
    return (shaded >= plain - 1).all(axis=-1)


def eroded(mask):
    """Pixels all of whose neighbours are in the mask too."""
    padded = np.pad(mask, 1)
    rows, columns = mask.shape
    shifts = [(dy, dx) for dy in range(3) for dx in range(3)]
    return np.all([padded[dy : dy + rows, dx : dx + columns] for dy, dx in shifts], axis=0)
