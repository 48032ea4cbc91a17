"""Relief as an algorithm of titiler: pictures with cast shadows from any elevation that titiler reads.

>>> from titiler.core.factory import TilerFactory
>>> from vulkan_forge.titiler import algorithms
>>> tiler = TilerFactory(process_dependency=algorithms.dependency)

and then ``/tiles/WebMercatorQuad/{z}/{x}/{y}.png?url=dem.tif&algorithm=vulkan_forge&buffer=64&algorithm_params=`` with
``{"vmin": 0, "vmax": 2000}``. An algorithm sees one tile and the `buffer` of pixels around it that the request asks
for; :func:`vulkan_forge.tile_app` sees the whole DEM.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ._extras import require
from ._surface import Surface
from ._tiles._draw import picture
from ._tiles._matrix import Cells, Level
from ._tiles._source import Ground
from ._tiles._style import style_of, words_of
from ._vulkan_forge import InvalidInputError
from .geo._grid import Grid

require("titiler.core.algorithm", "titiler", "vulkan_forge.titiler")
require("morecantile", "tiles", "vulkan_forge.titiler")

from pydantic import Field, model_validator  # noqa: E402
from rio_tiler.models import ImageData  # noqa: E402
from titiler.core.algorithm import BaseAlgorithm  # noqa: E402
from titiler.core.algorithm import algorithms as _theirs  # noqa: E402

__all__ = ["Relief", "algorithms"]

_SIDES = (256, 512, 1024, 128, 64, 2048)  # pixels of a tile, the usual one first
_REMEMBERED = 64  # of styles that could be drawn
_drawn: dict[str, None] = {}
_HALF = 20037508.342789244  # metres from the middle of web mercator to its edges


class Relief(BaseAlgorithm):
    """A picture of the ground seen from above, as ``vulkan_forge.tiles`` draws it.

    Neighbouring tiles fit as far as what casts shadows into them lies within the buffer.

    Parameters
    ----------
    vmin, vmax : float
        Heights of the first and the last colour. They have to be told, since a tile knows no other; numbers that else
        follow from a DEM, such as the interval of ``contours=True``, follow from them.
    buffer : int, optional
        Pixels on each side that are not the tile's own; by default, in web mercator, what shows from where the pixels
        lie, else 0.
    **words
        Any other that :func:`vulkan_forge.tiles` takes for pictures: cmap, azimuth, altitude, contours, ...
    """

    title: str = "Relief"
    description: str = "Lit, coloured relief with cast shadows, by vulkan_forge."

    vmin: float
    vmax: float
    buffer: int | None = Field(None, ge=0, le=2048)

    input_nbands: int = 1
    output_nbands: int = 3
    output_dtype: str = "uint8"

    @model_validator(mode="after")
    def _known(self) -> Relief:
        # Errors of ours are ValueErrors, which become titiler's answer 400.
        if not self.vmin < self.vmax:
            raise InvalidInputError(
                f"vmin must be less than vmax; got {self.vmin} and {self.vmax}; pass the ends of the colours"
            )
        key = json.dumps(self.words, sort_keys=True, default=repr)
        if key not in _drawn:
            _try(self)
            _drawn[key] = None
            while len(_drawn) > _REMEMBERED:
                _drawn.pop(next(iter(_drawn)), None)
        return self

    @property
    def words(self) -> dict[str, Any]:
        """Of ``render``."""
        return {"vmin": self.vmin, "vmax": self.vmax, **(self.model_extra or {})}

    def __call__(self, img: ImageData) -> ImageData:
        """Draw the first band of an image, and cut its buffer off."""
        if img.crs is None or img.bounds is None:
            raise InvalidInputError(
                "relief needs an image that lies somewhere; got one without crs or bounds; reproject it, or ask for tiles"
            )
        heights = img.array[0].astype(np.float32).filled(np.nan)
        heights[~np.isfinite(heights)] = np.nan
        level, row, column = _placed(img)
        rows, columns = heights.shape
        edge = (
            _buffer(level, row, column, rows, columns, img.crs)
            if self.buffer is None
            else self.buffer
        )
        if 2 * edge >= min(rows, columns):
            raise InvalidInputError(
                f"buffer must leave something of the image; got {edge} for {columns} x {rows} pixels; ask for a tile with "
                f"buffer={edge}, and for the same in algorithm_params"
            )
        known = heights[np.isfinite(heights)]
        ground = Ground(level, row, column, heights, float(known.max()) if known.size else 0.0)
        inner = row + edge, column + edge, rows - 2 * edge, columns - 2 * edge
        left, top = level.left + inner[1] * level.cell, level.top - inner[0] * level.cell
        bounds = left, top - inner[2] * level.cell, left + inner[3] * level.cell, top
        drawn = picture(Cells(img.crs), ground, self._style(img.crs, bounds), *inner)
        if drawn is None:
            drawn = np.zeros((inner[2], inner[3], 4), np.uint8)
        hidden = np.broadcast_to(drawn[..., 3] == 0, (3, *drawn.shape[:2]))
        return ImageData(
            np.ma.MaskedArray(np.moveaxis(drawn[..., :3], -1, 0), hidden),
            assets=img.assets,
            crs=img.crs,
            bounds=bounds,
            band_descriptions=["red", "green", "blue"],
        )

    def _style(self, crs: Any, bounds: tuple[float, float, float, float]) -> Any:
        """As of a DEM whose heights are vmin and vmax."""
        left, bottom, right, top = bounds
        ends = np.array([[self.vmin, self.vmax]] * 2, np.float32)
        spot = Grid((1, 1), ((left + right) / 2, (bottom + top) / 2), (1.0, 1.0), crs)
        return style_of(Surface(ends, (1.0, 1.0), 1.0, None), words_of(None, self.words), spot)


def _try(relief: Relief) -> None:
    """Draw four cells: some words are known to the engine alone."""
    crs = require("rasterio.crs", "titiler", "titiler").CRS.from_epsg(3857)
    style = relief._style(crs, (0.0, 0.0, 1.0, 1.0))
    heights = np.full((2, 2), relief.vmin, np.float32)
    ground = Ground(Level(0, 0.0, 0.0, 1.0, (1, 1), (1, 1)), 0, 0, heights, relief.vmin)
    picture(Cells(crs), ground, style, 0, 0, 2, 2)


def _placed(img: Any) -> tuple[Level, int, int]:
    """Cells counted from one place, so that those of all tiles of a zoom are of one grid: in web mercator, whose rays to
    the sun are then those of `tiles`, from the north-west corner; else from where coordinates are 0.
    """
    left, _, right, top = img.bounds
    cell = (right - left) / img.width
    half = round(_HALF / cell) if _in_web_mercator(img.crs, cell) else 0
    column, row = round(left / cell) + half, half - round(top / cell)
    return Level(0, left - column * cell, top + row * cell, cell, (1, 1), (1, 1)), row, column


def _buffer(level: Level, row: int, column: int, rows: int, columns: int, crs: Any) -> int:
    """Pixels round a tile of web mercator, whose own corner is a multiple of its side."""
    if rows != columns or not _in_web_mercator(crs, level.cell):
        return 0
    for side in _SIDES:
        edge, odd = divmod(rows - side, 2)
        whole = all((place + edge) % side == 0 for place in (row, column))
        if edge >= 0 and not odd and whole:
            return edge
    return 0


def _in_web_mercator(crs: Any, cell: float) -> bool:
    """Whether these are the cells of a zoom, be its tiles of any size."""
    half = _HALF / cell
    known = require("rasterio.crs", "titiler", "titiler").CRS.from_user_input(crs)
    return known.to_epsg() == 3857 and abs(half - round(half)) < 1e-3


algorithms = _theirs.register({"vulkan_forge": Relief})
"""titiler's own algorithms, and this one as "vulkan_forge"."""
