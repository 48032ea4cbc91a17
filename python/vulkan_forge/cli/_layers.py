"""``--labels``: a file and the words of a layer, in one argument."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path
from typing import Any

import vulkan_forge as vf

from ._console import UsageError

_NUMBERS = ("alpha", "zorder")
_LENGTHS = ("size", "halo", "offset", "height")
_SEQUENCES = ("anchor", "font")
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def add(parser: argparse.ArgumentParser) -> None:
    """Options for data on the ground."""
    group = parser.add_argument_group("data on the ground")
    group.add_argument(
        "--labels",
        action="append",
        default=[],
        metavar="FILE:COLUMN[,WORD=VALUE...]",
        help="texts of a column at the file's geometries; words of vf.Labels, such as size=9pt, priority=population",
    )
    group.add_argument(
        "--dpi", type=float, default=96.0, help="pixels an inch, for lengths such as 9pt (96)"
    )


def layers(options: argparse.Namespace) -> list[Any]:
    """The layers that were named."""
    return [_labels(text) for text in options.labels]


def _labels(argument: str) -> vf.Labels:
    path, words = split(argument)
    column = words.pop("", None) or words.pop("text", None)
    if column is None:
        raise UsageError(
            f"--labels expected a file and a column such as places.gpkg:name, got {argument!r}; name the column of the texts"
        )
    return vf.Labels(path, **{"text": column} | _values(words))


def split(argument: str) -> tuple[str, dict[str, str]]:
    """The file, and the words behind it; one without a value has the name "".

    A colon may belong to the file's own name, to a drive or to a URL: the shortest part that is a file wins.
    """
    colons = [at for at, letter in enumerate(argument) if letter == ":"]
    known = [at for at in colons if Path(argument[:at].partition("|")[0]).is_file()]
    free = [at for at in colons if at > 1 and argument[at + 1 : at + 3] != "//"]
    at = next(iter(known or free), len(argument))
    words = {}
    for word in filter(None, argument[at + 1 :].split(",")):
        name, equals, value = word.partition("=")
        if not equals:
            name, value = "", word
        if name in words:
            raise UsageError(
                f"expected each word once; got {name or value!r} twice in {argument!r}; drop one"
            )
        words[name] = value
    return argument[:at], words


def _values(words: dict[str, str]) -> dict[str, Any]:
    """Words as Python has them: numbers, sequences (separated by semicolons) and yes or no."""
    found: dict[str, Any] = {}
    for name, value in words.items():
        found[name] = value
        if name in _SEQUENCES and ";" in value:
            found[name] = value.split(";")
        elif name in _NUMBERS + _LENGTHS:
            with contextlib.suppress(ValueError):  # a text such as "9pt", or a column
                found[name] = float(value)
        elif name == "leader":
            found[name] = _FLAGS.get(value, value)
        if value == "none":
            found[name] = None
    unknown = [name for name in found if name not in vf.Labels.__init__.__annotations__]
    if unknown:
        raise UsageError(
            f"--labels knows the words of vf.Labels; got {unknown[0]!r}; see help(vf.Labels)"
        )
    return found
