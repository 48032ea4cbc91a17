"""Running a snippet in a Python of its own, where a crash, a hang or an exit code can be looked at."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent


class Ended(NamedTuple):
    """Exit code (negative: the signal), and what was written."""

    code: int
    out: str
    err: str


def run(code: str, *, env: dict[str, str | None] | None = None, timeout=60, cwd=None) -> Ended:
    """Run `code`; `env` changes the environment, None removes a variable. A hang fails the caller."""
    surroundings = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]),
    }
    for name, value in (env or {}).items():
        surroundings.pop(name, None)
        if value is not None:
            surroundings[name] = value
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=surroundings,
        cwd=cwd,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def succeed(code: str, **more) -> str:
    """Run `code`, which must end with 0 and say nothing on standard error; returns standard output."""
    ended = run(code, **more)
    assert ended.code == 0, f"exit code {ended.code}\n{ended.err}\n{ended.out}"
    assert ended.err == "", ended.err
    return ended.out
