"""``Water``: a value without a device, and what stands for it in arguments."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ._numbers import is_real, shown
from ._scenery import Colour, numbered
from ._vulkan_forge import InvalidInputError, _check_option

Mask = npt.NDArray[np.bool_]


class _Fields(NamedTuple):
    """As the compiled module reads them."""

    level: float | None
    samples: Mask | None
    colour: tuple[float, ...]
    clarity: float | None
    glint: float


class Water:
    """Lakes and seas of one colour, with the sun in it. A value: immutable, comparable, hashable, picklable.

    At a level, water hides the ground the more, the longer the line of sight in it; where the DEM's
    edge cuts it one sees into it as into a block of glass. Shadows fall on its surface. There is no
    water over holes. `aovs` and ``ground_at`` look through it.

    Parameters
    ----------
    level : float, optional
        In heights before `vert_exag`: all ground below it lies under water. Either this or a mask.
    mask : bool array of shape (H, W), optional
        Samples that are water at the DEM's own height; a shore runs half-way between samples,
        and nothing is seen through it.
    colour : three floats in 0..1, "#rrggbb" or a name
        Of deep water.
    clarity : float, optional
        Length of the line of sight in the water at which 5 % of the ground's light is left, in
        heights before `vert_exag`, > 0; by default 0.4 times the greatest depth.
    glint : float
        How bright the sun's reflection is, in sunlit whites, >= 0.

    Raises
    ------
    InvalidInputError
        An argument is not as above.
    """

    __slots__ = ("_fields",)
    _fields: _Fields

    def __init__(
        self,
        level: float | None = None,
        mask: Mask | None = None,
        colour: Colour = (0.13, 0.31, 0.44),
        clarity: float | None = None,
        glint: float = 0.8,
    ) -> None:
        if (level is None) == (mask is None):
            raise InvalidInputError(
                f"Water must have a level or a mask; got {'neither' if level is None else 'both'}; pass one of them"
            )
        samples = None if mask is None else _mask(mask)
        # The compiled module would copy a mask, which has been looked at.
        asked = _Fields(
            0.0 if level is None else level, None, numbered(colour, "colour"), clarity, glint
        )
        _check_option("water", asked)
        fields = _Fields(
            None if level is None else float(level),
            samples,
            tuple(float(channel) for channel in asked.colour)[:3],
            None if clarity is None else float(clarity),
            float(glint),
        )
        object.__setattr__(self, "_fields", fields)

    @property
    def level(self) -> float | None:
        """Height of its surface; None: there is a mask."""
        return self._fields.level

    @property
    def mask(self) -> Mask | None:
        """A copy of the mask; None: there is a level."""
        samples = self._fields.samples
        return None if samples is None else samples.copy()

    @property
    def colour(self) -> tuple[float, ...]:
        """SRGB of deep water."""
        return self._fields.colour

    @property
    def clarity(self) -> float | None:
        """Length of a line of sight in it at which 5 % is left; None: derived from the DEM."""
        return self._fields.clarity

    @property
    def glint(self) -> float:
        """Brightness of the sun's reflection, in sunlit whites."""
        return self._fields.glint

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"Water is a value; expected no assignment, got one of {name!r}; make another"
        )

    def __delattr__(self, name: str) -> None:
        raise AttributeError(
            f"Water is a value; expected no deletion, got one of {name!r}; make another"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Water):
            return NotImplemented
        (one, mine), (two, yours) = (
            (fields._replace(samples=None), fields.samples)
            for fields in (self._fields, other._fields)
        )
        if one != two or (mine is None) != (yours is None):
            return False
        return mine is None or yours is None or np.array_equal(mine, yours)

    def __hash__(self) -> int:
        samples = self._fields.samples  # of a mask the size will do
        return hash(
            (self._fields._replace(samples=None), None if samples is None else samples.shape)
        )

    def __repr__(self) -> str:
        samples = self._fields.samples
        place = f"level={self.level!r}"
        if samples is not None:
            place = f"mask=<{samples.shape[0]} x {samples.shape[1]}>"
        return f"Water({place}, colour={self.colour!r}, clarity={self.clarity!r}, glint={self.glint!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(self._fields)


def _mask(mask: Any) -> Mask:
    """A read-only copy."""

    def refuse(what: str) -> InvalidInputError:
        return InvalidInputError(
            f"water mask must be a bool array of the DEM's shape (H, W); got {what}; pass e.g. dem <= level"
        )

    if not isinstance(mask, np.ndarray):
        raise refuse(shown(mask))
    if mask.ndim != 2:
        raise refuse(f"{mask.ndim} dimensions")
    if hasattr(mask, "mask"):
        raise refuse("one with a mask of its own")
    if mask.dtype != np.bool_:
        raise refuse(f"dtype {mask.dtype}")
    samples = np.array(mask, order="C", subok=False)
    samples.setflags(write=False)
    return samples


def water(value: Any) -> _Fields | None:
    """``water=``: None, a level, a mask or Water; as the compiled module takes it."""
    if value is None or value is False:
        return None
    if isinstance(value, Water):
        return value._fields
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return Water(mask=value)._fields
    if is_real(value):
        return Water(value)._fields
    raise InvalidInputError(
        f"water must be None, a level, a bool array or Water; got {shown(value)}; pass e.g. water=0.0"
    )
