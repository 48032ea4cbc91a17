"""Lengths of a style: one, or one for each row; and patterns made of lengths."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from .._numbers import items, shown
from .._vulkan_forge import InvalidInputError
from ._columns import by_row, is_missing
from ._features import Features
from ._lengths import Length, parse_length
from ._shapes import said

_DASHES = {"dashed": (3.7, 1.6), "dotted": (1.0, 1.65), "dashdot": (6.4, 1.6, 1.0, 1.6)}
"""matplotlib's, in widths of the line."""
_ALIASES = {"--": "dashed", ":": "dotted", "-.": "dashdot"}
_HATCHES = {"/": (45,), "\\": (-45,), "|": (90,), "-": (0,), "+": (0, 90), "x": (45, -45)}
_SPACING, _STROKE = Length(12.0, "pt"), Length(1.0, "pt")
"""Of matplotlib's hatches: six lines an inch, each a point wide."""


class Lengths(NamedTuple):
    """One for all rows, or one for each: all on the ground, or all on the picture."""

    each: tuple[Length, ...]

    @property
    def unit(self) -> str:
        """ "m" or "px"."""
        return "m" if self.each[0].on_ground else "px"

    @property
    def most_m(self) -> float:
        """The longest, in metres on the ground; 0 of those on the picture."""
        return (
            max((length.amount for length in self.each), default=0.0) if self.unit == "m" else 0.0
        )

    def amounts(self, dpi: float) -> npt.NDArray[np.float32]:
        """In `unit`."""
        return np.array([amount(length, dpi) for length in self.each], np.float32)


def amount(length: Length, dpi: float) -> float:
    """Metres of what is on the ground, else pixels."""
    return length.amount if length.on_ground else length.pixels(dpi)


def lengths(features: Features, value: Any, word: str) -> Lengths:
    """A length, a column, or a value for each row.

    Raises
    ------
    InvalidInputError
        None of these, or some on the ground and some on the picture; the row is named.
    """
    values = by_row(features, value, word)
    if values is None:
        return Lengths((parse_length(value, word),))
    found = []
    listed = values.tolist()
    missing = np.flatnonzero([is_missing(item) for item in listed])
    if len(missing):
        raise InvalidInputError(
            f"{word} must be a length in each row; got {shown(listed[missing[0]])} in {said(missing)}; fill these in, or leave the "
            "rows out"
        )
    for row, item in enumerate(listed):
        try:
            found.append(parse_length(item, word))
        except InvalidInputError as error:
            raise InvalidInputError(f"{error}; that is in row {row}") from error
    if not found:
        return Lengths((Length(0.0, "px"),))
    mixed = np.flatnonzero([length.on_ground != found[0].on_ground for length in found])
    if len(mixed):
        raise InvalidInputError(
            f"{word} must be on the ground in all rows or on the picture in all; got "
            f"{shown(values[mixed[0]])} in {said(mixed)}; use numbers (metres) or texts such as '1pt' alone"
        )
    return Lengths(tuple(found))


def same_unit(length: Length, other: Lengths, word: str, beside: str) -> Length:
    """`length`, on the ground if `other` is; 0 is both.

    Raises
    ------
    InvalidInputError
        One is on the ground and one on the picture.
    """
    if length.amount == 0:
        return Length(0.0, "m" if other.unit == "m" else "px")
    if length.on_ground != (other.unit == "m"):
        kinds = ["on the picture", "on the ground"]
        raise InvalidInputError(
            f"{word} and {beside} must be in one kind of unit; got {word} {kinds[length.on_ground]} and {beside} "
            f"{kinds[other.unit == 'm']}; pass both in metres, or both such as '1pt'"
        )
    return length


def dashes(value: Any, widths: Lengths, word: str) -> tuple[Length, ...] | None:
    """On and off in turn; None for a line without gaps.

    Raises
    ------
    InvalidInputError
        No pattern.
    """
    if value is None or (isinstance(value, str) and value in ("solid", "-")):
        return None
    if isinstance(value, str):
        name = _ALIASES.get(value, value)
        if name in _DASHES:
            widest = max(widths.each, key=lambda length: amount(length, 96.0))
            return tuple(Length(step * widest.amount, widest.unit) for step in _DASHES[name])
    elif (given := items(value)) and len(given) % 2 == 0:
        steps = tuple(
            same_unit(parse_length(step, f"each of {word}"), widths, word, "width")
            for step in given
        )
        if any(step.amount > 0 for step in steps):
            return steps
    raise InvalidInputError(
        f"{word} must be {', '.join(map(repr, _DASHES))}, or lengths of on and off in turn, an even number of them and not all 0; "
        f"got {shown(value)}; pass e.g. {word}=('4pt', '2pt')"
    )


Stripe = tuple[float, Length, Length]
"""Angle from the east or the picture's right, counter-clockwise in degrees; from line to line; width."""


def hatching(value: Any) -> tuple[Stripe, ...] | None:
    """Stripes: matplotlib's letters (as often as they should be dense), or (angle, spacing, width), or several of these.

    Raises
    ------
    InvalidInputError
        Neither.
    """
    if value is None:
        return None
    if isinstance(value, str) and value and all(letter in _HATCHES for letter in value):
        found = []
        for letter in dict.fromkeys(value):
            spacing = Length(_SPACING.amount / value.count(letter), _SPACING.unit)
            found += [(float(angle), spacing, _STROKE) for angle in _HATCHES[letter]]
        return tuple(found)
    stripes = (
        [value]
        if isinstance(value, tuple) and len(value) == 3 and not isinstance(value[0], tuple)
        else value
    )
    try:
        made = tuple(
            (
                float(angle),
                parse_length(spacing, "spacing of hatch"),
                parse_length(width, "width of hatch"),
            )
            for angle, spacing, width in stripes
        )
    except InvalidInputError:
        raise
    except Exception:  # a stranger's __iter__ raises what it likes
        made = ()
    units = {length.on_ground for _, *both in made for length in both}
    fine = all(
        np.isfinite(angle) and spacing.amount > 0 and width.amount > 0
        for angle, spacing, width in made
    )
    if made and fine and len(units) == 1:
        return made
    raise InvalidInputError(
        f"hatch must be of {' '.join(_HATCHES)}, or (angle in degrees, spacing, width) with lengths above 0, all on the picture or "
        f"all on the ground; got {shown(value)}; pass e.g. hatch='//' or hatch=(45, '6pt', '1pt')"
    )
