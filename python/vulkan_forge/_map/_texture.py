"""Texture shading: a fractional Laplacian of heights, after Brown (2010).

In the frequency domain each wave is multiplied by its frequency to the power `detail`: 0 leaves the heights, 2 is the Laplacian. At
the edges the heights go on mirrored, so that all is cosines.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_AT_ONCE = 1 << 22  # numbers of rows that are transformed together
_CONTRAST = 2.2  # of robust deviations to which the middle half of the greys goes


def texture(
    heights: npt.NDArray[np.float32], spacing: tuple[float, float], detail: float
) -> npt.NDArray[np.float32]:
    """0..1, 0.5 where the ground neither stands out nor lies in; NaN where the heights are."""
    missing = ~np.isfinite(heights)
    if missing.all():
        return np.full(heights.shape, np.nan, np.float32)
    filled = np.where(missing, np.float32(np.median(heights[~missing])), heights)
    rows, columns = heights.shape
    waves = _cosines(_cosines(filled - filled.mean()).T).T
    along = np.arange(columns) / (2 * columns * spacing[0])
    up = np.arange(rows) / (2 * rows * spacing[1])
    waves *= np.hypot(along[None, :], up[:, None]).astype(np.float32) ** np.float32(detail)
    found = _back(_back(waves.T).T)
    known = found[~missing]
    deviation = 1.4826 * float(np.median(np.abs(known - np.median(known))))
    deviation = deviation or float(known.std()) or 1.0
    shown: npt.NDArray[np.float32] = (0.5 + 0.5 * np.tanh(found / (_CONTRAST * deviation))).astype(
        np.float32
    )
    shown[missing] = np.nan
    return shown


def _cosines(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """DCT-II of each row, through a Fourier transform of as many numbers (Makhoul 1980)."""
    count = values.shape[1]
    turn = np.exp(-0.5j * np.pi * np.arange(count) / count)
    made = np.empty(values.shape, np.float32)
    for part in _parts(values.shape):
        mixed = np.concatenate([values[part, ::2], values[part, 1::2][:, ::-1]], axis=1)
        made[part] = (np.fft.fft(mixed, axis=1) * turn).real
    return made


def _back(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The inverse of `_cosines`."""
    count = values.shape[1]
    turn = np.exp(0.5j * np.pi * np.arange(count) / count)
    made = np.empty(values.shape, np.float32)
    for part in _parts(values.shape):
        row = values[part].astype(np.float64)
        other = np.concatenate([np.zeros((len(row), 1)), row[:, :0:-1]], axis=1)
        mixed = np.fft.ifft((row - 1j * other) * turn, axis=1).real
        half = (count + 1) // 2
        made[part, ::2] = mixed[:, :half]
        made[part, 1::2] = mixed[:, half:][:, ::-1]
    return made


def _parts(shape: tuple[int, ...]) -> list[slice]:
    step = max(1, _AT_ONCE // max(shape[1], 1))
    return [slice(start, start + step) for start in range(0, shape[0], step)]
