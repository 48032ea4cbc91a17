"""What is drawn in the frame."""

from __future__ import annotations

from typing import Any, NamedTuple

from .._image import Image
from .._numbers import finite
from .._render import render
from ..geo import DEM


class Scene(NamedTuple):
    """What is drawn in the frame."""

    dem: DEM
    words: dict[str, Any]
    layers: Any
    dpi: float

    def picture(self, size: tuple[int, int], **more: Any) -> Image:
        """Of so many pixels."""
        words = {"layers": self.layers, "dpi": self.dpi} | self.words | more
        return render(self.dem, size=size, **words)

    @property
    def exaggeration(self) -> float:
        """World metres for one unit of height."""
        return finite(self.words.get("vert_exag", 1.0), "vert_exag") * self.dem.z_factor
