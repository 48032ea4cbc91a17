"""Symbols of points: SVG, files and arrays of pixels."""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from .._numbers import array_of, shown
from .._vulkan_forge import ImageFileError, InvalidInputError, Symbol, png_to_numpy

_PATH = re.compile(r"\s*[Mm]\s*[-+.\d]")
_SVG = "http://www.w3.org/2000/svg"


def outline(value: Any, names: tuple[str, ...]) -> Symbol:
    """What ``shape=`` draws that is none of `names`: SVG, filled with each point's colour.

    Raises
    ------
    InvalidInputError, ImageFileError
        It is none, draws nothing, or cannot be read.
    """
    found = _svg(value, coloured=False)
    if found is not None:
        return found
    raise InvalidInputError(
        f"shape must be one of {', '.join(map(repr, names))}, or SVG: path data, a document, or the path of an .svg file; got "
        f"{shown(value)}; pass e.g. shape={names[0]!r} or shape='M0 0 L4 0 L2 3 Z'"
    )


def picture(value: Any) -> Symbol:
    """What ``image=`` shows in its own colours.

    Raises
    ------
    InvalidInputError, ImageFileError
        It is none, shows nothing, or cannot be read.
    """
    if _named(value, ".png"):
        value = png_to_numpy(value)
    found = _svg(value, coloured=True)
    if found is not None:
        return found
    pixels = array_of(value) if hasattr(value, "__array__") or isinstance(value, list) else None
    if pixels is not None:
        if pixels.dtype == np.uint8 and pixels.ndim in (2, 3):
            return Symbol.picture(np.ascontiguousarray(pixels))
        raise InvalidInputError(
            f"image must be bytes of pixels, (H, W), (H, W, 3) or (H, W, 4) uint8; got {pixels.dtype} of shape {pixels.shape}; "
            "pass e.g. np.asarray(PIL.Image.open(name).convert('RGBA'))"
        )
    raise InvalidInputError(
        f"image must be the path of a .png or .svg file, SVG, or an array of bytes (H, W, 4); got {shown(value)}; pass one of these"
    )


def _svg(value: Any, *, coloured: bool) -> Symbol | None:
    """None of what is no SVG."""
    if _named(value, ".svg"):
        return Symbol.svg(_read(os.fspath(value)), False, coloured)
    if not isinstance(value, str):
        return None
    if value.lstrip("\ufeff \n\t\r").startswith("<"):
        return Symbol.svg(value, False, coloured)
    if _PATH.match(value):
        path = f'<svg xmlns="{_SVG}"><path d="{escape(value)}"/></svg>'
        return Symbol.svg(path, True, coloured)
    return None


def _named(value: Any, ending: str) -> bool:
    """Whether it is a path that ends so."""
    return isinstance(value, str | os.PathLike) and os.fsdecode(value).lower().endswith(ending)


def _read(path: str | bytes) -> str:
    name = os.fsdecode(path)
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ImageFileError(
            f"{name!r}: expected an SVG file that can be read, got: {error}; check the path"
        ) from error
