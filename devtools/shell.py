"""Saying what happens, running it, and remembering that it was done."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
DEPS = ROOT / ".deps"
WINDOWS = os.name == "nt"
STAMP = ".stamp.json"
Result = TypeVar("Result")
_latest = ""  # the step that spoke last: of steps side by side, each says at its end which it is


class Failure(Exception):
    """A step that could not be done; the text says what to do about it."""


def say(text: str) -> None:
    """Prints at once, in order with what the children print."""
    print(text, flush=True)


def warn(text: str) -> None:
    say(f"    warning: {text}")


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Announces a step, and its elapsed seconds when it ends well or badly."""
    global _latest
    _latest = title
    say(f"==> {title}")
    start = time.monotonic()
    how = "stopped after "
    try:
        yield
        how = ""
    finally:
        which = "" if _latest == title else f"{title}: "
        _latest = "" if which else title
        say(f"    {which}{how}{time.monotonic() - start:.1f} s")


def at_once(*jobs: Callable[[], Result]) -> list[Result]:
    """What each job returns; they run side by side. Where one fails, its failure, once all have ended."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = [pool.submit(job) for job in jobs]
    return [job.result() for job in running]


def run(
    command: Sequence[str | Path],
    *,
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: float | None = None,
    quiet: bool = False,
) -> str:
    """Runs a command, and returns what it says when quiet; Failure with its words (and that) unless it exits with 0."""
    words = [str(word) for word in command]
    shown = " ".join(Path(words[0]).name if i == 0 else word for i, word in enumerate(words))
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            text=True,
            errors="replace",
        )
    except FileNotFoundError as error:
        raise Failure(f"`{words[0]}` is not installed (needed for `{shown}`)") from error
    except subprocess.TimeoutExpired as error:
        raise Failure(f"`{shown}` did not end within {timeout:.0f} s") from error
    if done.returncode != 0:
        said = f"\n{done.stdout.rstrip()}" if quiet and done.stdout else ""
        raise Failure(f"`{shown}` exited with {done.returncode}{said}")
    return done.stdout or ""


def failures_of(
    title: str,
    command: Sequence[str | Path],
    *,
    env: dict[str, str],
    cwd: Path = ROOT,
    quiet: bool = False,
) -> list[str]:
    """Runs tests; when `quiet` all that they say comes at their end, in one piece. Their title if any failed."""
    say(f"==> {title}")
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
    )
    if quiet:
        say(done.stdout.rstrip())
    return [] if done.returncode == 0 else [title]


def stream(command: Sequence[str | Path], *, env: dict[str, str], without: str) -> None:
    """run(), but lines that hold `without` are not shown."""
    words = [str(word) for word in command]
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as child:
        for line in child.stdout or ():
            if without not in line:
                say(line.rstrip())
    if child.returncode != 0:
        raise Failure(
            f"`{' '.join([Path(words[0]).name, *words[1:]])}` exited with {child.returncode}"
        )


def output(command: Sequence[str | Path], env: dict[str, str] | None = None) -> str | None:
    """What a command prints, or None when it is missing or fails."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def digest(*parts: object) -> str:
    """A content hash of values and of files (a Path stands for its bytes)."""
    total = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else str(part).encode()
        total.update(len(data).to_bytes(8, "little") + data)
    return total.hexdigest()


def tree(*roots: Path) -> list[object]:
    """Names and files below some folders (or single files), in a fixed order, for digest()."""
    found: list[object] = []
    for root in roots:
        files = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                found += [file.relative_to(ROOT).as_posix(), file]
    return found


def stamped(folder: Path, key: str) -> bool:
    """Whether the folder was finished for this very key."""
    try:
        return bool(json.loads((folder / STAMP).read_text(encoding="utf-8")) == key)
    except (OSError, ValueError):
        return False


def stamp(folder: Path, key: str) -> None:
    (folder / STAMP).write_text(json.dumps(key), encoding="utf-8")


@contextlib.contextmanager
def fresh(folder: Path, key: str) -> Iterator[Path]:
    """A folder that appears whole, stamped with the key, or not at all."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        yield partial
        stamp(partial, key)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Holds the checkout's set-up lock, so that two dev.py at once do not build over each other."""
    DEPS.mkdir(exist_ok=True)
    with open(DEPS / "lock", "a+b") as lock:
        if sys.platform == "win32":
            import msvcrt

            lock.seek(0)
            while True:
                with contextlib.suppress(OSError):  # LK_LOCK gives up after ten seconds
                    msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
                    break
            try:
                yield
            finally:
                lock.seek(0)
                msvcrt.locking(lock.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("==> Waiting for another dev.py that is setting up this checkout")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def joined(paths: Iterable[Path | str], before: str | None = None) -> str:
    """A search path of these entries, then of what the variable held."""
    entries = [str(path) for path in paths] + ([before] if before else [])
    return os.pathsep.join(entries)
