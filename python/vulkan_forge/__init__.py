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

from typing import TYPE_CHECKING

from . import _software, _validation  # noqa: F401  isort: skip
from . import _scenery
from ._camera import Camera
from ._drape import Drape
from ._extras import MissingExtraError
from ._image import Image
from ._lazy import lazily
from ._poster import poster
from ._render import render
from ._renderer import Renderer
from ._scenery import *  # noqa: F403
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

__version__ = "0.1.0"

# What unpickles exceptions makes them before it has their words (tblib, for dask.distributed), and of the two bases Python takes
# the one whose layout is too small.
ImageFileError.__new__ = OSError.__new__  # type: ignore[method-assign]

__all__ = [
    "DEM",
    "CRSMissingWarning",
    "Camera",
    "DecimationWarning",
    "DeviceInfo",
    "DeviceLostError",
    "Drape",
    "ForkedProcessError",
    "GeographyWarning",
    "GeometryWarning",
    "Graph",
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
    "Page",
    "Path",
    "Points",
    "Polygons",
    "Raster",
    "Renderer",
    "TileSet",
    "VerticalScaleWarning",
    "VulkanForgeError",
    "Water",
    "Window",
    "__version__",
    "animate",
    "as_dem",
    "camera_look_at",
    "camera_perspective",
    "camera_view_proj",
    "colormap_supported",
    "dem_normalize",
    "dem_stats",
    "device_probe",
    "devices",
    "distributed",
    "enumerate_adapters",
    "grid_generate",
    "make_mesh",
    "numpy_to_png",
    "png_to_numpy",
    "poster",
    "relief",
    "render",
    "render_triangle_png",
    "render_triangle_rgba",
    "run_benchmark",
    "shade",
    "tile_app",
    "tiles",
]
__all__ += _scenery.__all__

# "map" is not in __all__: a star import would hide Python's own.
if TYPE_CHECKING:
    from . import benchmark as benchmark
    from . import distributed as distributed
    from . import geo as geo
    from . import relief as relief
    from . import vector as vector
    from ._film import Path as Path
    from ._film import animate as animate
    from ._light_source import LightSource as LightSource
    from ._map import Page as Page
    from ._map import map as map
    from ._serve import tile_app as tile_app
    from ._tiles import TileSet as TileSet
    from ._tiles import tiles as tiles
    from ._window import Window as Window
    from .benchmark import run_benchmark as run_benchmark
    from .geo import DEM as DEM
    from .geo import CRSMissingWarning as CRSMissingWarning
    from .geo import DecimationWarning as DecimationWarning
    from .geo import GeographyWarning as GeographyWarning
    from .geo import LargeDEM as LargeDEM
    from .geo import NodataWarning as NodataWarning
    from .geo import Raster as Raster
    from .geo import VerticalScaleWarning as VerticalScaleWarning
    from .geo import as_dem as as_dem
    from .geo import open as open  # not in __all__: a star import would hide Python's own
    from .vector import GeometryWarning as GeometryWarning
    from .vector import Graph as Graph
    from .vector import Labels as Labels
    from .vector import LayerHandle as LayerHandle
    from .vector import Lines as Lines
    from .vector import Points as Points
    from .vector import Polygons as Polygons
else:
    # Not every program has need of these, and the first picture does not wait for them.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "benchmark": ["run_benchmark"],
            "distributed": [],
            "geo": """DEM CRSMissingWarning DecimationWarning GeographyWarning LargeDEM NodataWarning Raster
                VerticalScaleWarning as_dem open""".split(),
            "relief": [],
            "vector": "GeometryWarning Graph Labels LayerHandle Lines Points Polygons".split(),
            "_film": ["Path", "animate"],
            "_light_source": ["LightSource"],
            "_map": ["Page", "map"],
            "_serve": ["tile_app"],
            "_tiles": ["TileSet", "tiles"],
            "_window": ["Window"],
        },
    )
