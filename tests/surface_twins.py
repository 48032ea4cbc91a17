"""What the tests of base, water, haze, contours and sky share: linear light, and points along the rays of a picture."""

from __future__ import annotations

import numpy as np
import reference as ref
import vulkan_forge as vf

WHITE = np.ones((2, 3), np.float32)
BLACK = np.zeros((2, 3), np.float32)


def linear(encoded) -> np.ndarray:
    """Linear light of bytes or of floats in 0..1 (sRGB, IEC 61966-2-1)."""
    encoded = np.asarray(encoded)
    e = encoded / 255.0 if encoded.dtype == np.uint8 else encoded.astype(float)
    return ref.srgb_decode(e)


def encoded(light) -> np.ndarray:
    """SRGB bytes of linear light, as floats."""
    return 255 * ref.srgb_encode(light)


def directions(camera: vf.Camera, size: tuple[int, int]) -> np.ndarray:
    """Direction (H, W, 3) of each pixel's centre, in the world, whose part along the view is 1: eye + depth * this is the point."""
    width, height = size
    projection = camera.projection(width / height).astype(float)
    view = camera.view().astype(float)
    x = (2 * (np.arange(width) + 0.5) / width - 1) / projection[0, 0]
    y = (1 - 2 * (np.arange(height) + 0.5) / height) / projection[1, 1]
    rays = np.stack([*np.meshgrid(x, y), -np.ones((height, width))], axis=-1)
    return rays @ view[:3, :3]


def eye(camera: vf.Camera) -> np.ndarray:
    """Place of a perspective camera's eye."""
    view = camera.view().astype(float)
    return -view[:3, :3].T @ view[:3, 3]


def ground_under(dem: np.ndarray, spacing, points: np.ndarray) -> np.ndarray:
    """Height of the bilinear surface under world points (..., 2); NaN over holes and beside the DEM."""
    rows, columns = dem.shape
    column = points[..., 0] / spacing[0] + (columns - 1) / 2
    row = (rows - 1) / 2 - points[..., 1] / spacing[1]
    inside = (column >= 0) & (column <= columns - 1) & (row >= 0) & (row <= rows - 1)
    j = np.clip(np.floor(np.nan_to_num(column)), 0, columns - 2).astype(int)
    i = np.clip(np.floor(np.nan_to_num(row)), 0, rows - 2).astype(int)
    u, v = column - j, row - i
    heights = (dem[i, j] * (1 - u) + dem[i, j + 1] * u) * (1 - v) + (
        dem[i + 1, j] * (1 - u) + dem[i + 1, j + 1] * u
    ) * v
    return np.where(inside, heights, np.nan)
