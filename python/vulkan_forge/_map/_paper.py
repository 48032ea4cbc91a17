"""Pages: their sizes by name, in millimetres."""

from __future__ import annotations

from typing import Any

from .._numbers import items, shown
from .._vulkan_forge import InvalidInputError
from ..vector._lengths import parse_length

INCH = 25.4
"""Millimetres in one."""
_LEAST, _MOST = 10.0, 5000.0  # millimetres of a side
# ISO 216, and ANSI/ASME Y14.1 with the names that North America has for its sizes.
PAPERS: dict[str, tuple[float, float]] = {
    "a0": (841.0, 1189.0),
    "a1": (594.0, 841.0),
    "a2": (420.0, 594.0),
    "a3": (297.0, 420.0),
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "a6": (105.0, 148.0),
    "a7": (74.0, 105.0),
    "b3": (353.0, 500.0),
    "b4": (250.0, 353.0),
    "b5": (176.0, 250.0),
    "letter": (8.5 * INCH, 11 * INCH),
    "legal": (8.5 * INCH, 14 * INCH),
    "tabloid": (11 * INCH, 17 * INCH),
}


def pages(paper: Any, size: Any, landscape: Any) -> list[tuple[float, float]]:
    """Width and height in millimetres; two of a paper that may lie either way.

    Raises
    ------
    InvalidInputError
        No paper or size, or more than one of them.
    """
    if size is not None:
        if paper is not None:
            raise InvalidInputError(
                f"expected paper or size; got paper={shown(paper)} and size={shown(size)}; pass one"
            )
        if landscape is not None:
            raise InvalidInputError(
                f"landscape goes with paper; got it beside size={shown(size)}; turn the size round instead"
            )
        return [_size(size)]
    name = "a4" if paper is None else paper
    known = PAPERS.get(name.lower()) if isinstance(name, str) else None
    if known is None:
        raise InvalidInputError(
            f"paper must be one of {', '.join(PAPERS)}; got {shown(paper)}; pass one of these, or "
            "size=(width, height) in millimetres or texts such as '8in'"
        )
    if landscape is None:
        return [known, known[::-1]]
    if not isinstance(landscape, bool):
        raise InvalidInputError(
            f"landscape must be True, False or None; got {shown(landscape)}; leave it out to have the larger map"
        )
    return [known[::-1] if landscape else known]


def _size(size: Any) -> tuple[float, float]:
    cure = "pass e.g. size=(180, 120), or size=('7in', '5in')"
    sides = items(size)
    if sides is None or len(sides) != 2:
        raise InvalidInputError(
            f"size must be (width, height) of the page; got {shown(size)}; {cure}"
        )
    width, height = sides
    found = millimetres(width, "width of size"), millimetres(height, "height of size")
    if not all(_LEAST <= side <= _MOST for side in found):
        raise InvalidInputError(
            f"a page's sides must be {_LEAST:g} to {_MOST:g} mm; got {found[0]:g} x {found[1]:g} mm; {cure}"
        )
    return found


def millimetres(value: Any, name: str) -> float:
    """A number is millimetres; a text has a unit of a picture's lengths other than "px".

    Raises
    ------
    InvalidInputError
        It is neither.
    """
    length = parse_length(value, name)
    if length.on_ground and not isinstance(value, str):
        return length.amount
    if length.on_ground or length.unit == "px":
        raise InvalidInputError(
            f"{name} must be a length on paper; got {shown(value)}; pass millimetres, or a text such as '80mm', '3in'"
        )
    return length.pixels(INCH)
