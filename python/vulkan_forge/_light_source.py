"""matplotlib's LightSource, computed on the device, with cast shadows and ambient light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from . import _vulkan_forge
from ._extras import require
from ._local import Operator
from ._numbers import finite, flag, shown
from ._raster import Call, rasters
from ._vulkan_forge import InvalidInputError

if TYPE_CHECKING:
    from matplotlib.colors import LightSource as _LightSource
else:
    _LightSource = require("matplotlib.colors", "all", "LightSource").LightSource


class LightSource(_LightSource):
    """A drop-in for :class:`matplotlib.colors.LightSource`.

    `hillshade`, `shade` and `shade_rgb` take the same arguments and give the same results to 1/255, in
    float64. Cells that are NaN or masked, and those beside them, have no light of their own and stay out
    of the contrast stretch, where a single NaN costs matplotlib the whole picture.

    Parameters
    ----------
    azdeg, altdeg : float, default 315 and 45
        Where the light stands: bearing clockwise from north, and degrees above the horizon.
    hsv_min_val, hsv_max_val, hsv_min_sat, hsv_max_sat : float
        As in matplotlib.
    shadows : bool, default False
        Whether the ground casts shadows, over `elevation * vert_exag` with cells of (dx, dy).
    ambient : float in 0..1, default 0
        Share of the light that reaches every place: ``ambient + (1 - ambient) * light * visible``.
    device : int or str, optional
        As in :func:`vulkan_forge.render`.

    Raises
    ------
    InvalidInputError
        `ambient` is not in 0..1, or `shadows` no bool.
    """

    def __init__(
        self,
        azdeg: float = 315,
        altdeg: float = 45,
        hsv_min_val: float = 0,
        hsv_max_val: float = 1,
        hsv_min_sat: float = 1,
        hsv_max_sat: float = 0,
        *,
        shadows: bool = False,
        ambient: float = 0.0,
        device: int | str | None = None,
    ) -> None:
        super().__init__(azdeg, altdeg, hsv_min_val, hsv_max_val, hsv_min_sat, hsv_max_sat)
        self.shadows = flag(shadows, "shadows")
        self.ambient = finite(ambient, "ambient")
        if not 0 <= self.ambient <= 1:
            raise InvalidInputError(
                f"ambient must be in 0..1; got {shown(ambient)}; pass the share of light that reaches every place"
            )
        self.device = device

    def hillshade(
        self,
        elevation: Any,
        vert_exag: float = 1,
        dx: float = 1,
        dy: float = 1,
        fraction: float = 1.0,
    ) -> Any:
        """Brightness in 0..1, (H, W) float64; masked where `elevation` is a masked array.

        `dx` and `dy` are the size of a cell, > 0; `fraction` stretches the contrast. At least 2 x 2 cells.
        """
        operator = Operator("incidence", "zevenbergen-thorne", "horn", self.azdeg, self.altdeg)
        named = {"vert_exag": vert_exag, "edges": "line", "block_cells": None}
        call = Call(_vulkan_forge._relief_local, ([operator],), named, 1)
        (cosine,) = rasters(elevation, call, 1, (dx, dy), False, None, self.device)
        light = self._stretch(np.asarray(cosine, np.float64), fraction)
        if self.shadows:
            from . import relief

            light *= 1 - relief.shadow_mask(
                elevation,
                azimuth=self.azdeg,
                altitude=self.altdeg,
                vert_exag=vert_exag,
                spacing=(dx, dy),
                device=self.device,
            )
        light = self.ambient + (1 - self.ambient) * light
        return np.ma.masked_invalid(light) if np.ma.isMaskedArray(elevation) else light

    @staticmethod
    def _stretch(light: Any, fraction: float) -> Any:
        known = light[~np.isnan(light)]
        low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
        light *= fraction
        if high - low > 1e-6:
            light -= low
            light /= high - low
        return np.clip(light, 0, 1, out=light)
