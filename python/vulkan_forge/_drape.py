"""Images laid on the ground."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._extras import require
from ._image import Image
from ._numbers import array_of, finite, is_one_of, items, shown
from ._vulkan_forge import ImageFileError, InvalidInputError, png_to_numpy

if TYPE_CHECKING:
    from .geo._grid import Grid

Bounds = tuple[float, float, float, float]

_MODES = ("normal", "multiply", "overlay", "soft light", "soft")
_CURE = "pass an array (h, w, 3) or (h, w, 4) of uint8 or of floats in 0..1, a picture, or a path"
_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = (".tif", ".tiff", ".vrt", ".jp2")


class Drape:
    """An image for ``render(drape=...)``: sRGB with straight alpha, row 0 in the north.

    It lies straight above the ground, and is filtered from afar and at grazing angles. Where it ends or
    is transparent, the colour map shows.

    Parameters
    ----------
    image : array_like, Pillow image, Image, path, or rasterio dataset
        An array is (h, w, 3) or (h, w, 4) of uint8, or of floats in 0..1. Files other than PNG need
        Pillow or rasterio. A map drawn by :func:`vulkan_forge.render`, and a file that rasterio finds
        georeferenced, be it by a world file, bring their own bounds. Others that Pillow reads are turned upright as
        their EXIF says.
    bounds : (left, bottom, right, top), optional
        Outer edges, as in rasterio: world metres, or coordinates of a DEM that has them. By default the
        image's own, or it covers the DEM from edge to edge, like ``Camera.map``: an image of the
        DEM's shape has one texel on each cell.
    extent : (left, right, bottom, top), optional
        The same, as in matplotlib.
    opacity : float in 0..1, default 1.0
        Factor on its alpha.
    blend : {"normal", "multiply", "overlay", "soft light"}, default "normal"
        How it goes with the colour map's colours, before light falls on both. "multiply" is in linear
        light. "overlay" and "soft light" are of encoded colours, as in GIS: grey 0.5 changes nothing.
        The formulas are those of :func:`vulkan_forge.shade`.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    ImageFileError
        A file cannot be read.
    MissingExtraError
        A file needs a package that is not installed.
    """

    __slots__ = ("_blend", "_bounds", "_crs", "_image", "_opacity")

    def __init__(
        self,
        image: Any,
        *,
        bounds: Any = None,
        extent: Any = None,
        opacity: float = 1.0,
        blend: str = "normal",
    ) -> None:
        if bounds is not None and extent is not None:
            raise InvalidInputError(
                f"expected bounds or extent; got both, {shown(bounds)} and {shown(extent)}; pass one"
            )
        if extent is not None:
            left, right, bottom, top = _edges(extent, "extent", "(left, right, bottom, top)")
            bounds = left, bottom, right, top
        elif bounds is not None:
            bounds = _edges(bounds, "bounds", "(left, bottom, right, top)")
        self._image, own, self._crs = _read(image)
        self._bounds: Bounds | None = bounds if bounds is not None else own
        if bounds is not None:
            self._crs = None  # the DEM's own, whatever the image says
        if self._bounds is not None:
            left, bottom, right, top = self._bounds
            if not (left < right and bottom < top):
                raise InvalidInputError(
                    "a drape must have left < right and bottom < top; got "
                    f"left={left:g}, bottom={bottom:g}, right={right:g}, top={top:g}; turn the image round"
                )
        self._opacity = finite(opacity, "opacity")
        if not 0 <= self._opacity <= 1:
            raise InvalidInputError(
                f"opacity must be in 0..1; got {shown(opacity)}; pass 1 for an image that hides the ground"
            )
        if not is_one_of(blend, _MODES):
            raise InvalidInputError(
                f"blend must be one of {', '.join(_MODES[:4])}; got {shown(blend)}; pass e.g. 'multiply'"
            )
        self._blend = "soft light" if blend == "soft" else blend

    @property
    def image(self) -> npt.NDArray[np.uint8]:
        """(h, w, 4) uint8, C-contiguous."""
        return self._image

    @property
    def bounds(self) -> Bounds | None:
        """(left, bottom, right, top), or None where it covers the DEM."""
        return self._bounds

    @property
    def opacity(self) -> float:
        """0..1."""
        return self._opacity

    @property
    def blend(self) -> str:
        """Name of the blend mode."""
        return self._blend

    def __repr__(self) -> str:
        rows, columns, _ = self._image.shape
        return (
            f"Drape({columns} x {rows}, bounds={self._bounds}, opacity={self._opacity:g}, "
            f"blend={self._blend!r})"
        )


class Laid(NamedTuple):
    """A drape as the compiled module takes it."""

    image: npt.NDArray[np.uint8]
    """(h, w, 4)."""
    bounds: Bounds | None
    """(west, south, east, north) in world metres; None: the DEM's footprint."""
    opacity: float
    blend: str


