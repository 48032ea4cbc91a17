"""Round numbers, and how they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable

MINUS = "\u2212"


def below(greatest: float) -> float:
    """The greatest of 1, 2 and 5 times a power of ten that is at most `greatest`."""
    decade = 10.0 ** math.floor(math.log10(greatest) + 1e-12)
    return max(step for step in (decade, 2 * decade, 5 * decade) if step <= greatest * (1 + 1e-9))


def said(value: float, step: float = 0.0) -> str:
    """With as many decimals as `step` needs; without a step, as many as the value."""
    if step > 0:
        decimals = next((n for n in range(12) if is_whole(step * 10**n)), 12)
        text = f"{value:.{decimals}f}"
    else:
        text = f"{value:.10g}"
    if text.strip("-0.") == "":
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def is_whole(number: float) -> bool:
    """But for what rounding leaves."""
    return abs(number - round(number)) < 1e-6 * max(abs(number), 1.0)


def multiples(low: float, high: float, step: float) -> list[float]:
    """Those of `step` in low..high, ends included."""
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def spaced(
    wanted: Iterable[tuple[float, str]], lengths: dict[str, float], gap: float
) -> list[tuple[float, str]]:
    """Of texts centred on places, in order of importance, those that keep `gap` from the ones before."""
    taken: list[tuple[float, str]] = []
    for place, text in wanted:
        room = all(
            abs(place - other) >= 0.5 * (lengths[text] + lengths[name]) + gap
            for other, name in taken
        )
        if room:
            taken.append((place, text))
    return taken
