"""Headless terrain rendering on Vulkan: elevation arrays in, pictures and numbers out.

>>> import numpy as np
>>> import vulkan_forge as vf
>>> y, x = np.mgrid[-2:2:200j, -2:2:200j]
>>> picture = vf.render(50 * np.exp(-(x**2) - y**2), size=(320, 240))
>>> picture.save("hill.png")

Arrays are ``(H, W)`` with row 0 in the north and column 0 in the west. The world is right-handed
with x east, y north, z up, in metres, its origin at the DEM's centre. Angles are degrees, azimuths
are compass bearings clockwise from north *from which* a thing is seen or lit. Pictures are ``(H, W,
4) uint8``, sRGB, straight alpha. Sizes are ``(width, height)``.

Messages of the library go to the logger ``vulkan_forge`` of :mod:`logging`; nothing is printed.
"""

from typing import TYPE_CHECKING, Any

from . import _software, _validation  # noqa: F401  isort: skip
from . import relief
from ._camera import Camera
from ._drape import Drape
from ._extras import MissingExtraError
from ._image import Image
from ._render import render
from ._renderer import Renderer
from ._scenery import Base, Contours, Haze, Sky
from ._shade import shade
from ._vulkan_forge import (
    DeviceInfo,
    DeviceLostError,
    ForkedProcessError,
    ImageFileError,
    InvalidInputError,
    NoDeviceError,
    OutOfMemoryError,
    VulkanForgeError,
    camera_look_at,
    camera_perspective,
    camera_view_proj,
    colormap_supported,
    dem_normalize,
    dem_stats,
    device_probe,
    devices,
    enumerate_adapters,
    grid_generate,
    make_mesh,
    numpy_to_png,
    png_to_numpy,
    render_triangle_png,
    render_triangle_rgba,
)
from ._water import Water
from .benchmark import run_benchmark
from .geo import (
    DEM,
    CRSMissingWarning,
    DecimationWarning,
    GeographyWarning,
    LargeDEM,
    NodataWarning,
    Raster,
    VerticalScaleWarning,
    as_dem,
)
from .geo import open as open  # not in __all__: a star import would hide Python's own
from .vector import GeometryWarning, Graph, Labels, LayerHandle, Lines, Points, Polygons

__version__ = "0.1.0"

__all__ = [
    "DEM",
    "Base",
    "CRSMissingWarning",
    "Camera",
    "Contours",
    "DecimationWarning",
    "DeviceInfo",
    "DeviceLostError",
    "Drape",
    "ForkedProcessError",
    "GeographyWarning",
    "GeometryWarning",
    "Graph",
    "Haze",
    "Image",
    "ImageFileError",
    "InvalidInputError",
    "Labels",
    "LargeDEM",
    "LayerHandle",
    "Lines",
    "MissingExtraError",
    "NoDeviceError",
    "NodataWarning",
    "OutOfMemoryError",
    "Points",
    "Polygons",
    "Raster",
    "Renderer",
    "Sky",
    "TileSet",
    "VerticalScaleWarning",
    "VulkanForgeError",
    "Water",
    "__version__",
    "as_dem",
    "camera_look_at",
    "camera_perspective",
    "camera_view_proj",
    "colormap_supported",
    "dem_normalize",
    "dem_stats",
    "device_probe",
    "devices",
    "enumerate_adapters",
    "grid_generate",
    "make_mesh",
    "numpy_to_png",
    "png_to_numpy",
    "relief",
    "render",
    "render_triangle_png",
    "render_triangle_rgba",
    "run_benchmark",
    "shade",
    "tiles",
]

if TYPE_CHECKING:
    from ._light_source import LightSource as LightSource
    from ._tiles import TileSet as TileSet
    from ._tiles import tiles as tiles


def __getattr__(name: str) -> Any:
    """Names of which not every program has need: what stands on matplotlib, and map tiles."""
    if name == "LightSource":
        from ._light_source import LightSource

        return LightSource
    if name in ("TileSet", "tiles"):
        from . import _tiles

        return getattr(_tiles, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
