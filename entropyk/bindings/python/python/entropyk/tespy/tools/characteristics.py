"""Lines and maps that part load is known by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from entropyk import ValidationError

from .._errors import unknown

__all__ = ["CharLine", "CharMap", "load_default_char"]


def _place(points: NDArray[np.float64], x: float, extrapolate: bool) -> tuple[int, float]:
    piece = int(np.clip(np.searchsorted(points, x), 1, len(points) - 1)) - 1
    share = (x - points[piece]) / (points[piece + 1] - points[piece])
    return piece, float(share if extrapolate else np.clip(share, 0.0, 1.0))


class CharLine:
    """A line through points of rising x; beyond them it is level, or goes on as its last pieces."""

    def __init__(
        self, x: ArrayLike = (0.0, 1.0), y: ArrayLike = (1.0, 1.0), extrapolate: bool = False
    ) -> None:
        self.x, self.y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        self.extrapolate = bool(extrapolate)
        rising = self.x.ndim == 1 and len(self.x) > 1 and bool((np.diff(self.x) > 0).all())
        if self.x.shape != self.y.shape or not rising:
            raise ValidationError(
                f"CharLine: expected as many y as x, which rise; got {self.x.shape} and {self.y.shape}"
            )

    def evaluate(self, x: float) -> float:
        """The value at x."""
        piece, share = _place(self.x, x, self.extrapolate)
        return float(self.y[piece] + share * (self.y[piece + 1] - self.y[piece]))


class CharMap:
    """A surface through lines: of each x, which rise, z over y."""

    def __init__(
        self,
        x: ArrayLike = (0.0, 1.0),
        y: ArrayLike = ((0.0, 1.0), (0.0, 1.0)),
        z: ArrayLike = ((1.0, 1.0), (1.0, 1.0)),
        extrapolate: bool = False,
    ) -> None:
        self.x, self.y, self.z = (np.asarray(v, dtype=float) for v in (x, y, z))
        self.extrapolate = bool(extrapolate)
        shaped = self.x.ndim == 1 and self.y.shape == self.z.shape and self.y.ndim == 2
        if not shaped or len(self.y) != len(self.x) or not (np.diff(self.x) > 0).all():
            raise ValidationError(
                "CharMap: expected rising x, and y and z with a row for each x; got "
                f"{self.x.shape}, {self.y.shape} and {self.z.shape}"
            )

    def evaluate(self, x: float, y: float) -> float:
        """The value at x and y."""
        piece, share = _place(self.x, x, self.extrapolate)
        over, values = (v[piece] + share * (v[piece + 1] - v[piece]) for v in (self.y, self.z))
        j, along = _place(over, y, self.extrapolate)
        return float(values[j] + along * (values[j + 1] - values[j]))


def load_default_char(
    component: str, parameter: str, function_name: str, char_type: Any
) -> CharLine:
    """A default line of a component's characteristic, as tespy 0.11 has it."""
    from .._curves import line, names

    if char_type is not CharLine:
        raise unknown(
            "load_default_char", getattr(char_type, "__name__", str(char_type)), ["CharLine"]
        )
    found = line(component, parameter.replace("kA", "UA"), function_name)
    if found is None:
        raise unknown("load_default_char", f"{component}, {parameter}, {function_name}", names())
    return found
