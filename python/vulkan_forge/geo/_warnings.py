"""Warnings about pictures and numbers that would be wrong, or would show less than there is."""

import sys
import warnings


class GeographyWarning(UserWarning):
    """Base of the warnings about where and how large a DEM is."""


class VerticalScaleWarning(GeographyWarning):
    """Units of heights and of cells can hardly belong together, or one scale cannot fit the whole.

    The picture would be flat or spiked. Say ``z_unit=``, ``crs=`` or ``spacing=``.
    """


class CRSMissingWarning(GeographyWarning):
    """A georeferenced raster does not say in which coordinate system; its units count as metres."""


class NodataWarning(VerticalScaleWarning):
    """One height stands apart from all others and is a usual mark of missing cells. Say ``nodata=``."""


class DecimationWarning(GeographyWarning):
    """A DEM was read from an overview or thinned, so that not every sample of the file counts."""


def tell(message: str, category: type[GeographyWarning]) -> None:
    """Warn, pointing at the caller's own line rather than at one of this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and str(frame.f_globals.get("__name__", "")).startswith("vulkan_forge"):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level + 1)
