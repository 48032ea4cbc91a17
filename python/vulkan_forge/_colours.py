"""Single colours by name or in hex."""

from __future__ import annotations

from ._colormaps import _colour
from ._vulkan_forge import InvalidInputError

_PLAIN = {"white": (1.0, 1.0, 1.0, 1.0), "black": (0.0, 0.0, 0.0, 1.0)}


def parse(text: str, name: str) -> tuple[float, ...]:
    """sRGB with straight alpha of "#rgb", "#rgba", "#rrggbb", "#rrggbbaa", or a name that matplotlib knows.

    Raises
    ------
    InvalidInputError
        None of these; `name` is the argument's.
    """
    if text in _PLAIN:
        return _PLAIN[text]
    try:
        return _colour(text)
    except InvalidInputError:
        raise InvalidInputError(
            f"{name} must be a colour; got {text!r}; expected numbers in 0..1, '#rrggbb', '#rrggbbaa', "
            "or a name that matplotlib, where it is installed, knows"
        ) from None
