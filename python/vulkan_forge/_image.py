"""``Image``: a finished picture, and where on the ground its pixels lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, final

from ._vulkan_forge import Picture

if TYPE_CHECKING:
    from ._picture_files import Target
    from .geo._grid import Grid


@final
class Image(Picture):
    """A picture with what is known of it. ``np.asarray(image)`` shows its pixels without a copy."""

    __slots__ = ("_geography",)
    _geography: Grid | None

    def __new__(cls, picture: Picture, geography: Grid | None = None) -> Image:
        """Picture that was drawn of a DEM with this place; renderers make it."""
        image = super().__new__(cls, picture)
        image._geography = geography
        return image

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._parts(), self._geography)

    @property
    def crs(self) -> Any:
        """Coordinate system of the DEM that was drawn, ``rasterio.crs.CRS``; None without one."""
        return None if self._geography is None else self._geography.crs

    @property
    def transform(self) -> Any:
        """``affine.Affine`` from pixels to coordinates; None of an oblique picture."""
        from .geo._pictures import transform

        return transform(self, self._geography)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """(left, bottom, right, top) in coordinates, as in rasterio; None of an oblique picture."""
        from .geo._pictures import bounds

        return bounds(self, self._geography)

    @property
    def extent(self) -> tuple[float, float, float, float] | None:
        """(left, right, bottom, top), as in matplotlib; None of an oblique picture."""
        if self.bounds is None:
            return None
        left, bottom, right, top = self.bounds
        return left, right, bottom, top

    def save(self, path: Target, *, world_file: bool = False) -> None:
        """Write what the suffix says, whole or not at all.

        Parameters
        ----------
        path : str, os.PathLike or file open for bytes
            Ends in .png, .tif or .tiff (a GeoTIFF, with rasterio), .jpg, .jpeg (quality 95, on
            white) or .webp (lossless), the last three with Pillow. Into a file goes a PNG.
        world_file : bool
            Put a .pgw, and the coordinate system as .aux.xml, beside a PNG.

        Raises
        ------
        ImageFileError
            The place cannot be written, or exists and is no regular file.
        InvalidInputError
            Another suffix or none; GeoTIFF or world file of an oblique picture, which has no place
            on a map.
        MissingExtraError
            Neither rasterio nor Pillow is there to write it.
        """
        from ._picture_files import save

        save(self, self._geography, path, world_file)

    def to_xarray(self) -> Any:
        """As ``xarray.DataArray`` (band, y, x) uint8.

        With coordinates for a picture from straight above.
        """
        from .geo._pictures import to_xarray

        return to_xarray(self, self._geography)

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw with ``imshow`` on matplotlib's `ax`, by default the current axes; returns the ``AxesImage``.

        With coordinates for a picture from straight above, without axes for an oblique one.
        """
        from .geo._pictures import plot

        return plot(self, self._geography, ax, options)


def _again(parts: Any, geography: Grid | None) -> Image:
    return Image(Picture._of(parts), geography)
