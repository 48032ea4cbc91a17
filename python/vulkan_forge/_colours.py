"""Single colours as callers write them."""

from __future__ import annotations

from typing import Any

from ._numbers import is_real, items, shown
from ._vulkan_forge import InvalidInputError

Rgba = tuple[float, float, float, float]
"""sRGB and straight alpha, 0..1 each."""


_PLAIN: dict[str, Rgba] = {
    "none": (0.0, 0.0, 0.0, 0.0),
    "black": (0.0, 0.0, 0.0, 1.0),
    "white": (1.0, 1.0, 1.0, 1.0),
}


def parse_colour(colour: Any, name: str) -> Rgba:
    """One colour: ``#rgb``, ``#rgba``, ``#rrggbb``, ``#rrggbbaa``, "none", a name, or 3 or 4 floats in 0..1; or (colour, alpha).

    Names other than "none" (see-through), "black" and "white" are those of matplotlib, where it is installed. `name` is what
    messages call the colour.

    Raises
    ------
    InvalidInputError
        None of these.
    """
    if isinstance(colour, str):
        return _from_text(colour, name)
    if is_pair(colour):
        base, alpha = colour
        return (*parse_colour(base, name)[:3], float(alpha))
    try:
        channels = [float(channel) for channel in colour]
    except Exception:  # a stranger's __float__ raises what it likes
        channels = []
    if len(channels) in (3, 4) and all(0 <= channel <= 1 for channel in channels):
        red, green, blue, alpha = (*channels, 1.0)[:4]
        return red, green, blue, alpha
    raise InvalidInputError(
        f"{name} must be a colour; expected '#rrggbb', a name, or 3 or 4 floats in 0..1, got {shown(colour)}; "
        "divide bytes by 255"
    )


def is_pair(value: Any) -> bool:
    """Whether it is a colour beside an alpha, as matplotlib has it."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        return False
    base, alpha = value
    known = isinstance(base, str) or len(items(base) or []) in (3, 4)
    return known and is_real(alpha) and bool(0 <= alpha <= 1)


def _from_text(text: str, name: str) -> Rgba:
    if text in _PLAIN:
        return _PLAIN[text]
    digits = text[1:]
    if text.startswith("#") and len(digits) in (3, 4, 6, 8):
        if len(digits) < 6:
            digits = "".join(2 * digit for digit in digits)
        try:
            channels = bytes.fromhex(digits)
        except ValueError:
            channels = b""
        if 2 * len(channels) == len(digits):  # fromhex skips blanks
            red, green, blue, alpha = (channel / 255 for channel in (*channels, 255)[:4])
            return red, green, blue, alpha
    try:
        from matplotlib.colors import to_rgba
    except ImportError:
        raise InvalidInputError(
            f"{name} must be a colour; expected '#rgb', '#rgba', '#rrggbb' or '#rrggbbaa', got {shown(text)}; "
            "install matplotlib to use colour names"
        ) from None
    try:
        red, green, blue, alpha = (float(channel) for channel in to_rgba(text))
    except ValueError:
        raise InvalidInputError(
            f"{name} must be a colour; expected '#rrggbb', '#rrggbbaa' or a name such as 'navy', got {shown(text)}, "
            "which matplotlib does not know; pass another"
        ) from None
    return red, green, blue, alpha
