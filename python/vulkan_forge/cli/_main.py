"""Commands, exit codes, and who says what went wrong."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import vulkan_forge as vf
from vulkan_forge._paths import same_file

from . import (
    _bench,
    _completion,
    _doctor,
    _fly,
    _info,
    _map,
    _poster,
    _relief,
    _render,
    _serve,
    _tiles,
    _turntable,
)
from ._console import Parser, UsageError, complain

_EPILOG = """exit codes: 0 done, 1 it could not be done, 2 the command line is wrong,
            128 and the number of the signal that ended it (130 after Ctrl-C)

examples:
  vf render dem.tif out.png
  vf hillshade dem.tif shade.tif -az 315 -alt 45
  vf doctor
"""


def parser() -> Parser:
    """All commands; those of relief as far as this build has them."""
    name = Path(sys.argv[0] if sys.argv else "").stem  # on Windows it ends in .exe
    prog = name if name in ("vf", "vulkan-forge") else "vf"
    made = Parser(
        prog=prog,
        description="Terrain pictures and relief rasters from elevation, on Vulkan.",
        epilog=_EPILOG.replace("  vf ", f"  {prog} "),
    )
    made.add_argument("--version", action="version", version=f"vulkan-forge {vf.__version__}")
    commands = made.add_subparsers(
        dest="command", metavar="COMMAND", required=True, parser_class=Parser
    )
    for room in (
        _render,
        _map,
        _poster,
        _relief,
        _tiles,
        _serve,
        _turntable,
        _fly,
        _info,
        _doctor,
        _bench,
        _completion,
    ):
        room.add(commands)
    for command in commands.choices.values():
        if command.epilog:
            command.epilog = command.epilog.replace("  vf ", f"  {prog} ")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    made = parser()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: words lead nowhere
            nowhere = Path(os.devnull).open("w", errors="backslashreplace")  # noqa: SIM115
            setattr(sys, name, nowhere)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        # A name that the console has no letters for is written as it can be.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        options, unknown = made.parse_known_args(arguments)
        prog = f"{made.prog} {options.command}"
        if unknown:  # the complaint is to name the command, whose help has the known ones
            made.prog = prog
            made.error(f"unrecognized arguments: {' '.join(unknown)}")
    except SystemExit as stop:
        return int(stop.code or 0)
    with warnings.catch_warnings():
        warnings.simplefilter("default", vf.GeographyWarning)
        # Without cell sizes there is no right picture, and nobody sits here to see a wrong one.
        warnings.simplefilter("error", vf.CRSMissingWarning)
        warnings.showwarning = _shown_by(prog)
        try:
            with _ends_in_order():
                return _run(options, prog)
        except EndedError as end:
            complain(prog, "error", f"ended by {signal.Signals(end.number).name}")
            return 128 + end.number
        except KeyboardInterrupt:
            complain(prog, "error", "interrupted")
            return 130


class EndedError(KeyboardInterrupt):
    """Someone asked this process to end: it is left as after Ctrl-C, with nothing half-written."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def _ends_in_order() -> Iterator[None]:
    """What `timeout`, `docker stop`, batch systems and closed terminals send comes as an exception; under `nohup` and in
    programs that have handlers of their own nothing changes."""

    def end(number: int, _frame: Any) -> None:
        raise EndedError(number)

    ours = []
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            try:
                signal.signal(number, end)
            except ValueError:  # not the main thread
                break
            ours.append(number)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _run(options: argparse.Namespace, prog: str) -> int:
    try:
        _spare_input(options)
        code: int = options.run(options, prog) or 0
        sys.stdout.flush()
        return code
    except UsageError as error:
        complain(prog, "error", f"{error}; see {prog} --help")
        return 2
    except vf.CRSMissingWarning as error:
        complain(
            prog,
            "error",
            f"{options.input}: {error}".replace("spacing=(dx, dy) in metres", "spacing=METRES"),
        )
    except BrokenPipeError:  # the reader of our output has gone, and needs no words
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (vf.VulkanForgeError, OSError, MemoryError) as error:
        complain(prog, "error", error)
    return 1


def _spare_input(options: argparse.Namespace) -> None:
    """Nothing is written over what it is made of."""
    source, target = getattr(options, "input", None), getattr(options, "output", None)
    if source is not None and target is not None and same_file(source, target):
        raise UsageError(f"OUTPUT must be another file than INPUT; got {target!r} for both")


def _shown_by(prog: str) -> Any:
    def show(message: Any, category: Any, filename: str, lineno: int, *rest: Any) -> None:
        if issubclass(category, vf.GeographyWarning):
            complain(prog, "warning", message)

    return show
