"""A finished page: pixels for the screen, vectors for the printer."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .._image import Image
from .._numbers import shown
from .._paths import path_of, renamed
from .._vulkan_forge import InvalidInputError, _png_bytes
from ._marks import WHITE, Box, Layout

if TYPE_CHECKING:
    from ._lettering import Lettering

_KNOWN = (".png", ".pdf", ".svg")


class Page:
    """A map with its furniture, as :func:`vulkan_forge.map` makes it. A value: what it shows no longer changes."""

    def __init__(
        self,
        layout: Layout,
        image: Image,
        lettering: Lettering,
        dpi: float,
        scale: float | None,
        title: str | None,
    ) -> None:
        self._layout = layout
        self._image = image
        self._lettering = lettering
        self._dpi = dpi
        self._scale = scale
        self._title = title
        self._pixels: npt.NDArray[np.uint8] | None = None

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return self._layout.size

    @property
    def dpi(self) -> float:
        """Pixels an inch."""
        return self._dpi

    @property
    def scale(self) -> float | None:
        """N of 1 : N in the middle of a map from above; None of an oblique view, and where the unit is not known."""
        return self._scale

    @property
    def image(self) -> Image:
        """The picture in the frame, without the page."""
        return self._image

    @property
    def boxes(self) -> dict[str, tuple[float, float, float, float]]:
        """Left, top, right and bottom in millimetres of "frame" and of each piece of furniture by its word."""

        def edges(box: Box) -> tuple[float, float, float, float]:
            return box.left, box.top, box.right, box.bottom

        layout = self._layout
        return {name: edges(box) for name, box in {"frame": layout.frame, **layout.boxes}.items()}

    @property
    def rgba(self) -> npt.NDArray[np.uint8]:
        """(H, W, 4) uint8, sRGB with straight alpha, at `dpi`; read-only."""
        if self._pixels is None:
            from . import _png

            self._pixels = _png.draw(self._layout, self._lettering, self._dpi, WHITE)
            self._pixels.setflags(write=False)  # a page is a value
        return self._pixels

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write what the suffix says, whole or not at all.

        Parameters
        ----------
        path : str or os.PathLike
            Ends in .png (pixels, which know how large they are on paper), .pdf (with reportlab) or .svg: letters, lines and areas of
            the furniture as vectors over the picture's pixels.

        Raises
        ------
        InvalidInputError
            Another suffix.
        ImageFileError
            The place cannot be written, or exists and is no regular file.
        MissingExtraError
            A PDF, and reportlab is not installed.
        """
        from ..geo._write import appearing

        target = path_of(path, "map.pdf")
        suffix = target.suffix.lower()
        if suffix not in _KNOWN:
            raise InvalidInputError(
                f"path must end in one of {', '.join(_KNOWN)}; got {shown(target.name)}; pass e.g. "
                f"{renamed(target, '.pdf')!r}"
            )
        data = self._file(suffix)
        with appearing(target) as draft:
            draft.write_bytes(data)

    def _file(self, suffix: str) -> bytes:
        if suffix == ".png":
            return _png_bytes(self.rgba, self._dpi)
        if suffix == ".pdf":
            from . import _pdf

            return _pdf.draw(self._layout, self._lettering, self._title, WHITE)
        from . import _svg

        return _svg.draw(self._layout, self._lettering, self._title, WHITE)

    def _repr_png_(self) -> bytes:
        return self._file(".png")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        if dtype is not None and np.dtype(dtype) != np.uint8:
            return self.rgba.astype(dtype)
        return self.rgba.copy() if copy else self.rgba

    def __repr__(self) -> str:
        width, height = self.size
        scale = "" if self._scale is None else f", 1 : {self._scale:.0f}"
        return f"<vulkan_forge.Page {width:g} x {height:g} mm{scale}>"
