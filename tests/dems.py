"""Small deterministic DEMs for the tests. Row 0 is north; heights in metres; float32."""

from __future__ import annotations

import functools

import numpy as np


def _grid(rows: int, columns: int, spacing: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """World x (columns,) and y (rows, 1) of every sample, metres, origin at the centre."""
    x = (np.arange(columns) - (columns - 1) / 2) * spacing[0]
    y = ((rows - 1) / 2 - np.arange(rows)) * spacing[1]
    return x[None, :], y[:, None]


def ridge(rows=21, columns=24, seed=0, *, relief=300.0, noise=0.25, spacing=(30.0, 30.0)):
    """Two crossing ridges with white noise: every patch is curved and no two heights are equal."""
    x, y = _grid(rows, columns, spacing)
    half = max(rows * spacing[1], columns * spacing[0]) / 2
    x, y = x / half, y / half
    shape = np.exp(-12 * (x - 0.25 * y) ** 2) + 0.6 * np.exp(-20 * (0.5 * x + y - 0.2) ** 2)
    rng = np.random.default_rng(seed)
    heights = relief * (shape + noise * rng.random((rows, columns)))
    return heights.astype(np.float32)


def plane(rows=16, columns=20, *, gradient=(0.0, 0.0), level=100.0, spacing=(1.0, 1.0)):
    """z = level + gradient · (x, y): bilinear patches represent it exactly."""
    x, y = _grid(rows, columns, spacing)
    return (level + gradient[0] * x + gradient[1] * y + np.zeros((rows, columns))).astype(
        np.float32
    )


def cone(n=65, *, height=20.0, slope=1.0, spacing=(1.0, 1.0)):
    """A cone with its apex over the origin."""
    x, y = _grid(n, n, spacing)
    return np.maximum(height - slope * np.hypot(x, y), 0).astype(np.float32)


def hemisphere(n=97, *, radius=40.0, spacing=(1.0, 1.0)):
    """A half ball on a floor at 0."""
    x, y = _grid(n, n, spacing)
    return np.sqrt(np.maximum(radius**2 - x**2 - y**2, 0)).astype(np.float32)


def wall(rows=24, columns=24, *, height=50.0, column=12):
    """A floor at 0 with one north-south row of samples raised: a wall two cells thick."""
    heights = np.zeros((rows, columns), np.float32)
    heights[:, column] = height
    return heights


def ramp(levels=256, rows=2):
    """(rows, levels): column k holds (k + 0.5) / levels, the middle of colormap entry k of 0..1."""
    return np.tile(((np.arange(levels) + 0.5) / levels).astype(np.float32), (rows, 1))


def with_holes(heights: np.ndarray, seed=0, fraction=0.08) -> np.ndarray:
    """A copy with single NaN samples, one NaN block, and one valid sample alone in a NaN ring."""
    holed = np.array(heights, np.float32)
    rng = np.random.default_rng(seed)
    holed[rng.random(holed.shape) < fraction] = np.nan
    rows, columns = holed.shape
    holed[rows // 4 : rows // 4 + 3, columns // 4 : columns // 4 + 4] = np.nan
    i, j = rows // 2 + 1, columns // 2 + 1
    alone = holed[i, j]
    holed[i - 1 : i + 2, j - 1 : j + 2] = np.nan
    holed[i, j] = 150.0 if np.isnan(alone) else alone
    return holed


@functools.cache
def jacksboro() -> tuple[np.ndarray, tuple[float, float]]:
    """The USGS DEM that matplotlib carries: (344, 403) float32 metres, and its spacing in metres."""
    from matplotlib import cbook

    with cbook.get_sample_data("jacksboro_fault_dem.npz") as archive:
        heights = archive["elevation"].astype(np.float32)
        dx, dy = float(archive["dx"]), float(archive["dy"])
        latitude = (float(archive["ymin"]) + float(archive["ymax"])) / 2
    metres = 111_320.0  # one degree of latitude
    heights.setflags(write=False)
    return heights, (dx * metres * np.cos(np.radians(latitude)), dy * metres)


def rough(rows, columns, seed=0, *, relief=400.0, noise=0.02):
    """Hills of every size with noise on each sample: no cell is like its neighbours."""
    return _rough(rows, columns, seed, relief, noise).copy()


@functools.lru_cache(4)  # of millions of samples it takes a second
def _rough(rows, columns, seed, relief, noise):
    rng = np.random.default_rng(seed)
    y, x = np.arange(rows)[:, None] / rows, np.arange(columns)[None, :] / rows
    heights = np.zeros((rows, columns))
    for wave in (1.3, 2.9, 6.1, 13.7, 31.1):
        angle, phase = rng.uniform(0, 2 * np.pi, 2)
        along = np.cos(angle) * x + np.sin(angle) * y
        across = np.sin(angle) * x - np.cos(angle) * y
        heights += np.sin(2 * np.pi * wave * along + phase) * np.cos(4.1 * wave * across) / wave
    heights += noise * rng.standard_normal((rows, columns))
    heights -= heights.min()
    return (relief * heights / heights.max()).astype(np.float32)
