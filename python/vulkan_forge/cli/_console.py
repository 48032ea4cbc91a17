"""What goes to the terminal: one-line errors and warnings, progress, JSON, bytes on standard output."""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn, TypeVar

_Item = TypeVar("_Item")
_WORDS = (
    "z_unit",
    "crs",
    "spacing",
    "nodata",
    "overview",
    "bounds",
    "band",
    "window",
    "world_file",
)


class UsageError(Exception):
    """The command line asks for what does not go together: exit code 2."""


class Parser(argparse.ArgumentParser):
    """argparse's, whose complaints are one line with a cure."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options["allow_abbrev"] = False
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        """One line instead of the usage."""
        self.exit(2, f"{self.prog}: error: {one_line(message)}; see {self.prog} --help\n")


def one_line(text: object) -> str:
    """Without line breaks."""
    return re.sub(r"\s*\n\s*", "; ", str(text).strip())


def in_shell_words(text: object) -> str:
    """A message of the library, in which keywords are options: z_unit='ft' is --z-unit ft."""
    words = "|".join(_WORDS)
    text = re.sub(
        rf"\b({words})=(\((?:[^()]*)\)|'[^']*'|[^\s,;]*)",
        lambda m: f"--{m[1].replace('_', '-')} {m[2]}".rstrip().replace("'", ""),
        one_line(text),
    )
    return text.replace("--spacing (dx, dy)", "--spacing DX,DY").replace("vf.as_dem(", "as_dem(")


def complain(prog: str, kind: str, message: object) -> None:
    """Write one line to standard error."""
    print(f"{prog}: {kind}: {in_shell_words(message)}", file=sys.stderr)


def show_json(report: Any) -> None:
    """Write `report` to standard output."""
    print(json.dumps(report, indent=2, default=str))


def write_bytes(data: bytes) -> None:
    """Write to standard output, which must not be a terminal."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def check_standard_output(output: str, as_json: bool) -> None:
    """Refuse a picture on a terminal, or among JSON."""
    if output != "-":
        return
    if as_json:
        raise UsageError("expected one thing on standard output; got '-' and --json; name a file")
    if sys.__stdout__ is None:
        raise UsageError(
            "expected standard output to lead somewhere; got a closed one; name a file, or add > FILE"
        )
    if sys.stdout.isatty():
        raise UsageError(
            "expected standard output to lead somewhere; got a terminal; add > FILE or | PROGRAM"
        )


class Bar:
    """A bar on standard error where that is a terminal: call it with what is done and what there is in all."""

    def __init__(self, what: str) -> None:
        self.what, self.start, self.drawn = what, time.monotonic(), False

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        filled = 30 * done // max(total, 1)
        spent = time.monotonic() - self.start
        left = f", {spent / done * (total - done):.0f} s left" if 0 < done < total else ""
        bar = "#" * filled + "-" * (30 - filled)
        print(f"\r[{bar}] {done}/{total} {self.what}{left}   ", end="", file=sys.stderr, flush=True)
        self.drawn = True

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self.drawn:
            print(file=sys.stderr)


def progress(items: Iterable[_Item], total: int, what: str) -> Iterator[_Item]:
    """The items, with a bar."""
    with Bar(what) as bar:
        for done, item in enumerate(items):
            bar(done, total)
            yield item
        bar(total, total)
