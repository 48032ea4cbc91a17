"""Rasters and pictures on matplotlib's axes."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from .._extras import require
from ._grid import Grid
from ._units import horizontal_unit


def plot(pixels: npt.NDArray[Any], grid: Grid, ax: Any, options: dict[str, Any]) -> Any:
    """``ax.imshow`` in coordinates, axes named."""
    if ax is None:
        ax = require("matplotlib.pyplot", "all", "plot").gca()
    left, bottom, right, top = grid.bounds
    drawn = ax.imshow(
        pixels, **({"extent": (left, right, bottom, top), "origin": "upper"} | options)
    )
    if grid.geographic:
        ax.set_xlabel("longitude")
        ax.set_ylabel("latitude")
        # A degree of longitude is as long as it is in the middle.
        (dx, dy), (width, height) = grid.spacing, grid.cell
        ax.set_aspect((dy / height) / (dx / width))
    else:
        unit = "m" if grid.crs is None else horizontal_unit(grid.crs)[0]
        unit = {"metre": "m"}.get(unit, unit)
        ax.set_xlabel(f"x ({unit})" if grid.crs is None else f"easting ({unit})")
        ax.set_ylabel(f"y ({unit})" if grid.crs is None else f"northing ({unit})")
    return drawn
