"""Whether units of heights and of cells can belong together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ._grid import Grid
from ._missing import point_out
from ._units import horizontal_unit
from ._warnings import CRSMissingWarning, VerticalScaleWarning, tell

_SAMPLES = 1 << 20
_STEEP = 3.0  # mean slope: 72 degrees; the Alps at 25 m have 0.5
_DEEPEST, _HIGHEST = -12_000.0, 30_000.0  # metres: the Mariana Trench, and Olympus Mons with room


def warn(
    heights: npt.NDArray[np.float32],
    grid: Grid,
    z_factor: float,
    *,
    stated: bool,
    marked: bool = False,
) -> None:
    """Warn of what is likely wrong.

    `stated` is whether someone said the heights' unit, `marked` whether it is known that no height marks
    missing cells.
    """
    doubtful = not marked and point_out(heights)
    if grid.local:
        return
    warn_of_place(grid, stated)
    if not doubtful:
        _warn_of_heights(heights, grid, z_factor)


def warn_of_place(grid: Grid, stated: bool) -> None:
    """Warn of a raster without system, and of feet on the map with heights of no stated unit."""
    if grid.local:
        return
    if grid.crs is None:
        left, bottom, right, top = grid.bounds
        degrees = grid.cell[0] < 0.2 and -181 < left < right < 361 and -91 < bottom < top < 91
        hint = " (they look like degrees: crs='EPSG:4326'?)" if degrees else ""
        tell(
            f"the raster has no coordinate system, so its units count as metres{hint}; "
            "pass crs= or spacing=(dx, dy) in metres",
            CRSMissingWarning,
        )
    elif not stated and not grid.geographic:
        unit, metres = horizontal_unit(grid.crs)
        if abs(metres - 0.3048) < 1e-5:
            tell(
                f"cells are measured in {unit}, and nothing tells the unit of heights, which count as "
                "metres; pass z_unit='ft', or z_unit='m' if they are",
                VerticalScaleWarning,
            )


def _warn_of_heights(heights: npt.NDArray[np.float32], grid: Grid, z_factor: float) -> None:
    step = max(1, heights.size // _SAMPLES)
    part = heights[::step].astype(np.float64) * z_factor
    known = part[np.isfinite(part)]
    if known.size == 0:
        return
    least, greatest = float(known.min()), float(known.max())
    if least < _DEEPEST or greatest > _HIGHEST:
        odd = least if least < _DEEPEST else greatest
        tell(
            f"heights reach {odd:g} m, which no terrain does; if that marks missing cells, "
            f"pass nodata={odd / z_factor:.9g}, else the unit with z_unit=",
            VerticalScaleWarning,
        )
        return
    if grid.stated:
        return
    with np.errstate(invalid="ignore"):  # between two that are infinite
        rise = np.abs(np.diff(part, axis=1))
    rise = rise[np.isfinite(rise)]
    if rise.size and (slope := float(rise.mean()) / grid.spacing[0]) > _STEEP:
        tell(
            f"the mean slope is {slope:.0f} to 1, so heights and cells can hardly have these units "
            f"(cells of {grid.spacing[0]:g} x {grid.spacing[1]:g} m); pass z_unit=, crs= or spacing=",
            VerticalScaleWarning,
        )
