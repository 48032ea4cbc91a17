"""Small DEMs drawn from sheets, as large ones are, and pictures that must be the same."""

from __future__ import annotations

import functools

import numpy as np
import vulkan_forge as vf

SPACING = (30.0, 30.0)
NEAR = vf.Camera.look_at((-3000, -5200, 2600), (0, 0, 900), fov=45)


@functools.cache
def ground(holes: bool = False) -> np.ndarray:
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:300, 0:420].astype(np.float32)
    heights = 200 * np.sin(x / 37) * np.cos(y / 29) + 60 * np.sin(x / 7 + y / 11) + 1000
    heights = (heights + rng.normal(0, 3, heights.shape)).astype(np.float32)
    if holes:
        heights[40:70, 100:160] = np.nan
        heights[rng.integers(0, 300, 40), rng.integers(0, 420, 40)] = np.nan
    return heights


class Counted:
    """Heights that note which parts were asked for."""

    def __init__(self, heights: np.ndarray) -> None:
        self.heights, self.asked = heights, []
        self.shape, self.dtype = heights.shape, heights.dtype

    def __getitem__(self, place):
        self.asked.append(place)
        return self.heights[place]


def in_sheets(heights: object, levels: tuple[int, int] = (5, 1), **options: object) -> vf.LargeDEM:
    """`levels` are log2 of a sheet's side and the finest level that is whole."""
    return vf.LargeDEM(heights, **({"spacing": SPACING} | options), _levels=levels)


def same(a: vf.Image, b: vf.Image) -> None:
    assert np.array_equal(np.asarray(a), np.asarray(b))
    assert a.aovs.keys() == b.aovs.keys()
    for name, values in a.aovs.items():
        assert np.array_equal(values, b.aovs[name], equal_nan=True), name
