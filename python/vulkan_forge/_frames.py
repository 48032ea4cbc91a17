"""What draws ahead in a thread of its own ends before the interpreter does."""

from __future__ import annotations

import atexit
import contextlib
import weakref
from typing import TypeVar

from ._vulkan_forge import Frames, InvalidInputError, Strips

_Ahead = TypeVar("_Ahead", Frames, Strips)
_open: weakref.WeakSet[Frames | Strips] = weakref.WeakSet()


def close_at_exit(frames: _Ahead) -> _Ahead:
    """`frames`, which is closed when the interpreter ends, while the driver still stands."""
    _open.add(frames)
    return frames


@atexit.register
def _close_all() -> None:
    for frames in list(_open):
        with contextlib.suppress(InvalidInputError):  # one that another thread is at work on
            frames.close()