def laid(drape: Any, grid: Grid | None) -> Laid | None:
    """`drape`, or whatever one can be made of, on a DEM that lies in `grid`."""
    if drape is None:
        return None
    found = drape if isinstance(drape, Drape) else Drape(drape)
    bounds = found.bounds
    if bounds is not None and grid is not None:
        from .geo._units import same_place

        if found._crs is not None and grid.crs is not None and not same_place(found._crs, grid.crs):
            raise InvalidInputError(
                f"the drape must lie in the DEM's coordinate system; expected {grid.crs}, got {found._crs}; "
                "warp it first, for example with rasterio.vrt.WarpedVRT"
            )
        bounds = _in_world(bounds, grid)
    return Laid(found.image, bounds, found.opacity, found.blend)


def _in_world(bounds: Bounds, grid: Grid) -> Bounds:
    left, bottom, right, top = bounds
    (rows, columns), (west, north), (width, height) = grid.shape, grid.corner, grid.cell
    dx, dy = grid.spacing
    xs = [((x - west) / width - 0.5 * columns) * dx for x in (left, right)]
    ys = [(0.5 * rows - (north - y) / height) * dy for y in (bottom, top)]
    return xs[0], ys[0], xs[1], ys[1]


def _edges(values: Any, name: str, wanted: str) -> Bounds:
    each = items(values)
    if each is None or len(each) != 4:
        raise InvalidInputError(
            f"{name} of a drape must be {wanted}, finite; got {shown(values)}; pass four numbers"
        )
    first, second, third, fourth = (finite(value, f"each of {name}") for value in each)
    return first, second, third, fourth


def _read(image: Any) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    """Pixels, and bounds and coordinate system where the image has them."""
    if isinstance(image, str | os.PathLike):
        return _from_file(Path(os.fsdecode(image)))
    if isinstance(image, Image):
        return _pixels(image.rgba), image.bounds, image.crs
    if all(hasattr(image, name) for name in ("read", "transform", "crs", "count")):
        return _from_dataset(image)
    if hasattr(image, "convert") and hasattr(image, "mode"):
        return _from_pillow(image), None, None
    return _pixels(image), None, None


