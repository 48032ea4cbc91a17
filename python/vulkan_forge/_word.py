"""What a word of a picture is, for the table of them in ``_words``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Shell:
    """How the shell takes a word."""

    group: str
    """Heading of its help."""
    flags: str
    """Names, apart by blanks."""
    how: Mapping[str, Any] = field(default_factory=dict)
    """For ``add_argument``; a ``type`` is the name of a function of ``cli._options``."""


def shell(group: str, flags: str, help: str, **how: Any) -> Shell:
    """How the shell takes a word, with what its help says."""
    return Shell(group, flags, {"help": help, **how})


@dataclass(frozen=True)
class Word:
    """An argument of ``render``."""

    name: str
    default: Any
    shell: Shell | None = None
    """None: the shell asks for it in a way of its own, or not at all."""
    land: Callable[[Any], Any] | None = None
    """What makes it an option of the engine; None: it is landed with others, see `_landing`."""
    tiles: str = ""
    """Why tiles do not take it."""


def as_it_is(value: Any) -> Any:
    """Lands what needs no landing."""
    return value
