"""Whatever a caller has for a DEM, as the array that the compiled module takes, with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._heights import MOST_SIDE
from ._numbers import is_real
from ._vulkan_forge import Source

if TYPE_CHECKING:
    from .geo._grid import Grid


class Surface(NamedTuple):
    """A DEM as the renderer takes it."""

    heights: npt.NDArray[np.float32] | Source
    """(H, W), C-contiguous, row 0 north, NaN where there is no ground; or what gives parts of that."""
    spacing: Any
    """Cell size (dx, dy) in metres; the caller's own one is yet to be checked."""
    z_factor: float
    """Metres in one unit of height."""
    grid: Grid | None
    """Where it lies; None of an array."""


def surface(dem: Any, spacing: Any = None) -> Surface:
    """Turn whatever a caller has for elevation into a `Surface`; `spacing` wins over the DEM's own.

    Raises
    ------
    InvalidInputError, OutOfMemoryError
        As for `as_heights`, and for `vulkan_forge.as_dem` where `dem` is more than an array.
    """
    in_memory = isinstance(dem, np.ndarray) and max(dem.shape, default=0) <= MOST_SIDE
    if not isinstance(dem, list) and not in_memory:
        from .geo._large import staying

        large = staying(dem, spacing)
        if large is not None:
            grid = large._grid if spacing is None else large._grid.measured(spacing)
            return Surface(large._source, grid.spacing, large.z_factor, grid)
    if not isinstance(dem, np.ndarray | list):
        from .geo._convert import as_dem, is_georeferenced

        if is_georeferenced(dem):
            known = as_dem(dem, spacing=spacing)
            return Surface(known.data, known.spacing, known.z_factor, known._grid)
    from .geo._missing import told

    return Surface(told(dem), (1.0, 1.0) if spacing is None else spacing, 1.0, None)


def in_metres(vert_exag: Any, z_factor: float) -> Any:
    """The factor on heights in their own unit; what is no number is left for the engine to refuse."""
    return float(vert_exag) * z_factor if z_factor != 1 and is_real(vert_exag) else vert_exag