def _from_pillow(picture: Any, upright: bool = True) -> npt.NDArray[np.uint8]:
    """Of any mode of at most 8 bits, or of 16: Pillow's own conversion of these cuts off what is above 255.

    What comes straight out of a file, and is to be `upright`, is turned as its EXIF says that it was held.
    """
    if upright and picture.format is not None:
        picture = require("PIL.ImageOps", "all", "a photograph").exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        grey = np.asarray(picture).astype(np.uint16)
        return _pixels(np.repeat((grey // 257).astype(np.uint8)[..., None], 3, axis=2))
    if picture.mode in ("I", "F"):
        raise InvalidInputError(
            f"a drape of Pillow must have at most 16 bits; got mode {picture.mode!r}, whose white is not known; "
            "scale it to 0..255 and convert it to 'L'"
        )
    return _pixels(picture.convert("RGBA"))


def _pixels(image: Any) -> npt.NDArray[np.uint8]:
    array = array_of(image)
    if array is None:
        raise InvalidInputError(
            f"drape must be an image; got {type(image).__name__}, which NumPy cannot read; {_CURE}"
        )
    if array.ndim != 3 or array.shape[2] not in (3, 4) or 0 in array.shape:
        raise InvalidInputError(
            f"drape must have shape (h, w, 3) or (h, w, 4); got {array.shape}; {_CURE}"
        )
    if array.dtype.kind == "f":
        if not np.all((array >= 0) & (array <= 1)):  # false for NaN as well
            raise InvalidInputError(
                f"a drape of floats must hold 0..1; got {np.min(array):g} to {np.max(array):g}; "
                "divide by 255, and set alpha to 0 where nothing is known"
            )
        array = np.floor(array * 255 + 0.5).astype(np.uint8)
    elif array.dtype != np.uint8:
        raise InvalidInputError(
            f"drape must be uint8 or floats; got {array.dtype}; scale it, for example (image / 257).astype(np.uint8)"
        )
    pixels = np.full((*array.shape[:2], 4), 255, np.uint8)
    pixels[..., : array.shape[2]] = array
    if np.ma.is_masked(image):
        pixels[np.ma.getmaskarray(image).any(axis=2), 3] = 0
    return pixels


def _from_file(path: Path) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    try:
        with path.open("rb") as file:
            start = file.read(len(_PNG))
    except (OSError, ValueError) as error:  # the second of a path that no file can have
        reason = getattr(error, "strerror", None) or error
        raise ImageFileError(
            f"{str(path)!r}: expected an image, got: {reason}; check the path"
        ) from error
    if path.suffix.lower() in _TIFF:
        with _dataset(path) as dataset:
            return _from_dataset(dataset)
    with _dataset(path) if _has_place_beside(path) else nullcontext() as dataset:
        lies = dataset is not None and not dataset.transform.is_identity
        pixels = png_to_numpy(path) if start == _PNG else _unpacked(path, upright=not lies)
        return _placed(pixels, dataset) if lies else (pixels, None, None)


@contextmanager
def _dataset(path: Path) -> Iterator[Any]:
    """A file that rasterio opens."""
    rasterio = require("rasterio", "geo", f"the place of {path.name}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        try:
            with rasterio.open(path) as dataset:
                yield dataset
        except rasterio.errors.RasterioError as error:
            raise ImageFileError(
                f"{path}: expected an image, got: {error}; check the file"
            ) from error


def _has_place_beside(path: Path) -> bool:
    """Whether a world file, or what GDAL knows of an image, lies beside it: map.pgw, map.pngw, map.wld, map.png.aux.xml."""
    suffix = path.suffix
    worlds = {f"{suffix[:2]}{suffix[-1:]}w", f"{suffix}w", ".wld"}
    names = {path.stem + end for world in worlds for end in (world, world.upper())}
    return any((path.parent / name).is_file() for name in (*names, f"{path.name}.aux.xml"))


def _unpacked(path: Path, upright: bool) -> npt.NDArray[np.uint8]:
    pillow = require("PIL.Image", "all", f"a drape from a {path.suffix} file")
    try:
        with pillow.open(path) as picture:
            return _from_pillow(picture, upright)
    except pillow.DecompressionBombError as error:
        raise ImageFileError(
            f"{path}: expected an image that Pillow opens, got: {error}; if you trust the file, set "
            "PIL.Image.MAX_IMAGE_PIXELS = None, or save it as a PNG"
        ) from error
    except (OSError, ValueError) as error:
        raise ImageFileError(
            f"{path}: expected an image, got: {error}; save it as a PNG"
        ) from error


def _from_dataset(dataset: Any) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    """The first three bands, a band with its palette or a grey one, transparent where the dataset masks; north up."""
    if dataset.count < 3:
        band = dataset.read(1)
        try:
            palette = dataset.colormap(1)
        except ValueError:
            pixels = _pixels(np.repeat(band[..., None], 3, axis=2))
        else:
            table = np.array([palette.get(value, (0, 0, 0, 0)) for value in range(256)], np.uint8)
            pixels = table[band]
        pixels[dataset.dataset_mask() == 0, 3] = 0
    else:
        rgb = np.moveaxis(dataset.read([1, 2, 3]), 0, -1)
        pixels = _pixels(rgb)
        pixels[..., 3] = dataset.dataset_mask()
    return _placed(pixels, dataset)


def _placed(
    pixels: npt.NDArray[np.uint8], dataset: Any
) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    """A dataset's pixels turned north up, with its place."""
    transform = dataset.transform
    if transform.is_identity:
        return pixels, None, None
    if transform.b or transform.d or not transform.a or not transform.e:
        raise InvalidInputError(
            f"drape must have columns that run east and rows that run south; got the transform "
            f"{tuple(transform)[:6]}; warp it first, for example with rasterio.vrt.WarpedVRT"
        )
    pixels = np.ascontiguousarray(
        pixels[:: -1 if transform.e > 0 else 1, :: -1 if transform.a < 0 else 1]
    )
    left, right = sorted((transform.c, transform.c + dataset.width * transform.a))
    bottom, top = sorted((transform.f, transform.f + dataset.height * transform.e))
    return pixels, (left, bottom, right, top), dataset.crs
