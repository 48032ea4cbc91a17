"""Elevation with its geography: files, coordinate systems, cell sizes, units, and results that keep them.

NumPy alone is enough for a `DEM` without a coordinate system. The rest needs the extra ``geo``
(rasterio), and what touches DataArrays the extra ``xarray``.
"""

from ._convert import as_dem
from ._dem import DEM
from ._large import LargeDEM
from ._raster import Raster
from ._read import open as open
from ._warnings import (
    CRSMissingWarning,
    DecimationWarning,
    GeographyWarning,
    NodataWarning,
    VerticalScaleWarning,
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
