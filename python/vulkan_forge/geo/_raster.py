"""A raster with its place on the ground, which arrays of NumPy do not have."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from .._heights import as_array
from .._numbers import text_or_none
from .._vulkan_forge import InvalidInputError, _png_bytes
from ._grid import Grid, make_grid
from ._on_grid import OnGrid
from ._units import named

_PREVIEW = 1024  # pixels a side of what a notebook shows


class Raster(OnGrid):
    """(H, W) numbers, row 0 north, with coordinate system and place. NaN is "nothing here".

    ``np.asarray(raster)``, ``__array_interface__`` and ``__dlpack__`` show the numbers without a copy.

    Parameters
    ----------
    data : array_like, shape (H, W)
        Row 0 north, unless `transform` says otherwise: then it is turned north up.
    transform : affine.Affine or its six numbers, optional
        From (column, row) to coordinates. Rotated ones are refused.
    bounds : (left, bottom, right, top), optional
        Outer edges, as in rasterio.
    extent : (left, right, bottom, top), optional
        The same, as in matplotlib.
    spacing : (float, float), optional
        Cell size (dx, dy) in metres; by default from `crs`, and in units of the transform without one.
    crs : anything that names a coordinate system, optional
    name, unit : str, optional
        What the numbers are and are measured in.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    MissingExtraError
        `crs` is given and rasterio is not installed.
    """

    __slots__ = ("_data", "name", "unit")

    def __init__(
        self,
        data: Any,
        *,
        transform: Any = None,
        bounds: Any = None,
        extent: Any = None,
        spacing: Any = None,
        crs: Any = None,
        name: str | None = None,
        unit: str | None = None,
    ) -> None:
        array = as_array(data, "data")
        if array.ndim != 2 or array.dtype.kind not in "biuf":
            raise InvalidInputError(
                f"data must be 2-D real numbers (H, W); got shape {array.shape} of {array.dtype}; "
                "choose one band, for example data[0]"
            )
        self._grid, south_up, west_up = make_grid(
            array.shape, transform=transform, bounds=bounds, extent=extent, spacing=spacing, crs=crs
        )
        self._data = np.ascontiguousarray(north_up(array, south_up, west_up))
        self.name = text_or_none(name, "name")
        self.unit = text_or_none(unit, "unit")

    @classmethod
    def _of(
        cls, data: npt.NDArray[Any], grid: Grid, name: str | None = None, unit: str | None = None
    ) -> Raster:
        raster = Raster.__new__(Raster)
        raster._data, raster._grid, raster.name, raster.unit = data, grid, name, unit
        return raster

    @property
    def data(self) -> npt.NDArray[Any]:
        """(H, W), C-contiguous; no copy."""
        return self._data

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the numbers."""
        return self._data.dtype

    def save(self, path: str | os.PathLike[str], **options: Any) -> None:
        """Write a GeoTIFF with coordinate system and transform: whole or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            Ends in .tif or .tiff.
        **options
            Creation options of GDAL's GTiff driver; by default ``compress="deflate"``, tiled.

        Raises
        ------
        ImageFileError
            The place cannot be written, or exists and is no regular file.
        InvalidInputError
            Another suffix.
        """
        from ._write import write_geotiff

        write_geotiff(path, self._data[None], self._grid, unit=self.unit, name=self.name, **options)

    def to_xarray(self) -> Any:
        """As ``xarray.DataArray`` with coordinates y and x, and the system as rioxarray reads it."""
        from ._xarray import to_dataarray

        return to_dataarray(self._data, self._grid, self.name, self.unit)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw with ``imshow`` on `ax` (by default the current axes), in coordinates.

        Returns the ``AxesImage``, as ``imshow`` does, and takes the same options.
        """
        from ._plot import plot

        return plot(self._data, self._grid, ax, {"cmap": "gray"} | options)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        if dtype is not None and np.dtype(dtype) != self._data.dtype:
            if copy is False:
                raise ValueError(
                    f"expected to show {self._data.dtype} without a copy, got dtype {np.dtype(dtype)}; "
                    "pass copy=None"
                )
            return self._data.astype(dtype)
        return self._data.copy() if copy else self._data

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return self._data.__array_interface__

    def __dlpack__(self, **options: Any) -> Any:
        return self._data.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self._data.__dlpack_device__()

    def _repr_png_(self) -> bytes:
        """In grey from the least to the greatest number, thinned to at most 1024 pixels a side."""
        step = max(1, -(-max(self.shape) // _PREVIEW))
        part = self._data[::step, ::step].astype(np.float64)
        seen = np.isfinite(part)
        low, high = (part[seen].min(), part[seen].max()) if seen.any() else (0.0, 1.0)
        grey = np.where(seen, (part - low) * (255 / max(high - low, 1e-300)), 0).astype(np.uint8)
        alpha = np.where(seen, 255, 0).astype(np.uint8)
        png: bytes = _png_bytes(np.ascontiguousarray(np.stack([grey, grey, grey, alpha], axis=-1)))
        return png

    def __repr__(self) -> str:
        rows, columns = self.shape
        name = f" {self.name!r}" if self.name else ""
        unit = f" {self.unit}" if self.unit else ""
        place = "no crs" if self.crs is None else named(self.crs)
        return f"<vulkan_forge.{type(self).__name__}{name} {rows}x{columns} {self.dtype}{unit}, {place}>"


def north_up(array: npt.NDArray[Any], south_up: bool, west_up: bool) -> npt.NDArray[Any]:
    """The same cells with row 0 north and column 0 west: a view."""
    return array[:: -1 if south_up else 1, :: -1 if west_up else 1]
