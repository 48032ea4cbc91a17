"""Words that are not known."""

from __future__ import annotations

from collections.abc import Iterable

from entropyk import ValidationError


class UnknownWordError(ValidationError, KeyError):
    """A word of tespy's that is not supported here, or none of its words at all; the message names those that are."""

    def __str__(self) -> str:
        return str(self.args[0])


def unknown(whose: str, word: str, known: Iterable[str]) -> UnknownWordError:
    return UnknownWordError(
        f"{whose}: {word!r} is not supported; supported are {', '.join(sorted(known))}"
    )
