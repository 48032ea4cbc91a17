"""What a picture knows of the DEM that it shows, whose place is `own`. `Image`'s methods end here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .._vulkan_forge import InvalidInputError, Picture, Strips
from ._grid import Grid
from ._projections import cure
from ._warnings import GeographyWarning, VerticalScaleWarning, tell

# Degrees: a square so much askew has diagonals 5 % too long and too short, as sizes may be wrong by. MODIS' sinusoidal
# tiles have up to 60.
_SKEW = 6.0
_TURN = 45.0  # degrees: beyond, light from the north-west is no longer that

_OBLIQUE = (
    "expected a picture from straight above (camera=vf.Camera.map()) of a DEM with a place; "
    "got {}; {}"
)


def grid(picture: Picture | Strips, own: Grid | None) -> Grid | None:
    """Where a nadir picture's pixels lie, in the DEM's own coordinates; None of an oblique picture.

    Pixels of a DEM without a place lie in world metres.
    """
    view = picture._map_bounds
    if view is None:
        return None
    width, height = picture.size
    xmin, ymin, xmax, ymax = view
    if own is None:
        cell = ((xmax - xmin) / width, (ymax - ymin) / height)
        return Grid((height, width), (xmin, ymax), cell, None, cell)
    dx, dy = own.spacing
    (rows, columns), (left, top) = own.shape, own.corner
    to_x, to_y = own.cell[0] / dx, own.cell[1] / dy
    corner = (
        left + own.cell[0] * columns / 2 + xmin * to_x,
        top - own.cell[1] * rows / 2 + ymax * to_y,
    )
    cell = ((xmax - xmin) * to_x / width, (ymax - ymin) * to_y / height)
    whole = (-columns * dx / 2, -rows * dy / 2, columns * dx / 2, rows * dy / 2)
    if (width, height) == (columns, rows) and np.allclose(view, whole, rtol=1e-12, atol=0):
        corner, cell = own.corner, own.cell  # exactly, not but for rounding
    spacing = (cell[0] / to_x, cell[1] / to_y) if own.local else None
    return Grid((height, width), corner, cell, own.crs, spacing)


def demanded(picture: Picture | Strips, own: Grid | None, what: str) -> Grid:
    found = grid(picture, own)
    if found is None:
        raise InvalidInputError(
            _OBLIQUE.format("an oblique one", f"{what} needs one; save a .png without world_file")
        )
    return found


def transform(picture: Picture, own: Grid | None) -> Any:
    """``affine.Affine`` from pixels to coordinates; None of an oblique picture."""
    from .._extras import require

    found = grid(picture, own)
    if found is None:
        return None
    return require("affine", "geo", "a transform").Affine(*found.geotransform)


def bounds(picture: Picture, own: Grid | None) -> tuple[float, float, float, float] | None:
    """(left, bottom, right, top) in coordinates; None of an oblique picture."""
    found = grid(picture, own)
    return None if found is None else found.bounds


def save(picture: Picture, own: Grid | None, target: Path) -> None:
    """A GeoTIFF, or a PNG with its world file."""
    from ._write import TIFF, write_geotiff, write_sidecars

    if target.suffix.lower() in TIFF:
        found = demanded(picture, own, "a GeoTIFF")
        bands = np.ascontiguousarray(np.moveaxis(picture.rgba, -1, 0))
        write_geotiff(target, bands, found)
        return
    found = demanded(picture, own, "a world file")
    picture._save_png(target)
    write_sidecars(target, found)


def to_xarray(picture: Picture, own: Grid | None) -> Any:
    """(band, y, x) uint8 with coordinates for a nadir picture, pixel numbers for an oblique one."""
    from ._xarray import to_dataarray

    found = grid(picture, own)
    if found is None:
        width, height = picture.size
        found = Grid((height, width), (0.0, float(height)), (1.0, 1.0), None, (1.0, 1.0))
        made = to_dataarray(picture.rgba, found, "picture", None)
        return made.drop_vars(["x", "y"])
    return to_dataarray(picture.rgba, found, "picture", None)


def plot(picture: Picture, own: Grid | None, ax: Any, options: dict[str, Any]) -> Any:
    """``imshow``: with coordinates for a nadir picture, without axes for an oblique one."""
    from .._extras import require
    from ._plot import plot as drawn

    found = grid(picture, own)
    if found is not None:
        return drawn(picture.rgba, found, ax, options)
    if ax is None:
        ax = require("matplotlib.pyplot", "all", "plot").gca()
    ax.set_axis_off()
    return ax.imshow(picture.rgba, **options)


def warn_of_span(own: Grid, *, bearings: bool = False) -> None:
    """Warn where one cell size, or with `bearings` one way north, cannot stand for the whole raster."""
    if own.crs is None:
        return
    widths, heights, turn, skew = own.ground.spread
    across, down = widths[1] / widths[0], heights[1] / heights[0]
    if max(across, down) > 1.05 or skew > _SKEW:
        side, (least, greatest) = ("wide", widths) if across >= down else ("high", heights)
        drawn = own.spacing[0 if across >= down else 1]
        skewed = f", and rows and columns miss a right angle by up to {skew:.0f} degrees"
        tell(
            f"cells are {least:.4g} to {greatest:.4g} m {side} from one part of the DEM to another, and are "
            f"drawn {drawn:.4g} m {side}{skewed if skew > _SKEW else ''}; {cure(own)}",
            VerticalScaleWarning,
        )
    if bearings and turn > _TURN:
        tell(
            f"north lies up to {turn:.0f} degrees elsewhere than in the middle of the DEM, and the light comes from its "
            'bearing there; pass north="grid" for a bearing on the grid, or draw a part',
            GeographyWarning,
        )
