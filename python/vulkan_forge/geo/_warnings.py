"""Warnings about pictures and numbers that would be wrong, or would show less than there is."""


class GeographyWarning(UserWarning):
    """Base of the warnings about where and how large a DEM is."""


class VerticalScaleWarning(GeographyWarning):
    """Units of heights and of cells can hardly belong together, or one scale cannot fit the whole.

    The picture would be flat or spiked. Say ``z_unit=``, ``crs=`` or ``spacing=``.
    """


class CRSMissingWarning(GeographyWarning):
    """A georeferenced raster does not say in which coordinate system; its units count as metres."""


class DecimationWarning(GeographyWarning):
    """A DEM was read from an overview or thinned, so that not every sample of the file counts."""
