"""Elevation with its geography: files, coordinate systems, cell sizes, units, and results that keep them.

NumPy alone is enough for a `DEM` without a coordinate system. The rest needs the extra ``geo``
(rasterio), and what touches DataArrays the extra ``xarray``.
"""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from ._convert import as_dem as as_dem
    from ._dem import DEM as DEM
    from ._large import LargeDEM as LargeDEM
    from ._raster import Raster as Raster
    from ._read import open as open
    from ._warnings import CRSMissingWarning as CRSMissingWarning
    from ._warnings import DecimationWarning as DecimationWarning
    from ._warnings import GeographyWarning as GeographyWarning
    from ._warnings import NodataWarning as NodataWarning
    from ._warnings import VerticalScaleWarning as VerticalScaleWarning
else:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "_convert": ["as_dem"],
            "_dem": ["DEM"],
            "_large": ["LargeDEM"],
            "_raster": ["Raster"],
            "_read": ["open"],
            "_warnings": """CRSMissingWarning DecimationWarning GeographyWarning NodataWarning
                VerticalScaleWarning""".split(),
        },
    )

__all__ = [
    "DEM",
    "CRSMissingWarning",
    "DecimationWarning",
    "GeographyWarning",
    "LargeDEM",
    "NodataWarning",
    "Raster",
    "VerticalScaleWarning",
    "as_dem",
]
