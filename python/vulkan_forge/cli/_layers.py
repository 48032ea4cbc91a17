"""``--layer`` and ``--labels``: a file and the words of a layer, in one argument."""

from __future__ import annotations

import argparse
import contextlib
import inspect
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import vulkan_forge as vf

from ._console import UsageError

_NUMBERS = (
    "alpha", "arc", "base", "casing_width", "edge_width", "halo", "height", "offset", "size", "vmax", "vmin",
    "width", "zorder",
)  # fmt: skip
_SEQUENCES = ("anchor", "dash", "edge_dash", "font", "hatch")
_COLOURS = ("color", "fill")
"""Of these "none" is a colour too."""
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}
_WORD = re.compile(r"""([A-Za-z_]+=)?("[^"]*"|'[^']*'|(?:\\,|[^,])*)(?:,|$)""")
"""A name and a value up to a comma that is neither in quotes nor behind a backslash."""


def add(parser: argparse.ArgumentParser) -> None:
    """Options for data on the ground and over it."""
    group = parser.add_argument_group("data on the ground and over it")
    group.add_argument(
        "--layer",
        action="append",
        default=[],
        metavar="FILE[:WORD=VALUE,...]",
        help="lines, areas or points of a file; words of vf.Lines, vf.Polygons or vf.Points, whichever its geometries "
        "are, such as color=red, width=1.5pt, fill=population, and of several kinds each has its own; a value with commas "
        "stands in quotes, or has \\, for each; may be given more than once",
    )
    group.add_argument(
        "--labels",
        action="append",
        default=[],
        metavar="FILE:COLUMN[,WORD=VALUE...]",
        help="texts of a column at the file's geometries; words of vf.Labels, such as size=9pt, priority=population; "
        "may be given more than once",
    )
    group.add_argument(
        "--dpi", type=float, default=96.0, help="pixels an inch, for lengths such as 9pt (96)"
    )


def layers(options: argparse.Namespace) -> list[Any]:
    """The layers that were named, in their order."""
    drawn = [layer for argument in options.layer for layer in _layers(argument)]
    return drawn + [_labels(argument) for argument in options.labels]


def _layers(argument: str) -> list[Any]:
    """One for each kind of geometry in the file, with the words that it has."""
    from vulkan_forge.vector._read import read
    from vulkan_forge.vector._shapes import LINE, POINT, RING
    from vulkan_forge.vector._validity import tell_invalid

    path, words = split(argument, "--layer")
    features = read(path)
    kinds = features.shapes.kinds
    drawn_by = {RING: vf.Polygons, LINE: vf.Lines, POINT: vf.Points}  # the lowest first
    chosen = {kind: layer for kind, layer in drawn_by.items() if (kinds == kind).any()}
    if not chosen:
        raise vf.ImageFileError(
            f"{path!r}: expected lines, areas or points, got none; check the file, or name its layer: "
            "'file.gpkg|layername=roads'"
        )
    values = _values(list(chosen.values()), words, "--layer")
    parts = [features._replace(shapes=features.shapes.taking(kinds == kind)) for kind in chosen]
    if RING in chosen:
        tell_invalid(parts[0])  # the lowest are the first
    return [
        layer(part, **{name: value for name, value in values.items() if name in _words_of(layer)})
        for layer, part in zip(chosen.values(), parts, strict=True)
    ]


def _labels(argument: str) -> vf.Labels:
    path, words = split(argument, "--labels")
    column = words.pop("", None) or words.pop("text", None)
    if column is None:
        raise UsageError(
            f"--labels expected a file and a column such as places.gpkg:name, got {argument!r}; name the column of the texts"
        )
    return vf.Labels(path, **{"text": column} | _values([vf.Labels], words, "--labels"))


def split(argument: str, option: str) -> tuple[str, dict[str, str]]:
    """The file, and the words behind it; one without a value, of ``--labels``, has the name "".

    A colon may belong to the file's own name, to a drive or to a URL: the shortest part that is there wins, else the shortest
    behind which there is nothing but words.
    """
    column = option == "--labels"
    colons = [at for at, letter in enumerate(argument) if letter == ":"]
    known = [at for at in colons if Path(argument[:at].partition("|")[0]).exists()]
    free = [at for at in colons if at > 1 and _are_words(argument[at + 1 :], column)]
    at = next(iter(known or free), len(argument))
    words: dict[str, str] = {}
    for name, value in _words(argument[at + 1 :]):
        if not (name or column):
            raise UsageError(
                f"{option} expected WORD=VALUE behind the file; got {value!r} in {argument!r}; pass e.g. color={value}, "
                "and what has commas in quotes"
            )
        if name in words:
            raise UsageError(
                f"expected each word once; got {name or value!r} twice in {argument!r}; drop one"
            )
        words[name] = value
    return argument[:at], words


def _words(text: str) -> list[tuple[str, str]]:
    """Names, "" where there is none, and values, without the quotes and backslashes that kept commas."""
    found = []
    for word in _WORD.finditer(text):
        name, value = (word[1] or "").removesuffix("="), word[2]
        quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
        if name or value:
            found.append((name, value[1:-1] if quoted else value.replace("\\,", ",")))
    return found


def _are_words(text: str, column: bool) -> bool:
    words = _words(text)
    if column and words and not words[0][0]:
        if text[0] not in "\"'" and ("/" in words[0][1] or "\\" in words[0][1]):
            return False
        words = words[1:]
    return all(name for name, _ in words)


def _words_of(layer: Any) -> list[str]:
    return [name for name in inspect.signature(layer).parameters if name not in ("data", "offsets")]


def _values(layers: list[Any], words: dict[str, str], option: str) -> dict[str, Any]:
    """Words, each of one of the layers, as Python has them: numbers, sequences (separated by semicolons) and yes or no."""
    known = list(dict.fromkeys(name for layer in layers for name in _words_of(layer)))
    found: dict[str, Any] = {}
    for name, value in words.items():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            names = ", ".join(f"vf.{layer.__name__}" for layer in layers)
            raise UsageError(
                f"{option} knows the words of {names} for such geometries: {', '.join(known)}; got {name!r}; "
                + (f"write {near[0]}={value}" if near else "pass one of these")
            )
        found[name] = value
        if value == "none" and name not in _COLOURS:
            found[name] = None
        elif name in _SEQUENCES and ";" in value:
            parts = value.split(";")
            found[name] = tuple(map(_number, parts)) if name != "font" else parts
        elif name in _NUMBERS:
            found[name] = _number(value)
        elif name == "leader":
            found[name] = _FLAGS.get(value, value)
    return found


def _number(text: str) -> float | str:
    """Metres, or whatever a number is; else a text such as "9pt", or a column."""
    with contextlib.suppress(ValueError):
        return float(text)
    return text
