"""From which north a bearing counts: that of the ground, or that of a raster's own columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._numbers import is_one_of, shown
from ._vulkan_forge import InvalidInputError

if TYPE_CHECKING:
    from .geo._grid import Grid


def is_true(north: Any) -> bool:
    """Whether `north`, an argument of users, is the ground's and not the grid's.

    Raises
    ------
    InvalidInputError
        It is neither "true" nor "grid".
    """
    if is_one_of(north, ("true", "grid")):
        return bool(north == "true")
    raise InvalidInputError(
        f'north must be "true" or "grid"; got {shown(north)}; pass "true" for compass bearings on the ground, '
        '"grid" for bearings from the raster\'s own columns'
    )


def on_grid(azimuth: Any, grid: Grid | None, north: Any) -> Any:
    """A user's bearing as one from grid north, in the middle of the raster; without a place as it is."""
    if not is_true(north) or grid is None:
        return azimuth
    return grid.ground.on_grid(azimuth)
