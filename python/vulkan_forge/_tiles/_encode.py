"""Pixels or heights of a tile as the bytes of a file."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from .._extras import require
from .._numbers import shown
from .._vulkan_forge import InvalidInputError, _lean_png_bytes
from ._draw import Pixels
from ._source import Heights

SUFFIXES = {"png": "png", "webp": "webp", "terrarium": "png", "terrain-rgb": "png"}
"""Encodings, and what their files are."""
HEIGHTS = ("terrarium", "terrain-rgb")
"""Those that hold heights."""
_LEAST, _STEP = {"terrarium": -32768.0, "terrain-rgb": -10000.0}, {
    "terrarium": 1 / 256,
    "terrain-rgb": 0.1,
}


def encoding_of(encoding: Any) -> str:
    """A known one.

    Raises
    ------
    InvalidInputError, MissingExtraError
        It is none, or needs Pillow.
    """
    if not isinstance(encoding, str) or encoding not in SUFFIXES:
        raise InvalidInputError(
            f"encoding must be one of {', '.join(SUFFIXES)}; got {shown(encoding)}; pass e.g. 'png'"
        )
    if encoding == "webp":
        require("PIL.Image", "all", "encoding='webp'")
    return encoding


def encoded(tile: Pixels, encoding: str) -> bytes:
    """A file of pixels (H, W, 4), without an alpha channel where all are opaque; PNG in grey too, where all are grey."""
    if encoding != "webp":
        return _lean_png_bytes(np.ascontiguousarray(tile))
    if tile[..., 3].min() == 255:
        tile = tile[..., :3]
    tile = np.ascontiguousarray(tile)
    file = io.BytesIO()
    pillow = require("PIL.Image", "all", "encoding='webp'")
    pillow.fromarray(tile).save(file, "webp", lossless=True, method=2, quality=25)
    return file.getvalue()


def coloured(heights: Heights, encoding: str, fill: float = math.nan) -> npt.NDArray[np.uint8]:
    """Heights in metres as colours (H, W, 4): (code / step) in red, green and blue; holes are transparent black, or
    have the height `fill`.

    terrarium: R 256 + G + B / 256 - 32768 (Tilezen's joerd); terrain-rgb: -10000 + 0.1 (R 65536 + G 256 + B)
    (Mapbox).

    Raises
    ------
    InvalidInputError
        A height that the encoding cannot hold.
    """
    if math.isfinite(fill):
        heights = np.where(np.isfinite(heights), heights, np.float32(fill))
    known = np.isfinite(heights)
    code = np.rint(
        (np.where(known, heights, 0).astype(np.float64) - _LEAST[encoding]) / _STEP[encoding]
    )
    if code.min() < 0 or code.max() >= 1 << 24:
        top = _LEAST[encoding] + _STEP[encoding] * (1 << 24)
        raise InvalidInputError(
            f"{encoding} holds heights from {_LEAST[encoding]:g} to {top:g} m; got {heights[known].min():g} to "
            f"{heights[known].max():g}; check z_unit="
        )
    number = np.where(known, code, 0).astype(np.uint32)
    tile = np.empty((*heights.shape, 4), np.uint8)
    tile[..., 0], tile[..., 1], tile[..., 2] = number >> 16, number >> 8 & 255, number & 255
    tile[..., 3] = np.where(known, 255, 0)
    return tile
