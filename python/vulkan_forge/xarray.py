"""``da.vf`` on every ``xarray.DataArray``, once this module is imported.

>>> import vulkan_forge.xarray
>>> da.vf.render(size=(800, 500)).save("hill.png")
>>> shade = da.vf.hillshade(azimuth=300)

Coordinates, coordinate system and unit come from the array, see :func:`vulkan_forge.as_dem`.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any

import vulkan_forge as vf
from vulkan_forge._extras import require

_xarray = require("xarray", "xarray", "da.vf")


@_xarray.register_dataarray_accessor("vf")
class Accessor:
    """What vulkan_forge does with a DataArray of heights.

    Every operator of ``vulkan_forge.relief`` is a method too: ``da.vf.slope()``. What comes out is a
    DataArray with the same coordinates, computed lazily where the array is backed by dask.
    """

    def __init__(self, array: Any) -> None:
        self._array = array

    def dem(self, **overrides: Any) -> vf.DEM:
        """As :class:`vulkan_forge.DEM`; ``band``, ``nodata``, ``crs``, ``z_unit``, ``spacing`` win."""
        return vf.as_dem(self._array, **overrides)

    def render(self, **options: Any) -> vf.Image:
        """Draw; the options of :func:`vulkan_forge.render`."""
        return vf.render(self._array, **options)

    def shade(self, layers: Any = ("hillshade",), **options: Any) -> vf.Image:
        """Draw the nadir map that blends light and colour; see :func:`vulkan_forge.shade`."""
        return vf.shade(self._array, layers, **options)

    def camera(self, **options: Any) -> vf.Camera:
        """The camera that has the whole in frame; the options of ``vulkan_forge.Camera.fit``."""
        return vf.Camera.fit(self._array, **options)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name in operators():
            operator = getattr(importlib.import_module("vulkan_forge.relief"), name)
            return functools.wraps(operator)(functools.partial(operator, self._array))
        known = ", ".join(self.__dir__())
        raise AttributeError(f"da.vf has no {name!r}; expected one of {known}")

    def __dir__(self) -> list[str]:
        return ["dem", "render", "shade", "camera", *operators()]


def operators() -> list[str]:
    """Names of the relief operators that this build has."""
    try:
        module = importlib.import_module("vulkan_forge.relief")
    except ModuleNotFoundError as error:
        if error.name != "vulkan_forge.relief":
            raise
        return []
    names: list[str] = list(module.__all__)
    return [name for name in names if getattr(module, name).__code__.co_varnames[0] == "dem"]
