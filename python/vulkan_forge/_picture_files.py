"""Pictures as files of all kinds, and into files that are open already."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from ._extras import require
from ._numbers import flag, shown
from ._paths import path_of, renamed
from ._vulkan_forge import ImageFileError, InvalidInputError, Picture

if TYPE_CHECKING:
    from .geo._grid import Grid


class _Writable(Protocol):
    def write(self, data: Any, /) -> Any: ...


Target: TypeAlias = str | os.PathLike[str] | _Writable

# By suffix: Pillow's name of the format and its options. Lossless where the format can be; a JPEG keeps each pixel's own colour.
_PILLOW: dict[str, tuple[str, dict[str, Any]]] = {
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".webp": ("WEBP", {"lossless": True, "exact": True}),
}
_SIDES = {"JPEG": 65500, "WEBP": 16383}  # pixels at most, as libjpeg and WebP's format have it
_KNOWN = (".png", *_PILLOW, ".tif", ".tiff")


def save(picture: Picture, own: Grid | None, path: Target, world_file: bool) -> None:
    """What ``Image.save`` does with a picture of a DEM whose place is `own`."""
    if not flag(world_file, "world_file") and hasattr(path, "write"):
        return _save_into(picture, path)
    target = path_of(path, "picture.png")
    suffix = target.suffix.lower()
    if suffix in (".tif", ".tiff") or (suffix == ".png" and world_file):
        from .geo import _pictures

        return _pictures.save(picture, own, target)
    # A directory or a device is no matter of its name.
    if suffix == ".png" or (os.path.exists(target) and not os.path.isfile(target)):
        return picture._save_png(target)
    if world_file:
        raise InvalidInputError(
            f"world_file goes with a .png; expected a path that ends so, got {shown(path)}; pass e.g. 'map.png'"
        )
    return _save_as(picture, target)


def _save_into(picture: Picture, file: Any) -> None:
    """A PNG into `file`, which is open for bytes."""
    data = memoryview(picture._repr_png_())
    try:
        while data:
            written = file.write(data)  # an unbuffered file may take less at once
            data = data[len(data) if written is None else written :]
    except TypeError as error:
        raise InvalidInputError(
            f"path must be a path, or a file open for bytes; got {shown(file)}; open it with mode 'wb'"
        ) from error
    except OSError as error:
        raise ImageFileError(f"{shown(file)}: expected to write a PNG, got: {error}") from error


def _save_as(picture: Picture, target: Path) -> None:
    """What the suffix says, through Pillow. On JPEG, which has no transparency, the picture lies on white."""
    from .geo._write import appearing

    suffix = target.suffix.lower()
    if suffix not in _PILLOW:
        known = ", ".join(_KNOWN)
        raise InvalidInputError(
            f"path must end in one of {known}; got {shown(target.name)}; pass for example "
            f"{renamed(target, '.png')!r}"
        )
    kind, options = _PILLOW[suffix]
    if max(picture.size) > _SIDES[kind]:
        width, height = picture.size
        raise ImageFileError(
            f"{target}: a {kind} has sides of at most {_SIDES[kind]} pixels; got {width} x {height}; save a .png, or "
            "draw the picture straight into one with vulkan_forge.poster"
        )
    pillow = require("PIL.Image", "all", f"a {kind}")
    pixels = np.asarray(picture)
    if kind == "JPEG":
        alpha = pixels[..., 3:].astype(np.uint16)
        on_white = pixels[..., :3] * alpha + 255 * (255 - alpha)
        pixels = ((on_white + 127) // 255).astype(np.uint8)
    data = io.BytesIO()
    try:
        pillow.fromarray(pixels).save(data, kind, **options)
    except (
        OSError,
        ValueError,
        KeyError,
    ) as error:  # too large a side, or a Pillow without this codec
        raise ImageFileError(
            f"{target}: expected to write a {kind}, got: {error}; save a .png"
        ) from error
    with appearing(target) as draft:
        draft.write_bytes(data.getvalue())
