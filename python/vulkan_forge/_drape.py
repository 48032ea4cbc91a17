"""Images laid on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._drape_images import Bounds, read
from ._numbers import finite, is_one_of, items, shown
from ._vulkan_forge import InvalidInputError

if TYPE_CHECKING:
    from .geo._grid import Grid

_MODES = ("normal", "multiply", "overlay", "soft light", "soft")


class Drape:
    """An image for ``render(drape=...)``: sRGB with straight alpha, row 0 in the north.

    It lies straight above the ground, and is filtered from afar and at grazing angles. Where it ends or
    is transparent, the colour map shows.

    Parameters
    ----------
    image : array_like, Pillow image, Image, path, or rasterio dataset
        An array is (h, w, 3) or (h, w, 4) of uint8, or of floats in 0..1. Files other than PNG need
        Pillow or rasterio. A map drawn by :func:`vulkan_forge.render`, and a file that rasterio finds
        georeferenced, be it by a world file, bring their own bounds. Others that Pillow reads are turned upright as
        their EXIF says.
    bounds : (left, bottom, right, top), optional
        Outer edges, as in rasterio: world metres, or coordinates of a DEM that has them. By default the
        image's own, or it covers the DEM from edge to edge, like ``Camera.map``: an image of the
        DEM's shape has one texel on each cell.
    extent : (left, right, bottom, top), optional
        The same, as in matplotlib.
    opacity : float in 0..1, default 1.0
        Factor on its alpha.
    blend : {"normal", "multiply", "overlay", "soft light"}, default "normal"
        How it goes with the colour map's colours, before light falls on both. "multiply" is in linear
        light. "overlay" and "soft light" are of encoded colours, as in GIS: grey 0.5 changes nothing.
        The formulas are those of :func:`vulkan_forge.shade`.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    ImageFileError
        A file cannot be read.
    MissingExtraError
        A file needs a package that is not installed.
    """

    __slots__ = ("_blend", "_bounds", "_crs", "_image", "_opacity")

    def __init__(
        self,
        image: Any,
        *,
        bounds: Any = None,
        extent: Any = None,
        opacity: float = 1.0,
        blend: str = "normal",
    ) -> None:
        if bounds is not None and extent is not None:
            raise InvalidInputError(
                f"expected bounds or extent; got both, {shown(bounds)} and {shown(extent)}; pass one"
            )
        if extent is not None:
            left, right, bottom, top = _edges(extent, "extent", "(left, right, bottom, top)")
            bounds = left, bottom, right, top
        elif bounds is not None:
            bounds = _edges(bounds, "bounds", "(left, bottom, right, top)")
        self._image, own, self._crs = read(image, placed=bounds is not None)
        self._bounds: Bounds | None = bounds if bounds is not None else own
        if bounds is not None:
            self._crs = None  # the DEM's own, whatever the image says
        if self._bounds is not None:
            left, bottom, right, top = self._bounds
            if not (left < right and bottom < top):
                raise InvalidInputError(
                    "a drape must have left < right and bottom < top; got "
                    f"left={left:g}, bottom={bottom:g}, right={right:g}, top={top:g}; turn the image round"
                )
        self._opacity = finite(opacity, "opacity")
        if not 0 <= self._opacity <= 1:
            raise InvalidInputError(
                f"opacity must be in 0..1; got {shown(opacity)}; pass 1 for an image that hides the ground"
            )
        if not is_one_of(blend, _MODES):
            raise InvalidInputError(
                f"blend must be one of {', '.join(_MODES[:4])}; got {shown(blend)}; pass e.g. 'multiply'"
            )
        self._blend = "soft light" if blend == "soft" else blend

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """(h, w, 4) uint8, C-contiguous."""
        return self._image

    @property
    def bounds(self) -> Bounds | None:
        """(left, bottom, right, top), or None where it covers the DEM."""
        return self._bounds

    @property
    def opacity(self) -> float:
        """0..1."""
        return self._opacity

    @property
    def blend(self) -> str:
        """Name of the blend mode."""
        return self._blend

    def __repr__(self) -> str:
        rows, columns, _ = self._image.shape
        return (
            f"Drape({columns} x {rows}, bounds={self._bounds}, opacity={self._opacity:g}, "
            f"blend={self._blend!r})"
        )


class Laid(NamedTuple):
    """A drape as the compiled module takes it."""

    image: npt.NDArray[np.uint8]
    """(h, w, 4)."""
    bounds: Bounds | None
    """(west, south, east, north) in world metres; None: the DEM's footprint."""
    opacity: float
    blend: str


def laid(drape: Any, grid: Grid | None) -> Laid | None:
    """`drape`, or whatever one can be made of, on a DEM that lies in `grid`."""
    if drape is None:
        return None
    found = drape if isinstance(drape, Drape) else Drape(drape)
    bounds = found.bounds
    if bounds is not None and grid is not None:
        from .geo._units import same_place

        if found._crs is not None and grid.crs is not None and not same_place(found._crs, grid.crs):
            raise InvalidInputError(
                f"the drape must lie in the DEM's coordinate system; expected {grid.crs}, got {found._crs}; "
                "warp it first, for example with rasterio.vrt.WarpedVRT"
            )
        bounds = _in_world(bounds, grid)
    return Laid(found.image, bounds, found.opacity, found.blend)


def _in_world(bounds: Bounds, grid: Grid) -> Bounds:
    left, bottom, right, top = bounds
    (rows, columns), (west, north), (width, height) = grid.shape, grid.corner, grid.cell
    dx, dy = grid.spacing
    xs = [((x - west) / width - 0.5 * columns) * dx for x in (left, right)]
    ys = [(0.5 * rows - (north - y) / height) * dy for y in (bottom, top)]
    return xs[0], ys[0], xs[1], ys[1]


def _edges(values: Any, name: str, wanted: str) -> Bounds:
    each = items(values)
    if each is None or len(each) != 4:
        raise InvalidInputError(
            f"{name} of a drape must be {wanted}, finite; got {shown(values)}; pass four numbers"
        )
    first, second, third, fourth = (finite(value, f"each of {name}") for value in each)
    return first, second, third, fourth
