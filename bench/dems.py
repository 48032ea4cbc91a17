"""The benchmark DEMs: a real one made larger, with fixed-seed detail below its own cell size.

The USGS DEM of matplotlib's sample data (344 x 344 cells of it), enlarged by cubic convolution
(Keys 1981, a = -1/2), plus a random field of amplitude k^-(H + 1), the spectrum of fractal ground
with Hurst exponent H, for the wave numbers k that the survey could not see. A larger DEM holds the
smaller one's detail and adds octaves, so all sizes show the same ground.

Run as a program (`python dems.py 1024 4096`), so that its memory is gone before a peer runs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

CACHE = Path(__file__).resolve().parent / ".cache"
REVISION = 1  # of the recipe below; another one makes other files
CROP = 344
SEED = 20_261_122
HURST = 0.8
DETAIL_M = 6.0  # standard deviation of the added field at infinite resolution
SMALLEST_BAND = 256


def path(size: int) -> Path:
    """Where the float32 (size, size) DEM lies, heights in metres, row 0 north."""
    return CACHE / f"dem{size}-r{REVISION}.npy"


def table_path() -> Path:
    """Where the colour table lies: matplotlib's terrain, (256, 3) uint8."""
    return CACHE / "terrain.npy"


def ensure(sizes: list[int]) -> None:
    """Make what is missing of the DEMs and the colour table."""
    import matplotlib
    import numpy as np

    CACHE.mkdir(parents=True, exist_ok=True)
    if not table_path().exists():
        colours = matplotlib.colormaps["terrain"](np.arange(256), bytes=True)
        _save(table_path(), np.ascontiguousarray(colours[:, :3]))
    for size in sizes:
        if not path(size).exists():
            _save(path(size), make(size))


def make(size: int) -> np.ndarray:
    """The (size, size) float32 DEM, metres. `size` is even."""
    import numpy as np

    weights = _cubic_weights(CROP, size).astype(np.float32)
    dem = weights @ _survey() @ weights.T
    dem += _detail(size)
    return dem


def _survey() -> np.ndarray:
    """The real DEM's north-west square, (CROP, CROP) float32 metres."""
    import numpy as np
    from matplotlib.cbook import get_sample_data

    with get_sample_data("jacksboro_fault_dem.npz") as archive:
        elevation = archive["elevation"]
    return np.ascontiguousarray(elevation[:CROP, :CROP], dtype=np.float32)


def _cubic_weights(source: int, target: int) -> np.ndarray:
    """(target, source) matrix of cubic convolution; corner samples on corner samples."""
    import numpy as np

    place = np.linspace(0.0, source - 1.0, target)
    left = np.minimum(place.astype(int), source - 2)
    matrix = np.zeros((target, source))
    rows = np.arange(target)
    for tap in range(-1, 3):
        x = np.abs(place - (left + tap))
        near = (1.5 * x - 2.5) * x * x + 1.0
        far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
        weight = np.where(x <= 1.0, near, np.where(x < 2.0, far, 0.0))
        np.add.at(matrix, (rows, np.clip(left + tap, 0, source - 1)), weight)
    return matrix


def _detail(size: int) -> np.ndarray:
    """(size, size) float32 metres: the random field, from half the survey's cells upwards."""
    import numpy as np

    noise = _noise(size)
    rows = np.fft.fftfreq(size, 1.0 / size).astype(np.float32)[:, None]
    columns = np.arange(noise.shape[1], dtype=np.float32)[None, :]
    wave_number = np.hypot(rows, columns)
    first = CROP / 2.0
    # the sum of |amplitude|^2 over the plane beyond `first` is DETAIL_M^2
    scale = DETAIL_M * np.sqrt(HURST / np.pi) * first**HURST
    beyond = wave_number >= first
    wave_number[~beyond] = np.inf
    noise *= np.float32(scale) * wave_number ** np.float32(-(HURST + 1.0))
    noise *= np.float32(size) * np.float32(size)
    return np.fft.irfft2(noise, s=(size, size)).astype(np.float32, copy=False)


def _noise(size: int) -> np.ndarray:
    """(size, size // 2 + 1) complex64 white noise whose low half is that of half the size."""
    import numpy as np

    shape = (size, size // 2 + 1)
    random = np.random.default_rng([SEED, size])
    noise = np.empty(shape, dtype=np.complex64)
    noise.real = random.standard_normal(shape, dtype=np.float32)
    noise.imag = random.standard_normal(shape, dtype=np.float32)
    noise *= np.float32(np.sqrt(0.5))
    half = size // 2
    if half >= SMALLEST_BAND and half % 2 == 0:
        inner = _noise(half)
        quarter = half // 2
        noise[:quarter, :quarter] = inner[:quarter, :quarter]
        noise[-quarter + 1 :, :quarter] = inner[-quarter + 1 :, :quarter]
    return noise


def _save(target: Path, array: np.ndarray) -> None:
    import numpy as np

    part = target.with_suffix(".part.npy")
    np.save(part, array)
    part.replace(target)


if __name__ == "__main__":
    ensure([int(argument) for argument in sys.argv[1:]])
