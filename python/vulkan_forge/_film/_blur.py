"""Motion blur: what a shutter lets through while it is open, as the mean of several pictures in linear light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ._scene import Pixels

_STEPS = 65535
_encoded = np.arange(256) / 255
# sRGB as IEC 61966-2-1 has it.
_LINEAR = np.where(
    _encoded <= 0.04045, _encoded / 12.92, ((_encoded + 0.055) / 1.055) ** 2.4
).astype(np.float32)


def _table() -> npt.NDArray[np.uint8]:
    linear = np.arange(_STEPS + 1) / _STEPS
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * encoded), np.uint8)


_BYTES = _table()


class Mean:
    """The mean of pictures, of colours by their opacity."""

    def __init__(self) -> None:
        self.count = 0
        self.light: npt.NDArray[np.float32] | None = None

    def add(self, picture: Pixels) -> None:
        """One more, (H, W, 4) uint8."""
        alpha = picture[..., 3:].astype(np.float32) / 255
        light = np.concatenate([_LINEAR[picture[..., :3]] * alpha, alpha], axis=-1)
        self.light = light if self.light is None else self.light + light
        self.count += 1

    def picture(self) -> Pixels:
        """(H, W, 4) uint8."""
        assert self.light is not None
        alpha = self.light[..., 3:] / self.count
        colour = self.light[..., :3] / np.maximum(self.light[..., 3:], 1e-9)
        steps = np.clip(np.rint(colour * _STEPS), 0, _STEPS).astype(np.uint16)
        opaque = np.rint(alpha * 255).astype(np.uint8)
        return np.concatenate([_BYTES[steps], opaque], axis=-1)
