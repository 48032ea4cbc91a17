"""What a drape can be made of: arrays, pictures and files, with the place that they bring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ._extras import require
from ._image import Image
from ._numbers import array_of
from ._vulkan_forge import ImageFileError, InvalidInputError, png_to_numpy

Bounds = tuple[float, float, float, float]

_CURE = "pass an array (h, w, 3) or (h, w, 4) of uint8 or of floats in 0..1, a picture, or a path"
_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = (".tif", ".tiff", ".vrt", ".jp2")


def read(image: Any, placed: bool) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    """Pixels, and bounds and coordinate system where the image has them.

    `placed` is whether the caller says where it lies, so that what it says itself need not be understood.
    """
    if isinstance(image, str | os.PathLike):
        return _from_file(Path(os.fsdecode(image)), placed)
    if isinstance(image, Image):
        return _pixels(image.rgba), image.bounds, image.crs
    if all(hasattr(image, name) for name in ("read", "transform", "crs", "count")):
        return _from_dataset(image, placed)
    if hasattr(image, "convert") and hasattr(image, "mode"):
        return _from_pillow(image), None, None
    return _pixels(image), None, None


def _from_pillow(picture: Any, upright: bool = True) -> npt.NDArray[np.uint8]:
    """Of any mode of at most 8 bits, or of 16: Pillow's own conversion of these cuts off what is above 255.

    What comes straight out of a file, and is to be `upright`, is turned as its EXIF says that it was held.
    """
    if upright and picture.format is not None:
        # What is broken there says nothing, and a broken picture fails below.
        with suppress(Exception):
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


def _from_file(path: Path, placed: bool) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
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
            return _from_dataset(dataset, placed)
    with _dataset(path) if _has_place_beside(path) else nullcontext() as dataset:
        place = (None, None) if dataset is None else _place(dataset, placed)
        upright = place[0] is None
        pixels = png_to_numpy(path) if start == _PNG else _unpacked(path, upright)
        return _on_place(pixels, *place)


@contextmanager
def _dataset(path: Path) -> Iterator[Any]:
    """A file that rasterio opens."""
    require("rasterio", "geo", f"the place of {path.name}")
    from .geo._failures import opened, ours

    words = f"{path}: expected an image", "check the file"
    with opened(*words, fp=path) as dataset, ours(*words, ImageFileError):
        yield dataset


def _has_place_beside(path: Path) -> bool:
    """Whether a world file, or what GDAL knows of an image, lies beside it: map.pgw, map.pngw, map.wld, map.png.aux.xml."""
    suffix = path.suffix.lower()
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


def _from_dataset(dataset: Any, placed: bool) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    """The first three bands, a band with its palette or a grey one, transparent where the dataset masks; north up."""
    if dataset.count < 3:
        band = dataset.read(1)
        try:
            palette = dataset.colormap(1)
        except ValueError:
            pixels = _pixels(np.repeat(band[..., None], 3, axis=2))
        else:
            pixels = _coloured(band, palette)
        pixels[dataset.dataset_mask() == 0, 3] = 0
    else:
        rgb = np.moveaxis(dataset.read([1, 2, 3]), 0, -1)
        pixels = _pixels(rgb)
        pixels[..., 3] = dataset.dataset_mask()
    return _on_place(pixels, *_place(dataset, placed))


def _place(dataset: Any, placed: bool) -> tuple[tuple[float, ...] | None, Any]:
    """(a, b, c, d, e, f) and coordinate system, (None, None) of what has no place."""
    from .geo._place import place_of

    transform, crs = place_of(dataset, needed=False)
    if (
        transform is not None
        and transform[0]
        and transform[4]
        and not (transform[1] or transform[3])
    ):
        return transform, crs
    points: Any = getattr(dataset, "gcps", ((), None))[0]
    coefficients = getattr(dataset, "rpcs", None)
    if placed or (transform is None and not points and coefficients is None):
        return None, None
    turned = "ground control points or RPCs" if transform is None else f"transform {transform}"
    raise InvalidInputError(
        "a drape's columns must run east or west, its rows north or south; got the turned or sheared "
        f"{turned} in {dataset.name}; warp it first, for example with rasterio.vrt.WarpedVRT, or pass bounds="
    )


def _on_place(
    pixels: npt.NDArray[np.uint8], transform: tuple[float, ...] | None, crs: Any
) -> tuple[npt.NDArray[np.uint8], Bounds | None, Any]:
    """Pixels turned north up, with where they lie, if that is known."""
    if transform is None:
        return pixels, None, None
    a, _, c, _, e, f = transform
    pixels = np.ascontiguousarray(pixels[:: -1 if e > 0 else 1, :: -1 if a < 0 else 1])
    left, right = sorted((c, c + pixels.shape[1] * a))
    bottom, top = sorted((f, f + pixels.shape[0] * e))
    return pixels, (left, bottom, right, top), crs


def _coloured(
    band: npt.NDArray[Any], palette: dict[int, tuple[int, int, int, int]]
) -> npt.NDArray[np.uint8]:
    """(h, w, 4), transparent where the palette has no colour."""
    none = max(palette, default=-1) + 1
    table = np.zeros((none + 1, 4), np.uint8)
    for value, colour in palette.items():
        table[value] = colour
    places = np.full(band.shape, none)
    known = (band >= 0) & (band < none)
    places[known] = band[known]
    pixels: npt.NDArray[np.uint8] = table[places]
    return pixels
