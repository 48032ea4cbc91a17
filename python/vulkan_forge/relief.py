"""Relief analysis: a DEM in, a raster out.

>>> import numpy as np
>>> from vulkan_forge import relief
>>> y, x = np.mgrid[0:100, 0:100]
>>> relief.slope(x + 0.0 * y).max()
np.float32(45.0)

Each function takes heights of shape (H, W), row 0 in the north, as a NumPy array of any real dtype, a masked array or a
dask array, and returns float32 of the same shape, NaN where there is no result. `spacing` is the cell size (dx, dy) in
metres, by default (1, 1).

A DEM, path or rasterio dataset gives a :class:`vulkan_forge.Raster`, a DataArray a DataArray, each in its place; cell
sizes come from there, for degrees row by row, and heights count in metres whatever their unit. A
:class:`vulkan_forge.LargeDEM` gives a DataArray over a dask array, which is computed in chunks when it is asked for.
"""

from ._horizon import (
    horizon_angles,
    local_dominance,
    openness,
    shadow_mask,
    sky_illumination,
    sky_view_factor,
    viewshed,
)
from ._local import aspect, curvature, hillshade, roughness, slope, stack, tpi, tri
from ._sun import sun_position
from ._sunlight import insolation, sun_hours

__all__ = [
    "aspect",
    "curvature",
    "hillshade",
    "horizon_angles",
    "insolation",
    "local_dominance",
    "openness",
    "roughness",
    "shadow_mask",
    "sky_illumination",
    "sky_view_factor",
    "slope",
    "stack",
    "sun_hours",
    "sun_position",
    "tpi",
    "tri",
    "viewshed",
]

_UNITS = {"aspect": "degree", "openness": "degree", "slope": "degree"}
_UNITS |= dict.fromkeys(("tri", "tpi", "roughness"), "m")


def _place(name: str) -> None:
    """Let an operator of this module, which knows arrays, know places too."""
    from .geo._operators import keeps_geography

    operator = globals()[name]
    if operator.__code__.co_varnames[0] != "dem":
        return
    placed = keeps_geography(_UNITS.get(name))(operator)
    placed.__module__ = __name__  # by which it is pickled
    globals()[name] = placed


for _name in __all__:
    _place(_name)
