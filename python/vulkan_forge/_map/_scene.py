"""What is drawn in the frame."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from .._image import Image
from .._numbers import finite
from .._render import render
from ..geo import DEM, LargeDEM


class Scene(NamedTuple):
    """What is drawn in the frame."""

    dem: DEM | LargeDEM
    words: dict[str, Any]
    layers: Any
    dpi: float

    def picture(self, size: tuple[int, int], **more: Any) -> Image:
        """Of so many pixels."""
        words = {"layers": self.layers, "dpi": self.dpi} | self.words | more
        return render(self.dem, size=size, **words)

    @property
    def least(self) -> float:
        """The least height; 0 where there is none."""
        least = self.dem.stats()[0]
        return 0.0 if math.isnan(least) else least

    def height_at(self, row: int, column: int) -> float:
        """Of a sample; NaN where there is no ground."""
        if isinstance(self.dem, LargeDEM):
            return float(self.dem.read(row, column, 1, 1)[0, 0])
        return float(self.dem.data[row, column])

    @property
    def exaggeration(self) -> float:
        """World metres for one unit of height."""
        return finite(self.words.get("vert_exag", 1.0), "vert_exag") * self.dem.z_factor
