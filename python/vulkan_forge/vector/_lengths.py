"""Lengths as callers write them: a number is metres on the ground, a text a length on the picture."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .._numbers import finite, positive, shown
from .._vulkan_forge import InvalidInputError

_PER_INCH = {"in": 1.0, "pt": 72.0, "mm": 25.4, "cm": 2.54, "pc": 6.0}
_TEXT = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*([a-zA-Z]+)\s*")


class Length(NamedTuple):
    """A length that is not negative."""

    amount: float
    unit: str
    """"m" on the ground; "px", or one of an inch's parts, on the picture."""

    @property
    def on_ground(self) -> bool:
        """Whether it is metres on the ground."""
        return self.unit == "m"

    def pixels(self, dpi: float) -> float:
        """On a picture of so many pixels an inch."""
        return self.amount if self.unit == "px" else self.amount / _PER_INCH[self.unit] * dpi


def parse_length(value: Any, name: str) -> Length:
    """``30`` or ``30.0`` metres, or ``"1.5pt"``, ``"2px"``, ``"0.3mm"``, ``"1cm"``, ``"0.1in"``, ``"10m"``.

    Raises
    ------
    InvalidInputError
        None of these, or negative.
    """
    if isinstance(value, Length):
        return value
    if isinstance(value, str):
        found = _TEXT.fullmatch(value)
        if found and (found[2] in _PER_INCH or found[2] in ("px", "m")):
            return Length(float(found[1]), found[2])
    else:
        amount = finite(value, name)
        if amount >= 0:
            return Length(amount, "m")
    raise InvalidInputError(
        f"{name} must be a length that is not negative; expected metres on the ground as a number, or a text such as '1.5pt', "
        f"'2px' or '0.3mm' on the picture, got {shown(value)}; pass e.g. {name}='1pt'"
    )


def picture_length(value: Any, name: str) -> Length:
    """One on the picture; metres are refused, but for 0, which is both.

    Raises
    ------
    InvalidInputError
        It is none.
    """
    length = parse_length(value, name)
    if length.amount == 0:
        return Length(0.0, "px")
    if length.on_ground:
        raise InvalidInputError(
            f"{name} is a length on the picture; got {shown(value)}, which is on the ground; pass e.g. {name}='9pt'"
        )
    return length


def check_dpi(dpi: Any) -> float:
    """Pixels an inch, finite and > 0.

    Raises
    ------
    InvalidInputError
        It is neither.
    """
    return positive(dpi, "dpi", "pass e.g. 96")
